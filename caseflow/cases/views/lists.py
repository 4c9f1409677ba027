"""The list of cases: newest change first, a page at a time."""

from flask import render_template, request

from caseflow.accounts.queries import staff_names
from caseflow.cases import queries
from caseflow.cases.states import PUBLIC_LABELS, PublicState
from caseflow.cases.views.frame import blueprint, note_broken
from caseflow.core.errors import NotFound
from caseflow.core.policy import Action
from caseflow.web import paging
from caseflow.web.guards import current_actor, requires
from caseflow.web.shown import is_caseload_shown


@blueprint.get("/cases/")
@requires(Action.Case.LIST)
def cases() -> str:
    """The cases one may see, all or one's own, in one of the five states or in all."""
    actor, mine, state = current_actor(), request.args.get("show") == "mine", _state()
    rows = queries.list_cases(actor, state=state, mine=mine, after=paging.after_moment(), limit=paging.PAGE_SIZE + 1)
    page = paging.page_of(rows, key=lambda row: (row.updated_at.isoformat(), str(row.id)))
    note_broken(page.items)
    names = queries.real_names(actor, page.items) if is_caseload_shown() else {}
    workers = staff_names(row.assignee_id for row in page.items)
    shown = {"mine": mine, "state": state, "labels": PUBLIC_LABELS, "names": names, "workers": workers}
    return render_template("cases/list.html", page=page, names_shown=is_caseload_shown(), **shown)


def _state() -> PublicState | None:
    asked = request.args.get("state", "")
    if not asked:
        return None
    try:
        return PublicState(asked)
    except ValueError:
        raise NotFound() from None
