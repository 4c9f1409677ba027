"""A group list: what all share, the lines, a page to check them, their cases made together, and what remains."""

from typing import Any
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from caseflow.cases import forms, queries, services
from caseflow.cases.queries import Group
from caseflow.cases.services import Line, Table
from caseflow.cases.views.frame import blueprint, note_broken, team_for, teams, today, wants
from caseflow.cases.views.group_cells import Shared, column_cells, drawn, guide_rows, suggestions
from caseflow.core.db import new_id, writing
from caseflow.core.errors import Invalid
from caseflow.core.policy import Action
from caseflow.core.words import gettext as _
from caseflow.core.words import ngettext
from caseflow.web.forms import refill
from caseflow.web.forms.carried import id_of
from caseflow.web.guards import current_actor, request_time, requires

Answer = str | tuple[str, int] | Response


@blueprint.get("/groups/guide")
@requires(Action.Case.CREATE)
def group_guide() -> str:
    """The columns of a list and what may stand in them, to print."""
    return render_template("cases/group_guide.html", rows=guide_rows(), most=services.MOST_LINES)


@blueprint.get("/groups/<uuid:group_id>")
@requires(Action.Case.CREATE)
def group(group_id: UUID) -> Answer:
    """What all of the group share, empty or as it was left."""
    found = queries.group_of(current_actor(), group_id)
    return _common_page(found, group_id, _form(found))


@blueprint.post("/groups/<uuid:group_id>")
@requires(Action.Case.CREATE)
def keep_group(group_id: UUID) -> Answer:
    """Keep what all share, and go on to the lines."""
    found, form = queries.group_of(current_actor(), group_id), _form(None)
    if not wants("leave") and not form.validate():
        return _common_page(found, group_id, form), 422
    try:
        _keep_common(group_id, None if wants("leave") else form.answers())
    except Invalid as problem:
        form.add_problems(problem.problems)
        return _common_page(found, group_id, form), 422
    if wants("leave"):
        return _left()
    return redirect(
        url_for("cases.group_check" if found and found.line_ids else "cases.group_lines", group_id=group_id), 303
    )


@blueprint.get("/groups/<uuid:group_id>/lines")
@requires(Action.Case.CREATE)
def group_lines(group_id: UUID) -> Answer:
    """Paste the lines from a spreadsheet, or ask for empty ones."""
    found = queries.group_of(current_actor(), group_id, needed=True)
    return _lines_page(found, forms.LinesForm(data={"paste_id": str(new_id())}))


@blueprint.post("/groups/<uuid:group_id>/lines")
@requires(Action.Case.CREATE)
def add_group_lines(group_id: UUID) -> Answer:
    """Read what was pasted and add it to the list; what cannot be taken stays in the box.

    Lines without a head row are added once somebody has said which column is which.
    """
    found, form = queries.group_of(current_actor(), group_id, needed=True), forms.LinesForm()
    if not form.validate():
        return _lines_page(found, form), 422
    try:
        table = _read(found, form)
        if table.samples:
            return _columns_page(found, form, table)
        _add(group_id, table, id_of(form.paste_id.data, new_id()))
    except Invalid as problem:
        form.add_problems(problem.problems)
        return _lines_page(found, form), 422
    _say_what_was_left_out(table)
    return _to_check(group_id)


@blueprint.get("/groups/<uuid:group_id>/check")
@requires(Action.Case.CREATE)
def group_check(group_id: UUID) -> Answer:
    """Every line with its answers, those that are not right first."""
    found = _with_kept(queries.group_of(current_actor(), group_id, needed=True))
    shared = _shared(found)
    if shared is None:
        return redirect(url_for("cases.group", group_id=group_id), 303)
    lines = _lines(found, shared)
    page = {"rows": [drawn(line) for line in lines], "ready": [line for line in lines if line.ready], "shared": shared}
    page["suggestions"] = suggestions()
    return render_template("cases/group_check.html", group=found, most=services.MOST_LINES, **page)


@blueprint.post("/groups/<uuid:group_id>/check")
@requires(Action.Case.CREATE)
def keep_group_lines(group_id: UUID) -> Answer:
    """Keep the lines as they are now, right or wrong; then make the cases of those that are right, if asked to."""
    found = queries.group_of(current_actor(), group_id, needed=True)
    _keep_cells(found)
    if wants("leave"):
        return _left()
    if wants("add") and len(found.line_ids) < services.MOST_LINES:
        _add(group_id, Table(rows=[{}]), new_id())
    if not wants("make"):
        return _to_check(group_id)
    return _make(queries.group_of(current_actor(), group_id, needed=True))


@blueprint.get("/groups/<uuid:group_id>/done")
@requires(Action.Case.CREATE)
def group_done(group_id: UUID) -> Answer:
    """The cases that were made, and what remains."""
    found = queries.group_of(current_actor(), group_id, needed=True)
    rows = queries.visible_rows(current_actor(), found.made)
    note_broken(rows)
    marks = {row.id: queries.group_mark(row.id) for row in rows if not row.broken}
    return render_template("cases/group_done.html", group=found, rows=rows, marks=marks)


def _form(found: Group | None) -> forms.RecordForm:
    """The form of what all share: a draft's, the request's own, or an empty one."""
    day = today().isoformat()
    sent = forms.of_draft(found.common) if found else None
    first = {} if sent is not None or request.method == "POST" else {"contact_date": day}
    data = {"today": day, **first}
    return forms.record_form("group", data, sections=forms.shared_sections(), sent=sent, teams=teams())


def _common_page(found: Group | None, group_id: UUID, form: forms.RecordForm) -> str:
    return render_template("cases/group.html", form=form, group_id=group_id, group=found)


