"""What a first visit costs on a weak network, in a browser with an empty cache."""

from tests.bench.house import House
from tests.browser.house import NoChromium, chromium
from tests.browser.weighing import weigh

BARS = {"en": 55 * 1024, "ur": 75 * 1024}
LIST_BYTES = 30 * 1024
PAGES = {"home": "/", "list": "/cases/"}


def first_visits(house: House) -> dict[str, int]:
    """Bytes on the wire of a caseworker's first page, by language and page; nothing without a Chromium."""
    found = {}
    try:
        with chromium() as browser:
            for language in BARS:
                for name, path in PAGES.items():
                    cookie = {"name": "cf", "value": house.tokens[language]["worker"][0], "url": house.base}
                    context = browser.new_context(locale=language)
                    context.add_cookies([cookie])
                    _html, sizes = weigh(context, lambda page, path=path: page.goto(house.base + path))
                    context.close()
                    found[f"{language}, {name}"] = sum(sizes.values())
    except NoChromium:
        print("no Chromium here: first visits were not weighed")
    return found
