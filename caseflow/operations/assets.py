"""The front-end assets: fetched once from npm packages, checked, trimmed and compressed.

`assets.lock.json` names each package, its version and its SHA-512 (the registry's integrity), and the SHA-256
of each file taken. No download address is written anywhere: npm, or the Python package that carries npm, knows
its registry. The files as fetched stay in `fetched/`; what browsers get is made from them in `static/vendor/`.
"""

import base64
import hashlib
import json
import shutil
import sys
import tarfile
import tempfile
from dataclasses import dataclass
from pathlib import Path

from caseflow.operations import lean, npm
from caseflow.operations.compress import compress
from caseflow.operations.system import SetupError

HERE = Path(__file__).resolve().parent
LOCK = HERE / "assets.lock.json"
FETCHED = HERE / "fetched"
STATIC = HERE.parent / "web" / "static"
VENDOR = STATIC / "vendor"


@dataclass(frozen=True)
class Asset:
    """One locked npm package and the files taken from it: `files` is (path inside, our name, SHA-256)."""

    name: str
    version: str
    dev: bool
    integrity: str
    files: tuple[tuple[str, str, str], ...]


def main(arguments: list[str]) -> int:
    """Put every asset in place; `--dev` adds those that only tests use. Returns the exit status."""
    try:
        fetch(dev="--dev" in arguments)
        prepare()
    except SetupError as error:
        print(f"Set-up stopped: {error}", file=sys.stderr)
        return 1
    return 0


def locked(*, dev: bool) -> list[Asset]:
    """The packages of the lock file, with or without those that only tests use."""
    packages = json.loads(LOCK.read_text())["packages"]
    assets = [
        Asset(
            name=package["name"],
            version=package["version"],
            dev=package["dev"],
            integrity=package["integrity"],
            files=tuple((file["from"], file["to"], file["sha256"]) for file in package["files"]),
        )
        for package in packages
    ]
    return [asset for asset in assets if dev or not asset.dev]


def broken(*, dev: bool) -> list[str]:
    """Names of locked files that are missing or are not, byte for byte, what the lock says."""
    return [name for asset in locked(dev=dev) for _, name, sha256 in asset.files if _sha256(FETCHED / name) != sha256]


def fetch(*, dev: bool) -> None:
    """Fetch the packages of which a file is missing or altered. Raises SetupError."""
    bad = set(broken(dev=dev))
    wanted = [asset for asset in locked(dev=dev) if bad & {name for _, name, _ in asset.files}]
    if not wanted:
        return
    print("Fetching front-end assets ...", flush=True)
    FETCHED.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        tarballs = npm.pack([f"{asset.name}@{asset.version}" for asset in wanted], Path(folder))
        for asset, tarball in zip(wanted, tarballs, strict=True):
            unpack(asset, tarball, FETCHED)


def unpack(asset: Asset, tarball: Path, into: Path) -> None:
    """Check a package against the lock and copy the files we use. Raises SetupError on any difference."""
    digest = "sha512-" + base64.b64encode(hashlib.sha512(tarball.read_bytes()).digest()).decode()
    if digest != asset.integrity:
        raise SetupError(f"the package {asset.name} {asset.version} is not the one in assets.lock.json.")
    with tarfile.open(tarball) as package:
        for path, name, sha256 in asset.files:
            member = package.extractfile(f"package/{path}")
            content = member.read() if member else b""
            if hashlib.sha256(content).hexdigest() != sha256:
                raise SetupError(f"{name} of {asset.name} {asset.version} is not the one in assets.lock.json.")
            (into / name).write_bytes(content)


def prepare() -> None:
    """Make `static/vendor/` from the fetched files, and a compressed twin of each text file beside it.

    Cheap when nothing changed, so `serve` calls it too: a twin can then never be older than its file.
    """
    VENDOR.mkdir(parents=True, exist_ok=True)
    for asset in locked(dev=False):
        for _, name, _ in asset.files:
            _place(FETCHED / name, VENDOR / name)
    for path in sorted(STATIC.rglob("*")):
        if path.suffix in {".css", ".js", ".svg"}:
            compress(path)


def _place(source: Path, target: Path) -> None:
    if source.suffix == ".css":
        content = lean.trim(source.read_text(), lean.words()).encode()
        if not target.exists() or target.read_bytes() != content:
            target.write_bytes(content)
    elif _sha256(source) != _sha256(target):
        shutil.copyfile(source, target)


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.exists() else ""


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
