"""Issue in an emergency: one person, one transaction, at any hour; a supervisor decides on it within 24 hours.

Help must not wait for a second signature: the case, the consent or the vital interest with its reason, the referral
and its letter number are made together, and the letter says that the approval is to follow (ADR 8).
"""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from caseflow.accounts.queries import actor_for, get_staff
from caseflow.cases import services as casework
from caseflow.cases.models import Case
from caseflow.cases.queries import data_of, get_case, is_child, office_day, record_of
from caseflow.consent import queries as consents
from caseflow.consent.services import record_consent
from caseflow.consent.states import RESCUE_CLASS, RESCUE_GROUP, SHARE
from caseflow.core import catalogue, outbox, trail, vault
from caseflow.core.db import new_id, session
from caseflow.core.errors import Invalid, NotFound, Refused
from caseflow.core.lifecycle import find
from caseflow.core.numbers import referral_number
from caseflow.core.policy import Action, Actor, Role, grants, require
from caseflow.core.policy.predicates import ON_CALL
from caseflow.core.ports import Reason
from caseflow.core.trail import Tag
from caseflow.core.words import N_, gettext
from caseflow.partners import queries as partners
from caseflow.referrals import queries
from caseflow.referrals.letters.emergency import minimum_for
from caseflow.referrals.models import Referral
from caseflow.referrals.queries.reading import RATIFY_WITHIN
from caseflow.referrals.services.checking import CONSENT, NOT_ON_LIST, clean_referral, require_complete
from caseflow.referrals.services.deciding import JOB
from caseflow.referrals.services.drafting import NEW, freeze_now, require_open
from caseflow.referrals.services.line import EMERGENCY, add_event, answer_due, move, moved
from caseflow.referrals.services.register import ISSUED, reserve
from caseflow.referrals.states import STEPS, ReferralState
from caseflow.support.services import add_task

ESCALATION = "referrals.escalate"
VITAL = "vital_interest"
# How the person agreed: codes of `consent_method`; or no word of theirs, for a vital interest.
GROUNDS = ("verbal_phone", "signature", "thumb", VITAL)
ON_CALL_FOR = timedelta(hours=72)
PERSON = ("majority_status", "age_at_contact", "gender", "primary_language", "interpreter_needed")
WITH_PERSON = ("dependants_with_person", "dependants_ages")
CONTACT = ("safe_contact_way", "safe_phone", "safe_contact_hours", "never_leave_message")


def issue_emergency(
    *,
    actor: Actor,
    referral_id: UUID,
    case_id: UUID,
    team_id: UUID,
    data: Mapping[str, Any],
    now: datetime,
) -> Referral:
    """Issue at once; the worker presses the letter. The same id again by the same person gives the first result.

    `case_id` is an open case of the actor, or the reserved id of a new one, for which `data` says who the person is
    (PERSON, WITH_PERSON, CONTACT). `data` holds also partner_id, services, reason (code of `emergency_reason`),
    request, ground (GROUNDS), private (yes, no) and language of the letter; with place_of_danger it is a rescue request
    to the police, which tells that place and nothing about who. Raises NotFound, NotAllowed, Refused when
    the gate stays closed, Invalid, TooLate for a closed case.
    """
    require(actor, Action.Referral.EMERGENCY)
    if (first := session().get(Referral, referral_id)) is not None:
        return _same(first, actor)
    _check(data)
    case = _case(actor, case_id, team_id, data, now)
    if (first := session().get(Referral, referral_id)) is not None:  # made while we waited for the case
        return _same(first, actor)
    doc = _document(actor, case, data, now)
    if data["ground"] != VITAL:
        _consent(actor, case, doc, data, now)
    referral, doc = _referral(actor, case, referral_id, doc, now)
    _record(actor, referral, doc, now)
    _leave_for_the_day(case, now)
    outbox.enqueue(JOB, now=now, referral_id=referral.id)
    outbox.enqueue(ESCALATION, now=now, run_after=now + RATIFY_WITHIN, referral_id=referral.id)
    return referral


