"""What the file of level 1 says, and what its checks find."""

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest

from caseflow.audit import letters
from caseflow.audit.letters.checking import checks_of
from caseflow.audit.letters.redacting import recipient_in_words, redacted_lines, services_in_words
from caseflow.audit.letters.tag_words import TAG_WORDS
from caseflow.core import catalogue
from caseflow.core.catalogue import DataClass
from caseflow.core.trail import Tag
from caseflow.core.vault import SealBroken
from caseflow.core.words import speaking
from caseflow.referrals.queries import get_referral
from caseflow.referrals.states import ReferralState
from tests.audit import factories as audits
from tests.cases.factories import SCREENING
from tests.referrals.emergency import making as nights
from tests.referrals.factories import ISSUED, START

CLOSED_AT = audits.RUNNING - timedelta(minutes=30)


@pytest.fixture
def sources(app, people):
    case_id, _made = audits.full_case(people)
    return audits.gathered(people, audits.running(people, [case_id]), case_id)


def outcome(sources, words):
    """(outcome, detail) of the one check whose text holds these words."""
    (found,) = [one for one in checks_of(sources) if words in one["text"]]
    return found["outcome"], found["detail"]


def changed(sources, **parts):
    """The sources with their one referral changed."""
    return replace(sources, referrals=[replace(sources.referrals[0], **parts)])


def with_doc(sources, **parts):
    referral = sources.referrals[0]
    return changed(sources, row=replace(referral.row, doc={**referral.row.doc, **parts}))


def with_consent(sources, **parts):
    used = set(sources.referrals[0].snapshot["consent_ids"])
    touched = [replace(view, doc={**view.doc, **parts}) if str(view.id) in used else view for view in sources.consents]
    return replace(sources, consents=touched)


def moved(sources, verb, **parts):
    events = [replace(event, **parts) if event.verb == verb else event for event in sources.referrals[0].events]
    return changed(sources, events=events)


def test_every_tag_has_plain_words():
    assert set(TAG_WORDS) == set(Tag)


TEXTS = {"text", "longtext", "phone", "email", "cnic", "passport"}


@pytest.mark.parametrize("language", ["en", "ur"])
@pytest.mark.parametrize("code", list(catalogue.load().kinds))
def test_no_free_text_and_no_value_of_class_s_x_or_d_is_shown(code, language):
    kind = catalogue.load().kind(code)
    data = {field.code: _answer(field) for field in kind.fields}
    with speaking(language):
        shown = redacted_lines(code, data)
    values = dict(shown)
    assert "typed" not in values.values()
    for field in kind.fields:
        if field.klass is DataClass.D:
            assert field.label[language] not in values
        elif field.klass in (DataClass.S, DataClass.X):
            assert values.get(field.label[language]) is None


def _answer(field):
    if field.type in TEXTS:
        return "typed"
    if field.options is not None:
        return [field.options.codes[0]] if field.type == "codes" else field.options.codes[0]
    return {"tick": True, "number": 7, "time": "09:30"}.get(field.type, "2026-11-16")


def test_a_question_is_not_left_out_by_the_answer_to_a_withheld_one():
    quiet = {**SCREENING, "immediate_danger": "no", "persons_present": ["alone"]}
    loud = {**SCREENING, "immediate_danger": "yes", "persons_present": ["other"], "danger_what": "x"}
    assert redacted_lines("screening", quiet) == redacted_lines("screening", loud)


def test_a_shelter_is_never_named_and_a_telling_service_neither():
    assert "Sukh Chain" not in recipient_in_words("Sukh Chain", "L4_shelter")
    assert "Lawyers" in recipient_in_words("Lawyers", "L4_legal")
    assert services_in_words(["legal", "sexual_rehab"]) == "Legal aid and representation, a service withheld at level 1"


