"""Writing, correcting and submitting: what a worker may put into a referral, and the gate before it goes on."""

from datetime import timedelta
from uuid import uuid4

import pytest

from caseflow.cases.queries import get_case
from caseflow.core import vault
from caseflow.core.db import session, writing
from caseflow.core.errors import Invalid, NotFound, Refused, StaleVersion, TooLate
from caseflow.core.trail.models import TrailEntry
from caseflow.core.trail.verify import verify
from caseflow.partners.queries import get_partner
from caseflow.partners.services import retire_partner, update_partner
from caseflow.referrals import queries, services
from caseflow.referrals.letters import digest
from caseflow.referrals.services.checking import clean_referral
from tests.referrals.factories import LATER, START, Referrals, consent, filled_case, partner

pytestmark = pytest.mark.both_databases


def problems_of(made, **changed):
    """The fields that a draft is refused for."""
    with pytest.raises(Invalid) as refused:
        made.drafted(**changed)
    return set(refused.value.problems)


def test_a_draft_keeps_what_was_chosen_and_takes_the_class_from_the_directory(app, people):
    made = Referrals(people)
    stored = queries.get_referral(made.drafted())
    doc = vault.read(stored)
    assert (doc["recipient_class"], doc["partner_id"]) == ("L4_legal", str(made.partner_id))
    assert doc["hands"] == [str(people.staff["worker"])]
    assert (stored.state, stored.snapshot_id, stored.due_at) == ("draft", None, None)
    assert stored.number.startswith("R-")


def test_the_same_post_twice_makes_one_draft(app, people):
    made, referral_id = Referrals(people), uuid4()
    assert made.drafted(referral_id=referral_id) == made.drafted(referral_id=referral_id, request="Another.")
    assert len(queries.of_case(made.case_id)) == 1


def test_an_id_of_somebody_else_is_an_unknown_id(app, people):
    made = Referrals(people)
    referral_id = made.drafted()
    with pytest.raises(NotFound):
        made.drafted("supervisor", referral_id=referral_id)


def test_a_name_in_a_free_line_is_not_submitted_and_the_refusal_does_not_repeat_it(app, people):
    made = Referrals(people)
    chosen = {"groups": ["citizenship"], "own_ticks": [], "why": {}}
    with pytest.raises(Refused) as refused:
        made.submitted(request="Please see Canaryfirst at ten.", **chosen)
    assert "Canaryfirst" not in str(refused.value.reasons)
    made.submitted(request="Please see the person at ten.", **chosen)


ILL_FORMED = [
    ({"partner_id": "nonsense"}, "partner_id"),
    ({"partner_id": str(uuid4())}, "partner_id"),
    ({"services": ["made_up"]}, "services"),
    ({"services": "legal"}, "services"),
    ({"urgency": "now"}, "urgency"),
    ({"reason": "because"}, "reason"),
    ({"channel": "pigeon"}, "channel"),
    ({"basis": "informed"}, "basis"),
    ({"request": "x" * 301}, "request"),
    ({"appointment": "x" * 201}, "appointment"),
    ({"groups": ["risk_level"]}, "groups"),
    ({"groups": ["safe_accommodation"]}, "groups"),
    ({"groups": ["made_up"]}, "groups"),
    ({"basis_reason": "x" * 1001}, "basis_reason"),
    ({"why": {"medical_needs": "x" * 301}}, "why"),
]


def test_an_ill_formed_answer_is_refused_at_its_field(app, people):
    made = Referrals(people, consented=False)
    assert [problems_of(made, **changed) for changed, _field in ILL_FORMED] == [
        {field} for _changed, field in ILL_FORMED
    ]


def test_counts_only_partners_and_retired_ones_get_no_referral(app, people):
    made = Referrals(people, consented=False)
    assert problems_of(made, partner_id=str(partner(people, "L7_statistics"))) == {"partner_id"}
    with writing():
        retire_partner(actor=people.actor("supervisor"), partner_id=made.partner_id, now=START)
    assert problems_of(made) == {"partner_id"}


def test_hostile_text_stays_text_on_one_line(app, people):
    hostile = "<script>\x00\u202e{{7*7}}' OR 1=1\r\n --\ud800 \U0001f600"
    doc = vault.read(queries.get_referral(Referrals(people).drafted(request=hostile)))
    assert doc["request"] == "<script>\u202e{{7*7}}' OR 1=1 -- \U0001f600"


def test_a_stale_edit_is_refused_and_a_fresh_one_counts_as_a_hand(app, people):
    made = Referrals(people)
    referral_id = made.drafted()
    rv = queries.get_referral(referral_id).rv
    edit(made, referral_id, "supervisor", rv, request="Another line.")
    with pytest.raises(StaleVersion):
        edit(made, referral_id, "worker", rv, request="A third line.")
    doc = vault.read(queries.get_referral(referral_id))
    assert doc["request"] == "Another line."
    assert set(doc["hands"]) == {str(people.staff["worker"]), str(people.staff["supervisor"])}


