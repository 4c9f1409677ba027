"""A demonstration with its second factor on, served by `caseflow demo`, and a Chromium to look at it."""

import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.house.tree import TOP

LOW = {"CASEFLOW_SECOND_FACTOR": "on", "CASEFLOW_HOST": "127.0.0.1"}


class NoChromium(RuntimeError):
    """There is no Chromium on this machine."""


@dataclass
class House:
    """A served demonstration. `staff` is who can sign in; the rest is what making.py prints."""

    base: str
    staff: dict[str, dict[str, str]]
    ids: dict[str, str]
    tokens: dict[str, dict[str, str]]
    private: list[str]
    rules: list[tuple[str, str]]

    def path(self, template: str) -> str:
        """An address with the ids in place."""
        return template.format(**self.ids)

    def cookies(self, who: str, language: str) -> list[dict[str, Any]]:
        """The session of a member of staff in one language; nobody's is none."""
        if not who:
            return []
        return [{"name": "cf", "value": self.tokens[language][who], "url": self.base}]


@contextmanager
def served(home: Path) -> Iterator[House]:
    """Make the demonstration in `home` and serve it on a free port until the end."""
    port = _free_port()
    settings = {**os.environ, **LOW, "CASEFLOW_HOME": str(home), "CASEFLOW_PORT": str(port)}
    base = f"http://127.0.0.1:{port}"
    command = [sys.executable, "-m", "caseflow", "demo"]
    home.parent.mkdir(parents=True, exist_ok=True)
    with (home.parent / "serve.log").open("wb") as said:
        process = subprocess.Popen(command, cwd=TOP, env=settings, stdout=subprocess.DEVNULL, stderr=said)
    try:
        _wait(f"{base}/health", process)
        listed = subprocess.run([*command, "--json"], cwd=TOP, env=settings, capture_output=True, check=True)
        adding = [sys.executable, "-m", "tests.browser.making"]
        made = subprocess.run(adding, cwd=TOP, env=settings, stdout=subprocess.PIPE, check=True)
        staff = {one["sign_in"]: one for one in json.loads(listed.stdout)}
        yield House(base, staff, **json.loads(made.stdout))
    finally:
        ended = process.poll()
        process.terminate()
        process.wait(30)
    if ended is not None:
        raise RuntimeError(f"the demonstration ended by itself, with {ended}; see {home.parent / 'serve.log'}")


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def _wait(address: str, process: "subprocess.Popen[bytes]", seconds: float = 300) -> None:
    limit = time.monotonic() + seconds
    while time.monotonic() < limit and process.poll() is None:
        try:
            with urllib.request.urlopen(address, timeout=2):  # noqa: S310 - our own server
                return
        except OSError:
            time.sleep(0.2)
    raise RuntimeError(f"the demonstration does not answer; it ended with {process.poll()}")


@contextmanager
def chromium() -> Iterator[Any]:
    """A Playwright browser on the machine's own Chromium. Raises NoChromium where there is none."""
    found = shutil.which("chromium") or shutil.which("chromium-browser")
    if not found:
        raise NoChromium("no chromium on this machine: apt-get install chromium")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        # Debian's Chromium refuses its own sandbox for root, which is what a build machine runs as.
        browser = playwright.chromium.launch(executable_path=found, chromium_sandbox=os.getuid() != 0)
        yield browser
        browser.close()
