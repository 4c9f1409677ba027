"""What a first visit costs on a weak network, as bytes on the wire; later visits fetch the page alone."""

import pytest

from tests.browser.pages import PAGES
from tests.browser.shots import show
from tests.browser.weighing import weigh

pytestmark = pytest.mark.browser
KB = 1024
MOST = {"en": 55 * KB, "ur": 75 * KB}
MOST_HTML = 30 * KB
MEASURED = {"sign-in", "home-caseworker", "cases"}


@pytest.mark.parametrize("language", MOST)
@pytest.mark.parametrize("one", [one for one in PAGES if one.name in MEASURED], ids=lambda one: one.name)
def test_first_visit_is_light(house, chrome, one, language):
    """A fresh context keeps nothing from before."""
    context = chrome.new_context(locale=language)
    raw, sizes = weigh(context, lambda page: show(page, house, one, language))
    context.close()
    print(f"{one.name} {language}: {sum(sizes.values()) / KB:.1f} KB, HTML {raw / KB:.1f} KB unpacked", sizes)
    assert sum(sizes.values()) <= MOST[language], sizes
    assert raw <= MOST_HTML


def test_static_files_come_packed_and_are_kept_a_year(house, chrome):
    context = chrome.new_context(locale="ur")
    page, kept = context.new_page(), []

    def keep(answer):
        kept.append(answer)

    page.on("response", keep)
    show(page, house, next(one for one in PAGES if one.name == "cases"), "ur")
    page.wait_for_load_state("networkidle")
    files = [one for one in kept if "/static/" in one.url]
    assert {one.url.split("?")[0].rsplit(".", 1)[1] for one in files} >= {"css", "svg", "woff2"}
    for one in files:
        headers = one.all_headers()
        assert "max-age=31536000" in headers["cache-control"], one.url
        if ".woff2" not in one.url:  # a font is packed in itself, and its address stands in a sheet
            assert "v=" in one.url
            assert headers.get("content-encoding") in ("br", "gzip"), one.url
    context.close()
