"""Search: one box. What was typed is posted, used once, and recorded nowhere."""

from flask import render_template

from caseflow.accounts.queries import staff_names
from caseflow.cases.services import note_search
from caseflow.cases.states import PUBLIC_LABELS
from caseflow.core.db import writing
from caseflow.core.policy import Action
from caseflow.desk import queries
from caseflow.desk.forms import SearchForm
from caseflow.desk.views.frame import blueprint, note_broken
from caseflow.web.guards import current_actor, request_time, requires


@blueprint.get("/search")
@requires(Action.Case.SEARCH)
def search() -> str:
    """The empty box."""
    return render_template("desk/search.html", form=SearchForm(), hits=None)


@blueprint.post("/search")
@requires(Action.Case.SEARCH)
def find() -> str | tuple[str, int]:
    """The cases that fit, among those one may see."""
    form, actor = SearchForm(), current_actor()
    if not form.validate():
        return render_template("desk/search.html", form=form, hits=None), 422
    text = str(form.text.data)
    keys = queries.keys_of(text)
    hits = queries.search(actor, text, keys)
    with writing():
        note_search(actor=actor, fields=keys, count=len(hits), now=request_time())
    note_broken(hits)
    workers = staff_names(row.assignee_id for row in hits)
    return render_template("desk/search.html", form=form, hits=hits, workers=workers, labels=PUBLIC_LABELS)
