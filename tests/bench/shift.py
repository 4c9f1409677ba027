"""One person's work through the pages; remembers every write that was acknowledged."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from http.client import HTTPException
from random import Random
from uuid import uuid4

from tests.bench.client import Answer, Client, Form, Unexpected, forms_of

STALE = 409


@dataclass(frozen=True)
class Kept:
    """A write that the application said it keeps: where it must show, and by which words."""

    what: str
    path: str
    words: str = ""


@dataclass
class Shift:
    """`own` are cases that only this person writes in, `consented` those of them with a consent for the partner."""

    client: Client
    number: int
    shared: str
    own: list[str]
    consented: list[str]
    partner: str
    known: list[dict[str, str]]
    pause: float = 0.0
    kept: list[Kept] = field(default_factory=list)
    took: list[tuple[str, float]] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    conflicts: int = 0
    first_version: int = 0

    def work(self, until: float) -> None:
        """Act after act until the moment; the order is drawn, the same for the same number."""
        drawn = Random(self.number)  # noqa: S311  no secret: only which act comes next
        acts: dict[str, Callable[[Random], Answer]] = {
            "home": self._home, "list": self._list, "open": self._open, "search, number": self._number,
            "search, name": self._name, "note": self._note, "save a section": self._save,
            "save a shared section": self._save_shared, "create": self._create, "refer and submit": self._refer,
        }  # fmt: skip
        weights = [2, 3, 5, 2, 1, 3, 3, 2, 1, 2]
        while time.monotonic() < until:
            what = drawn.choices(list(acts), weights)[0]
            try:
                self.took.append((what, acts[what](drawn).took))
            except Unexpected as problem:
                self.errors.append(f"{what}: {problem.args[1]}")
            except (HTTPException, OSError) as problem:
                self.errors.append(f"{what}: {type(problem).__name__}")
                self.client.connection.close()
            time.sleep(self.pause)

    def missing(self) -> list[str]:
        """Acknowledged writes that the pages do not show."""
        last = {one.path: one for one in self.kept if one.what == "save"}
        wanted = [one for one in self.kept if one.what not in ("save", "shared")] + list(last.values())
        pages = {one.path: self.client.ask("GET", one.path) for one in wanted}
        return [
            f"{one.what} at {one.path}: {pages[one.path].status}"
            for one in wanted
            if pages[one.path].status != (STALE if one.what == "submitted" else 200)
            or one.words not in pages[one.path].text
        ]

    def person_form(self, case_id: str, client: Client | None = None) -> Form:
        """The form of the person's record."""
        page = (client or self.client).get(f"/cases/{case_id}/person")
        return forms_of(page.text, "rv", f"/cases/{case_id}/person")[0]

    def _home(self, _drawn: Random) -> Answer:
        return self.client.get("/")

    def _list(self, _drawn: Random) -> Answer:
        return self.client.get("/cases/")

    def _open(self, drawn: Random) -> Answer:
        return self.client.get(f"/cases/{drawn.choice(self.own)}")

    def _number(self, drawn: Random) -> Answer:
        return self.client.search(drawn.choice(self.known)["number"])

    def _name(self, drawn: Random) -> Answer:
        return self.client.search(drawn.choice(self.known)["name"])

    def _note(self, drawn: Random) -> Answer:
        path, words = f"/cases/{drawn.choice(self.own)}/notes", f"Fictional {uuid4()}"
        page = self.client.get(path)
        form = forms_of(page.text, "record_id", path)[0]
        answer = self.client.post(path, {**form.fields, "subject": "Talk", "text": words})
        self.kept.append(Kept("note", path, words))
        return _both(page, answer)

    def _save(self, drawn: Random) -> Answer:
        return self._saved("save", drawn.choice(self.own))

    def _save_shared(self, _drawn: Random) -> Answer:
        return self._saved("shared", self.shared)

    def _saved(self, what: str, case_id: str) -> Answer:
        """Change one answer; who was too slow on the shared record is told so, and has saved nothing."""
        path, words = f"/cases/{case_id}/person", f"Hope {uuid4()}"
        page = self.client.get(path)
        form = forms_of(page.text, "rv", path)[0]
        if what == "shared" and not self.first_version:
            self.first_version = int(form.fields["rv"][0])
        answer = self.client.ask("POST", path, {**form.fields, "hopes": words})
        if answer.status == STALE and what == "shared":
            self.conflicts += 1
        elif answer.status == 303:
            self.kept.append(Kept(what, path, words))
        else:
            raise Unexpected(path, answer.status)
        return _both(page, answer)

    def _create(self, _drawn: Random) -> Answer:
        answer = self.client.create()
        self.kept.append(Kept("case", answer.location))
        return answer

    def _refer(self, drawn: Random) -> Answer:
        """Write a referral and send it to a supervisor with the second button."""
        path = f"/cases/{drawn.choice(self.consented)}/referrals/new?partner={self.partner}"
        page = self.client.get(path)
        form = forms_of(page.text, "referral_id")[0]
        sent = {
            **form.fields, "services": "safe_shelter", "urgency": "urgent", "reason": "additional_services",
            "request": "A room.", "channel": "sealed_paper", "basis": "consent", "then": "submit",
        }  # fmt: skip
        answer = self.client.post(path, sent)
        self.kept += [Kept("referral", answer.location), Kept("submitted", f"{answer.location}/edit")]
        return _both(page, answer)


def _both(page: Answer, answer: Answer) -> Answer:
    answer.took += page.took
    return answer
