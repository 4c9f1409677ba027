"""A hand on the browser: fills forms by the names of their fields, as somebody at the screen does."""

from typing import Any


class Hand:
    """One member of staff at one tab."""

    def __init__(self, page: Any, base: str) -> None:
        self.page, self.base = page, base

    def open(self, path: str) -> Any:
        """Type an address."""
        answer = self.page.goto(path if path.startswith("http") else self.base + path)
        assert answer.status == 200, (answer.status, path)
        return answer

    def follow(self, part: str) -> None:
        """Click the first link of the page whose address holds `part`."""
        with self.page.expect_navigation() as landed:
            self.page.locator(f"main a[href*='{part}']").first.click()
        assert landed.value.status == 200, (landed.value.status, self.page.url)

    def send(self, fields: dict[str, Any] | None = None, *, has: str = "", action: str = "", press: str = "") -> None:
        """Fill the form that has the field `has` (else the first of `fields`) and press its button."""
        name = has or next(iter(fields or {}), "")
        where = f"[action*='{action}']" if action else ""
        form = self.page.locator(f"main form{where}" + (f":has([name='{name}'])" if name else "")).first
        for name, value in (fields or {}).items():
            self._fill(form, name, value)
        button = form.locator(press or "button[type=submit]:not([aria-hidden]), button:not([type])").first
        with self.page.expect_navigation() as landed:
            button.click()
        assert landed.value.status == 200, (landed.value.status, self.page.url, self.mistakes())

    def mistakes(self) -> str:
        """What the page says is wrong."""
        found = self.page.locator(".mistakes")
        return " | ".join(found.all_inner_texts())

    def words(self) -> str:
        """The text of the page as it is read."""
        return self.page.locator("main").inner_text()

    def download(self, part: str) -> bytes:
        """Click the link of a file and keep what arrives."""
        with self.page.expect_download() as arriving:
            self.page.locator(f"main a[href*='{part}']").first.click()
        return arriving.value.path().read_bytes()

    def again_until(self, part: str, tries: int = 60) -> None:
        """Open the page again until a link holds `part`: the worker makes files in its own time."""
        for _again in range(tries):
            if self.page.locator(f"main a[href*='{part}']").count():
                return
            self.page.wait_for_timeout(500)
            self.page.reload()
        raise AssertionError(f"{self.page.url}: no link to {part}")

    def _fill(self, form: Any, name: str, value: Any) -> None:
        fields = form.locator(f"[name='{name}']")
        kind = fields.first.evaluate("one => one.type")
        if kind in ("radio", "checkbox"):
            for one in value if isinstance(value, list) else [value]:
                form.locator(f"[name='{name}'][value='{one}']").check()
        elif kind.startswith("select"):
            for place, one in enumerate(value if isinstance(value, list) else [value]):
                fields.nth(place).select_option(one)
        else:
            fields.first.fill(value)
