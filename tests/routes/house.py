"""People in their browsers before one prepared database that can be looked at whole and put back as it was."""

import hashlib
import re
import sqlite3
from dataclasses import dataclass
from typing import Any

from tests.routes.scene import NOW
from tests.support.http import TOKEN, token_of
from tests.support.world import PEOPLE

# What a read may leave behind: that somebody read, and when a browser was last seen.
OF_READING = frozenset({"trail_entry", "trail_write", "trail_head", "trail_leaf", "staff_session"})
NOBODY = "nobody"


class Books:
    """The two databases of an installation, read and restored beside the application."""

    def __init__(self, home):
        self.paths = {name: str(home / name) for name in ("caseflow.db", "keys.db")}
        self.kept, self.watchers, self.last = {}, {}, (None, None)

    def keep(self):
        """Remember everything as it is."""
        for name, path in self.paths.items():
            if name in self.kept:
                self.kept[name].close()
            self.kept[name] = sqlite3.connect(":memory:")
            _copy(sqlite3.connect(path), self.kept[name], close=0)

    def restore(self):
        """Put everything back."""
        for name, path in self.paths.items():
            _copy(self.kept[name], sqlite3.connect(path), close=1)

    def close(self):
        for one in (*self.kept.values(), *self.watchers.values()):
            one.close()

    def _version(self):
        """What moves whenever anybody commits anything."""
        for name, path in self.paths.items():
            self.watchers.setdefault(name, sqlite3.connect(path, isolation_level=None))
        return [one.execute("PRAGMA data_version").fetchone()[0] for one in self.watchers.values()]

    def digest(self, but=OF_READING):
        """{table: SHA-256 of its rows} without the tables in `but`."""
        now = (self._version(), but)
        if now != self.last[0]:
            self.last = now, self._read(but)
        return self.last[1]

    def _read(self, but):
        found = {}
        for name, path in self.paths.items():
            reader = sqlite3.connect(path)
            for (table,) in reader.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
                if table not in but:
                    query = f"SELECT * FROM {table} ORDER BY rowid"  # noqa: S608  the name of a table of ours
                    rows = reader.execute(query).fetchall()
                    found[f"{name}:{table}"] = hashlib.sha256(repr(rows).encode()).hexdigest()
            reader.close()
        return found

    def tags(self):
        """Every trail entry's tag, in the order of its writing."""
        reader = sqlite3.connect(self.paths["caseflow.db"])
        found = [tag for (tag,) in reader.execute("SELECT tag FROM trail_entry ORDER BY rowid")]
        reader.close()
        return found


def _copy(source, target, *, close):
    source.backup(target)
    (source, target)[close].close()


@dataclass(frozen=True)
class Furnished:
    """A prepared installation: settings, people, ids of the scene; session keys and form tokens of everybody."""

    config: Any
    people: Any
    ids: dict[str, str]
    keys: dict[str, str]
    tokens: dict[str, str]


def sign_in(app, people):
    """(session keys, form tokens) of everybody in the world."""
    keys, tokens = {}, {}
    for key in PEOPLE:
        with app.app_context():
            keys[key] = people.token(key, now=NOW)
        client = app.test_client()
        client.set_cookie("cf", keys[key])
        tokens[key] = token_of(client.get("/account").text)
    return keys, tokens


class House:
    """Browsers of everybody in the world, and of nobody, each with a form token."""

    def __init__(self, app, furnished, books):
        self.app, self.people, self.ids, self.books = app, furnished.people, furnished.ids, books
        self.keys = furnished.keys
        self.clients = {key: app.test_client() for key in (*PEOPLE, NOBODY)}
        door = self.clients[NOBODY].get("/sign-in").text
        self.tokens = {**furnished.tokens, NOBODY: token_of(door)}
        books.keep()

    def client(self, key):
        """The browser of a person, signed in again should it have been sent away."""
        if key != NOBODY:
            self.clients[key].set_cookie("cf", self.keys[key])
        return self.clients[key]

    def get(self, key, url, **options):
        return self.client(key).get(url, **options)

    def post(self, key, url, data=None, **options):
        return self.client(key).post(url, data={"csrf_token": self.tokens[key], **(data or {})}, **options)

    def send(self, key, method, url, data=None):
        """GET, or POST with the person's form token."""
        return self.get(key, url) if method == "GET" else self.post(key, url, data)


def without_tokens(text):
    """A page without what differs each time: form tokens and fresh ids."""
    return re.sub(r'value="[0-9a-f]{8}-[0-9a-f-]{27}"', "", TOKEN.sub("", text))
