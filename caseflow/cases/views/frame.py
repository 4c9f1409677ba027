"""What the pages of cases share: the blueprint, the day at the office, drafts, names and broken records."""

from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, request, url_for
from werkzeug.wrappers import Response

from caseflow.accounts import queries as people
from caseflow.cases import forms, queries, services
from caseflow.cases.models import Case, CaseRecord
from caseflow.core import catalogue, vault
from caseflow.core.db import writing
from caseflow.core.policy import Action, Role, permits
from caseflow.core.vault import SealBroken
from caseflow.core.words import gettext as _
from caseflow.core.words import language
from caseflow.web.forms.carried import id_of
from caseflow.web.guards import current_actor, request_time
from caseflow.web.refusals import note_broken_seal
from caseflow.web.shown import is_caseload_shown, is_shown

blueprint = Blueprint("cases", __name__)


@blueprint.app_template_filter()
def kind_label(kind: str) -> str:
    """What a kind of record is called, in the reader's language."""
    return catalogue.load().kind(kind).label[language()]


def today() -> date:
    """The day it is at the actor's office."""
    return queries.office_day(current_actor().organisation_id, request_time())


def teams() -> list[tuple[str, str]]:
    """The teams in which the actor works cases: (id, name)."""
    actor = current_actor()
    mine = actor.teams(Role.CASEWORKER, Role.SUPERVISOR)
    docs = [(team.id, vault.read(team)) for team in people.teams_of(actor.organisation_id) if team.id in mine]
    return [(str(one), doc.get(f"name_{language()}") or doc["name_en"]) for one, doc in docs]


def team_for(chosen: str | None) -> UUID:
    """The team that was chosen, or the only one there is; what was not one of them is refused by the service."""
    first = next(iter(current_actor().teams(Role.CASEWORKER, Role.SUPERVISOR)))
    return id_of(chosen, first) if chosen else first


def wants(what: str) -> bool:
    """Whether the button pressed was the one with this value."""
    return request.form.get("then") == what


def to_case(case_id: UUID) -> Response:
    """The case page, after a post."""
    return redirect(url_for("desk.case", id=case_id), 303)


def may_write(case: Case) -> bool:
    """Whether the sections of the case are the actor's to write."""
    return permits(current_actor(), Action.Case.UPDATE, case)


def names_shown(case: Case) -> bool:
    """Whether real names of this case may stand on this page: opened by a recorded tap in this sign-in."""
    actor = current_actor()
    if not permits(actor, Action.Case.REVEAL, case):
        return False
    return is_shown(case.id) or (is_caseload_shown() and case.assignee_id == actor.user_id)


def keep_draft(*, case_id: UUID, kind: str, record_id: UUID, base_rv: int) -> Response:
    """Save and leave: keep what was typed, unchecked, and go to the drafts."""
    reserved = services.reserve(case_id, now=request_time())
    with writing():
        services.keep_draft(
            actor=current_actor(),
            case_id=reserved,
            record_id=reserved if record_id == case_id else record_id,
            kind=kind,
            base_rv=base_rv,
            section=request.args.get("section", ""),
            fields=forms.draft_fields(request.form),
            now=request_time(),
        )
    flash(_("What you wrote is kept. Only you can see it, until you save it."), "good")
    return redirect(url_for("cases.drafts"), 303)


def opened(record: CaseRecord, case: Case) -> dict[str, Any]:
    """A record as a page reads it: sections in words, who wrote it and when; `broken` when it cannot be opened.

    Telephone numbers are for who works the case: others read that there is one.
    """
    shown = {"id": record.id, "rv": record.rv, "at": record.updated_at, "by": record.updated_by, "broken": False}
    try:
        data = queries.read_record(record)
    except SealBroken as error:
        note_broken_seal(error)
        return {**shown, "broken": True}
    known = queries.facts(case.id, record.kind, today=today())
    kind = catalogue.load().kind(record.kind)
    shown["numbers"] = may_write(case)
    return {**shown, "data": data, "sections": catalogue.describe(kind, data, language(), known)}


def with_writers(shown: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The same records, with the names of those who wrote them."""
    names = people.staff_names(one["by"] for one in shown)
    return [{**one, "who": names.get(one["by"], "")} for one in shown]


def note_read(case_id: UUID, kind: str) -> Case:
    """Record that the case's records of a kind were read, and load it again: the record is a write of its own."""
    with writing():
        services.note_read(actor=current_actor(), case_id=case_id, kind=kind, now=request_time())
    return queries.get_case(case_id)


def note_broken(rows: Iterable[Any]) -> None:
    """Record every row of a list whose seal did not open; the list itself goes on."""
    for row in rows:
        if row.error is not None:
            note_broken_seal(row.error)


def note_broken_seals(errors: Iterable[SealBroken]) -> None:
    """Record every seal that did not open while numbers were counted."""
    for error in errors:
        note_broken_seal(error)
