"""An installation with many fictional sealed cases, or its plaintext twin, served as `caseflow serve` serves it."""

import json
import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.bench.client import Client
from tests.house.tree import TOP

FACTS = "bench.json"
TICKS = os.sysconf("SC_CLK_TCK")
_STAT = re.compile(r"\d+ \(.*\) \S (?P<parent>\d+)(?: \S+){9} (?P<user>\d+) (?P<system>\d+)")


@dataclass
class House:
    """A built installation; while it is served, its process, address and sessions too."""

    home: Path
    plain: bool = False
    settings: Mapping[str, str] = field(default_factory=dict)
    process: Any = None
    base: str = ""
    tokens: dict[str, dict[str, list[str]]] = field(default_factory=dict)

    @property
    def facts(self) -> dict[str, Any]:
        """What making.py says of it."""
        found: dict[str, Any] = json.loads((self.home / FACTS).read_text())
        return found

    def build(self, size: int) -> None:
        """Make it, in a process of its own."""
        self._make("--size", str(size))

    def copied(self, to: Path) -> "House":
        """The same in another folder, so that a measurement leaves the first as it is."""
        shutil.copytree(self.home, to)
        return House(to, self.plain, self.settings)

    @contextmanager
    def served(self, *, sessions: int = 2) -> Iterator["House"]:
        """Serve it on a free port, in processes of its own, with everybody signed in so many times."""
        self.tokens = json.loads(self._make("--sessions", str(sessions)))
        port = _free_port()
        self.base = f"http://127.0.0.1:{port}"
        command = "tests.bench.twin" if self.plain else "caseflow"
        environment = {**self.environment(), "CASEFLOW_PORT": str(port)}
        self.process = subprocess.Popen(
            [sys.executable, "-m", command, "serve"], cwd=TOP, env=environment, stdout=subprocess.DEVNULL
        )
        try:
            _wait(f"{self.base}/health", self.process)
            yield self
        finally:
            self.process.terminate()
            self.process.wait(60)

    def client(self, who: str, language: str = "en") -> Client:
        """A browser in which somebody is signed in, with a session of its own."""
        return Client(self.base, self.tokens[language][who].pop())

    def web(self) -> int:
        """The process that answers requests: a child of the first child (gunicorn's own) of `caseflow serve`."""
        parents = {int(path.name): _stat(path)[0] for path in Path("/proc").iterdir() if path.name.isdigit()}
        first = min(pid for pid, parent in parents.items() if parent == self.process.pid)
        return next(pid for pid, parent in parents.items() if parent == first)

    def memory(self) -> float:
        """Resident memory of the web process, in MiB, at its highest and now."""
        status = Path(f"/proc/{self.web()}/status").read_text()
        return int(re.findall(r"VmRSS:\s+(\d+) kB", status)[0]) / 1024

    def processor(self) -> float:
        """Milliseconds of processor time that the web process has used: what other work on the machine hardly moves."""
        _parent, used = _stat(Path(f"/proc/{self.web()}"))
        return used * 1000 / TICKS

    def _make(self, *arguments: str) -> str:
        plain = ["--plain"] if self.plain else []
        command = [sys.executable, "-m", "tests.bench.making", *plain, *arguments]
        made = subprocess.run(command, cwd=TOP, env=self.environment(), stdout=subprocess.PIPE, text=True, check=True)
        return made.stdout

    def environment(self) -> dict[str, str]:
        """The settings of this installation, for commands about it."""
        return {**os.environ, **self.settings, "CASEFLOW_HOME": str(self.home)}


def _stat(process: Path) -> tuple[int, int]:
    """(parent, ticks of processor time) of a process; (0, 0) when it is gone."""
    try:
        found = _STAT.match((process / "stat").read_text())
    except OSError:
        found = None
    return (int(found["parent"]), int(found["user"]) + int(found["system"])) if found else (0, 0)


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def _wait(address: str, process: "subprocess.Popen[bytes]") -> None:
    limit = time.monotonic() + 60
    while time.monotonic() < limit and process.poll() is None:
        try:
            with urllib.request.urlopen(address, timeout=5):  # noqa: S310  our own loopback address
                return
        except OSError:
            time.sleep(0.1)
    raise SystemExit("the server did not start")
