"""The gate: class by group by consent, freedom, children, other bases. Nothing leaves without a word for it."""

from datetime import timedelta
from uuid import uuid4

import pytest

from caseflow.consent import queries, services
from caseflow.consent.queries import gating
from caseflow.consent.states import ConsentStatus
from caseflow.core import catalogue, vault
from caseflow.core.db import writing
from caseflow.core.words import speaking
from tests.cases.factories import SCREENING, opened, saved
from tests.consent.samples import CLASSES, NOW, SCOPES, TODAY, partner_of, recorded, sharing

MATRIX = catalogue.matrix()
CELLS = [(group, column, MATRIX.cell(group, column)) for group in MATRIX.groups for column in CLASSES]


def ask(case_id, partner_id, recipient_class, groups, own_ticks=(), basis="consent", reason="", today=TODAY):
    return queries.gate(
        case_id=case_id, partner_id=partner_id, recipient_class=recipient_class, groups=groups,
        own_ticks=own_ticks, basis=basis, basis_reason=reason, today=today, for_update=True,
    )  # fmt: skip


def words(result):
    return " ".join(message % params for message, params in result.reasons)


def view(recipient_class, partner_id, *, groups=(), own_ticks=(), status="given", **doc):
    """A consent as the register shows it, without a database."""
    full = {
        "scope": SCOPES.get(recipient_class, "share_referral"), "recipient_id": str(partner_id),
        "groups": list(groups), "own_ticks": list(own_ticks), "status": status, "basis": "informed", "free": True,
        "given_on": "2026-11-02", "valid_until": "2027-01-31", "withdrawn_on": "2026-11-03", **doc,
    }  # fmt: skip
    return queries.ConsentView(uuid4(), uuid4(), 1, uuid4(), NOW, ConsentStatus(status), full)


class TestTable:
    """Every cell of the matrix with every state of consent: 34 groups, 15 classes, 7 states."""

    STATES = {
        "own": (True, {}),
        "plain": (False, {}),
        "refused": (True, {"status": "refused"}),
        "withdrawn": (True, {"status": "withdrawn"}),
        "expired": (True, {"status": "expired"}),
        "replaced": (True, {"status": "replaced"}),
        "suspect": (True, {"guardian": {"name": "x", "relation": "y", "suspect": True}}),
    }

    @pytest.mark.parametrize("state", STATES)
    @pytest.mark.parametrize("recipient_class", CLASSES)
    def test_a_group_leaves_only_where_matrix_and_consent_allow_it(self, recipient_class, state):
        own, changed = self.STATES[state]
        partner_id = uuid4()
        for group, column, cell in CELLS:
            if column != recipient_class:
                continue
            ticks = [group] if own and cell == "C" else []
            groups = [group] if cell == "Y" else ticks
            held = view(recipient_class, partner_id, groups=groups, own_ticks=ticks, **changed)
            cells = {one: MATRIX.cell(one, recipient_class) for one in MATRIX.groups}
            weighed = gating.judge(
                [held], partner_id=partner_id, recipient_class=recipient_class, chosen=[group], child=False, cells=cells
            )
            refused = gating.matrix_reasons(cells, [group], frozenset(ticks))
            good = state in ("own", "plain")
            assert (weighed.open and not refused) is (good and (cell == "Y" or (cell == "C" and own))), (group, cell)
            assert weighed.open or weighed.reasons

    def test_the_table_has_at_least_sixty_rows(self):
        assert len(CELLS) * len(self.STATES) >= 60


@pytest.fixture
def case(app, people):
    return opened(people)


