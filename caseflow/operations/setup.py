"""`make` runs this before anything else: virtual environment, packages, front-end assets, Pango.

It runs under the system's Python before any package exists, so it may import the standard library only.
Every step leaves a stamp that names its inputs: a second run finds the stamps and does nothing.
"""

import hashlib
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

from caseflow.operations.system import (
    PANGO_PACKAGES,
    SetupError,
    apt_command,
    apt_install,
    pango_missing,
)

TOP = Path(__file__).resolve().parents[2]
VENV = TOP / ".venv"
PYTHON = VENV / "bin" / "python"
COMMAND = """#!/bin/sh
exec "{python}" -m caseflow "$@"
"""


def main(arguments: list[str]) -> int:
    """Set up for running, or with `--dev` for testing too. Returns the exit status."""
    dev = "--dev" in arguments
    try:
        make_environment()
        install_packages(TOP / ("requirements-dev.txt" if dev else "requirements.txt"))
        link_command()
        run_assets(dev=dev)
        provide_pango()
    except SetupError as error:
        print(f"Set-up stopped: {error}", file=sys.stderr)
        return 1
    return 0


def make_environment() -> None:
    """Make `.venv` with this Python, unless a working one is there. Raises SetupError."""
    if PYTHON.exists() and _works([str(PYTHON), "-c", ""]):
        return
    package = f"python{sys.version_info.major}.{sys.version_info.minor}-venv"
    if find_spec("ensurepip") is None and not apt_install([package]):
        raise SetupError(f"this Python cannot make virtual environments; run '{apt_command([package])}' and try again.")
    say("Making the virtual environment")
    run([sys.executable, "-m", "venv", "--clear", str(VENV)], "the virtual environment could not be made")


def install_packages(lock: Path) -> None:
    """Install exactly the locked packages; every file is checked against its hash. Raises SetupError."""
    stamp = VENV / f".stamp-{lock.stem}"
    wanted = _digest(lock)
    if _read(stamp) == wanted:
        return
    say(f"Installing packages from {lock.name} (some minutes the first time)")
    pip = [str(PYTHON), "-m", "pip", "--disable-pip-version-check", "--no-input", "install", "--quiet"]
    run([*pip, "--require-hashes", "--no-deps", "-r", str(lock)], "the packages could not be installed")
    stamp.write_text(wanted)


def link_command() -> None:
    """Make `caseflow` importable and runnable from the environment, without building a package."""
    site = next(VENV.glob("lib/python3.*/site-packages"))
    _write_if_other(site / "caseflow.pth", f"{TOP}\n")
    command = VENV / "bin" / "caseflow"
    _write_if_other(command, COMMAND.format(python=PYTHON))
    command.chmod(0o755)


def run_assets(*, dev: bool) -> None:
    """Fetch, check and prepare the front-end assets. Raises SetupError."""
    command = [str(PYTHON), "-m", "caseflow.operations.assets", *(["--dev"] if dev else [])]
    run(command, "the front-end assets are not in place")


def provide_pango() -> None:
    """Install Pango where that is allowed, else say how. Without it everything but the letters works."""
    if not pango_missing() or apt_install(PANGO_PACKAGES):
        return
    print(f"Letters need Pango: run '{apt_command(PANGO_PACKAGES)}' once; everything else works without it.")


def say(text: str) -> None:
    """Tell the person at the terminal what takes time now."""
    print(f"{text} ...", flush=True)


def run(command: list[str], failure: str) -> None:
    """Run one step from the project's folder. Raises SetupError with `failure` when it fails."""
    done = subprocess.run(command, cwd=TOP)  # noqa: S603 - fixed commands
    if done.returncode:
        raise SetupError(f"{failure} (see the lines above).")


def _works(command: list[str]) -> bool:
    try:
        return subprocess.run(command, capture_output=True).returncode == 0  # noqa: S603 - fixed command
    except OSError:
        return False


def _digest(lock: Path) -> str:
    return hashlib.sha256(lock.read_bytes()).hexdigest()


def _read(path: Path) -> str:
    return path.read_text() if path.exists() else ""


def _write_if_other(path: Path, text: str) -> None:
    if _read(path) != text:
        path.write_text(text)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
