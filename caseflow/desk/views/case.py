"""The case page: where the case stands, what waits, what has happened, and how far its file is."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import render_template
from werkzeug.wrappers import Response

from caseflow.accounts.queries import staff_names
from caseflow.cases import queries as cases
from caseflow.cases import services
from caseflow.cases.models import Case
from caseflow.cases.states import PUBLIC_LABELS, STEPS, VERB_LABELS, CaseState
from caseflow.consent import queries as consents
from caseflow.core import catalogue, vault
from caseflow.core.db import writing
from caseflow.core.lifecycle import open_verbs
from caseflow.core.policy import Action, permits
from caseflow.core.words import gettext, language
from caseflow.desk import file, queries
from caseflow.desk.views import line
from caseflow.desk.views.frame import blueprint, note_broken, or_broken
from caseflow.partners import queries as partners
from caseflow.referrals import queries as referrals
from caseflow.referrals.states import PUBLIC_LABELS as STANDINGS
from caseflow.support import queries as support
from caseflow.web.guards import current_actor, request_time, requires
from caseflow.web.refusals import note_broken_seal
from caseflow.web.shown import is_caseload_shown, is_shown

TOLD = 20
_CONSENTS = 6


@dataclass(frozen=True)
class NextStep:
    """A step of the life cycle, and what is missing for it (None: it could not be found out)."""

    verb: str
    label: str
    missing: list[str] | None


@blueprint.get("/cases/<uuid:id>")
@requires(Action.Case.READ, load=cases.get_case)
def case(case: Case) -> str | Response:
    """One case; that it was read is recorded."""
    actor, now, case_id = current_actor(), request_time(), case.id
    with writing():
        services.note_read(actor=actor, case_id=case_id, now=now)
    case = cases.get_case(case_id)
    return render_template("desk/case.html", **_head(case), **_work(case), **_tasks(case_id), **_file(case))


def _head(case: Case) -> dict[str, Any]:
    row = cases.rows_of([case])[0]
    note_broken([row])
    safety = or_broken(lambda: cases.data_of(case.id, "safety"))
    person = or_broken(lambda: cases.data_of(case.id, "person"))
    return {
        "case": cases.get_case(case.id),
        "group": or_broken(lambda: vault.read(case).get("group")),
        "me": current_actor().user_id,
        "row": row,
        "labels": PUBLIC_LABELS,
        "person": _person(person or {}),
        "speaks": _speaks(person or {}),
        "safe": None if safety is None else _safe_contact(safety),
        "worker": staff_names([case.assignee_id]).get(case.assignee_id, "") if case.assignee_id else "",
        "name": _name(case),
        "reasons": catalogue.load().list("reveal_reason").choices(language()),
        "today": cases.office_day(case.organisation_id, request_time()),
    }


def _name(case: Case) -> str | None:
    """The real name after a recorded tap; None while it is hidden."""
    actor = current_actor()
    tapped = is_shown(case.id) or (is_caseload_shown() and case.assignee_id == actor.user_id)
    if not tapped or not permits(actor, Action.Case.REVEAL, case):
        return None
    identity = or_broken(lambda: cases.data_of(case.id, "identity"))
    return cases.real_name(identity or {}) or gettext("No name is recorded")


def _person(data: dict[str, Any]) -> str:
    """Gender and age in a few words, as far as they are known."""
    kind = catalogue.load().kind("person")
    codes = ("gender", "age_band") if data.get("age_band") else ("gender", "majority_status")
    words = [catalogue.in_words(kind.field(code), data.get(code), language()) for code in codes]
    if age := data.get("age_at_contact"):
        words[1] = gettext("%(age)s years", age=age)
    return _comma().join(word for word in words if word)


def _speaks(data: dict[str, Any]) -> str:
    field = catalogue.load().kind("person").field("primary_language")
    words = [catalogue.in_words(field, data.get("primary_language"), language())]
    if data.get("interpreter_needed") == "yes":
        words.append(gettext("interpreter"))
    return _comma().join(word for word in words if word)


def _safe_contact(data: dict[str, Any]) -> list[str]:
    """What to mind before a call, without any number: those stand behind the veil."""
    kind = catalogue.load().kind("safety")
    ways = catalogue.in_words(kind.field("safe_contact_way"), data.get("safe_contact_way"), language())
    said = [part for part in (ways, data.get("safe_contact_hours", "")) if part]
    if data.get("code_word"):
        said.append(gettext("Ask for the code word."))
    if data.get("never_leave_message"):
        said.append(gettext("Never leave a message."))
    return said


def _comma() -> str:
    return "، " if language() == "ur" else ", "


def _work(case: Case) -> dict[str, Any]:
    rows = referrals.of_case(case.id)
    note_broken(rows)
    known = {row.id: row.partner_name for row in rows}
    told = queries.line_of_case(case.id, limit=TOLD + 1)
    return {
        "referrals": rows,
        "standings": STANDINGS,
        "days": line.days(told[:TOLD], known, request_time()),
        "more_told": len(told) > TOLD,
        "steps": _steps(case),
    }


def _tasks(case_id: UUID) -> dict[str, Any]:
    rows = support.of_case(case_id)
    note_broken(rows)
    still, ended = [row for row in rows if row.state == "open"], [row for row in rows if row.state != "open"]
    return {
        "tasks": still,
        "ended": ended,
        "workers": support.workers(rows, now=request_time()),
        "finishable": support.finishable(current_actor(), rows),
    }


def _steps(case: Case) -> list[NextStep]:
    if not permits(current_actor(), Action.Case.MOVE, case):
        return []
    return [_step(case, row.verb) for row in open_verbs(STEPS, CaseState(case.state))]


def _step(case: Case, verb: str) -> NextStep:
    today = cases.office_day(case.organisation_id, request_time())
    reasons = or_broken(lambda: services.reasons_against(case, verb, today=today))
    missing = None if reasons is None else [gettext(text, **params) for text, params in reasons]
    return NextStep(verb, gettext(VERB_LABELS[verb]), missing)


def _file(case: Case) -> dict[str, Any]:
    today = cases.office_day(case.organisation_id, request_time())
    parts = file.file_of(case, today=today)
    note_broken(parts)
    notes = or_broken(lambda: len(cases.records_of(case.id, "note")))
    register = consents.register_of(case.id, today=today)
    for view in register:
        if view.broken:
            note_broken_seal(view.broken)
    latest = list({view.about if not view.broken else view.id: view for view in reversed(register)}.values())
    shown = latest[::-1][:_CONSENTS]
    named = partners.names(_recipient(view) for view in shown)
    return {
        "parts": parts,
        "intake": file.stage_of(case) == "I",
        "turn": or_broken(lambda: file.turn_of(case, now=request_time())),
        "notes": notes,
        "consents": [(view, _named(view, named)) for view in shown],
        "consent_count": len(register),
    }


def _recipient(view: consents.ConsentView) -> UUID | None:
    return UUID(view.doc["recipient_id"]) if view.doc.get("recipient_id") else None


def _named(view: consents.ConsentView, names: dict[UUID, str]) -> str:
    recipient = _recipient(view)
    return names.get(recipient, "") if recipient else ""
