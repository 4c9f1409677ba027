"""Named refusals. A service raises one of these; the web turns it into a page, a command into one sentence.

No message ever carries a person's data: parameters are codes, counts and times only.
"""

from collections.abc import Sequence
from typing import Any, ClassVar

from caseflow.core.words import N_, gettext


class CaseFlowError(Exception):
    """The base of every refusal; `message` is a gettext message, filled with `params` when shown."""

    status: ClassVar[int] = 500
    message: str = N_("Something went wrong. Nothing was changed.")

    def __init__(self, message: str | None = None, **params: Any) -> None:
        if message is not None:
            self.message = message
        self.params = params
        super().__init__(self.message)

    @property
    def text(self) -> str:
        """The message in the language of the moment."""
        return gettext(self.message) % self.params if self.params else gettext(self.message)


class NotFound(CaseFlowError):
    """The object does not exist or this person may not know that it does: one answer for both."""

    status = 404
    message = N_("There is nothing at this address, or it is not open to you.")


class NotAllowed(CaseFlowError):
    """The object may be read, this act on it may not be done by this person."""

    status = 403
    message = N_("You may see this, but this step is not yours to take.")


class TooLate(CaseFlowError):
    """The act does not fit the present state: somebody was first, or time has passed."""

    status = 409
    message = N_("This can no longer be done: it has changed since you opened the page.")


class StaleVersion(TooLate):
    """A save that rests on an older version of a record than the one stored."""

    message = N_("Somebody saved a newer version while you were writing.")


class Refused(CaseFlowError):
    """A gate said no; `reasons` are messages (text, params) that say why, one by one."""

    status = 422
    message = N_("This step is not open yet.")

    def __init__(self, message: str | None = None, *, reasons: Sequence[tuple[str, dict[str, Any]]] = ()) -> None:
        super().__init__(message)
        self.reasons = tuple(reasons)


class Invalid(CaseFlowError):
    """Ill-formed input; `problems` maps a field code to (message, params)."""

    status = 422
    message = N_("Some answers need another look.")

    def __init__(self, problems: dict[str, tuple[str, dict[str, Any]]]) -> None:
        super().__init__()
        self.problems = problems


class SetupError(CaseFlowError):
    """The installation cannot start or a command cannot run; the message says the one thing to do."""