def _leave_for_the_day(case: Case, now: datetime) -> None:
    """What the night had no time for, as tasks of whoever works the case."""
    tomorrow = office_day(case.organisation_id, now) + timedelta(days=1)
    if is_child(case.id):
        plan(case, "review", gettext("Record the best-interests decision about the child."), tomorrow, now)
    if data_of(case.id, "person").get("dependants_with_person") and case.created_at == now:
        words = gettext("Make an own record for each child, with an own consent.")
        plan(case, "other", words, tomorrow, now)


def plan(case: Case, kind: str, words: str, due_on: date, now: datetime) -> None:
    """Add a task of the system for the case's caseworker."""
    add_task(
        actor=None, task_id=new_id(), case_id=case.id, kind=kind, words=words, due_on=due_on,
        assignee_id=case.assignee_id, now=now,
    )  # fmt: skip


def _same(first: Referral, actor: Actor) -> Referral:
    if first.author_id != actor.user_id or not first.emergency:
        raise NotFound()
    return first


def _check(data: Mapping[str, Any]) -> None:
    problems: dict[str, Reason] = {}
    if (data.get("place_of_danger") and data.get("ground") != VITAL) or data.get("ground") not in GROUNDS:
        problems["ground"] = NOT_ON_LIST
    if data.get("reason") not in catalogue.load().list("emergency_reason"):
        problems["reason"] = NOT_ON_LIST
    if data.get("ground") != VITAL and data.get("private") not in ("yes", "no"):
        problems["private"] = (N_("Say whether the person could speak freely."), {})
    if problems:
        raise Invalid(problems)


def _why(data: Mapping[str, Any]) -> str:
    language = "ur" if data.get("language") == "ur" else "en"
    return catalogue.load().label("emergency_reason", data["reason"], language)


def _case(actor: Actor, case_id: UUID, team_id: UUID, data: Mapping[str, Any], now: datetime) -> Case:
    """The open case, locked, its risk now that of an emergency; a new one with the least that a letter needs."""
    if session().get(Case, case_id) is None:
        why = _why(data) if data["ground"] == VITAL else ""
        screened = _screening(data, today=office_day(actor.organisation_id, now))
        casework.open_case(actor=actor, case_id=case_id, team_id=team_id, data=screened, now=now, vital_interest=why)
    case = get_case(case_id, for_update=True)
    require(actor, Action.Referral.DRAFT, case)
    require_open(case)
    person = {code: data[code] for code in WITH_PERSON if data.get(code)} if case.created_at == now else {}
    if person:
        _add(actor, case, "person", person, now)
    _keep_former_place(actor, case, data, now)
    _add(actor, case, "safety", _safety(case, data, now), now)
    _assess(actor, case, now)
    return case


def _screening(data: Mapping[str, Any], *, today: date) -> dict[str, Any]:
    agreed = data["ground"] != VITAL
    room = {"private": data["private"], "persons_present": _present(data)} if agreed else {}
    said = {code: data[code] for code in PERSON if data.get(code)}
    return {
        "contact_date": today.isoformat(), "immediate_danger": "yes", "danger_what": _why(data),
        **({"contact_channel": "phone"} if data["ground"] == "verbal_phone" else {}),
        "consent_talk": agreed, "consent_record": agreed, **room, **said,
    }  # fmt: skip


def _present(data: Mapping[str, Any]) -> list[str]:
    return ["alone"] if data["private"] == "yes" else ["other"]


def _safety(case: Case, data: Mapping[str, Any], now: datetime) -> dict[str, Any]:
    """What the partner must know to keep the person safe; of a new person also the safe way of contact."""
    alert, why = str(data_of(case.id, "safety").get("immediate_safety_alert") or ""), _why(data)
    contact = {code: data[code] for code in CONTACT if data.get(code)} if case.created_at == now else {}
    told = alert if why in alert else "\n".join(part for part in (why, alert) if part)
    place = {"place_of_danger": data["place_of_danger"]} if data.get("place_of_danger") else {}
    return {"immediate_safety_alert": told, **contact, **place}


