"""The register: what is recorded, confirmed, withdrawn, and what screening and intake ask of it."""

from datetime import timedelta
from uuid import uuid4

import pytest

from caseflow.cases.queries import get_case
from caseflow.consent import queries, services
from caseflow.core import catalogue, ports, vault
from caseflow.core.db import new_id, writing
from caseflow.core.errors import Invalid, NotFound, StaleVersion, TooLate
from caseflow.core.trail.verify import verify
from tests.cases.factories import opened
from tests.consent.samples import NOW, TODAY, answer, partner_of, recorded, sharing

pytestmark = pytest.mark.both_databases


@pytest.fixture
def case(app, people):
    return opened(people)


@pytest.fixture
def told(monkeypatch):
    """Ids of the consents that others were told about."""
    heard = []
    monkeypatch.setattr(ports.consent_withdrawn, "handlers", [lambda **facts: heard.append(facts["consent_id"])])
    return heard


def doc_of(consent_id, case_id):
    return vault.read(queries.get_consent(consent_id, case_id=case_id))


def problems_of(people, case_id, data):
    with pytest.raises(Invalid) as refused:
        recorded(people, case_id, data)
    return set(refused.value.problems)


class TestRecord:
    def test_a_yes_is_kept_with_its_text_version_and_lasts_twelve_months(self, case, people):
        doc = doc_of(recorded(people, case, answer()), case)
        text = queries.statement()
        assert (doc["text_version"], doc["text_sha256"]) == (text.version, text.sha256)
        assert doc["valid_until"] == "2027-11-02"
        assert doc["free"] is True
        assert verify().whole

    def test_a_sharing_lasts_ninety_days_and_always_covers_what_a_letter_carries(self, case, people):
        clinic = partner_of(people, "L4_health")
        doc = doc_of(recorded(people, case, sharing(clinic, "L4_health", ["medical_needs"], ["name"])), case)
        assert doc["valid_until"] == "2027-01-31"
        assert set(doc["groups"]) == {"medical_needs", "name", *catalogue.system_groups()}
        assert doc["own_ticks"] == ["name"]

    def test_twelve_months_from_a_leap_day_end_on_the_last_of_february(self):
        from caseflow.consent.services.dates import default_until

        assert default_until("record", "2024-02-29") == "2025-02-28"

    def test_a_refusal_needs_its_day_and_nothing_else(self, case, people):
        data = {"scope": "family_contact", "status": "refused", "given_on": "2026-11-02"}
        recorded(people, case, data)
        assert next(str(view.status) for view in queries.register_of(case, today=TODAY)) == "refused"

    def test_the_same_id_again_gives_the_first_result(self, case, people):
        consent_id = uuid4()
        for day in ("2026-11-01", "2026-11-02"):
            with writing():
                services.record_consent(
                    actor=people.actor("worker"),
                    consent_id=consent_id,
                    case_id=case,
                    data=answer(given_on=day),
                    now=NOW,
                )
        assert doc_of(consent_id, case)["given_on"] == "2026-11-01"

    @pytest.mark.parametrize(
        ("wrong", "field"),
        [
            ({"status": ""}, "status"), ({"status": "withdrawn"}, "status"), ({"scope": "all"}, "scope"),
            ({"basis": "court_order"}, "basis"), ({"basis": "assent_guardian"}, "basis"), ({"basis": ""}, "basis"),
            ({"method": "telepathy"}, "method"), ({"method": "verbal_witness"}, "witness"),
            ({"language": ""}, "language"), ({"setting": []}, "setting"),
            ({"setting": ["alone", "officer"]}, "setting"),
            ({"private": "perhaps"}, "private"), ({"free_to_leave": ""}, "free_to_leave"),
            ({"given_on": "2026-11-04"}, "given_on"), ({"given_on": "2026-02-31"}, "given_on"),
            ({"given_on": ""}, "given_on"),
            ({"valid_until": "2026-11-01"}, "valid_until"), ({"valid_until": "2036-11-01"}, "valid_until"),
            ({"witness": "x" * 121}, "witness"), ({"reason": "a\x00b"}, "reason"),
        ],
    )  # fmt: skip
    def test_ill_formed_answers_are_named(self, case, people, wrong, field):
        assert field in problems_of(people, case, answer(**wrong))

    def test_a_sharing_needs_a_partner_of_its_own_kind(self, case, people):
        clinic, police, figures = (partner_of(people, one) for one in ("L4_health", "L1_law", "L7_statistics"))
        assert problems_of(people, case, answer(scope="share_referral")) == {"recipient_id"}
        assert problems_of(people, case, answer(scope="share_referral", recipient_id="nobody")) == {"recipient_id"}
        assert problems_of(people, case, answer(scope="share_referral", recipient_id=str(police))) == {"recipient_id"}
        assert problems_of(people, case, answer(scope="law_enforcement", recipient_id=str(clinic))) == {"recipient_id"}
        assert problems_of(people, case, answer(scope="share_referral", recipient_id=str(figures))) == {"recipient_id"}

    def test_a_group_that_never_goes_there_is_refused_and_no_tick_smuggles_one_in(self, case, people):
        clinic = partner_of(people, "L4_health")
        assert problems_of(people, case, sharing(clinic, "L4_health", ["narrative_of_events"])) == {"groups"}
        doc = doc_of(recorded(people, case, sharing(clinic, "L4_health", ["name"], ["age_or_age_band"])), case)
        assert "name" not in doc["groups"]
        assert doc["own_ticks"] == []

    @pytest.mark.parametrize(
        ("changed", "field"),
        [({"assent": False}, "assent"), ({"guardian_name": ""}, "guardian_name"),
         ({"guardian_suspect": "yes"}, "guardian_suspect"), ({"guardian_suspect": ""}, "guardian_suspect"),
         ({"basis": "informed"}, "basis"), ({"basis": "assent_bia", "witness": "x"}, "reason"),
         ({"basis": "assent_bia", "reason": "x"}, "witness")],
    )  # fmt: skip
    def test_a_child_needs_assent_and_a_guardian_or_two_who_decide(self, app, people, changed, field):
        case_id = opened(people, majority_status="minor", age_at_contact=14)
        data = answer(basis="assent_guardian", assent=True, guardian_name="Fictional aunt", guardian_relation="aunt",
                      guardian_suspect="no")  # fmt: skip
        assert problems_of(people, case_id, {**data, **changed}) == {field}
        recorded(people, case_id, data)

    @pytest.mark.parametrize("key", ["stranger", "other_team", "auditor", "admin", "protection"])
    def test_who_does_not_work_on_the_case_finds_nothing(self, case, people, key):
        with pytest.raises(NotFound):
            recorded(people, case, answer(), key=key)