def test_the_cover_carries_the_digest_of_all_the_rest(sources):
    first, again = letters.compose_case_file(sources), letters.compose_case_file(sources)
    assert first == again
    other = letters.compose_case_file(replace(sources, purpose="Another purpose"))
    assert len(first["cover"]["digest"]) == 64 and other["cover"]["digest"] != first["cover"]["digest"]


def test_staff_are_roles_and_pseudonyms_of_this_audit_only(people, sources):
    who = sources.who(people.staff["worker"])
    assert who.startswith("Caseworker ") and people.staff["worker"].hex[:4] not in who
    case_id = sources.entries[0].object_id
    other = audits.gathered(people, audits.ask(people, [case_id]), case_id)
    assert other.who(people.staff["worker"]) != who
    assert sources.who(None, "system") == "CaseFlow"


def test_a_clean_case_passes_every_check(sources):
    found = {one["text"]: (one["outcome"], one["detail"]) for one in checks_of(sources)}
    assert "fail" not in {state for state, _detail in found.values()}, found
    assert sum(state == "pass" for state, _detail in found.values()) >= 7


@pytest.mark.parametrize(
    "parts",
    [
        {"given_on": "2026-11-20"},
        {"valid_until": "2026-11-16"},
        {"status": "refused"},
        {"status": "withdrawn", "withdrawn_on": "2026-11-16"},
    ],
)
def test_a_consent_that_did_not_stand_is_found(sources, parts):
    assert outcome(with_consent(sources, **parts), "before each disclosure")[0] == "fail"


def test_another_basis_needs_its_reason(sources):
    named = with_doc(sources, basis="vital_interest", basis_reason="Danger to life.")
    assert outcome(named, "before each disclosure")[0] == "pass"
    assert outcome(with_doc(named, basis_reason=""), "before each disclosure")[0] == "fail"


def test_a_letter_without_approval_is_found(sources):
    assert outcome(changed(sources, approved_at=ISSUED + timedelta(hours=1)), "approved before its issue")[0] == "fail"
    without = [entry for entry in sources.entries if entry.tag != Tag.REFERRAL_APPROVED]
    assert outcome(replace(sources, entries=without), "approved before its issue")[0] == "fail"


def test_an_approver_who_was_involved_is_found(people, sources):
    involved = frozenset({people.staff["supervisor"]})
    assert outcome(changed(sources, involved=involved), "No approver")[0] == "fail"


def test_a_hasty_approval_is_found(sources):
    submitted = sources.referrals[0].when("submit")
    hasty = changed(sources, approved_at=submitted + timedelta(seconds=12))
    assert outcome(hasty, "30 seconds") == ("fail", f"{sources.referrals[0].row.number}: approved after 12 seconds")


def test_a_late_or_missing_receipt_is_found(sources):
    assert outcome(moved(sources, "acknowledge", happened_at=ISSUED + timedelta(hours=25)), "on time")[0] == "fail"
    missing = changed(sources, events=[one for one in sources.referrals[0].events if one.verb != "acknowledge"])
    assert outcome(replace(missing, made_at=ISSUED + timedelta(hours=1)), "on time")[0] == "none"
    assert outcome(replace(missing, made_at=ISSUED + timedelta(days=3)), "on time")[0] == "fail"


def test_a_group_outside_the_matrix_is_found(sources):
    frozen = {**sources.referrals[0].snapshot, "groups": ["safe_accommodation"]}
    assert outcome(changed(sources, snapshot=frozen), "matrix")[0] == "fail"
    assert outcome(with_consent(sources, own_ticks=[]), "matrix")[0] == "fail"


def test_police_on_a_consent_that_was_not_free_is_found(sources):
    police = with_doc(sources, recipient_class="L1_law")
    assert outcome(police, "Police and embassy")[0] == "pass"
    pressed = with_consent(police, free=False, confirmed=None)
    assert outcome(pressed, "Police and embassy")[0] == "fail"
    assert outcome(with_consent(pressed, confirmed={"on": "2026-11-17"}), "Police and embassy")[0] == "pass"
    assert outcome(with_consent(pressed, confirmed={"on": "2026-11-18"}), "Police and embassy")[0] == "fail"


