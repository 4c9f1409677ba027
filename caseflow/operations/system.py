"""What CaseFlow needs from the operating system, and how to get it. Standard library only: set-up uses it."""

import ctypes
import os
import shutil
import subprocess
import sys

PANGO_PACKAGES = ["libpango-1.0-0", "libpangoft2-1.0-0", "libharfbuzz-subset0"]
PANGO_LIBRARIES = ["libpango-1.0.so.0", "libpangoft2-1.0.so.0", "libharfbuzz-subset.so.0"]


class SetupError(Exception):
    """A step that cannot go on. Its text is one sentence that says what to do."""


def pango_missing() -> list[str]:
    """Names of the libraries that WeasyPrint needs and that do not load. Only Linux is looked at."""
    return [name for name in PANGO_LIBRARIES if sys.platform == "linux" and not _loads(name)]


def apt_command(packages: list[str]) -> str:
    """The command a person types to install Debian packages."""
    sudo = "" if os.geteuid() == 0 else "sudo "
    return f"{sudo}apt-get install -y {' '.join(packages)}"


def apt_install(packages: list[str]) -> bool:
    """Install Debian packages when this user may do so without being asked. Says whether it worked."""
    prefix = _apt_prefix()
    if prefix is None:
        return False
    print(f"Installing {' '.join(packages)} with apt-get ...", flush=True)
    install = [*prefix, "apt-get", "install", "-y", "--no-install-recommends", *packages]
    # The package list of a fresh machine is empty or old, so a first failure asks for a new one.
    return _quietly(install) or (_quietly([*prefix, "apt-get", "update"]) and _quietly(install))


def _apt_prefix() -> list[str] | None:
    if shutil.which("apt-get") is None:
        return None
    if os.geteuid() == 0:
        return ["env", "DEBIAN_FRONTEND=noninteractive"]
    if shutil.which("sudo") and _quietly(["sudo", "-n", "true"]):
        return ["sudo", "-n", "env", "DEBIAN_FRONTEND=noninteractive"]
    return None


def _quietly(command: list[str]) -> bool:
    return subprocess.run(command, capture_output=True).returncode == 0  # noqa: S603 - fixed commands


def _loads(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True