def _keep_former_place(actor: Actor, case: Case, data: Mapping[str, Any], now: datetime) -> None:
    """The place of danger known so far stays as a note: the police are told the new one alone, the old may matter."""
    former, place = str(data_of(case.id, "safety").get("place_of_danger") or ""), data.get("place_of_danger")
    if not place or not former or former == place:
        return
    subject = gettext("Place of danger before the rescue request")
    said = {"subject": subject, "text": former, "happened_at": office_day(case.organisation_id, now).isoformat()}
    casework.add_note(actor=actor, case_id=case.id, record_id=new_id(), data=said, now=now)


def _assess(actor: Actor, case: Case, now: datetime) -> None:
    """The risk is an emergency by definition, looked at again on the next day; earlier findings stay."""
    today = office_day(case.organisation_id, now)
    data = {
        **data_of(case.id, "assessment"), "assessed_on": today.isoformat(), "risk_level": EMERGENCY,
        "next_review_date": (today + timedelta(days=1)).isoformat(),
    }  # fmt: skip
    casework.save_record(actor=actor, case_id=case.id, kind="assessment", record_id=new_id(), data=data, rv=0, now=now)


def _add(actor: Actor, case: Case, kind: str, answers: Mapping[str, Any], now: datetime) -> None:
    record = record_of(case.id, kind)
    data = {**(data_of(case.id, kind) if record else {}), **answers}
    casework.save_record(
        actor=actor, case_id=case.id, kind=kind, record_id=record.id if record else new_id(), data=data,
        rv=record.rv if record else 0, now=now,
    )  # fmt: skip


def _document(actor: Actor, case: Case, data: Mapping[str, Any], now: datetime) -> dict[str, Any]:
    """The referral's document: its groups are fixed, its urgency is an emergency, it travels by telephone first."""
    partner = partners.view_of(partners.get_partner(_uuid(data.get("partner_id"))))
    rescue = partner.recipient_class == RESCUE_CLASS and bool(data.get("place_of_danger"))
    if partner.recipient_class not in queries.CLASSES and not rescue:
        words = N_("In an emergency only shelter, health, child protection, IOM and UNHCR can be told.")
        raise Refused(words)
    vital = data["ground"] == VITAL
    cells = consents.cells(case.id, partner.recipient_class)
    asked: dict[str, Any] = {
        "partner_id": str(partner.id), "request": data.get("request"),
        "services": ["police"] if rescue else data.get("services"),
        "urgency": EMERGENCY, "reason": "additional_services", "channel": "phone",
        "language": data.get("language"), "groups": [RESCUE_GROUP] if rescue else minimum_for(cells),
        "own_ticks": [], "why": {}, "basis": VITAL if vital else CONSENT, "basis_reason": _why(data) if vital else "",
    }  # fmt: skip
    doc = {**NEW, **clean_referral(asked), "rescue": rescue, "hands": [str(actor.user_id)]}
    require_complete(doc)
    roles = (Role.SUPERVISOR, Role.DATA_PROTECTION)
    called = [one for role in roles for one in queries.alerted_first(case, role, author_id=actor.user_id, now=now)]
    return doc | {
        "issued_at": now.isoformat(),
        "emergency": {
            "reason": data["reason"], "ground": data["ground"], "alerted": [str(one.user_id) for one in called],
            "called": [], "escalated": None, "decision": None,
        },
    }  # fmt: skip


def _uuid(text: Any) -> UUID:
    try:
        return UUID(str(text))
    except ValueError:
        raise NotFound() from None


