"""Before the application: while the root key is not in memory, only the unlock page is served."""

from collections.abc import Callable, Iterable
from threading import Lock
from typing import Any

from caseflow.operations.rootpage import RootPage

Wsgi = Callable[[dict[str, Any], Any], Iterable[bytes]]


class Gate:
    """A WSGI application: the sealed one while the shared page is empty, the whole one from then on.

    The whole application is built when the key is there: before that, this process holds no key at all. To seal is
    the parent's matter, which empties the page and starts the processes anew; until it has, nothing gets through here.
    """

    def __init__(self, page: RootPage, build: Callable[[], Wsgi], sealed: Wsgi) -> None:
        """`build` makes the whole application with the key of the page; it is called once."""
        self._page, self._build, self._sealed = page, build, sealed
        self._whole: Wsgi | None = None
        self._lock = Lock()
        if page.get():
            self._open()

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        """Answer one request."""
        return (self._open() if self._page.get() else self._sealed)(environ, start_response)

    def _open(self) -> Wsgi:
        with self._lock:
            if self._whole is None:
                self._whole = self._build()
            return self._whole
