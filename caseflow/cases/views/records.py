"""Person, identity and safety: read, written, and merged when two people wrote at once."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from caseflow.accounts.queries import staff_names
from caseflow.cases import forms, queries, services
from caseflow.cases.models import Case, CaseRecord
from caseflow.cases.views.frame import (
    blueprint,
    keep_draft,
    may_write,
    names_shown,
    note_broken,
    note_read,
    opened,
    record_id_for,
    to_case,
    today,
    wants,
    with_writers,
)
from caseflow.core import catalogue
from caseflow.core.catalogue import Section
from caseflow.core.db import writing
from caseflow.core.errors import Invalid, NotFound, StaleVersion
from caseflow.core.policy import Action
from caseflow.core.words import gettext as _
from caseflow.core.words import language
from caseflow.web.guards import current_actor, request_time, requires

Answer = str | tuple[str, int] | Response
ADDRESS = "/cases/<uuid:id>/<any(person, identity, safety):kind>"
_PARTS = ("", "-day", "-month", "-year")


class Page:
    """One record of a case as this request meets it. Raises SealBroken when it is stored and cannot be opened."""

    def __init__(self, case: Case, kind: str) -> None:
        self.case_id, self.kind = case.id, kind
        self.record: CaseRecord | None = queries.record_of(case.id, kind)
        self.stored = queries.read_record(self.record) if self.record else {}
        self.known = queries.facts(case.id, kind, today=today())
        self.record_id = self.record.id if self.record else record_id_for(case.id, kind)
        self.rv = self.record.rv if self.record else 0
        self.whole = catalogue.load().kind(kind)
        self.sections = self._sections()

    def _sections(self) -> tuple[Section, ...]:
        asked = request.args.get("section")
        if not asked:
            return self.whole.sections
        found = tuple(section for section in self.whole.sections if section.code == asked)
        if not found:
            raise NotFound()
        return found

    def form(self, sent: Any = None) -> forms.RecordForm:
        """The form of these sections: empty, stored, or as typed in `sent`."""
        data, own = {**self.known, **self.stored}, {"record_id": str(self.record_id), "rv": str(self.rv)}
        return forms.record_form(self.kind, data, sections=self.sections, sent=sent, own=own)

    def answers(self, form: forms.RecordForm) -> dict[str, Any]:
        """The whole record as it would be saved: the answers of this page, and of the sections that are not on it."""
        here = {field.code for section in self.sections for field in section.fields}
        elsewhere = {code: value for code, value in self.stored.items() if code not in here}
        return {**elsewhere, **form.answers()}


@blueprint.get(ADDRESS)
@requires(Action.Case.READ, load=queries.get_case)
def record(case: Case, kind: str) -> Answer:
    """A record: to write in, or to read. The identity shows only after a recorded reveal."""
    found = queries.record_of(case.id, kind)
    if kind == "identity" and found and not names_shown(case):
        return render_template("cases/reveal.html", case=case, form=forms.RevealForm())
    case = note_read(case.id, kind)
    if not may_write(case):
        return _read(case, kind)
    page = Page(case, kind)
    draft = queries.draft_of(current_actor(), page.record_id)
    note_broken([draft] if draft else [])
    sent = forms.of_draft(draft.fields) if draft and draft.fields else None
    return _write(case, page, page.form(sent), draft=draft)


@blueprint.post(ADDRESS)
@requires(Action.Case.UPDATE, load=queries.get_case)
def save(case: Case, kind: str) -> Answer:
    """Save, keep a draft, or show both versions when somebody was faster."""
    page = Page(case, kind)
    if kind == "identity" and _asks_for_stored() and not names_shown(case):
        return _veiled(page)
    form = page.form(_merged(page))
    if wants("leave"):
        return keep_draft(case_id=case.id, kind=kind, record_id=page.record_id, base_rv=max(form.version, 0))
    if wants("look"):
        return _write(case, page, form)
    try:
        return _saved(page, form) if form.validate() else (_write(case, page, form), 422)
    except Invalid as problem:
        form.add_problems(problem.problems)
        return _write(queries.get_case(page.case_id), page, form), 422
    except StaleVersion:
        return _conflict(queries.get_case(page.case_id), kind)


def _saved(page: Page, form: forms.RecordForm) -> Response:
    with writing():
        services.save_record(
            actor=current_actor(),
            case_id=page.case_id,
            kind=page.kind,
            record_id=form.record(page.record_id),
            data=page.answers(form),
            rv=form.version,
            now=request_time(),
        )
    flash(_("Saved."), "good")
    return to_case(page.case_id)


def _read(case: Case, kind: str) -> str:
    found = queries.record_of(case.id, kind)
    shown = with_writers([opened(found, case)]) if found else []
    label = catalogue.load().kind(kind).label[language()]
    return render_template("cases/record_read.html", case=case, label=label, shown=shown)


def _write(case: Case, page: Page, form: forms.RecordForm, draft: Any = None) -> str:
    label = page.whole.label[language()]
    return render_template("cases/record_write.html", case=case, page=page, form=form, label=label, draft=draft)


def _conflict(case: Case, kind: str) -> Answer:
    """Both versions side by side; what was written is carried along and saved by the next post."""
    page = Page(case, kind)
    if kind == "identity" and not names_shown(case):
        return _veiled(page)
    form = page.form(_merged(page))
    form.validate()
    mine, record = page.answers(form), page.record
    rows = [_difference(page, code, mine) for code in catalogue.diff(page.whole, mine, page.stored)]
    who = staff_names([record.updated_by]).get(record.updated_by, "") if record else ""
    carried = [(name, value) for name, value in request.form.items(multi=True) if not _own(name)]
    shown = {"rows": rows, "who": who, "record": record, "carried": carried, "page": page, "case": case}
    return render_template("cases/conflict.html", **shown), 409


def _veiled(page: Page) -> Response:
    """Keep what was typed and ask for the reveal first: stored names show on no page before it is recorded."""
    keep_draft(case_id=page.case_id, kind=page.kind, record_id=page.record_id, base_rv=0)
    return redirect(url_for("cases.record", id=page.case_id, kind=page.kind), 303)


def _asks_for_stored() -> bool:
    """Whether the post wants stored answers put into the form."""
    return any(name.startswith("keep-") and value == "theirs" for name, value in request.form.items(multi=True))


def _difference(page: Page, code: str, mine: dict[str, Any]) -> dict[str, str]:
    field = page.whole.field(code)
    values = {side: catalogue.in_words(field, doc.get(code), language()) for side, doc in _sides(page, mine)}
    return {"code": code, "label": field.label[language()], **values}


def _sides(page: Page, mine: dict[str, Any]) -> tuple[tuple[str, dict[str, Any]], ...]:
    return ("mine", mine), ("theirs", page.stored)


def _own(name: str) -> bool:
    return name in (*forms.UNKEPT, "rv", "record_id") or name.startswith("keep-")


def _merged(page: Page) -> "MultiDict[str, str]":
    """What was posted, with the stored answer wherever the comparison said so."""
    sent = MultiDict(request.form.items(multi=True))
    for code in [field.code for section in page.sections for field in section.fields]:
        if sent.get(f"keep-{code}") == "theirs":
            for part in _PARTS:
                sent.poplist(code + part)
            sent.setlist(code, _as_sent(page.stored.get(code)))
    return sent


def _as_sent(value: Any) -> list[str]:
    if value is None:
        return []
    if isinstance(value, bool):
        return ["yes"] if value else []
    return [str(one) for one in value] if isinstance(value, list) else [str(value)]