class TestChange:
    def test_confirm_needs_a_day_a_place_and_nobody_listening(self, case, people):
        consent_id = recorded(people, case, answer(private="no"))

        def confirm(rv=1, **data):
            with writing():
                services.confirm_consent(
                    actor=people.actor("worker"), case_id=case, consent_id=consent_id, data=data, rv=rv, now=NOW
                )

        with pytest.raises(Invalid) as refused:
            confirm()
        assert set(refused.value.problems) == {"on", "place", "alone"}
        with pytest.raises(Invalid) as refused:
            confirm(on="2026-11-01", place="Room 2", alone=True)
        assert set(refused.value.problems) == {"on"}
        with pytest.raises(StaleVersion):
            confirm(rv=7, on="2026-11-03", place="Room 2", alone=True)
        confirm(on="2026-11-03", place="Room 2", alone=True)
        assert doc_of(consent_id, case)["confirmed"]["place"] == "Room 2"
        with pytest.raises(TooLate):
            confirm(rv=2, on="2026-11-03", place="Room 2", alone=True)
        assert verify().whole

    def test_withdraw_stays_listed_and_is_told_once(self, case, people, told):
        consent_id = recorded(people, case, answer())

        def withdraw(rv=1, **data):
            with writing():
                services.withdraw_consent(
                    actor=people.actor("worker"), case_id=case, consent_id=consent_id, data=data, rv=rv, now=NOW
                )

        with pytest.raises(Invalid) as refused:
            withdraw()
        assert set(refused.value.problems) == {"withdrawn_on", "withdrawn_by", "withdrawn_how"}
        said = {"withdrawn_on": "2026-11-03", "withdrawn_by": "person", "withdrawn_how": "phone", "reason": "Own words"}
        withdraw(**said)
        assert told == [consent_id]
        with pytest.raises(TooLate):
            withdraw(rv=2, **said)
        view = next(one for one in queries.register_of(case, today=TODAY) if one.id == consent_id)
        assert (str(view.status), view.doc["reason"]) == ("withdrawn", "Own words")
        assert verify().whole

    def test_a_refusal_tells_of_what_it_replaces_and_of_nothing_else(self, case, people, told):
        clinic, other = partner_of(people, "L4_health"), partner_of(people, "L4_health")
        first = recorded(people, case, sharing(clinic, "L4_health", ["medical_needs"]))
        recorded(people, case, sharing(other, "L4_health", ["medical_needs"]))
        later = NOW + timedelta(minutes=2)
        recorded(people, case, {**sharing(clinic, "L4_health"), "status": "refused"}, now=later)
        assert told == [first]

    def test_a_consent_of_another_case_is_not_found(self, case, people):
        other = opened(people)
        consent_id = recorded(people, other, answer())
        for wanted in (consent_id, new_id()):
            with pytest.raises(NotFound):
                queries.get_consent(wanted, case_id=case)


