"""Every import contract of setup.cfg is kept, and each is shown once to fail on a violation."""

import configparser
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.house.tree import TOP, files, name

LINTER = Path(sys.executable).with_name("lint-imports")
PACKAGES = [
    "operations",
    "demo",
    "desk",
    "audit",
    "referrals",
    "consent",
    "cases",
    "partners",
    "accounts",
    "web",
    "core",
]

# contract, file that gets a line, the line: each is one thing that must never be written.
VIOLATIONS = [
    ("layers", "cases/queries.py", "import caseflow.referrals.states"),
    ("layers", "core/clock.py", "import caseflow.accounts.states"),
    ("layers", "operations/serve.py", "import caseflow.demo"),
    ("layers", "reports/queries.py", "import caseflow.desk"),
    ("layers", "audit/queries.py", "import caseflow.reports.queries"),
    ("layers", "surprise/queries.py", "import os"),
    ("feature", "cases/states.py", "import caseflow.cases.models"),
    ("feature", "cases/services.py", "import caseflow.cases.forms"),
    ("feature", "support/queries.py", "import caseflow.support.services"),
    ("feature", "referrals/letters.py", "import caseflow.referrals.files"),
    ("feature", "referrals/views.py", "import caseflow.referrals.jobs"),
    ("core", "core/db.py", "import caseflow.core.vault"),
    ("core", "core/vault/extra.py", "import caseflow.core.trail"),
    ("core", "core/policy/extra.py", "import caseflow.core.catalogue"),
    ("no-http", "cases/services.py", "import flask"),
    ("no-http", "cases/queries.py", "from flask_login import current_user"),
    ("no-http", "cases/models.py", "import flask_sqlalchemy"),
    ("no-http", "cases/states.py", "import wtforms"),
    ("no-http", "cases/letters.py", "import caseflow.web"),
    ("no-http", "core/words.py", "from werkzeug.exceptions import NotFound"),
    ("root", "cases/services.py", "from caseflow import create_app"),
    ("factory-only", "desk/queries/case.py", "import caseflow.cases.views"),
    ("factory-only", "consent/services.py", "import caseflow.cases.wiring"),
    ("factory-only", "operations/serve.py", "import caseflow.referrals.jobs"),
    ("cryptography", "accounts/services.py", "from cryptography.fernet import Fernet"),
    ("shares", "operations/kit.py", "from shamir_mnemonic import combine_mnemonics"),
    ("press", "referrals/letters.py", "import weasyprint"),
    ("press", "audit/services.py", "import pikepdf"),
    ("press", "audit/files.py", "import pyhanko"),
]


@pytest.fixture
def copy(tmp_path):
    """The package tree without its data, with every package of the plan present."""
    for path in files(".py", under="caseflow"):
        target = tmp_path / name(path)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, target)
    for package in PACKAGES:
        _module(tmp_path / "caseflow" / package / "__init__.py")
    (tmp_path / "caseflow" / "factory.py").touch()
    shutil.copyfile(TOP / "setup.cfg", tmp_path / "setup.cfg")
    return tmp_path


def _module(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    for folder in (path.parent, *path.parent.parents):
        if folder.name == "caseflow" or "caseflow" not in folder.parts:
            break
        (folder / "__init__.py").touch()
    path.touch()
    return path


def _lint(folder: Path, contract: str) -> subprocess.CompletedProcess:
    command = [str(LINTER), "--no-cache", "--contract", contract]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True)


def _imported(folder: Path, line: str) -> None:
    """Make the module that a violation imports, or the linter would see no module of ours there."""
    target = line.split()[1]
    if target.startswith("caseflow."):
        path = folder / target.replace(".", "/")
        if not path.is_dir() and not path.with_suffix(".py").exists():
            _module(path.with_suffix(".py") if target.count(".") > 1 else path / "__init__.py")


def test_every_contract_is_kept_by_the_package():
    done = subprocess.run([str(LINTER), "--no-cache"], cwd=TOP, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize(("contract", "file", "line"), VIOLATIONS)
def test_a_violation_breaks_its_contract(copy, contract, file, line):
    _imported(copy, line)
    before = _lint(copy, contract)
    assert "1 kept, 0 broken" in before.stdout, before.stdout
    path = copy / "caseflow" / file
    if path.with_suffix("").is_dir():
        path = path.with_suffix("") / "__init__.py"
    path = path if path.exists() else _module(path)
    path.write_text(f"{path.read_text()}\n{line}\n")
    after = _lint(copy, contract)
    assert "0 kept, 1 broken" in after.stdout, after.stdout + after.stderr


def test_each_contract_has_a_violation_that_breaks_it():
    setup = configparser.ConfigParser()
    setup.read(TOP / "setup.cfg")
    contracts = {section.rpartition(":")[2] for section in setup.sections() if section.count(":") == 2}
    assert contracts == {contract for contract, _, _ in VIOLATIONS}


def test_every_installed_flask_extension_is_forbidden_below_the_views():
    setup = configparser.ConfigParser()
    setup.read(TOP / "setup.cfg")
    forbidden = set(setup["importlinter:contract:no-http"]["forbidden_modules"].split())
    locked = (TOP / "requirements.txt").read_text().splitlines()
    names = {line.split("==")[0].replace("-", "_") for line in locked if line.startswith("flask-")}
    assert names <= forbidden
