"""Why a page could not be pressed. No message carries a word of the page."""

from caseflow.core.errors import CaseFlowError
from caseflow.core.words import N_


class PressError(CaseFlowError):
    """The base of everything the press refuses."""

    message = N_("The document could not be made. Nothing was changed.")


class PressUnavailable(PressError):
    """Pango, the text layout library under WeasyPrint, is not installed."""

    status = 503
    message = N_("PDF files need the Pango library, which is not installed here: run `caseflow doctor` to see how.")


class WrongThread(PressError):
    """A second thread asked for a page: Pango corrupts its memory when two threads of one process use it."""

    message = N_("Documents are made by one thread of one process only: hand the work to the worker.")


class ResourceRefused(PressError):
    """A page asked for a file, an address or a packaged resource that is not on the list."""

    message = N_("The document asks for something from outside the program, and that is refused.")


class Malformed(PressError):
    """What should be printed has not the shape that its template needs; `field` says where."""

    message = N_("The document cannot be made: its part %(field)s is missing or has the wrong shape.")
