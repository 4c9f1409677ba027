"""Record, confirm and withdraw. A consent is never edited: a new answer is a new row, and the old one stays listed."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from caseflow.cases import queries as cases
from caseflow.consent import queries
from caseflow.consent.models import Consent
from caseflow.consent.services.checking import check_confirmation, check_consent, check_withdrawal
from caseflow.consent.states import ConsentStatus
from caseflow.core import ports, trail, vault
from caseflow.core.db import session
from caseflow.core.errors import NotFound, StaleVersion, TooLate
from caseflow.core.policy import Action, ActionEnum, Actor, require
from caseflow.core.trail import Tag


def record_consent(*, actor: Actor, consent_id: UUID, case_id: UUID, data: Mapping[str, Any], now: datetime) -> Consent:
    """Record what the person answered: given or refused; `data` by the keys of the consent document.

    A repeated id of the same case and person gives the first result. The answer takes the place of what was given
    before for the same scope and recipient; where it covers less, who rests on the former is told. Raises Invalid,
    NotFound.
    """
    case = cases.get_case(case_id, for_update=True)
    require(actor, Action.Consent.RECORD, case)
    if (known := session().get(Consent, consent_id)) is not None:
        if known.case_id != case_id or known.created_by != actor.user_id:
            raise NotFound()
        return known
    today = cases.office_day(case.organisation_id, now)
    doc = check_consent(data, case_id=case_id, child=cases.is_child(case_id), today=today)
    before = queries.register_of(case_id, today=today, for_update=True)
    made = keep(doc, actor=actor, consent_id=consent_id, case_id=case_id, now=now)
    _tell_replaced(before, doc, case_id, actor=actor, today=today, now=now)
    return made


def keep(doc: dict[str, Any], *, actor: Actor, consent_id: UUID, case_id: UUID, now: datetime) -> Consent:
    """Seal a checked document as a new row, and record it."""
    made = Consent(id=consent_id, case_id=case_id, created_at=now, created_by=actor.user_id, updated_at=now)
    vault.write(made, doc, rv=0)
    session().add(made)
    trail.record(
        Tag.CONSENT_RECORDED,
        actor=actor,
        now=now,
        obj=("consent", made.id),
        case_id=case_id,
        happened_at=trail.moment_of(doc["given_on"], now=now),
        detail={key: doc[key] for key in ("scope", "status", "basis", "method")},
        writes=[made],
    )
    return made


def confirm_consent(
    *, actor: Actor, case_id: UUID, consent_id: UUID, data: Mapping[str, Any], rv: int, now: datetime
) -> Consent:
    """Record that the person confirmed in private what was not given freely: `on`, `place`, and that nobody heard.

    Raises Invalid, NotFound, StaleVersion, and TooLate for a consent that needs no confirmation.
    """
    consent, view, today = _loaded(actor, Action.Consent.CONFIRM, case_id, consent_id, rv, now)
    if not view.awaits_confirmation:
        raise TooLate()
    confirmed = check_confirmation(data, given_on=view.doc["given_on"], today=today)
    vault.write(consent, {**view.doc, "confirmed": {**confirmed, "by": str(actor.user_id)}}, rv=rv)
    consent.updated_at = now
    _record(Tag.CONSENT_CONFIRMED, consent, view, actor=actor, now=now, happened_on=confirmed["on"])
    return consent


def withdraw_consent(
    *, actor: Actor, case_id: UUID, consent_id: UUID, data: Mapping[str, Any], rv: int, now: datetime
) -> Consent:
    """Record that the person took a consent back, and tell who rests on it. What has left cannot be unsent.

    `data`: withdrawn_on, withdrawn_how (code of `contact_channel`), withdrawn_by (who told us), reason (may be empty:
    nobody owes one). Raises Invalid, NotFound, StaleVersion, and TooLate when it is not given any more.
    """
    consent, view, today = _loaded(actor, Action.Consent.WITHDRAW, case_id, consent_id, rv, now)
    if view.doc["status"] != ConsentStatus.GIVEN:
        raise TooLate()
    said = check_withdrawal(data, given_on=view.doc["given_on"], today=today)
    vault.write(consent, {**view.doc, **said, "status": str(ConsentStatus.WITHDRAWN)}, rv=rv)
    consent.updated_at = now
    _record(Tag.CONSENT_WITHDRAWN, consent, view, actor=actor, now=now, happened_on=said["withdrawn_on"])
    ports.consent_withdrawn.tell(actor=actor, case_id=case_id, consent_id=consent_id, now=now)
    return consent


def note_read(*, actor: Actor, case_id: UUID, now: datetime) -> None:
    """Record that somebody read the register. Raises NotFound."""
    require(actor, Action.Consent.READ, cases.get_case(case_id))
    trail.record(
        Tag.RECORD_READ, actor=actor, now=now, obj=("case", case_id), case_id=case_id, detail={"kind": "consent"}
    )


def _loaded(
    actor: Actor, action: ActionEnum, case_id: UUID, consent_id: UUID, rv: int, now: datetime
) -> tuple[Consent, queries.ConsentView, date]:
    """The consent, opened, and the office's day; locked, with policy and version asked again."""
    case = cases.get_case(case_id, for_update=True)
    require(actor, action, case)
    today = cases.office_day(case.organisation_id, now)
    consent = queries.get_consent(consent_id, case_id=case_id, for_update=True)
    if consent.rv != rv:
        raise StaleVersion()
    register = queries.register_of(case_id, today=today)
    view = next(one for one in register if one.id == consent_id)
    if view.broken:
        raise view.broken
    return consent, view, today


def _record(
    tag: Tag, consent: Consent, view: queries.ConsentView, *, actor: Actor, now: datetime, happened_on: str
) -> None:
    trail.record(
        tag,
        actor=actor,
        now=now,
        obj=("consent", consent.id),
        case_id=consent.case_id,
        happened_at=trail.moment_of(happened_on, now=now),
        detail={"scope": view.doc["scope"]},
        writes=[consent],
    )


def _tell_replaced(
    before: list[queries.ConsentView],
    doc: Mapping[str, Any],
    case_id: UUID,
    *,
    actor: Actor,
    today: date,
    now: datetime,
) -> None:
    """Tell of each consent that stood until this answer and covered more than it does."""
    stood = {view.id for view in before if view.status is ConsentStatus.GIVEN}
    for view in queries.register_of(case_id, today=today):
        if view.id in stood and view.status is ConsentStatus.REPLACED and not _covers(doc, view.doc):
            ports.consent_withdrawn.tell(actor=actor, case_id=case_id, consent_id=view.id, now=now)


def _covers(later: Mapping[str, Any], earlier: Mapping[str, Any]) -> bool:
    """Whether a later yes opens everything that the earlier one opened."""
    given = later["status"] == ConsentStatus.GIVEN
    return given and all(set(earlier.get(name) or ()) <= set(later.get(name) or ()) for name in ("groups", "own_ticks"))