def test_a_child_needs_a_guardian_or_a_decision(sources):
    child = replace(sources, child=True)
    assert outcome(child, "Child")[0] == "fail"
    assert outcome(with_consent(child, basis="assent_bia"), "Child")[0] == "pass"
    guardian = {"name": "x", "relation": "aunt", "suspect": False}
    assert outcome(with_consent(child, basis="assent_guardian", guardian=guardian), "Child")[0] == "pass"
    suspect = {**guardian, "suspect": True}
    assert outcome(with_consent(child, basis="assent_guardian", guardian=suspect), "Child")[0] == "fail"
    assert outcome(replace(sources, child=None), "Child")[0] == "fail"


def test_an_outsider_needs_a_reason(people, sources):
    read = next(entry for entry in sources.entries if entry.tag == Tag.CASE_READ)
    outsider = replace(sources, entries=[*sources.entries, replace(read, actor_id=uuid4())])
    assert outcome(outsider, "outside the team")[0] == "fail"
    auditor = replace(read, actor_id=people.staff["auditor"], recorded_at=audits.RUNNING, tag=str(Tag.FILE_READ))
    explained = replace(sources, entries=[*sources.entries, auditor])
    assert outcome(explained, "outside the team")[0] == "pass"
    early = replace(auditor, recorded_at=audits.RUNNING - timedelta(minutes=1))
    assert outcome(replace(sources, entries=[early]), "outside the team")[0] == "fail"


def emergency(sources, *, ratified=None, made=timedelta()):
    """The sources with their letter issued as an emergency, ratified after so long, and the file made then."""
    verbs = {"issue": "issue_emergency"}
    events = [replace(one, verb=verbs.get(one.verb, one.verb)) for one in sources.referrals[0].events]
    approved_at = None if ratified is None else ISSUED + ratified
    found = changed(with_doc(sources, emergency={"ground": "life"}), events=events, approved_at=approved_at)
    return replace(found, made_at=ISSUED + made)


def test_an_emergency_is_ratified_within_a_day(sources):
    words, day, second = "ratified in 24 hours", timedelta(hours=24), timedelta(seconds=1)
    assert outcome(emergency(sources, ratified=day), words)[0] == "pass"
    assert outcome(emergency(sources, ratified=day + second), words)[0] == "fail"
    assert outcome(emergency(sources, made=day), words)[0] == "pass"
    assert outcome(emergency(sources, made=day + second), words)[0] == "fail"


def decided_late(people, what, *, after):
    """What the auditor gets of an emergency issue that was decided on so long after it."""
    referral_id = nights.issued(people)
    nights.decide(people, referral_id, what, now=START + after)
    case_id = get_referral(referral_id).case_id
    return audits.gathered(people, audits.running(people, [case_id]), case_id)


@pytest.mark.parametrize("what", ["ratify", "recall"])
@pytest.mark.parametrize(("hours", "found"), [(23, "pass"), (25, "fail")])
def test_a_decision_after_24_hours_is_found_and_names_its_referral(app, people, what, hours, found):
    sources = decided_late(people, what, after=timedelta(hours=hours))
    said = f"{sources.referrals[0].row.number}: decided after 24 hours" if found == "fail" else ""
    assert outcome(sources, "ratified in 24 hours") == (found, said)


def test_who_decided_on_an_emergency_stands_in_the_file_and_who_recalled_it_approved_nothing(app, people):
    for what, words in (("ratify", "who ratified it 3 hours after"), ("recall", "nobody: Supervisor ")):
        found = decided_late(people, what, after=timedelta(hours=3))
        (part,) = letters.compose_case_file(found)["referrals"]
        assert words in dict(part["facts"])["Approved by"], part["facts"]


