"""Open an installation, for a command or for serving."""

import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from caseflow.core.db import db
from caseflow.core.errors import SetupError
from caseflow.core.vault import root
from caseflow.core.words import N_
from caseflow.operations.install import keyring_path, root_path, upgrade_databases
from caseflow.operations.serve import serve
from caseflow.operations.worker import run_worker, waker
from config import Config


@dataclass(frozen=True)
class Opener:
    """Settings, and the function that builds the application around a ROOT key."""

    config: Config
    build: Callable[[bytes], Any]

    def root_key(self, ask: Callable[[], str]) -> bytes:
        """ROOT, by the way this installation is unlocked. Raises SetupError."""
        if not keyring_path(self.config).exists():
            raise SetupError(N_("There is no installation here. Run `caseflow init`, or `make demo` to look around."))
        path = root_path(self.config)
        return root.read_passphrase(path, ask()) if root.is_sealed(path) else root.read_file(path)

    @contextmanager
    def opened(self, *, ask: Callable[[], str]) -> Iterator[Any]:
        """The application with its context pushed, for one command."""
        app = self.build(self.root_key(ask))
        with app.app_context():
            yield app
            db.session.remove()


def serve_with(opener: Opener, *, ask: Callable[[], str]) -> None:
    """Bring the databases to this release, unlock once, then serve web and worker until a signal."""
    key = opener.root_key(ask)
    upgrade_databases(opener.config)
    held: dict[str, bytes] = {}

    def web(_config: Config) -> Any:
        app = opener.build(held["root"])
        app.extensions["caseflow"].outbox.wake = waker(opener.config)
        # What was imported lives as long as the process: looking through it again costs a request 80 ms now and then.
        gc.collect()
        gc.freeze()
        return app

    serve(
        web,
        config=opener.config,
        unlock=lambda: key,
        install_root=lambda given: held.update(root=given),
        run_worker=lambda: run_worker(opener.build(held["root"]), opener.config),
    )
