"""Every page in both languages: accessible, no wider than a phone, silent, from our host alone, in its language."""

import re

import pytest

from tests.browser.pages import ELSEWHERE, PAGES
from tests.browser.scenes import SCENES
from tests.browser.shots import show
from tests.browser.watch import axe, too_wide, watched, width

pytestmark = pytest.mark.browser
PHONE, DESK = {"width": 360, "height": 740}, {"width": 1280, "height": 800}
DIRECTIONS = {"en": "ltr", "ur": "rtl"}
# Each language is examined at one of the two sizes: together they see both.
EXAMINED = {"en": DESK, "ur": PHONE}


def test_every_page_of_the_application_is_looked_at(house):
    rules = {endpoint for _rule, endpoint in house.rules}
    seen = {one.endpoint for one in PAGES}
    assert rules - seen - set(ELSEWHERE) == set(), "pages without an entry in tests/browser/pages.py"
    assert (seen | set(ELSEWHERE)) - rules == set(), "entries of pages.py that are gone"


@pytest.mark.parametrize("language", DIRECTIONS)
@pytest.mark.parametrize("one", [*PAGES, *SCENES], ids=lambda one: one.name)
def test_page(house, tab, one, language):
    page = tab(language)
    page.set_viewport_size(DESK)
    with watched(page, house.base) as watch:
        answer = show(page, house, one, language)
        assert answer.status == getattr(one, "status", 200), (answer.url, page.title())
        _speaks(page, language)
        _keeps_secrets(page, house)
        page.set_viewport_size(PHONE)
        assert width(page) <= PHONE["width"], too_wide(page)
        page.set_viewport_size(EXAMINED[language])
        found = axe(page)
    assert found == []
    assert watch.strange == []


def _speaks(page, language):
    """The page says its language and direction; a page without a session takes the browser's."""
    html = page.locator("html")
    assert (html.get_attribute("lang"), html.get_attribute("dir")) == (language, DIRECTIONS[language])


def _keeps_secrets(page, house):
    """Titles and addresses are read by others: histories, screens, logs."""
    for text in (page.title(), page.url):
        named = [one for one in house.private if re.search(rf"\b{re.escape(one)}\b", text)]
        assert named == [], text
