"""A session that rested asks for the PIN, and goes on at the same page; what was posted meanwhile is kept."""

from typing import Any

from flask import redirect, render_template, request, url_for

from caseflow.accounts.forms import PinForm
from caseflow.accounts.services import pins
from caseflow.accounts.services.failures import MustWait
from caseflow.accounts.services.pins import SessionOver, WrongPin
from caseflow.accounts.views.base import blueprint, burst_limit, cost, global_limit
from caseflow.accounts.views.parking import has_kept, keep, page_of
from caseflow.core.db import writing
from caseflow.core.policy import Actor
from caseflow.web.guards import PinNeeded, open_to_all, request_time
from caseflow.web.local import local_path
from caseflow.web.sessions import SignedIn, current_session, give_token


@blueprint.app_errorhandler(PinNeeded)
def ask_pin(_error: PinNeeded) -> Any:
    """To the page that asks; a post is sealed away first and shown again after the PIN."""
    following = request.full_path.rstrip("?") if request.method == "GET" else page_of(request.path) or "/"
    answer = redirect(url_for("accounts.unlock", next=following), 303)
    if request.method == "POST":
        keep(answer)
    return answer


@blueprint.route("/unlock", methods=["GET", "POST"])
@open_to_all("It opens only a session that rests, and only with its owner's PIN")
@global_limit
@burst_limit
def unlock() -> Any:
    """Ask for the PIN. The page names nobody and shows nothing of what lies behind it."""
    form: Any = PinForm(data={"next": local_path(request.args.get("next"))})
    held = current_session()
    if not isinstance(held, SignedIn) or held.level != "locked":
        return redirect(local_path(form.next.data), 303)
    if form.is_submitted() and form.validate():
        try:
            return _reopen(held.actor, form)
        except SessionOver:
            give_token("")
            return redirect(url_for("accounts.sign_in", next=local_path(form.next.data)), 303)
        except (WrongPin, MustWait) as error:
            form.add_problems({"": (error.message, error.params)})
    return render_template("accounts/unlock.html", form=form), 422 if form.mistakes else 200


def _reopen(actor: Actor, form: Any) -> Any:
    now = request_time()
    if not pins.fits(actor=actor, pin=form.pin.data, cost=cost(), now=now):
        with writing():
            is_over = pins.refuse(actor=actor, now=now)
        raise SessionOver() if is_over else WrongPin()
    with writing():
        pins.reopen(actor=actor, now=now)
    return redirect(url_for("accounts.kept") if has_kept() else local_path(form.next.data), 303)
