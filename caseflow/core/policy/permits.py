"""Ask the rules. Services are the authority; views ask first only to answer early."""

from typing import Any

from caseflow.core.errors import NotAllowed, NotFound
from caseflow.core.policy.actions import ActionEnum
from caseflow.core.policy.actor import Actor
from caseflow.core.policy.rules import RULES


def permits(actor: Actor, action: ActionEnum, obj: Any = None) -> bool:
    """True when one line of the action's rule holds. An unknown action, or no actor, is refused."""
    return any(all(holds(actor, obj) for holds in line) for line in RULES.get(action, ()))


def require(actor: Actor, action: ActionEnum, obj: Any = None) -> None:
    """Refuse what is not permitted.

    Raises NotFound when the object may not even be read (the same answer as for an unknown id), NotAllowed when it
    may be read but the act is not theirs.
    """
    if permits(actor, action, obj):
        return
    read = getattr(type(action), "READ", None)
    if obj is not None and (read is None or action is read or not permits(actor, read, obj)):
        raise NotFound()
    raise NotAllowed()
