"""Records of which a case has one, such as person and journey: read, written, merged when two wrote at once."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from caseflow.accounts.queries import staff_names
from caseflow.cases import forms, queries, services
from caseflow.cases.models import Case, CaseRecord
from caseflow.cases.views import merging
from caseflow.cases.views.frame import (
    blueprint,
    keep_draft,
    may_write,
    names_shown,
    note_broken,
    note_read,
    opened,
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
from caseflow.web.forms import is_press, press
from caseflow.web.guards import current_actor, request_time, requires

Answer = str | tuple[str, int] | Response
ADDRESS = "/cases/<uuid:id>/<any(person, identity, safety, trafficking, smuggling, journey):kind>"


class Page:
    """One record of a case as this request meets it. Raises SealBroken when it is stored and cannot be opened."""

    def __init__(self, case: Case, kind: str) -> None:
        self.case_id, self.kind = case.id, kind
        self.record: CaseRecord | None = queries.record_of(case.id, kind)
        self.stored = queries.read_record(self.record) if self.record else {}
        self.known = queries.facts(case.id, kind, today=today())
        self.record_id = self.record.id if self.record else queries.record_id_for(case.id, kind)
        self.rv = self.record.rv if self.record else 0
        self.whole = catalogue.load().kind(kind)
        self.sections = self._sections()
        # Who meets a kind that this type of case does not ask finds nothing to write in.
        self.asked = self.record is not None or catalogue.is_asked(self.whole, self.known)

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
        elsewhere = {code: value for code, value in self.stored.items() if code not in here or self._closed(code, form)}
        return {**elsewhere, **form.answers()}

    def _closed(self, code: str, form: forms.RecordForm) -> bool:
        """Whether an answer stands although the question is no longer asked, since a fact of the case has changed."""
        return code not in form and catalogue.rests_outside(self.whole, self.whole.field(code))


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
    if not page.asked and not draft:
        return _read(case, kind)
    sent = forms.of_draft(draft.fields) if draft and draft.fields else None
    return _write(case, page, page.form(sent), draft=draft)


@blueprint.post(ADDRESS)
@requires(Action.Case.UPDATE, load=queries.get_case)
def save(case: Case, kind: str) -> Answer:
    """Save, keep a draft, or show both versions when somebody was faster."""
    page = Page(case, kind)
    if kind == "identity" and merging.asks_for_stored() and not names_shown(case):
        return _veiled(page)
    form = page.form(press(merging.merged(page.sections, page.stored)))
    if wants("leave"):
        return keep_draft(case_id=case.id, kind=kind, record_id=page.record_id, base_rv=max(form.version, 0))
    if wants("look") or is_press(request.form):
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
    action = url_for("cases.save", id=case.id, kind=page.kind, section=request.args.get("section"))
    said = {"label": label, "draft": draft, "action": action}
    return render_template("cases/record_write.html", case=case, page=page, form=form, **said)


def _conflict(case: Case, kind: str) -> Answer:
    """Both versions side by side; what was written is carried along and saved by the next post."""
    page = Page(case, kind)
    if kind == "identity" and not names_shown(case):
        return _veiled(page)
    form = page.form(merging.merged(page.sections, page.stored))
    form.validate()
    record, rows = page.record, merging.differences(page.whole, page.answers(form), page.stored)
    who = staff_names([record.updated_by]).get(record.updated_by, "") if record else ""
    shown = {"rows": rows, "who": who, "record": record, "carried": merging.carried(), "page": page, "case": case}
    return render_template("cases/conflict.html", **shown), 409


def _veiled(page: Page) -> Response:
    """Keep what was typed and ask for the reveal first: stored names show on no page before it is recorded."""
    keep_draft(case_id=page.case_id, kind=page.kind, record_id=page.record_id, base_rv=0)
    return redirect(url_for("cases.record", id=page.case_id, kind=page.kind), 303)
