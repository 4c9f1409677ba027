"""One keep-alive connection that behaves as a browser: cookie, form token, compressed answers."""

import http.client
import re
import time
from urllib.parse import urlencode, urlsplit
from uuid import uuid4

HIDDEN = re.compile(r'<input[^>]*type="hidden"[^>]*name="([^"]+)"[^>]*value="([^"]*)"')
SCREENING = {
    "contact_date-day": "1", "contact_date-month": "11", "contact_date-year": "2026", "contact_channel": "in_person",
    "persons_present": "alone", "private": "yes", "free_to_leave": "yes", "consent_talk": "y", "consent_record": "y",
    "immediate_danger": "no", "majority_status": "adult", "gender": "masculine", "citizenship": "PK",
    "primary_language": "ur", "case_type": "som",
}  # fmt: skip


class Client:
    """Talks to one server in one session."""

    def __init__(self, base: str, token: str) -> None:
        self.connection = http.client.HTTPConnection(urlsplit(base).netloc, timeout=60)
        self.headers = {"Cookie": f"cf={token}"}
        self.fields: dict[str, str] = {}

    def _ask(self, method: str, path: str, body: str | None = None) -> tuple[float, int, int, bytes, str]:
        headers = dict(self.headers)
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        start = time.perf_counter()
        self.connection.request(method, path, body, headers)
        answer = self.connection.getresponse()
        read = answer.read()
        took = (time.perf_counter() - start) * 1000
        return took, len(read), answer.status, read, answer.getheader("Location") or ""

    def get(self, path: str) -> tuple[float, int]:
        """(milliseconds, bytes) of a page. Raises AssertionError for anything but 200."""
        took, size, status, read, _where = self._ask("GET", path)
        assert status == 200, (path, status)
        self.fields = dict(HIDDEN.findall(read.decode()))
        return took, size

    def _token(self) -> str:
        if "csrf_token" not in self.fields:
            self.get("/search")
        return self.fields["csrf_token"]

    def search(self, text: str) -> tuple[float, int]:
        """One search; it must find something. Follows to the case when the search leads there."""
        body = urlencode({"csrf_token": self._token(), "text": text})
        took, size, status, read, where = self._ask("POST", "/search", body)
        if status == 303:
            more, size = self.get(where)
            return took + more, size
        assert status == 200, status
        assert b"CF-" in read, "the search found nothing"
        return took, size

    def create(self) -> tuple[float, int]:
        """Open the form and post it: a new case each time."""
        path = f"/cases/new/{uuid4()}/screening"
        form, _size = self.get(path)
        sent = {**self.fields, **SCREENING}
        took, size, status, _read, where = self._ask("POST", path, urlencode(sent))
        assert status == 303, (status, where)
        return form + took, size


def percentiles(values: list[float]) -> tuple[float, float, float]:
    """(p50, p95, most)."""
    ordered = sorted(values)
    return ordered[len(ordered) // 2], ordered[min(len(ordered) - 1, int(len(ordered) * 0.95))], ordered[-1]
