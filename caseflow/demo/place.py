"""The marker of a demonstration: `demo.json`, mode 0600, with who can sign in. A half-made one is made anew."""

import json
import shutil
from pathlib import Path
from typing import Any

from caseflow.core.errors import SetupError
from caseflow.core.vault.keyring import write_private
from caseflow.core.words import N_

OWN = ("root", "keyring", "files")
DATABASES = ("caseflow.db", "keys.db", "jobs.db")


def staff_of(marker: Path) -> list[dict[str, Any]] | None:
    """Who can sign in to a finished demonstration; None where there is none, or only a half-made one."""
    if not marker.exists():
        return None
    read = json.loads(marker.read_text(encoding="utf-8"))
    return read["staff"] if read["complete"] else None


def begin(marker: Path) -> None:
    """Mark an empty place before anything is made; clear what a broken-off making left.

    Raises SetupError when the place holds a real installation: nothing of it is touched.
    """
    home = marker.parent
    if marker.exists():
        for name in OWN:
            shutil.rmtree(home / name, ignore_errors=True)
        for name in DATABASES:
            for file in home.glob(name + "*"):
                file.unlink()
    elif any((home / name).exists() for name in (*OWN, *DATABASES)):
        raise SetupError(
            N_("This place holds a real installation. Choose another CASEFLOW_HOME for the demonstration.")
        )
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    _write(marker, {"complete": False, "staff": []})


def finish(marker: Path, staff: list[dict[str, Any]]) -> None:
    """Keep who can sign in."""
    _write(marker, {"complete": True, "staff": staff})


def _write(marker: Path, content: dict[str, Any]) -> None:
    write_private(marker, json.dumps(content, indent=2, ensure_ascii=False).encode(), mode=0o600)
