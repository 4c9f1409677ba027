"""Keep what somebody is writing, sealed under the case's key; throw it away; clean up what nobody came back to."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import exists, func, select

from caseflow.cases.models import Case, Draft
from caseflow.cases.queries import get_case, get_draft
from caseflow.cases.services.checks import one_at_a_time
from caseflow.cases.services.keys import line_of
from caseflow.core import catalogue, trail, vault
from caseflow.core.db import new_id, session
from caseflow.core.errors import NotFound
from caseflow.core.outbox import Job, enqueue
from caseflow.core.policy import Action, Actor, require
from caseflow.core.trail import Tag

KEPT_FOR = timedelta(days=14)
CLEANING = "cases.clean_drafts"
_NOT_KEPT = frozenset({"csrf_token", "confirm_code", "confirm_recovery"})


def keep_draft(
    *,
    actor: Actor,
    case_id: UUID,
    record_id: UUID,
    kind: str,
    fields: dict[str, list[str]],
    now: datetime,
    section: str = "",
    base_rv: int = 0,
) -> Draft:
    """Keep the posted `fields` of a form (name: values) as the actor's draft of this record; the newest one stays.

    The case may not exist yet: its key must (`reserve`). The draft of a first screening has the case's id as its
    record id. Raises NotFound, NotAllowed, SealBroken when the case has no key.
    """
    one_at_a_time(actor)
    _require_writing(actor, case_id)
    catalogue.load().kind(kind)
    own = select(Draft).where(Draft.owner_id == actor.user_id, Draft.record_id == record_id)
    draft = session().scalars(own).first()
    if draft is not None and draft.case_id != case_id:
        raise NotFound()
    first = draft is None
    draft = draft or Draft(id=new_id(), owner_id=actor.user_id, case_id=case_id, record_id=record_id)
    draft.kind_token, draft.base_rv, draft.updated_at = vault.kind_token(case_id, kind), base_rv, now
    doc = {"kind": kind, "section": section, "fields": _storable(fields)}
    vault.write(draft, doc, rv=draft.rv or 0)
    session().add(draft)
    session().flush()
    if first:
        _record(Tag.DRAFT_KEPT, actor, draft, now, kind=kind)
        _plan_cleaning(now)
    return draft


def discard_draft(*, actor: Actor, draft_id: UUID, now: datetime) -> None:
    """Throw one of the actor's drafts away; with the last one of a case that was never opened, its key.

    Raises NotFound.
    """
    draft = get_draft(actor, draft_id)
    _record(Tag.DRAFT_DISCARDED, actor, draft, now)
    _remove(draft, now)


def forget(*, actor: Actor, case_id: UUID, now: datetime) -> None:
    """Remove whatever the actor typed about somebody for whom no case is opened, under this id and its successors.

    Drafts and keys go, a case that is open stays as it is. The caller records why (a count, see `contacts`).
    """
    line = line_of(case_id)
    drafts = select(Draft).where(Draft.case_id.in_(line), Draft.owner_id == actor.user_id)
    never_opened = ~exists().where(Case.id == Draft.case_id)
    for draft in session().scalars(drafts.where(never_opened)).all():
        _remove(draft, now)
    for key_of, *_rest in vault.current().store.keys(line):  # a form that was refused has a key and no draft
        if not _is_used(key_of):
            vault.destroy_case_key(key_of, now=now)


def clean_drafts(*, now: datetime) -> int:
    """Remove the drafts that nobody touched for 14 days and plan the next cleaning; returns how many went."""
    old = session().scalars(select(Draft).where(Draft.updated_at <= now - KEPT_FOR).order_by(Draft.id)).all()
    for draft in old:
        _remove(draft, now)
    _plan_cleaning(now)
    return len(old)


def _remove(draft: Draft, now: datetime) -> None:
    case_id = draft.case_id
    session().delete(draft)
    session().flush()
    if not _is_used(case_id):
        vault.destroy_case_key(case_id, now=now)


def _is_used(case_id: UUID) -> bool:
    """Whether a case or somebody's draft rests on the key of this id."""
    drafts = session().scalars(select(Draft.id).where(Draft.case_id == case_id).limit(1)).first()
    return drafts is not None or session().get(Case, case_id) is not None


def _plan_cleaning(now: datetime) -> None:
    """One job at a time waits for the day on which the oldest draft will be 14 days old."""
    oldest = session().scalar(select(func.min(Draft.updated_at)))
    waiting = select(Job.id).where(Job.name == CLEANING, Job.state == "waiting").limit(1)
    if oldest is not None and session().scalars(waiting).first() is None:
        enqueue(CLEANING, now=now, run_after=oldest + KEPT_FOR)


def _require_writing(actor: Actor, case_id: UUID) -> None:
    if session().get(Case, case_id) is not None:
        require(actor, Action.Case.UPDATE, get_case(case_id))
        return
    require(actor, Action.Case.CREATE)
    others = select(Draft.id).where(Draft.case_id == case_id, Draft.owner_id != actor.user_id)
    if session().scalars(others.limit(1)).first():
        raise NotFound()


def _record(tag: Tag, actor: Actor, draft: Draft, now: datetime, kind: str = "") -> None:
    """In the stream of the case; in that of the installation while no case is open, since its key may go."""
    case = session().get(Case, draft.case_id)
    case_id = case.id if case else None
    trail.record(tag, actor=actor, now=now, obj=("draft", draft.id), case_id=case_id, detail={"kind": kind})


def _storable(fields: dict[str, list[str]]) -> dict[str, list[str]]:
    """The fields as JSON can hold them: form tokens left out, characters that are no Unicode text replaced."""
    return {_text(name): [_text(one) for one in values] for name, values in fields.items() if name not in _NOT_KEPT}


def _text(value: str) -> str:
    return value.encode("utf-8", "replace").decode("utf-8")