class TestScreening:
    def test_three_ticks_reach_the_register_with_freedom_worked_out(self, app, people):
        case_id = opened(people, consent_share=True, consent_share_body="A fictional clinic", private="no")
        views = {view.doc["scope"]: view for view in queries.register_of(case_id, today=TODAY)}
        assert set(views) == {"interview", "record", "share_referral"}
        assert views["share_referral"].doc["named_body"] == "A fictional clinic"
        assert all(view.awaits_confirmation for view in views.values())
        assert verify().whole

    def test_an_empty_box_is_no_refusal(self, case):
        assert {view.doc["scope"] for view in queries.register_of(case, today=TODAY)} == {"interview", "record"}

    def test_an_officer_in_the_room_is_not_free_and_an_interpreter_is(self, app, people):
        for present, free in ((["officer"], False), (["interpreter"], True), (["child"], True), (["relative"], False)):
            case_id = opened(people, persons_present=present)
            assert {view.free for view in queries.register_of(case_id, today=TODAY)} == {free}, present


class TestIntake:
    def test_an_adult_needs_record_and_services(self, case, people):
        reasons = services.reasons_against_intake(case_id=case, today=TODAY)
        assert [message for message, _params in reasons] == ["The person's consent to receive services is missing."]
        recorded(people, case, answer())
        assert ports.may_start_intake.ask(case_id=case, today=TODAY) == []
        assert ports.may_start_intake.ask(case_id=case, today=TODAY + timedelta(days=400)) != []

    def test_a_childs_ticks_wait_for_the_child_route(self, app, people):
        case_id = opened(people, majority_status="minor", age_at_contact=14)
        said = " ".join(message for message, _ in services.reasons_against_intake(case_id=case_id, today=TODAY))
        assert "guardian's consent is still missing" in said
        for scope in ("record", "services"):
            recorded(
                people, case_id, answer(scope=scope, basis="assent_bia", assent=True, reason="Note", witness="Two")
            )
        assert services.reasons_against_intake(case_id=case_id, today=TODAY) == []


class TestStatement:
    def test_every_scope_has_its_words_in_both_languages(self):
        text = queries.statement()
        for scope in catalogue.load().list("consent_scope").codes:
            for language in ("en", "ur"):
                assert len(text.paragraphs(scope, language)) == 6, (scope, language)

    def test_its_words_are_frozen(self):
        assert queries.statement("1").sha256 == FROZEN

    @pytest.mark.parametrize("version", ["2", "../1", "", "x"])
    def test_an_unknown_version_is_refused(self, version):
        with pytest.raises(KeyError):
            queries.statement(version)


def test_nothing_of_a_consent_stands_in_clear(case, people):
    consent_id = recorded(people, case, answer(reason="Distinctive words"))
    row = queries.get_consent(consent_id, case_id=case)
    assert b"Distinctive" not in bytes(row.sealed)
    assert get_case(case).id == case


FROZEN = "950c3e6cd04f0cf6376fb39872d0792808be95c43bfabd984034f7629ab69339"
