"""Reading that leaves a record: opening a case, showing real names, searching."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from caseflow.cases.queries import get_case, read_record, record_of
from caseflow.core import catalogue, trail
from caseflow.core.errors import Invalid, NotFound
from caseflow.core.policy import Action, Actor, require
from caseflow.core.trail import Tag
from caseflow.core.words import N_

_REVEALED = ("identity", "safety")


def note_read(*, actor: Actor, case_id: UUID, now: datetime, kind: str = "") -> None:
    """Record that the actor opened the case page, or the page of its records of one kind. Raises NotFound."""
    require(actor, Action.Case.READ, get_case(case_id))
    tag, detail = (Tag.RECORD_READ, {"kind": kind}) if kind else (Tag.CASE_READ, {})
    trail.record(tag, actor=actor, now=now, obj=("case_file", case_id), case_id=case_id, detail=detail)


def note_search(*, actor: Actor, fields: Iterable[str], count: int, now: datetime) -> None:
    """Record a search: which fields were searched and how many rows were shown, never what was typed."""
    require(actor, Action.Case.SEARCH)
    detail = {"fields": sorted(fields), "count": count}
    trail.record(Tag.SEARCHED, actor=actor, now=now, obj=("staff", actor.user_id), detail=detail)


def reveal(*, actor: Actor, case_id: UUID, kind: str, reason: str, now: datetime) -> dict[str, Any]:
    """The answers of the identity or safety record, {} when nothing was written, against a recorded reason.

    `reason` is a code of `reveal_reason`: words could hold a name, and the trail keeps none. Raises Invalid without
    one, NotFound, NotAllowed, SealBroken.
    """
    if kind not in _REVEALED:
        raise NotFound()
    require(actor, Action.Case.REVEAL, get_case(case_id))
    if reason not in catalogue.load().list("reveal_reason"):
        raise Invalid({"reason": (N_("Choose from the list."), {})})
    detail = {"reason": reason, "scope": kind}
    record = record_of(case_id, kind)
    answers = read_record(record) if record else {}
    obj = ("case_record", record.id) if record else ("case_file", case_id)
    trail.record(Tag.NAMES_REVEALED, actor=actor, now=now, obj=obj, case_id=case_id, detail=detail)
    return answers


def reveal_caseload(*, actor: Actor, now: datetime) -> None:
    """Record the one tap after which real names show in the actor's own caseload for the rest of the session."""
    require(actor, Action.Case.LIST)
    detail = {"reason": "", "scope": "caseload"}
    trail.record(Tag.NAMES_REVEALED, actor=actor, now=now, obj=("staff", actor.user_id), detail=detail)