@pytest.mark.both_databases
class TestConsent:
    def test_a_consent_for_this_partner_opens_its_groups_and_names_its_taker(self, case, people):
        clinic = partner_of(people, "L4_health")
        consent_id = recorded(people, case, sharing(clinic, "L4_health", ["age_or_age_band", "medical_needs"]))
        system = catalogue.system_groups()
        result = ask(case, clinic, "L4_health", ["age_or_age_band", "medical_needs", *system])
        assert result.open
        assert result.reasons == []
        assert result.consent_ids == [consent_id]
        assert result.taker_ids == {people.staff["worker"]}
        assert set(result.covered) == {"age_or_age_band", "medical_needs", *system}
        assert "2 November 2026" in queries.statement_in_words(result.statement)

    def test_every_uncovered_group_has_its_own_sentence(self, case, people):
        clinic = partner_of(people, "L4_health")
        recorded(people, case, sharing(clinic, "L4_health", ["age_or_age_band"]))
        result = ask(case, clinic, "L4_health", ["age_or_age_band", "medical_needs", "sex_gender"])
        assert not result.open
        assert len(result.reasons) == 2
        assert "Medical needs: " in words(result)

    def test_another_partner_of_the_same_class_is_another_consent(self, case, people):
        clinic, other = partner_of(people, "L4_health"), partner_of(people, "L4_health")
        recorded(people, case, sharing(clinic, "L4_health", ["age_or_age_band"]))
        assert "No consent names this recipient" in words(ask(case, other, "L4_health", ["age_or_age_band"]))

    def test_a_tick_of_its_own_is_asked_on_the_referral_and_in_the_consent(self, case, people):
        clinic = partner_of(people, "L4_health")
        recorded(people, case, sharing(clinic, "L4_health", [], ["name"]))
        assert ask(case, clinic, "L4_health", ["name"], ["name"]).open
        assert "own tick" in words(ask(case, clinic, "L4_health", ["name"]))
        assert not ask(case, clinic, "L4_health", ["name", "mental_health"], ["name", "mental_health"]).open

    def test_a_later_yes_takes_the_place_of_an_earlier_one_also_where_it_covers_less(self, case, people):
        clinic, other = partner_of(people, "L4_health"), partner_of(people, "L4_health")
        recorded(people, case, sharing(clinic, "L4_health", ["age_or_age_band", "medical_needs"]))
        later = NOW + timedelta(minutes=5)
        second = recorded(people, case, sharing(clinic, "L4_health", ["medical_needs"]), now=later)
        recorded(people, case, sharing(other, "L4_health", ["sex_gender"]), now=later)
        closed = ask(case, clinic, "L4_health", ["age_or_age_band", "medical_needs"])
        assert "did not agree to share" in words(closed)
        assert len(closed.reasons) == 1
        assert ask(case, clinic, "L4_health", ["medical_needs"]).consent_ids == [second]

    def test_a_yes_recorded_late_but_given_earlier_takes_no_place(self, case, people):
        clinic = partner_of(people, "L4_health")
        recorded(people, case, sharing(clinic, "L4_health", ["age_or_age_band"], given_on="2026-11-03"))
        later = NOW + timedelta(minutes=5)
        recorded(people, case, sharing(clinic, "L4_health", ["medical_needs"], given_on="2026-11-01"), now=later)
        assert ask(case, clinic, "L4_health", ["age_or_age_band"]).open
        assert not ask(case, clinic, "L4_health", ["medical_needs"]).open

    def test_withdrawing_the_latest_yes_brings_no_earlier_one_back(self, case, people):
        clinic = partner_of(people, "L4_health")
        recorded(people, case, sharing(clinic, "L4_health", ["age_or_age_band"]))
        later = NOW + timedelta(minutes=5)
        second = recorded(people, case, sharing(clinic, "L4_health", ["age_or_age_band"]), now=later)
        with writing():
            services.withdraw_consent(
                actor=people.actor("worker"), case_id=case, consent_id=second, rv=1, now=later,
                data={"withdrawn_on": "2026-11-03", "withdrawn_how": "phone", "withdrawn_by": "person"},
            )  # fmt: skip
        assert "withdrew this consent" in words(ask(case, clinic, "L4_health", ["age_or_age_band"]))

    @pytest.mark.parametrize("recipient_class", ["L1_law", "L5_consular"])
    def test_a_plain_share_consent_opens_neither_police_nor_embassy(self, case, people, recipient_class):
        partner = partner_of(people, recipient_class)
        held = view("L4_health", partner, groups=["service_asked_and_reason_in_one_line"])
        result = gating.judge(
            [held], partner_id=partner, recipient_class=recipient_class, chosen=[], child=False, cells={}
        )
        assert not result.open

    def test_statistics_partners_get_nothing_about_one_person(self, case, people):
        office = partner_of(people, "L7_statistics")
        assert "figures only" in words(ask(case, office, "L7_statistics", ["age_or_age_band"]))

    def test_a_body_named_in_words_at_screening_opens_nothing_and_the_gate_says_what_to_do(self, app, people):
        case_id = opened(people, consent_share=True, consent_share_body="A fictional clinic")
        clinic = partner_of(people, "L4_health")
        assert "named in words only" in words(ask(case_id, clinic, "L4_health", ["age_or_age_band"]))

    def test_a_broken_record_in_the_register_closes_consent_in_words(self, case, people):
        clinic = partner_of(people, "L4_health")
        consent_id = recorded(people, case, sharing(clinic, "L4_health", ["age_or_age_band"]))
        with writing():
            row = queries.get_consent(consent_id, case_id=case)
            row.sealed = bytes(row.sealed[:-1]) + bytes([row.sealed[-1] ^ 1])
        assert "cannot be opened" in words(ask(case, clinic, "L4_health", ["age_or_age_band"]))


