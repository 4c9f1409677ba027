"""Help without a case, a record that was refused, and the numbers of both."""

from datetime import date
from typing import Any
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from caseflow.accounts.services import parking
from caseflow.cases import forms, queries, services
from caseflow.cases.views.frame import blueprint, note_broken_seals, team_for, teams, today
from caseflow.core.db import writing
from caseflow.core.errors import Invalid
from caseflow.core.policy import Action
from caseflow.core.words import gettext as _
from caseflow.web.guards import current_actor, request_time, requires

Answer = str | tuple[str, int] | Response


@blueprint.get("/cases/new/<uuid:case_id>/helped")
@requires(Action.Contact.COUNT)
def helped(case_id: UUID) -> Answer:
    """Ask what was given, and nothing that would say who it was."""
    return helped_page(case_id)


@blueprint.post("/cases/new/<uuid:case_id>/helped")
@requires(Action.Contact.COUNT)
def count_helped(case_id: UUID) -> Answer:
    """Count the help; what was typed about the person goes."""
    form = _form(None)
    if not form.validate() or not _counted(case_id, form):
        return helped_page(case_id, form), 422
    flash(_("Counted. Nothing about the person was kept."), "good")
    return redirect("/", 303)


@blueprint.post("/cases/new/<uuid:case_id>/declined")
@requires(Action.Contact.COUNT)
def declined(case_id: UUID) -> str:
    """The person wants no record: nothing typed stays, and the day and the office count one."""
    return keep_nothing(case_id, team_id=request.form.get("team_id"))


@blueprint.get("/cases/contacts")
@requires(Action.Contact.NUMBERS)
def contacts() -> str:
    """How many were helped without a case or refused the record, month by month."""
    day = today()
    found = queries.numbers(current_actor(), since=date(day.year - 1, day.month, 1))
    note_broken_seals(found.broken)
    return render_template("cases/contacts.html", found=found)


def helped_page(case_id: UUID, form: forms.RecordForm | None = None, known: dict[str, Any] | None = None) -> str:
    """The one page of help without a case; `known` is what the screening already said."""
    return render_template("cases/helped.html", form=form or _form(known), case_id=case_id)


def keep_nothing(case_id: UUID, *, team_id: str | None) -> str:
    """The page after a refusal. What was typed stays in the browser's page alone, in case a tick was forgotten.

    Who works in several teams is asked which of them counts it; what was typed is gone from here before that.
    """
    actor, now = current_actor(), request_time()
    carried = [(name, value) for name, value in request.form.items(multi=True) if name not in forms.UNKEPT]
    facts = {"carried": carried, "case_id": case_id}
    if not team_id and len(teams()) > 1:
        _destroy_typed(case_id)
        rest = [pair for pair in carried if pair[0] != "team_id"]
        return render_template(
            "cases/declined_team.html", form=forms.counting_form(teams()), **facts | {"carried": rest}
        )
    with writing():
        services.count_declined(actor=actor, case_id=case_id, team_id=team_for(team_id), now=now)
        parking.destroy_at(actor=actor, paths=_typed_at(case_id))
    screened = any(name != "team_id" for name, _value in carried)
    return render_template("cases/nothing_kept.html", **facts | {"carried": carried if screened else []})


def _destroy_typed(case_id: UUID) -> None:
    """Draft and whatever a closed session kept go at once; the count follows when the team is known."""
    actor, draft = current_actor(), queries.draft_of(current_actor(), case_id)
    its_id = draft.id if draft else None
    with writing():
        if its_id:
            services.discard_draft(actor=actor, draft_id=its_id, now=request_time())
        parking.destroy_at(actor=actor, paths=_typed_at(case_id))


def _typed_at(case_id: UUID) -> tuple[str, ...]:
    """Where something may have been typed about the person: what a closed session kept of it goes too."""
    return tuple(url_for(f"cases.{page}", case_id=case_id) for page in ("open_case", "count_helped", "declined"))


def _form(known: dict[str, Any] | None) -> forms.RecordForm:
    first = {} if request.method == "POST" and known is None else {"helped_on": today().isoformat(), **(known or {})}
    sent = None if known is None else forms.NOTHING_SENT
    return forms.record_form("helped_once", {"today": today().isoformat(), **first}, teams=teams(), sent=sent)


def _counted(case_id: UUID, form: forms.RecordForm) -> bool:
    """Count, or say in the form what is in the way."""
    said: dict[str, Any] = {"data": form.answers(), "team_id": team_for(form.values().get("team_id"))}
    try:
        with writing():
            services.count_helped(actor=current_actor(), case_id=case_id, now=request_time(), **said)
            parking.destroy_at(actor=current_actor(), paths=_typed_at(case_id))
    except Invalid as problem:
        form.add_problems(problem.problems)
        return False
    return True
