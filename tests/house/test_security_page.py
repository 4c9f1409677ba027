"""docs/security.md: its checklist has sixty rows, each with a standing, and every test that it names exists."""

import ast
import re

import pytest

from tests.house.tree import TOP, parsed

PAGE = (TOP / "docs" / "security.md").read_text(encoding="utf-8")
ROW = re.compile(r"^\| (\d+) \| ([^|]+) \| ([^|]+) \|([^|]*)\|$", re.MULTILINE)
NAMED = re.compile(r"`(tests/[\w/]+\.py)::([\w:]+)`")
ROWS = ROW.findall(PAGE)


def exists(path, dotted):
    """Whether a file holds this test, inside its class when one is named."""
    if not (TOP / path).exists():
        return False
    inside = parsed(TOP / path).body
    for part in dotted.split("::"):
        found = [one for one in inside if isinstance(one, ast.ClassDef | ast.FunctionDef) and one.name == part]
        if not found:
            return False
        inside = found[0].body
    return True


def test_the_checklist_has_sixty_rows_in_order():
    assert [int(number) for number, *_rest in ROWS] == list(range(1, 61))


@pytest.mark.parametrize(("number", "standing", "tests"), [(row[0], row[2].strip(), row[3]) for row in ROWS])
def test_a_row_names_the_test_it_rests_on_or_says_that_there_is_none(number, standing, tests):
    assert re.match(r"(holds|in part: .+|not yet)", standing), number
    named = NAMED.findall(tests)
    assert bool(named) != standing.startswith("not yet"), number
    assert [one for one in named if not exists(*one)] == []


def test_every_test_that_is_named_anywhere_exists():
    named = NAMED.findall(PAGE)
    assert len(named) >= 45
    assert [one for one in named if not exists(*one)] == []


@pytest.mark.parametrize("named", [("tests/nowhere.py", "test_x"), ("tests/house/test_size.py", "test_never_written")])
def test_a_test_that_does_not_exist_is_noticed(named):
    assert not exists(*named)


def test_every_page_that_is_linked_exists():
    links = re.findall(r"\]\(([^)#]+)\)", PAGE)
    assert links
    assert [one for one in links if not (TOP / "docs" / one).exists()] == []
    assert "(docs/security.md)" in (TOP / "README.md").read_text(encoding="utf-8")
