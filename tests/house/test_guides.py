"""The guides: in both languages, two pages each, with the words of the screen and pictures that exist."""

import re
from itertools import pairwise

import pytest
from babel.messages.pofile import read_po
from PIL import Image

from tests.house.tree import TOP

DOCS = TOP / "docs"
ROLES = ("caseworker", "supervisor", "auditor", "administrator")
GUIDES = [f"guide-{role}{tongue}.md" for role in ROLES for tongue in ("", ".ur")]
PICTURE = re.compile(r"!\[[^\]]+\]\((screens/[^)]+)\)")
BOLD = re.compile(r"\*\*([^*]+)\*\*")
# A page of A4 with usual margins holds about 500 words of 11-point text; a picture of its full width takes the place
# of about 180, and a heading, with its space, of 15. Urdu stands higher, but its sentences have shorter words.
PAGE, PICTURE_WORDS, HEADING_WORDS, PAGES = 500, 180, 15, 2
HEAVIEST = 60_000


@pytest.fixture(scope="module")
def phrases():
    """What the screen says, by language: English texts and their Urdu."""
    with (TOP / "caseflow/translations/ur/LC_MESSAGES/caseflow.po").open("rb") as file:
        pairs = [(one.id, one.string) for one in read_po(file) if isinstance(one.id, str) and one.id]
    return {"en": {one for one, _ in pairs}, "ur": {one for _, one in pairs}}


@pytest.mark.parametrize("name", GUIDES)
def test_a_guide_keeps_to_two_printed_pages(name):
    text = (DOCS / name).read_text(encoding="utf-8")
    words = len(PICTURE.sub("", text).split())
    taken = words + PICTURE_WORDS * len(PICTURE.findall(text)) + HEADING_WORDS * text.count("\n## ")
    assert taken <= PAGES * PAGE


@pytest.mark.parametrize("name", GUIDES)
def test_a_guide_quotes_words_that_stand_on_the_screen(name, phrases):
    quoted = BOLD.findall((DOCS / name).read_text(encoding="utf-8"))
    assert len(quoted) >= 5
    assert set(quoted) <= phrases["ur" if ".ur." in name else "en"]


@pytest.mark.parametrize("name", GUIDES)
def test_a_guide_shows_small_pictures_of_its_own_language(name):
    shown = PICTURE.findall((DOCS / name).read_text(encoding="utf-8"))
    assert len(shown) == 2
    for picture in shown:
        assert picture.endswith(".ur.png" if ".ur." in name else ".en.png")
        assert (DOCS / picture).stat().st_size < HEAVIEST
        Image.open(DOCS / picture).verify()


@pytest.mark.parametrize("role", ROLES)
def test_both_languages_say_the_same_in_the_same_order(role):
    shapes = [re.findall(r"^(## |\d\.|- |!)", _read(role, tongue), re.MULTILINE) for tongue in ("", ".ur")]
    assert all(one == other for one, other in pairwise(shapes))
    assert len(BOLD.findall(_read(role, ""))) == len(BOLD.findall(_read(role, ".ur")))


@pytest.mark.parametrize("name", GUIDES)
def test_the_readme_links_every_guide(name):
    assert f"(docs/{name})" in (TOP / "README.md").read_text(encoding="utf-8")


def _read(role, tongue):
    return (DOCS / f"guide-{role}{tongue}.md").read_text(encoding="utf-8")
