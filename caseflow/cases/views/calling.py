"""Before you call: the card that comes before the number, and what came of the call."""

from typing import Any
from uuid import UUID

from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from caseflow.cases import forms, queries, services
from caseflow.cases.models import Case
from caseflow.cases.queries.calling import call_card, neutral_messages
from caseflow.cases.views.frame import blueprint, note_read
from caseflow.core.db import new_id, writing
from caseflow.core.errors import Invalid
from caseflow.core.policy import Action, permits
from caseflow.core.vault import SealBroken
from caseflow.core.words import gettext as _
from caseflow.web.guards import current_actor, request_time, requires
from caseflow.web.refusals import note_broken_seal
from caseflow.web.shown import is_shown, show

Answer = str | tuple[str, int] | Response


@blueprint.get("/cases/<uuid:id>/call")
@requires(Action.Case.READ, load=queries.get_case)
def call(case: Case) -> Answer:
    """The card, recorded as a reading of the safety record; the number after a tap that is recorded too."""
    return _card(note_read(case.id, "safety"), forms.ContactForm(data={"record_id": str(new_id())}))


@blueprint.post("/cases/<uuid:id>/call")
@requires(Action.Case.REVEAL, load=queries.get_case)
def open_number(case: Case) -> Answer:
    """Show the number on this page, in this sign-in; that it was opened in order to call is recorded."""
    case_id = case.id
    with writing():
        record_id = services.open_number(actor=current_actor(), case_id=case_id, now=request_time())
    show(record_id)
    return _again(case_id)


@blueprint.post("/cases/<uuid:id>/call/result")
@requires(Action.Case.NOTE, load=queries.get_case)
def note_contact(case: Case) -> Answer:
    """Keep what came of the call, with one tap."""
    form, case_id = forms.ContactForm(), case.id
    if not form.validate() or not _noted(form, case_id):
        return _card(queries.get_case(case_id), form), 422
    flash(_("The call is noted."), "good")
    return redirect(url_for("desk.case", id=case_id), 303)


@blueprint.post("/cases/<uuid:id>/call/unsafe")
@requires(Action.Case.UPDATE, load=queries.get_case)
def end_safe_contact(case: Case) -> Answer:
    """From now on nobody calls until a safe way is found again."""
    form, case_id = forms.UnsafeForm(), case.id
    with writing():
        services.end_safe_contact(actor=current_actor(), case_id=case_id, rv=form.version, now=request_time())
    flash(_("It is written down: there is no safe way of contact now."), "good")
    return _again(case_id)


def _noted(form: forms.ContactForm, case_id: UUID) -> bool:
    try:
        with writing():
            services.note_contact(
                actor=current_actor(), case_id=case_id, record_id=form.record(new_id()),
                result=form.result.data or "", words=form.words.data or "", now=request_time(),
            )  # fmt: skip
    except Invalid as problem:
        form.add_problems(problem.problems)
        return False
    return True


def _card(case: Case, form: forms.ContactForm) -> str:
    row = queries.rows_of([case])[0]
    shown: dict[str, Any] = {"case": case, "row": row, "form": form, "card": None}
    try:
        if row.error is not None:
            note_broken_seal(row.error)
        record = queries.record_of(case.id, "safety")
        if record is not None:
            day = queries.office_day(case.organisation_id, request_time())
            shown |= {"card": call_card(queries.read_record(record), today=day), "rv": record.rv}
            shown["open"] = is_shown(record.id) and permits(current_actor(), Action.Case.REVEAL, case)
    except SealBroken as error:
        note_broken_seal(error)
    messages = neutral_messages(row.number, row.summary.get("risk", ""))
    return render_template("cases/call.html", messages=messages, **shown)


def _again(case_id: UUID) -> Response:
    return redirect(url_for("cases.call", id=case_id), 303)
