"""What every template knows, and the navigation of each role."""

from dataclasses import dataclass
from typing import Any

from flask import Flask, request
from flask_login import UserMixin
from flask_wtf.csrf import generate_csrf

from caseflow.core.policy import Action, ActionEnum, Actor, permits
from caseflow.core.words import N_, gettext
from caseflow.web.guards import request_time
from caseflow.web.sessions import SignedIn, current_session


@dataclass(frozen=True)
class NavItem:
    """A place in the navigation, shown to who may do `action` (None: to everybody signed in)."""

    label: str
    url: str
    icon: str
    action: ActionEnum | None


NAV = (
    NavItem(N_("Home"), "/", "home", None),
    NavItem(N_("Cases"), "/cases/", "folder", Action.Case.LIST),
    NavItem(N_("Tasks"), "/tasks/", "tasks", Action.Task.LIST),
    NavItem(N_("Referrals"), "/referrals/", "send", Action.Referral.LIST),
    NavItem(N_("Partners"), "/partners/", "users", Action.Partner.READ),
    NavItem(N_("Search"), "/search", "search", Action.Case.SEARCH),
    NavItem(N_("Audits"), "/audits/", "folder", Action.Audit.LIST),
    NavItem(N_("Integrity"), "/trail", "sealed", Action.Trail.VERIFY),
    NavItem(N_("People"), "/people/", "users", Action.People.LIST),
    NavItem(N_("Requests"), "/requests/", "check", Action.Request.LIST),
)


class Member(UserMixin):
    """Flask-Login's view of who is signed in."""

    def __init__(self, actor: Actor, label: str) -> None:
        self.id, self.actor, self.label = str(actor.user_id), actor, label


def login_user() -> Member | None:
    """The member of staff of this request, for `current_user`."""
    held = current_session()
    if isinstance(held, SignedIn) and held.level == "full":
        return Member(held.actor, held.held.label)
    return None


def init_app(app: Flask, *, demo: bool, second_factor: bool) -> None:
    """Register the context of templates."""

    def known() -> dict[str, Any]:
        held = current_session()
        inside = isinstance(held, SignedIn) and held.level == "full"
        facts: dict[str, Any] = {"demo": demo, "second_factor_off": not second_factor, "signed_in": inside}
        facts["now"] = request_time()
        facts["csrf_token"] = generate_csrf
        if inside:
            facts["nav"] = _nav(held.actor)
            facts["account"] = {"label": held.held.label, "url": "/account"}
            facts["office"] = held.held.office
            facts["may"] = lambda action, obj=None: permits(held.actor, action, obj)
            facts["Action"] = Action
        return facts

    app.context_processor(known)


def _nav(actor: Actor) -> list[dict[str, Any]]:
    shown = [item for item in NAV if item.action is None or permits(actor, item.action)]
    return [
        {"label": gettext(item.label), "url": item.url, "icon": item.icon, "current": _is_here(item.url)}
        for item in shown
    ]


def _is_here(url: str) -> bool:
    return request.path == url if url == "/" else request.path.startswith(url)