def _consent(actor: Actor, case: Case, doc: Mapping[str, Any], data: Mapping[str, Any], now: datetime) -> None:
    """The person's word for this sharing. A child's word by telephone is an assent, and no consent."""
    if is_child(case.id):
        raise Invalid({"ground": (N_("A child's word alone opens nothing: choose the danger as the ground."), {})})
    said = {
        "scope": SHARE, "recipient_id": doc["partner_id"], "status": "given", "basis": "informed",
        "method": data["ground"], "language": data_of(case.id, "person").get("primary_language") or "unknown",
        "private": data["private"], "setting": _present(data), "free_to_leave": "unknown",
        "given_on": office_day(case.organisation_id, now).isoformat(), "groups": doc["groups"], "own_ticks": [],
        "purpose": _why(data),
    }  # fmt: skip
    record_consent(actor=actor, consent_id=new_id(), case_id=case.id, data=said, now=now)


def _referral(
    actor: Actor, case: Case, referral_id: UUID, doc: dict[str, Any], now: datetime
) -> tuple[Referral, dict[str, Any]]:
    """Frozen like any other letter, then issued without waiting for its bytes."""
    referral = Referral(
        id=referral_id, number=referral_number(), case_id=case.id, author_id=actor.user_id,
        state=str(ReferralState.DRAFT), state_since=now, created_at=now, updated_at=now,
    )  # fmt: skip
    vault.write(referral, doc, rv=0)
    session().add(referral)
    session().flush()
    session().refresh(referral)
    doc, snapshot = freeze_now(referral, doc, now)
    referral.snapshot_id, referral.due_at = snapshot.id, answer_due(EMERGENCY, now)
    move(referral, doc, find(STEPS, "issue_emergency", ReferralState.DRAFT), now=now)
    return referral, doc


def _record(actor: Actor, referral: Referral, doc: Mapping[str, Any], now: datetime) -> None:
    """The number, the event, and the entries: it was issued, these groups were disclosed, these people may decide."""
    entry, _new = reserve(referral, now=now)
    entry.state, entry.issued_at = ISSUED, now
    snapshot = queries.snapshot_of(referral)
    frozen, number, reason = vault.read(snapshot), queries.register_number(referral), doc["emergency"]["reason"]
    said = {"register": number, "groups": frozen["groups"], "emergency_reason": reason}
    event = add_event(referral, "issue_emergency", actor=actor, now=now, doc=said)
    about: dict[str, Any] = {"actor": actor, "now": now, "obj": ("referral", referral.id), "case_id": referral.case_id}
    step = find(STEPS, "issue_emergency", ReferralState.DRAFT)
    trail.record(Tag.REFERRAL_MOVED, **about, detail=moved(step, "draft", reason), writes=[referral, snapshot])
    trail.record(Tag.LETTER_RESERVED, **about, detail={"register": number})
    trail.record(Tag.LETTER_ISSUED, **about, detail={"register": number}, writes=[entry, event])
    disclosed = {
        "groups": frozen["groups"], "class": frozen["recipient_class"], "basis": doc["basis"],
        "consents": frozen["consent_ids"],
    }  # fmt: skip
    trail.record(Tag.DISCLOSED, **about, detail=disclosed)
    for one in doc["emergency"]["alerted"]:
        call_in(referral, UUID(one), actor=actor, now=now)


def call_in(referral: Referral, user_id: UUID, *, actor: Actor | None, now: datetime) -> None:
    """Let a supervisor on call, who works in another team, read and decide on this one issue."""
    person = actor_for(get_staff(user_id), now=now)
    own_team = referral.team_id in person.teams(Role.SUPERVISOR)
    if own_team or not person.has(Role.SUPERVISOR) or person.granted(referral.case_id, ON_CALL):
        return
    until = now + ON_CALL_FOR
    grant = grants.give(
        user_id=user_id, case_id=referral.case_id, reason_kind=ON_CALL, valid_from=now, valid_until=until,
        source=referral.id,
    )  # fmt: skip
    trail.record(
        Tag.ACCESS_GRANTED, actor=actor, now=now, obj=("staff", user_id), case_id=referral.case_id,
        detail={"reason": ON_CALL, "until": until.isoformat()}, writes=[grant],
    )  # fmt: skip