def closed(sources, **parts):
    """The sources with a closure by the supervisor at the end, and their referral ended before."""
    last = sources.entries[-1]
    move = replace(last, tag=str(Tag.CASE_MOVED), detail={"to": "closed"}, happened_at=CLOSED_AT, recorded_at=CLOSED_AT)
    row = replace(sources.referrals[0].row, state=ReferralState.CLOSED, state_since=CLOSED_AT - timedelta(days=1))
    ended = changed(sources, row=row)
    return replace(ended, entries=[*ended.entries, replace(move, **parts)])


def test_an_open_case_has_no_closure_to_check(sources):
    for words in ("had ended", "other than its caseworker"):
        assert outcome(sources, words) == ("none", "Not closed.")


def test_a_referral_still_open_at_the_closure_is_found(people, sources):
    good = closed(sources, actor_id=people.staff["supervisor"])
    assert outcome(good, "had ended")[0] == "pass"
    number = good.referrals[0].row.number
    still = changed(good, row=replace(good.referrals[0].row, state=ReferralState.IN_SERVICE))
    assert outcome(still, "had ended") == ("fail", f"{number}: it has not ended")
    late = changed(good, row=replace(good.referrals[0].row, state_since=CLOSED_AT + timedelta(hours=1)))
    assert outcome(late, "had ended") == ("fail", f"{number}: it ended later")
    after = [replace(one, recorded_at=CLOSED_AT + timedelta(days=2)) for one in still.referrals[0].events]
    assert outcome(changed(still, events=after), "had ended")[0] == "pass"


def test_a_case_closed_by_its_own_caseworker_is_found(people, sources):
    assert outcome(closed(sources, actor_id=people.staff["supervisor"]), "other than its caseworker")[0] == "pass"
    own = closed(sources, actor_id=people.staff["worker"])
    assert outcome(own, "other than its caseworker")[0] == "fail"
    asked = replace(own.entries[-1], actor_id=people.staff["supervisor"], detail={"to": "closure_requested"})
    by_asker = closed(replace(sources, entries=[*sources.entries, asked]), actor_id=people.staff["supervisor"])
    assert outcome(by_asker, "other than its caseworker")[0] == "fail"
    broken = closed(sources, actor_id=people.staff["supervisor"], error=SealBroken("trail_entry", uuid4()))
    assert outcome(broken, "other than its caseworker")[0] == "fail"


def test_documents_are_listed_by_kind_and_hash_and_never_by_name(sources):
    found = letters.compose_case_file(sources)["documents"]
    assert {one["title"] for one in found} == {"Referral letter"}
    assert all(len(one["digest"]) == 64 and one["size"] for one in found)
    assert sources.referrals[0].letter_sha256 in {one["digest"] for one in found}
    secret = {"what": "identity_copy", "name": "Canaryname.pdf", "sha256": "ab" * 32, "size": 5, "key": "Canarykey"}
    paper = replace(sources.documents[0], doc=secret)
    content = letters.compose_case_file(replace(sources, documents=[paper, replace(paper, doc=None)]))
    assert "Canary" not in str(content["documents"])
    assert content["documents"][0]["title"] == "Copy of identity document"
    assert "cannot be opened" in content["documents"][1]["title"]


def test_a_file_without_referrals_has_nothing_to_check(sources):
    assert {one["outcome"] for one in checks_of(replace(sources, referrals=[]))[:7]} == {"none"}


def test_the_reason_of_a_reveal_is_named(sources):
    shown = [row for row in letters.compose_case_file(sources)["access"] if "Hidden names" in row["what"]]
    assert shown[0]["reason"] == "To check or correct the record"


def test_a_reason_that_is_no_code_is_said_to_be_there_only(sources):
    entries = [
        replace(one, detail={**one.detail, "reason": "Canary words"}) if one.detail.get("reason") else one
        for one in sources.entries
    ]
    shown = letters.compose_case_file(replace(sources, entries=entries))["access"]
    assert "written down; its words are withheld at level 1" in {row["reason"] for row in shown}
