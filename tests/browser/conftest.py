"""One served demonstration and one Chromium for all tests of this folder; contexts are made once a language."""

import pytest

from tests.browser.house import NoChromium, chromium, served

PATIENCE = 15_000  # milliseconds a step in the browser may take


@pytest.fixture(scope="package")
def house(tmp_path_factory):
    """A served demonstration."""
    with served(tmp_path_factory.mktemp("browser") / "home") as running:
        yield running


@pytest.fixture(scope="package")
def chrome():
    """A Chromium; without one the tests are skipped, which under CI is a failure."""
    try:
        with chromium() as browser:
            yield browser
    except NoChromium as missing:
        pytest.skip(str(missing))


@pytest.fixture(scope="package")
def tab(chrome):
    """tab("en") is the one watched tab of a language, of no size yet and with nobody signed in."""
    made = {}

    def give(language):
        if language not in made:
            context = chrome.new_context(locale=language)
            context.set_default_timeout(PATIENCE)
            made[language] = context.new_page()
        return made[language]

    yield give
    for page in made.values():
        page.context.close()
