"""`caseflow serve`: the parent of the web server and of the worker, both made by fork.

The root key lies in a page of memory that parent and children share, never in environment, file or pipe. It is put
there before the fork, or later by the unlock page: then all children are open at once. A child that dies is started
again; a signal to the parent stops both. Two more signals seal the installation, or have it read a changed root key:
the page is emptied or filled anew, and both children start over, so that no opened key stays in any process.
"""

import ctypes
import logging
import logging.config
import os
import signal
import sys
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from types import FrameType
from typing import Any

from gunicorn.app.base import BaseApplication

from caseflow.core.errors import CaseFlowError
from caseflow.core.words import N_
from caseflow.operations import assets, control, logs
from caseflow.operations.gate import Gate, Wsgi
from caseflow.operations.rootpage import RootPage
from config import Config, is_loopback

log = logging.getLogger(__name__)

PAUSE = 0.2  # seconds between two looks at the children
GRACE = 20.0  # seconds a child has to finish what it does
SEAL_GRACE = 3.0  # seconds, when the keys have to be out of memory
SHORT_LIFE = 5.0  # seconds; a child that lives less than this did not really start
MOST_SHORT_LIVES = 5
PR_SET_PDEATHSIG = 1
STEERING = (control.SEAL, control.REOPEN)


class ServeError(CaseFlowError):
    """The installation cannot be served like this."""


@dataclass
class Child:
    """A process of ours: its name, what it runs, and how often in a row it died young."""

    name: str
    body: Callable[[], None]
    pid: int = 0
    born: float = 0.0
    short_lives: int = 0


class Web(BaseApplication):  # type: ignore[misc]
    """Gunicorn without its command line: one process by default, threads, no control socket, no access log."""

    def __init__(self, load: Callable[[], Any], options: dict[str, Any]) -> None:
        """`load` builds the WSGI application, inside the process that will answer requests."""
        self._load, self._options = load, options
        super().__init__()

    def load_config(self) -> None:
        """Hand our options to gunicorn."""
        for name, value in self._options.items():
            self.cfg.set(name, value)

    def load(self) -> Any:
        """Build the application."""
        return self._load()


def serve(
    create_app: Callable[[Config], Any],
    *,
    config: Config,
    unlock: Callable[[], bytes],
    install_root: Callable[[bytes], None],
    run_worker: Callable[[], None],
    sealed_app: Callable[[RootPage], Wsgi],
    processes: int = 1,
    threads: int = 4,
) -> None:
    """Serve until SIGTERM or SIGINT. Raises ServeError when the address or a child does not allow it.

    `unlock` gives the root key, or no bytes when the unlock page shall ask for it; it is called before the fork and
    again when another command changed the key. `install_root` puts the key to use, in each child, before anything
    else. `run_worker` is the body of the worker process; `sealed_app` answers while the page is empty.
    """
    check_address(config)
    logging.config.dictConfig(logs.settings())
    prepare_assets()
    page = RootPage()
    page.put(unlock())

    def web() -> None:
        build = partial(_opened, page, install_root, lambda: create_app(config))
        Web(lambda: Gate(page, build, sealed_app(page)), gunicorn_options(config, processes, threads)).run()

    def worker() -> None:
        while not page.get():
            time.sleep(PAUSE)
        _opened(page, install_root, run_worker)

    children = [Child("web", web), Child("worker", worker)]
    try:
        with control.serving(config.home):
            Parent(children, seal=page.clear, reopen=lambda: page.put(unlock())).run()
    finally:
        page.clear()


def check_address(config: Config) -> None:
    """Refuse to listen where passwords would cross a network in clear. Raises ServeError."""
    if not config.https and not is_loopback(config.host):
        raise ServeError(
            N_(
                "CaseFlow listens on %(host)s only when CASEFLOW_PUBLIC_URL starts with https://; "
                "set that address or use 127.0.0.1."
            ),
            host=config.host,
        )


def prepare_assets() -> None:
    """Renew what browsers get from the fetched files. Raises ServeError when those are not as locked."""
    if assets.broken(dev=False):
        raise ServeError(N_("Front-end files are missing or altered; run `make setup`."))
    assets.prepare()


def _opened(page: RootPage, install_root: Callable[[bytes], None], body: Callable[[], Any]) -> Any:
    install_root(page.get())
    return body()


