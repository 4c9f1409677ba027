"""Ask the rules. Services are the authority; views ask first only to answer early."""

from typing import Any

from caseflow.core.db import session
from caseflow.core.errors import NotAllowed, NotFound
from caseflow.core.policy.actions import ActionEnum
from caseflow.core.policy.actor import Actor, Role
from caseflow.core.policy.predicates import role_behind
from caseflow.core.policy.rules import RULES, Line

_ALLOWED = "policy.allowed"  # (user, role) of the last act that was allowed in this database session


def permits(actor: Actor, action: ActionEnum, obj: Any = None) -> bool:
    """True when one line of the action's rule holds. An unknown action, or no actor, is refused."""
    return _line(actor, action, obj) is not None


def require(actor: Actor, action: ActionEnum, obj: Any = None) -> None:
    """Refuse what is not permitted; remember by which role the rest is (`allowed_as`).

    Raises NotFound when the object may not even be read (the same answer as for an unknown id), NotAllowed when it
    may be read but the act is not theirs.
    """
    line = _line(actor, action, obj)
    if line is not None:
        session().info[_ALLOWED] = (actor.user_id, role_behind(line, actor, obj))
        return
    read = getattr(type(action), "READ", None)
    if obj is not None and (read is None or action is read or not permits(actor, read, obj)):
        raise NotFound()
    raise NotAllowed()


def allowed_as(actor: Actor) -> Role | None:
    """The role by which the act was allowed that was asked about last; None when nothing was asked for this person.

    Every service asks before it changes anything, so this is what the trail names as the role of the act.
    """
    user_id, role = session().info.get(_ALLOWED, (None, None))
    return role if user_id == actor.user_id else None


def _line(actor: Actor, action: ActionEnum, obj: Any) -> Line | None:
    """The first line of the action's rule that holds."""
    return next((line for line in RULES.get(action, ()) if all(holds(actor, obj) for holds in line)), None)