def edit(made, referral_id, key, rv, **changed):
    """Correct a draft."""
    with writing():
        services.edit_referral(
            actor=made.people.actor(key), referral_id=referral_id, data=made.data(**changed), rv=rv, now=LATER
        )


def test_submitting_freezes_exactly_what_is_hashed(app, people):
    made = Referrals(people)
    stored = queries.get_referral(made.submitted())
    snapshot = queries.snapshot_of(stored)
    frozen = vault.read(snapshot)
    assert bytes(snapshot.digest) == digest(frozen)
    assert frozen["consent_ids"] == vault.read(stored)["consent_ids"] == [str(made.consent_id)]
    assert vault.read(stored)["takers"] == [str(people.staff["worker"])]
    assert stored.due_at == START + timedelta(hours=24)


def test_an_edit_voids_the_snapshot(app, people):
    made = Referrals(people)
    referral_id = made.at("returned")
    edit(made, referral_id, "worker", queries.get_referral(referral_id).rv)
    stored = queries.get_referral(referral_id)
    assert (stored.state, stored.snapshot_id, queries.snapshot_digest(stored)) == ("draft", None, "")
    assert vault.read(stored)["comments"][0]["text"] == "Shorter, please."


def test_without_a_consent_nothing_is_submitted(app, people):
    made = Referrals(people, consented=False)
    with pytest.raises(Refused) as refused:
        made.submitted()
    assert refused.value.reasons
    assert [row.state for row in queries.of_case(made.case_id)] == ["draft"]


def test_a_consent_for_another_partner_or_fewer_groups_does_not_do(app, people):
    made = Referrals(people, consented=False)
    consent(people, made.case_id, partner(people, "L4_legal", name_en="Fictional other"))
    with pytest.raises(Refused):
        made.submitted()
    consent(people, made.case_id, made.partner_id, groups=["name"], own=[])
    with pytest.raises(Refused):
        made.submitted(groups=["name", "citizenship"], own_ticks=[], why={})
    made.submitted(groups=["name"], own_ticks=[], why={})


def test_what_is_missing_is_said_at_once_at_submission(app, people):
    made = Referrals(people)
    with pytest.raises(Refused) as refused:
        made.submitted(services=[], urgency="", reason="", request="", channel="", why={})
    assert len(refused.value.reasons) == 6


def test_another_basis_needs_its_reason_and_opens_without_consent(app, people):
    made = Referrals(people, "L4_shelter", consented=False)
    plain = {"groups": ["name"], "own_ticks": [], "why": {}, "basis": "vital_interest"}
    with pytest.raises(Refused):
        made.submitted(**plain)
    stored = queries.get_referral(made.submitted(**plain, basis_reason="She was unconscious."))
    frozen = vault.read(queries.snapshot_of(stored))
    assert (stored.state, frozen["consent_ids"]) == ("pending_approval", [])
    assert "unconscious" not in str(frozen)


def test_a_missing_agreement_is_a_recorded_warning_and_no_block(app, people):
    made = Referrals(people, agreement_since="", agreement_until="")
    referral_id = made.submitted()
    assert "agreement" in vault.read(queries.get_referral(referral_id))["warnings"]
    assert made.issue(referral_id) is None
    made.approve(referral_id)
    assert made.issue(referral_id).state == "issued"


def test_a_partner_that_changed_its_class_must_be_chosen_again(app, people):
    made = Referrals(people)
    made.drafted()
    reclass(made, "L4_service")
    with pytest.raises(Refused), writing():
        services.submit(actor=people.actor("worker"), referral_id=queries.of_case(made.case_id)[0].id, now=LATER)


def reclass(made, recipient_class):
    """Move the partner to another class in the directory."""
    stored = get_partner(made.partner_id)
    with writing():
        rv = get_partner(made.partner_id).rv
        data = {**vault.read(get_partner(made.partner_id)), "recipient_class": recipient_class}
        update_partner(actor=made.people.actor("supervisor"), partner_id=stored.id, data=data, rv=rv, now=LATER)


def test_a_closed_case_takes_no_referral(app, people):
    case_id = filled_case(people)
    made = Referrals(people, case_id=case_id)
    with writing():
        get_case(case_id, for_update=True).state = "closed"
    with pytest.raises(TooLate):
        made.drafted()


def test_the_trail_knows_every_row_and_no_value(app, people):
    made = Referrals(people)
    made.record(made.issued(), "acknowledge")
    assert verify().whole
    session().rollback()
    entries = session().query(TrailEntry).filter(TrailEntry.object_id == queries.of_case(made.case_id)[0].id).all()
    assert {entry.tag for entry in entries} >= {
        "referrals:referral:draft", "referrals:referral:move", "referrals:referral:approve",
        "referrals:letter:reserve", "referrals:letter:make", "referrals:letter:issue", "referrals:data:disclose",
    }  # fmt: skip


@pytest.mark.parametrize("number", ["35202-1234567-1", "3520212345671", "۳۵۲۰۲-۱۲۳۴۵۶۷-۱"])
def test_a_free_line_takes_no_identity_number(app, number):
    with pytest.raises(Invalid) as refused:
        clean_referral({"request": f"A room for {number}"})
    assert "request" in refused.value.problems
