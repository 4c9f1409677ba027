"""Set-up: nothing but the standard library, nothing twice, and one sentence when it cannot go on."""

import ast
import subprocess
import sys

import pytest

from caseflow.operations import setup, system
from tests.house.tree import TOP

BEFORE_PACKAGES = [
    "caseflow/__init__.py",
    "caseflow/operations/__init__.py",
    "caseflow/operations/setup.py",
    "caseflow/operations/system.py",
]


@pytest.fixture
def venv(tmp_path, monkeypatch):
    """An environment folder of the right shape, with nothing in it."""
    folder = tmp_path / ".venv"
    (folder / "bin").mkdir(parents=True)
    (folder / "lib" / "python3.11" / "site-packages").mkdir(parents=True)
    monkeypatch.setattr(setup, "VENV", folder)
    monkeypatch.setattr(setup, "PYTHON", folder / "bin" / "python")
    return folder


@pytest.fixture
def commands(monkeypatch):
    """What would have been run."""
    ran = []
    monkeypatch.setattr(setup, "run", lambda command, failure: ran.append(command))
    return ran


@pytest.mark.parametrize("file", BEFORE_PACKAGES)
def test_what_runs_before_packages_exist_imports_only_the_standard_library(file):
    # Imports inside functions and under TYPE_CHECKING do not run at that time.
    tops = [node for node in ast.parse((TOP / file).read_text()).body if isinstance(node, ast.Import | ast.ImportFrom)]
    names = {alias.name for node in tops if isinstance(node, ast.Import) for alias in node.names}
    names |= {node.module for node in tops if isinstance(node, ast.ImportFrom)}
    assert {name for name in names if name.split(".")[0] not in sys.stdlib_module_names} <= {
        "caseflow.operations.system"
    }


class TestMakeEnvironment:
    def test_a_python_without_venv_gets_one_sentence_with_the_command(self, venv, monkeypatch):
        monkeypatch.setattr(setup, "find_spec", lambda name: None)
        monkeypatch.setattr(setup, "apt_install", lambda packages: False)
        package = f"python{sys.version_info.major}.{sys.version_info.minor}-venv"
        with pytest.raises(system.SetupError, match=f"apt-get install -y {package}' and try again"):
            setup.make_environment()

    def test_a_working_environment_is_left_alone(self, venv, commands):
        (venv / "bin" / "python").symlink_to(sys.executable)
        setup.make_environment()
        assert commands == []

    def test_a_broken_environment_is_made_again(self, venv, commands):
        (venv / "bin" / "python").symlink_to(venv / "gone")
        setup.make_environment()
        assert commands == [[sys.executable, "-m", "venv", "--clear", str(venv)]]


class TestInstallPackages:
    def test_every_package_is_checked_against_its_hash(self, venv, commands, tmp_path):
        lock = tmp_path / "requirements.txt"
        lock.write_text("one")
        setup.install_packages(lock)
        assert {"--require-hashes", "--no-deps"} <= set(commands[0])

    def test_the_same_lock_is_installed_once_and_a_new_one_again(self, venv, commands, tmp_path):
        lock = tmp_path / "requirements.txt"
        for text in ("one", "one", "two"):
            lock.write_text(text)
            setup.install_packages(lock)
        assert len(commands) == 2


def test_the_command_and_the_path_file_are_written(venv):
    setup.link_command()
    assert (venv / "lib/python3.11/site-packages/caseflow.pth").read_text() == f"{TOP}\n"
    assert (venv / "bin" / "caseflow").stat().st_mode & 0o111
    subprocess.run(["sh", "-n", venv / "bin" / "caseflow"], check=True)


class TestProvidePango:
    def test_nothing_is_said_when_it_is_there(self, monkeypatch, capsys):
        monkeypatch.setattr(setup, "pango_missing", list)
        setup.provide_pango()
        assert capsys.readouterr().out == ""

    def test_without_the_right_to_install_one_sentence_gives_the_command(self, monkeypatch, capsys):
        monkeypatch.setattr(setup, "pango_missing", lambda: ["libpango-1.0.so.0"])
        monkeypatch.setattr(setup, "apt_install", lambda packages: False)
        setup.provide_pango()
        said = capsys.readouterr().out
        assert said.count("\n") == 1
        assert "apt-get install -y libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0" in said


class TestAptInstall:
    def test_without_apt_nothing_is_tried(self, monkeypatch):
        monkeypatch.setattr(system.shutil, "which", lambda name: None)
        assert not system.apt_install(["thing"])

    def test_without_rights_nothing_is_tried(self, monkeypatch):
        tried = []
        monkeypatch.setattr(system.os, "geteuid", lambda: 1000)
        monkeypatch.setattr(system.shutil, "which", lambda name: f"/usr/bin/{name}")
        monkeypatch.setattr(system, "_quietly", lambda command: bool(tried.append(command)))
        assert not system.apt_install(["thing"])
        assert tried == [["sudo", "-n", "true"]]

    def test_a_stale_package_list_is_renewed_once(self, monkeypatch):
        answers = iter([False, True, True])
        tried = []
        monkeypatch.setattr(system.os, "geteuid", lambda: 0)
        monkeypatch.setattr(system, "_quietly", lambda command: (tried.append(command[-1]), next(answers))[1])
        assert system.apt_install(["thing"])
        assert tried == ["thing", "update", "thing"]


def test_a_failed_step_is_one_sentence_and_exit_status_1(monkeypatch, capsys):
    def fail():
        raise system.SetupError("this is why.")

    monkeypatch.setattr(setup, "make_environment", fail)
    assert setup.main([]) == 1
    assert capsys.readouterr().err == "Set-up stopped: this is why.\n"