@pytest.mark.both_databases
class TestFreedom:
    CLOSED = ("L1_law", "L5_consular")

    @pytest.mark.parametrize(
        "pressed",
        [{"private": "no"}, {"setting": ["officer"]}, {"setting": ["relative"]},
         {"free_to_leave": "police"}, {"free_to_leave": "unknown"}],
    )  # fmt: skip
    def test_not_free_closes_police_and_embassy_and_leaves_health_and_a_lawyer_open(self, case, people, pressed):
        group = "service_asked_and_reason_in_one_line"
        for recipient_class in ("L1_law", "L5_consular", "L4_health", "L4_legal", "L4_shelter"):
            partner = partner_of(people, recipient_class)
            recorded(people, case, sharing(partner, recipient_class, [group], **pressed))
            result = ask(case, partner, recipient_class, [group])
            assert result.open is (recipient_class not in self.CLOSED), recipient_class
            assert result.open or "confirmed in private" in words(result)

    def test_confirmed_in_private_opens_and_who_heard_it_is_a_taker(self, case, people):
        police, group = partner_of(people, "L1_law"), "age_or_age_band"
        consent_id = recorded(people, case, sharing(police, "L1_law", [group], private="no", setting=["officer"]))
        with writing():
            services.confirm_consent(
                actor=people.actor("supervisor"), case_id=case, consent_id=consent_id, rv=1, now=NOW,
                data={"on": "2026-11-03", "place": "Room 2", "alone": True},
            )  # fmt: skip
        result = ask(case, police, "L1_law", [group])
        assert result.open
        assert result.taker_ids == {people.staff["worker"], people.staff["supervisor"]}
        assert "confirmed in private on 3 November 2026" in queries.statement_in_words(result.statement)


@pytest.mark.both_databases
class TestTime:
    def test_it_holds_to_its_last_day_and_not_a_day_longer(self, case, people):
        clinic = partner_of(people, "L4_health")
        data = sharing(clinic, "L4_health", ["age_or_age_band"], valid_until="2026-11-10")
        recorded(people, case, data)
        last = TODAY + timedelta(days=7)
        assert ask(case, clinic, "L4_health", ["age_or_age_band"], today=last).open
        after = ask(case, clinic, "L4_health", ["age_or_age_band"], today=last + timedelta(days=1))
        assert "ended on 10 November 2026" in words(after)

    def test_withdrawn_closes(self, case, people):
        clinic = partner_of(people, "L4_health")
        consent_id = recorded(people, case, sharing(clinic, "L4_health", ["age_or_age_band"]))
        with writing():
            services.withdraw_consent(
                actor=people.actor("worker"), case_id=case, consent_id=consent_id, rv=1, now=NOW,
                data={"withdrawn_on": "2026-11-03", "withdrawn_how": "phone", "withdrawn_by": "person"},
            )  # fmt: skip
        assert "withdrew this consent on 3 November" in words(ask(case, clinic, "L4_health", ["age_or_age_band"]))

    def test_a_later_refusal_closes_what_was_given_and_a_new_yes_opens_again(self, case, people):
        clinic = partner_of(people, "L4_health")
        given = sharing(clinic, "L4_health", ["age_or_age_band"])
        recorded(people, case, given)
        recorded(people, case, {**given, "status": "refused"}, now=NOW + timedelta(minutes=5))
        assert "refused" in words(ask(case, clinic, "L4_health", ["age_or_age_band"]))
        recorded(people, case, given, now=NOW + timedelta(minutes=9))
        assert ask(case, clinic, "L4_health", ["age_or_age_band"]).open


