"""What README and `make help` promise exists."""

import re
import subprocess

import pytest

from caseflow.cli import caseflow
from tests.house.tree import TOP

README = (TOP / "README.md").read_text(encoding="utf-8")
PROMISED = {"demo", "test", "check", "run", "bench", "help"}


def make_help() -> dict[str, str]:
    """Target and sentence of each line of `make help`."""
    done = subprocess.run(["make", "help"], cwd=TOP, capture_output=True, text=True, check=True)
    return dict(re.findall(r"^  make ([a-z-]+) +(.+)$", done.stdout, re.MULTILINE))


def test_make_help_lists_every_target_with_a_sentence():
    assert set(make_help()) >= PROMISED


def test_every_target_for_people_stands_in_the_help():
    makefile = (TOP / "Makefile").read_text()
    phony = set(re.search(r"^\.PHONY: (.+)$", makefile, re.MULTILINE).group(1).split())
    assert phony == set(make_help())


@pytest.mark.parametrize("target", sorted(set(re.findall(r"\bmake ([a-z-]+)", README))))
def test_a_make_target_named_in_the_readme_exists(target):
    assert target in make_help()


@pytest.mark.parametrize("command", sorted(set(re.findall(r"`caseflow ([a-z-]+)", README))))
def test_a_command_named_in_the_readme_exists(command):
    assert command in caseflow.commands


@pytest.mark.parametrize("path", sorted(set(re.findall(r"\]\(((?!http)[^)#]+)\)", README))))
def test_a_file_linked_from_the_readme_exists(path):
    assert (TOP / path).exists()


def test_every_command_explains_itself():
    assert [name for name, command in caseflow.commands.items() if not command.help] == []


def test_the_ci_script_runs_what_developers_run():
    script = TOP / ".ci" / "run"
    assert script.stat().st_mode & 0o111
    assert re.search(r"^make check$", script.read_text(), re.MULTILINE)
