"""One keep-alive connection that behaves as a browser: cookie, form token, compressed answers."""

import http.client
import time
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urlencode, urlsplit
from uuid import uuid4

import brotli

IDLE = 1.0  # seconds; the server closes what it left idle for two, and a browser opens another connection
SCREENING = {
    "contact_date-day": "1", "contact_date-month": "11", "contact_date-year": "2026", "contact_channel": "in_person",
    "persons_present": "alone", "private": "yes", "free_to_leave": "yes", "consent_talk": "y", "consent_record": "y",
    "immediate_danger": "no", "majority_status": "adult", "gender": "masculine", "citizenship": "PK",
    "primary_language": "ur", "case_type": "som",
}  # fmt: skip


class Unexpected(AssertionError):
    """An answer with another status than the one that was expected."""


@dataclass
class Answer:
    """What came back. `took` is in milliseconds and ends with the last byte; unpacking comes after it."""

    took: float
    status: int
    text: str
    location: str
    packed: int

    @property
    def size(self) -> int:
        """Bytes of the page, unpacked."""
        return len(self.text.encode())


@dataclass
class Form:
    """A form of a page and what a browser would send if nothing were touched."""

    action: str
    fields: dict[str, list[str]] = field(default_factory=dict)
    buttons: list[tuple[str, str]] = field(default_factory=list)


class Client:
    """Talks to one server in one session."""

    def __init__(self, base: str, token: str) -> None:
        self.connection = http.client.HTTPConnection(urlsplit(base).netloc, timeout=60)
        self.headers = {"Cookie": f"cf={token}", "Accept-Encoding": "br"}
        self.last, self.token = 0.0, ""

    def ask(self, method: str, path: str, fields: dict[str, Any] | None = None) -> Answer:
        """One request, whatever its status."""
        headers, body = dict(self.headers), None
        if fields is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
            body = urlencode(fields, doseq=True)
        begun = time.perf_counter()
        if begun - self.last > IDLE:
            self.connection.close()
        self.connection.request(method, path, body, headers)
        answer = self.connection.getresponse()
        read = answer.read()
        self.last = time.perf_counter()
        plain = brotli.decompress(read) if answer.getheader("Content-Encoding") == "br" else read
        text = plain.decode("utf-8", "replace")
        took, where = (self.last - begun) * 1000, answer.getheader("Location") or ""
        return Answer(took, answer.status, text, where, len(read))

    def get(self, path: str) -> Answer:
        """A page. Raises Unexpected for anything but 200."""
        answer = self.ask("GET", path)
        if answer.status != 200:
            raise Unexpected(path, answer.status)
        return answer

    def post(self, path: str, fields: dict[str, Any], *, status: int = 303) -> Answer:
        """A posted form. Raises Unexpected for another status."""
        answer = self.ask("POST", path, fields)
        if answer.status != status:
            raise Unexpected(path, answer.status, answer.text if answer.status == 422 else "")
        return answer

    def search(self, text: str) -> Answer:
        """One search. Raises Unexpected when it finds nothing."""
        self.token = self.token or forms_of(self.get("/search").text, "text")[0].fields["csrf_token"][0]
        answer = self.post("/search", {"csrf_token": self.token, "text": text}, status=200)
        if "CF-" not in answer.text:
            raise Unexpected("/search", "the search found nothing")
        return answer

    def create(self) -> Answer:
        """Open the form and post it: a new case each time. `took` is the time of both."""
        path = f"/cases/new/{uuid4()}/screening"
        page = self.get(path)
        sent = {**forms_of(page.text, "csrf_token", path)[0].fields, **SCREENING}
        answer = self.post(path, sent)
        answer.took += page.took
        return answer


class _Reader(HTMLParser):
    """Gathers the forms of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self.select, self.area = "", ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        seen = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.forms.append(Form(seen.get("action", "")))
        elif self.forms and ("name" in seen or tag == "option"):
            self._part(tag, seen)

    def _part(self, tag: str, seen: dict[str, str]) -> None:
        form, kind = self.forms[-1], seen.get("type", "text")
        if tag == "button":
            form.buttons.append((seen["name"], seen.get("value", "")))
        elif tag == "select":
            self.select = seen["name"]
        elif tag == "option" and self.select and ("selected" in seen or self.select not in form.fields):
            form.fields[self.select] = [seen.get("value", "")]
        elif tag == "textarea":
            self.area = seen["name"]
            form.fields.setdefault(self.area, [""])
        elif tag == "input" and (kind not in ("radio", "checkbox", "submit", "file") or "checked" in seen):
            form.fields.setdefault(seen["name"], []).append(seen.get("value", ""))

    def handle_endtag(self, tag: str) -> None:
        if tag == "select":
            self.select = ""
        elif tag == "textarea":
            self.area = ""

    def handle_data(self, data: str) -> None:
        if self.area:
            kept = self.forms[-1].fields[self.area]
            kept[-1] += data if kept[-1] else data.removeprefix("\n")


def forms_of(page: str, has: str, action: str = "") -> list[Form]:
    """The forms of a page with a field of this name, and with `action` in their address (an empty one fits all)."""
    reader = _Reader()
    reader.feed(page)
    return [one for one in reader.forms if has in one.fields and (action in one.action or not one.action)]