@pytest.mark.both_databases
class TestChild:
    GUARDIAN = {"guardian_name": "Fictional aunt", "guardian_relation": "aunt", "guardian_suspect": "no"}

    @pytest.mark.parametrize(
        "doubt",
        [{"majority_status": "minor", "age_at_contact": 15}, {"majority_status": "unknown"}, {"age_doubt": "yes"}],
    )
    def test_doubt_about_age_counts_as_a_child_and_informed_does_not_do(self, app, people, doubt):
        case_id = opened(people, **doubt)
        clinic = partner_of(people, "L4_health")
        data = sharing(clinic, "L4_health", ["age_or_age_band"], basis="assent_guardian", assent=True, **self.GUARDIAN)
        consent_id = recorded(people, case_id, data)
        assert ask(case_id, clinic, "L4_health", ["age_or_age_band"]).open
        with writing():
            row = queries.get_consent(consent_id, case_id=case_id)
            vault.write(row, {**vault.read(row), "basis": "informed"}, rv=1)
        assert "guardian or a best-interests decision" in words(ask(case_id, clinic, "L4_health", ["age_or_age_band"]))

    def test_a_suspect_guardian_counts_for_nothing_and_two_members_of_staff_decide_instead(self, app, people):
        case_id = opened(people, majority_status="minor", age_at_contact=15)
        clinic = partner_of(people, "L4_health")
        data = sharing(clinic, "L4_health", ["age_or_age_band"], basis="assent_bia", assent=True, witness="Team leader",
                       reason="Best-interests note", **{**self.GUARDIAN, "guardian_suspect": "yes"})  # fmt: skip
        consent_id = recorded(people, case_id, data)
        assert ask(case_id, clinic, "L4_health", ["age_or_age_band"]).open
        with writing():
            row = queries.get_consent(consent_id, case_id=case_id)
            vault.write(row, {**vault.read(row), "basis": "assent_guardian"}, rv=1)
        assert "can consent to nothing" in words(ask(case_id, clinic, "L4_health", ["age_or_age_band"]))

    def test_a_best_interests_decision_opens_without_a_guardian(self, app, people):
        case_id = opened(people, majority_status="minor", age_at_contact=15)
        clinic = partner_of(people, "L4_health")
        data = sharing(clinic, "L4_health", ["age_or_age_band"], basis="assent_bia", assent=True,
                       witness="Team leader", reason="Best-interests note")  # fmt: skip
        recorded(people, case_id, data)
        assert ask(case_id, clinic, "L4_health", ["age_or_age_band"]).open


@pytest.mark.both_databases
class TestOtherBases:
    AUTHORITIES = ("L1_law", "L2_gov", "L3_child", "L6_oversight")
    OPENED = {
        "vital_interest": ("L4_shelter", "L4_health", "L4_mhpss", "L3_child", "L4_iom", "L4_asylum"),
        "mandatory_report": AUTHORITIES,
        "court_order": (*AUTHORITIES, "L4_shelter", "L4_forensic"),
    }

    @pytest.mark.parametrize("basis", ["vital_interest", "mandatory_report", "court_order"])
    def test_a_basis_other_than_consent_needs_its_reason_and_opens_the_fewest_data(self, case, basis):
        group = "service_asked_and_reason_in_one_line"
        for column in CLASSES:
            may = column in self.OPENED[basis]
            assert ask(case, uuid4(), column, [group], basis=basis, reason="A reason").open is may, column
            assert not ask(case, uuid4(), column, [group], basis=basis, reason="  ").open
            own = [one for one, there, cell in CELLS if there == column and cell == "C"][:3]
            assert not own or not ask(case, uuid4(), column, own, own, basis=basis, reason="A reason").open

    @pytest.mark.parametrize("basis", ["", "informed", "assent_guardian", "nothing"])
    def test_an_unknown_basis_opens_nothing(self, case, basis):
        result = ask(case, uuid4(), "L4_health", ["age_or_age_band"], basis=basis, reason="A reason")
        assert "on what basis" in words(result)


@pytest.mark.both_databases
class TestGender:
    @pytest.mark.parametrize("gender", ["trans_feminine", "trans_masculine", "non_conforming"])
    def test_gender_identity_leaves_only_with_its_own_tick(self, app, people, gender):
        case_id = opened(people, gender=gender)
        clinic = partner_of(people, "L4_health")
        recorded(people, case_id, sharing(clinic, "L4_health", ["sex_gender", "age_or_age_band"]))
        assert "own tick" in words(ask(case_id, clinic, "L4_health", ["sex_gender"]))
        assert not ask(case_id, clinic, "L4_health", ["sex_gender"], ["sex_gender"]).open
        later = NOW + timedelta(minutes=5)
        recorded(people, case_id, sharing(clinic, "L4_health", [], ["sex_gender"]), now=later)
        assert ask(case_id, clinic, "L4_health", ["sex_gender"], ["sex_gender"]).open

    def test_gender_said_at_a_later_screening_only_is_guarded_as_well(self, app, people):
        case_id = opened(people, gender=None)
        saved(people, case_id, "screening", {**SCREENING, "gender": "trans_feminine"})
        assert queries.cells(case_id, "L4_health")["sex_gender"] == "C"

    def test_gender_taken_out_of_the_persons_record_stays_guarded(self, app, people):
        case_id = opened(people, gender="trans_feminine")
        saved(people, case_id, "person", {"majority_status": "adult"})
        assert queries.cells(case_id, "L4_health")["sex_gender"] == "C"


def test_the_gate_speaks_urdu_too(case, people):
    with speaking("ur"):
        result = ask(case, uuid4(), "L4_health", ["narrative_of_events"])
    assert result.reasons[0][1]["group"] == catalogue.load().label("disclosure_group", "narrative_of_events", "ur")
