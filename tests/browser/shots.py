"""`python -m tests.browser.shots [NAME ...]`: pictures of every page in both languages and at two widths, to look at.

They go to the ignored folder `instance/shots/`. Without names, or with the name `readme`, the pictures of the README
in `docs/screens/` are renewed too; with the name `guides`, only those of the guides, small, in both languages.
"""

import io
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from PIL import Image

from tests.browser.house import House, chromium, served
from tests.browser.pages import PAGES, Page
from tests.browser.scenes import SCENES
from tests.house.tree import TOP

FOLDER = TOP / "instance" / "shots"
README = TOP / "docs" / "screens"
WIDTHS = (1280, 360)
LANGUAGES = ("en", "ur")
# Pictures of the README: who, address, language, height.
CHOSEN = {
    "home": ("sana", "/", "en", 760),
    "case": ("sana", "/cases/{shown_case}", "ur", 900),
    "approval": ("imran", "/referrals/{shown_approval}/decide", "en", 900),
}
# Pictures of the guides: name, who, address. Each is cut at GUIDE_SIZE, made smaller and kept to 32 colours.
GUIDES = {
    "caseworker-home": ("sana", "/"),
    "caseworker-case": ("sana", "/cases/{shown_case}"),
    "supervisor-home": ("imran", "/"),
    "supervisor-approval": ("imran", "/referrals/{shown_approval}/decide"),
    "auditor-home": ("nadia", "/"),
    "auditor-audit": ("nadia", "/audits/{audit}"),
    "administrator-home": ("adeel", "/"),
    "administrator-people": ("adeel", "/people/"),
}
GUIDE_SIZE, GUIDE_WIDTH, COLOURS = (1040, 600), 780, 32


def main(names: list[str]) -> None:
    """Make the pictures."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as home, served(Path(home) / "home") as house, chromium() as browser:
        if names in ([], ["readme"]):
            for_readme(browser, house)
        if names == ["guides"]:
            for_guides(browser, house)
            return
        for language in LANGUAGES:
            context = browser.new_context(locale=language)
            shoot(context, house, language, names)
            context.close()


def shoot(context: Any, house: House, language: str, names: list[str]) -> None:
    """Pictures of all pages, or of those named, in one language."""
    page = context.new_page()
    for one in (*PAGES, *SCENES):
        if names and one.name not in names:
            continue
        page.set_viewport_size({"width": WIDTHS[0], "height": 800})
        show(page, house, one, language)
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 740})
            # As high as the page: what is fixed to the edge of a phone then stands below everything.
            page.set_viewport_size({"width": width, "height": page.evaluate("document.body.scrollHeight")})
            page.screenshot(path=FOLDER / f"{one.name}.{language}.{width}.png", full_page=True)


def show(page: Any, house: House, one: Any, language: str) -> Any:
    """Bring a page or a scene into the browser; returns the answer."""
    page.context.clear_cookies()
    page.context.add_cookies(house.cookies(one.who, language))
    if hasattr(one, "play"):
        return one.play(page, house)
    return page.goto(house.base + house.path(one.path))


def for_readme(browser: Any, house: House) -> None:
    """The few small pictures of the README: three pages and a letter."""
    README.mkdir(parents=True, exist_ok=True)
    for name, (who, path, language, height) in CHOSEN.items():
        context = browser.new_context(locale=language, viewport={"width": 1120, "height": height})
        page = context.new_page()
        show(page, house, Page(name, "", who, path), language)
        page.screenshot(path=README / f"{name}.png")
        context.close()
    context = browser.new_context()
    context.add_cookies(house.cookies("sana", "en"))
    letter = context.request.get(house.base + house.path("/referrals/{issued}/letter?copy=recipient"))
    print_letter(letter.body(), README / "letter")
    context.close()


def for_guides(browser: Any, house: House) -> None:
    """The small pictures of the guides, in each language."""
    for language in LANGUAGES:
        width, height = GUIDE_SIZE
        context = browser.new_context(locale=language, viewport={"width": width, "height": height})
        page = context.new_page()
        for name, (who, path) in GUIDES.items():
            show(page, house, Page(name, "", who, path), language)
            image = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
            image.thumbnail((GUIDE_WIDTH, height))
            image.quantize(COLOURS).save(README / f"guide-{name}.{language}.png", optimize=True)
        context.close()


def print_letter(content: bytes, target: Path) -> None:
    """The first page of a letter as a picture."""
    command = ["pdftoppm", "-png", "-singlefile", "-r", "75", "-", str(target)]
    subprocess.run(command, input=content, check=True)


if __name__ == "__main__":
    main(sys.argv[1:])
