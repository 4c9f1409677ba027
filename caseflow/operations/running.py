"""Open an installation, for a command or for serving."""

import gc
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from caseflow.core import clock, trail, vault
from caseflow.core.db import NO_CASE, db, writing
from caseflow.core.errors import CaseFlowError, SetupError
from caseflow.core.trail import Tag
from caseflow.core.vault import keyring, root
from caseflow.core.words import N_
from caseflow.operations.install import keyring_path, pending_path, root_path, upgrade_databases
from caseflow.operations.rootpage import RootPage
from caseflow.operations.serve import serve
from caseflow.operations.tries import Busy, Tries
from caseflow.operations.worker import run_worker, waker
from caseflow.web.sealed import create_sealed_app
from config import Config

SECRET_BYTES = 32


class NotNow(CaseFlowError):
    """The unlock page does not take a try at this moment."""

    status = 429
    message = N_("Too many wrong tries, or another one is being looked at. Wait %(seconds)s seconds.")


@dataclass(frozen=True)
class Opener:
    """Settings, and the function that builds the application around a ROOT key."""

    config: Config
    build: Callable[[bytes], Any]

    def root_key(self, ask: Callable[[], str], *, unfinished: bool = False) -> bytes:
        """ROOT, by the way this installation is unlocked; also of an `unfinished` set-up. Raises SetupError."""
        self.require(unfinished=unfinished)
        words: list[str] = []

        def read(path: Path) -> bytes:
            if not root.is_sealed(path):
                return root.read_file(path)
            words[:] = words or [ask()]
            return root.read_passphrase(path, words[0])

        return root.settled(root_path(self.config), read, self._fits)

    def require(self, *, unfinished: bool = False) -> None:
        """Raises SetupError where no installation is, or one whose set-up was not finished."""
        if not keyring_path(self.config).exists():
            raise SetupError(N_("There is no installation here. Run `caseflow init`, or `make demo` to look around."))
        if not unfinished and pending_path(self.config).exists():
            raise SetupError(N_("The set-up is not finished: run `caseflow init` again, it goes on with the words."))

    @property
    def sealed(self) -> bool:
        """Whether a passphrase opens this installation."""
        return root.is_sealed(root_path(self.config))

    @property
    def tries(self) -> Tries:
        """What happened at the unlock page since the last unlock."""
        return Tries(self.config.home / "unlock-tries")

    def _fits(self, key: bytes) -> None:
        keyring.load(key, keyring_path(self.config))

    @contextmanager
    def opened(self, *, ask: Callable[[], str]) -> Iterator[Any]:
        """The application with its context pushed, for one command."""
        app = self.build(self.root_key(ask))
        with app.app_context():
            yield app
            db.session.remove()

    @contextmanager
    def opened_with(self, root_key: bytes) -> Iterator[Any]:
        """The same with a ROOT at hand; afterwards nothing of it stays open in this process."""
        app = self.build(root_key)
        with app.app_context():
            try:
                yield app
            finally:
                db.session.remove()
                db.engine.dispose()
                app.extensions["caseflow"].store.engine.dispose()
                vault.install(None)


class Serving:
    """What the parent, the web process and the worker of one server share."""

    def __init__(self, opener: Opener, ask: Callable[[], str] | None) -> None:
        """`ask` gives the passphrase at the terminal, once; later changes of the root key go to the unlock page."""
        self.opener, self._ask = opener, ask
        self._root = b""
        self._secret = os.urandom(SECRET_BYTES)

    def unlock(self) -> bytes:
        """ROOT from its file or by the words of the terminal; no bytes leave it to the unlock page."""
        ask, self._ask = self._ask, None
        if not self.opener.sealed:
            return self.opener.root_key(str)
        words = ask() if ask else ""
        return self.opener.root_key(lambda: words) if words else b""

    def install(self, root_key: bytes) -> None:
        """Hold ROOT in this process."""
        self._root = root_key

    def web(self, config: Config) -> Any:
        """The application of a web process."""
        app = self.opener.build(self._root)
        app.extensions["caseflow"].outbox.wake = waker(config)
        tell_trail(app, self.opener.tries)
        # What was imported lives as long as the process: looking through it again costs a request 80 ms now and then.
        gc.collect()
        gc.freeze()
        return app

    def worker(self) -> None:
        """The life of the worker process."""
        run_worker(self.opener.build(self._root), self.opener.config)

    def sealed_app(self, page: RootPage) -> Any:
        """What answers while the page is empty."""
        by_words = partial(unlock_page, self.opener, page) if self.opener.sealed else None
        return create_sealed_app(secret=self._secret, https=self.opener.config.https, unlock=by_words)


def serve_with(opener: Opener, *, ask: Callable[[], str] | None) -> None:
    """Bring the databases to this release and serve web and worker until a signal.

    `ask` gives the passphrase at the terminal; None, or an empty answer, leaves it to the unlock page.
    """
    opener.require()
    serving = Serving(opener, ask)
    first = [serving.unlock()]  # before anything is changed: it may be the wrong key
    upgrade_databases(opener.config)
    serve(
        serving.web,
        config=opener.config,
        unlock=lambda: first.pop() if first else serving.unlock(),
        install_root=serving.install,
        run_worker=serving.worker,
        sealed_app=serving.sealed_app,
    )


def unlock_page(opener: Opener, page: RootPage, words: str) -> None:
    """Take the words of the unlock page. Raises NotNow, or SetupError when they do not open the root key."""
    tries = opener.tries
    try:
        with tries.alone():
            if (left := tries.wait(clock.now())) > 0:
                raise NotNow(seconds=left)
            try:
                page.put(opener.root_key(lambda: words))
            except SetupError:
                tries.note("wrong", clock.now())
                raise
    except Busy:
        raise NotNow(seconds=5) from None


def tell_trail(app: Any, tries: Tries) -> None:
    """Write into the trail that the installation was opened, and what happened while it was sealed."""
    if not (known := [what for what, _moment in tries.read()]):
        return
    detail = {what: known.count(what) for what in ("wrong", "sealed")}
    with app.app_context():
        with writing():
            trail.record(Tag.ROOT_OPENED, actor=None, now=clock.now(), obj=("root", NO_CASE), detail=detail)
        db.session.remove()
    tries.forget()
