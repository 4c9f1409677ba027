"""Write, correct and submit a referral."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from caseflow.cases.models import Case
from caseflow.cases.queries import get_case, office_day
from caseflow.cases.states import OPEN_STATES, CaseState
from caseflow.core import trail, vault
from caseflow.core.db import new_id, session
from caseflow.core.errors import NotFound, Refused, StaleVersion, TooLate
from caseflow.core.lifecycle import find
from caseflow.core.numbers import referral_number
from caseflow.core.policy import Action, Actor, require
from caseflow.core.ports import Reason
from caseflow.core.trail import Tag
from caseflow.core.words import N_
from caseflow.referrals import queries
from caseflow.referrals.letters import compose, digest, disclose, freeze, says_name
from caseflow.referrals.models import Referral, Snapshot
from caseflow.referrals.queries.explaining import LOOK
from caseflow.referrals.services.checking import clean_referral, require_complete
from caseflow.referrals.services.line import add_event, answer_due, begin, move, moved
from caseflow.referrals.states import STEPS

NAME_IN_WORDS: Reason = (
    N_("A line of this letter says the person's name, which it does not tell otherwise. Write “the person” instead."),
    {},
)
NEW: dict[str, Any] = {
    "consent_ids": [], "hands": [], "takers": [], "comments": [], "warnings": [], "outcome": "", "documents": {},
}  # fmt: skip


def draft_referral(
    *, actor: Actor, referral_id: UUID, case_id: UUID, data: Mapping[str, Any], now: datetime
) -> Referral:
    """Write the first draft of a referral to one partner. The same id again by the same person returns the first.

    `data` holds partner_id, services, urgency, reason, request, appointment, escort, channel, groups, own_ticks,
    why {group: text}, basis, basis_reason, language. Raises NotFound, NotAllowed, Refused, Invalid.
    """
    case = get_case(case_id, for_update=True)
    require(actor, Action.Referral.DRAFT, case)
    if (first := session().get(Referral, referral_id)) is not None:
        if first.case_id != case_id or first.author_id != actor.user_id:
            raise NotFound()
        return first
    require_open(case)
    step = find(STEPS, "draft", None)
    referral = Referral(
        id=referral_id,
        number=referral_number(),
        case_id=case_id,
        author_id=actor.user_id,
        state=str(step.to),
        state_since=now,
        created_at=now,
        updated_at=now,
    )
    vault.write(referral, {**NEW, **clean_referral(data), "hands": [str(actor.user_id)]}, rv=0)
    session().add(referral)
    event = add_event(referral, "draft", actor=actor, now=now)
    trail.record(
        Tag.REFERRAL_DRAFTED, actor=actor, now=now, obj=("referral", referral.id), case_id=case_id,
        writes=[referral, event],
    )  # fmt: skip
    return referral


def edit_referral(*, actor: Actor, referral_id: UUID, data: Mapping[str, Any], rv: int, now: datetime) -> Referral:
    """Correct a draft or a returned referral; what was submitted before is void. `data` as for a new one.

    Raises StaleVersion when somebody saved a newer version, TooLate in any other state, Invalid.
    """
    referral, step = begin(actor=actor, referral_id=referral_id, verb="edit")
    if referral.rv != rv:
        raise StaleVersion()
    old = vault.read(referral)
    doc = {**old, **clean_referral(data), "consent_ids": [], "takers": [], "warnings": []}
    changed = sorted(name for name in doc if doc[name] != old.get(name) and name not in NEW)
    doc["hands"] = sorted({*old["hands"], str(actor.user_id)})
    referral.snapshot_id = referral.due_at = None
    move(referral, doc, step, now=now)
    event = add_event(referral, "edit", actor=actor, now=now, doc={"changed": changed})
    trail.record(
        Tag.REFERRAL_DRAFTED, actor=actor, now=now, obj=("referral", referral.id), case_id=referral.case_id,
        detail={"changed": changed}, writes=[referral, event],
    )  # fmt: skip
    return referral


def submit(*, actor: Actor, referral_id: UUID, now: datetime, rv: int | None = None) -> Referral:
    """Send a draft to a supervisor: the consent gate must be open, and what it says is frozen here.

    Raises Refused with the reasons of the gate or of what is missing, TooLate, NotAllowed, SealBroken.
    """
    referral, step = begin(actor=actor, referral_id=referral_id, verb="submit", rv=rv)
    require_open(referral.case)
    doc = vault.read(referral)
    require_complete(doc)
    before = referral.state
    doc, snapshot = freeze_now(referral, doc, now)
    doc["hands"] = sorted({*doc["hands"], str(actor.user_id)})
    referral.snapshot_id = snapshot.id
    referral.due_at = answer_due(doc["urgency"], now)
    move(referral, doc, step, now=now)
    event = add_event(
        referral, "submit", actor=actor, now=now, doc={"digest": snapshot.digest.hex(), "warnings": doc["warnings"]}
    )
    trail.record(
        Tag.REFERRAL_MOVED, actor=actor, now=now, obj=("referral", referral.id), case_id=referral.case_id,
        detail=moved(step, before), writes=[referral, snapshot, event],
    )  # fmt: skip
    return referral


def freeze_now(referral: Referral, doc: dict[str, Any], now: datetime) -> tuple[dict[str, Any], Snapshot]:
    """Ask the gate and freeze what the letter will say. Returns the document to store and the snapshot."""
    today = office_day(referral.organisation_id, now)
    gate = queries.gate_of(referral.case_id, doc, today=today, for_update=True)
    partner = queries.partner_of(doc)
    reasons = list(gate.reasons)
    if not queries.holds(partner, doc) or queries.outside(doc):
        reasons.append((N_("The partner has changed in the directory. Open the referral and choose again."), {}))
    if reasons or not gate.open:
        raise Refused(reasons=reasons)
    sources = queries.sources_of(
        referral.case, doc, number=referral.number, author_id=referral.author_id, gate=gate, today=today
    )
    found = disclose(sources)
    letter = compose(sources, found)
    if says_name(letter, found, sources):
        raise Refused(reasons=[NAME_IN_WORDS])
    checks = queries.checks(referral.case, doc, today, told=found.groups, gate=gate, partner=partner)
    doc = {
        **doc,
        "consent_ids": sorted(str(one) for one in gate.consent_ids),
        "takers": sorted(str(one) for one in gate.taker_ids),
        "warnings": [check.code for check in checks if check.status == LOOK],
    }
    frozen = freeze(
        letter=letter,
        referral=doc,
        groups=found.groups,
        consent_ids=doc["consent_ids"],
        checks=[{"code": check.code, "status": check.status} for check in checks],
    )
    return doc, _keep(referral, frozen, now)


def _keep(referral: Referral, frozen: dict[str, Any], now: datetime) -> Snapshot:
    snapshot = Snapshot(
        id=new_id(), referral_id=referral.id, case_id=referral.case_id, digest=digest(frozen), created_at=now
    )
    vault.write(snapshot, frozen, rv=0)
    session().add(snapshot)
    return snapshot


def require_open(case: Case) -> None:
    """Help starts from screening on and ends with the case."""
    if CaseState(case.state) not in OPEN_STATES | {CaseState.ON_HOLD, CaseState.CLOSURE_REQUESTED}:
        raise TooLate(N_("This case is closed: reopen it before you refer."))