def _lines_page(found: Group, form: forms.LinesForm) -> str:
    return render_template("cases/group_lines.html", form=form, group=found, most=services.MOST_LINES)


def _keep_common(group_id: UUID, answers: dict[str, Any] | None) -> None:
    actor, now = current_actor(), request_time()
    fields = forms.draft_fields(request.form)
    reserved = services.reserve(group_id, now=now)
    with writing():
        services.keep_common(actor=actor, group_id=reserved, fields=fields, answers=answers, now=now)


def _shared(found: Group) -> Shared | None:
    """What all share, as it was kept; None while it is not right yet."""
    form = _form(found)
    if not form.validate():
        return None
    answers = form.answers()
    size = max(int(answers.pop("group_size", 0)), found.known)
    route = tuple(answers.pop("route", ()))
    return Shared(answers, team_for(form.values().get("team_id")), size, route)


def _lines(found: Group, shared: Shared) -> list[Line]:
    actor, now = current_actor(), request_time()
    return services.lines_of(found, actor=actor, team_id=shared.team_id, common=shared.answers, now=now)


def _read(found: Group, form: forms.LinesForm) -> Table:
    """The pasted lines, or as many empty ones as were asked for."""
    if not form.paste.data and form.empty.data:
        return Table(rows=[{} for _line in range(form.empty.data)])
    room = services.MOST_LINES - len(found.line_ids)
    table = services.read_table(form.paste.data or "", room=room)
    chosen = _chosen(table)
    if not chosen or _twice(chosen):
        return table
    return services.read_table(form.paste.data or "", room=room, columns=chosen)


def _chosen(table: Table) -> list[str | None]:
    """Which column is which, as it was sent; empty when nobody was asked yet, or there is a head row."""
    if not table.samples or "column-0" not in request.form:
        return []
    sent = (request.form.get(f"column-{place}") for place in range(len(table.samples)))
    return [code if code in services.COLUMNS else None for code in sent]


def _twice(chosen: list[str | None]) -> set[str]:
    return {code for code in chosen if code and chosen.count(code) > 1}


def _columns_page(found: Group, form: forms.LinesForm, table: Table) -> Answer:
    """Ask which column is which; a question that two columns would answer comes back."""
    chosen = _chosen(table)
    page = {"cells": column_cells(table, chosen or table.guessed, _twice(chosen)), "count": len(table.rows)}
    shown = render_template("cases/group_columns.html", form=form, group=found, **page)
    return (shown, 422) if chosen else shown


def _add(group_id: UUID, table: Table, paste_id: UUID) -> None:
    said: dict[str, Any] = {"rows": table.rows, "paste_id": paste_id, "now": request_time()}
    with writing():
        services.add_lines(actor=current_actor(), group_id=group_id, **said)


def _with_kept(found: Group) -> Group:
    """The list with the cells that were typed when the session closed, as the page that sent them had them."""
    kept = refill.offered()
    if kept is None:
        return found
    refill.take()
    return found.with_cells(_typed(found, kept))


def _typed(found: Group, sent: "MultiDict[str, str]") -> dict[UUID, dict[str, str]]:
    """The cells of the lines, as a page posts them."""
    return {
        one: {code: sent[name] for code in services.COLUMNS if (name := f"{one.hex[:10]}-{code}") in sent}
        for one in found.line_ids
    }


def _keep_cells(found: Group) -> None:
    sent = request.form
    gone = [one for one in found.line_ids if f"{one.hex[:10]}-off" in sent]
    said: dict[str, Any] = {"cells": _typed(found, sent), "gone": gone, "now": request_time()}
    with writing():
        numbers = services.keep_cells(actor=current_actor(), group_id=found.id, **said)
    _say_what_was_left_out(Table(numbers=numbers))


def _make(found: Group) -> Answer:
    """Keys first, then a few cases in each transaction: what was made stays made, whatever happens after it."""
    actor, now, shared = current_actor(), request_time(), _shared(found)
    if shared is None:
        return redirect(url_for("cases.group", group_id=found.id), 303)
    for some in services.batches(_lines(found, shared), now=now):
        said: dict[str, Any] = {"lines": some, "team_id": shared.team_id, "size": shared.size, "route": shared.route}
        with writing():
            services.make_cases(actor=actor, group_id=found.id, now=now, **said)
    return redirect(url_for("cases.group_done", group_id=found.id), 303)


def _say_what_was_left_out(table: Table) -> None:
    """What had no place in a list was not kept, and whoever pasted it hears so."""
    columns = ngettext(
        "%(num)s column was left out and not kept: it looks like names, numbers or addresses of people.",
        "%(num)s columns were left out and not kept: they look like names, numbers or addresses of people.",
        table.dropped,
    )
    names = ngettext(
        "%(num)s word in the place of a mark was left out and not kept: it may be a name.",
        "%(num)s words in the place of a mark were left out and not kept: they may be names.",
        table.names,
    )
    numbers = ngettext(
        "%(num)s long number was left out and not kept: it may be an identity card or a telephone.",
        "%(num)s long numbers were left out and not kept: they may be identity cards or telephones.",
        table.numbers,
    )
    unknown = ngettext(
        "%(num)s column was not understood and left out.",
        "%(num)s columns were not understood and left out.",
        table.unknown,
    )
    found = ((table.dropped, columns), (table.names, names), (table.numbers, numbers), (table.unknown, unknown))
    for count, text in found:
        if count:
            flash(text, "warn")


def _left() -> Response:
    flash(_("The list is kept. Only you can open it."), "good")
    return redirect(url_for("cases.drafts"), 303)


def _to_check(group_id: UUID) -> Response:
    return redirect(url_for("cases.group_check", group_id=group_id), 303)