def gunicorn_options(config: Config, processes: int, threads: int) -> dict[str, Any]:
    """The settings of the web server: what it must not log or open is said here."""
    host = f"[{config.host}]" if ":" in config.host.strip("[]") else config.host
    return {
        "bind": f"{host}:{config.port}",
        "workers": processes,
        "threads": threads,
        "worker_class": "gthread",
        "preload_app": False,
        "control_socket_disable": True,
        # Query strings and addresses of readers do not belong in a log.
        "accesslog": None,
        "loglevel": "warning",
        "logconfig_dict": logs.settings(),
        "proc_name": "caseflow",
        "graceful_timeout": int(GRACE) - 5,
        "forwarded_allow_ips": "127.0.0.1,::1",
    }


class Parent:
    """Starts the children, starts again the one that dies, and stops both on a signal."""

    def __init__(self, children: list[Child], *, seal: Callable[[], None], reopen: Callable[[], None]) -> None:
        """Nothing runs yet. `seal` and `reopen` are done when asked for by a signal, before the children start over."""
        self.children = children
        self.stopping = False
        self._acts = {control.SEAL: seal, control.REOPEN: reopen}
        self._asked: list[int] = []

    def run(self) -> None:
        """Live until a signal. Raises ServeError when a child keeps dying as soon as it starts."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._ask_to_stop)
        for number in self._acts:
            signal.signal(number, lambda asked, _frame: self._asked.append(asked))
        try:
            for child in self.children:
                start(child)
            while not self.stopping:
                self._answer()
                self._look_after_children()
                time.sleep(PAUSE)
        finally:
            self._stop(GRACE)

    def _answer(self) -> None:
        while self._asked:
            self._acts[signal.Signals(self._asked.pop(0))]()
            self._stop(SEAL_GRACE)
            for child in self.children:
                start(child)

    def _ask_to_stop(self, _number: int, _frame: FrameType | None) -> None:
        self.stopping = True

    def _look_after_children(self) -> None:
        for child in self.children:
            if _ended(child) and not self.stopping:
                _count_life(child)
                log.error("The %s process ended and is started again.", child.name)
                start(child)

    def _stop(self, grace: float) -> None:
        for child in self.children:
            _tell(child, signal.SIGTERM)
        limit = time.monotonic() + grace
        while time.monotonic() < limit and not all(_ended(child) for child in self.children):
            time.sleep(PAUSE)
        for child in self.children:
            _tell(child, signal.SIGKILL)
            if child.pid:
                os.waitpid(child.pid, 0)
                child.pid = 0


def start(child: Child) -> None:
    """Fork the child. In the new process this call does not return."""
    sys.stdout.flush()
    sys.stderr.flush()
    child.born = time.monotonic()
    child.pid = os.fork()
    if child.pid:
        return
    status = 1
    try:
        status = _live(child)
    finally:
        # Leaves without the parent's own clean-up, which would empty the shared page.
        os._exit(status)


def _live(child: Child) -> int:
    for number in (signal.SIGTERM, signal.SIGINT, *STEERING):
        signal.signal(number, signal.SIG_DFL)
    _end_with_parent()
    try:
        child.body()
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else 1
    except KeyboardInterrupt:
        return 0
    except Exception as error:
        # The text of an exception may hold a person's data: its class and place must do.
        frame = traceback.extract_tb(error.__traceback__)[-1]
        log.error("The %s process failed: %s at %s:%s", child.name, type(error).__name__, frame.name, frame.lineno)
        return 1
    return 0


def _end_with_parent() -> None:
    """Ask Linux to stop this process when its parent is killed without a chance to say so."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def _count_life(child: Child) -> None:
    young = time.monotonic() - child.born < SHORT_LIFE
    child.short_lives = child.short_lives + 1 if young else 0
    if child.short_lives >= MOST_SHORT_LIVES:
        raise ServeError(N_("The %(name)s process does not start; see the lines above."), name=child.name)


def _ended(child: Child) -> bool:
    if child.pid:
        pid, _status = os.waitpid(child.pid, os.WNOHANG)
        if pid:
            child.pid = 0
    return child.pid == 0


def _tell(child: Child, number: int) -> None:
    if child.pid:
        os.kill(child.pid, number)
