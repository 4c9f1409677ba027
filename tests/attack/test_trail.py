"""The trail attacked behind the application's back: `caseflow trail verify` finds it, and so does a script that knows
nothing of CaseFlow (docs/verify_trail.py: standard library and cryptography, follows the written formats)."""

import ast
import importlib.util
import sqlite3
import sys
from collections.abc import Callable
from uuid import uuid4

import pytest

from caseflow.core import vault
from caseflow.core.db import NO_CASE, session
from caseflow.core.trail.format import Written, encode, entry_hash
from caseflow.core.trail.models import TrailEntry, TrailHead, TrailWrite
from caseflow.core.trail.verify import verify
from tests.attack.behind import Thief
from tests.house.tree import TOP

ENTRIES, WRITES, HEADS = TrailEntry.__table__, TrailWrite.__table__, TrailHead.__table__
SCRIPT = TOP / "docs" / "verify_trail.py"


@pytest.fixture(scope="module")
def script():
    spec = importlib.util.spec_from_file_location("verify_trail", SCRIPT)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


class Stream:
    """The installation's stream, in the hands of a thief."""

    def __init__(self, thief):
        self.thief = thief
        self.entries = sorted((one for one in thief.rows(ENTRIES) if one.stream == NO_CASE), key=lambda one: one.seq)
        self.middle = self.entries[len(self.entries) // 2]
        self.written = next(one for one in thief.rows(WRITES) if one.place == 0)
        self.head = next(one for one in thief.rows(HEADS) if one.stream == NO_CASE)

    def entry(self, row, **values):
        self.thief.change(ENTRIES, row, **values)

    def writes(self, row):
        return [one for one in self.thief.rows(WRITES) if one.entry_id == row.id]


def own_hash(stream):
    """An edited entry with a hash that fits it: the chain alone would not notice the last one."""
    last = stream.entries[-1]
    kept = set(ENTRIES.c.keys()) - {"id", "tag", "hash", "mac"}
    fields = {name: getattr(last, name) for name in kept}
    writes = [Written(one.table_name, one.row_id, one.rv, one.digest) for one in stream.writes(last)]
    deployment = vault.current().keyring.deployment
    digest = entry_hash(encode(deployment=deployment, tag="accounts:forged:entry", writes=writes, **fields))
    stream.entry(last, tag="accounts:forged:entry", hash=digest)
    stream.thief.change(HEADS, stream.head, hash=digest)


def swapped(stream):
    one, other = stream.entries[3], stream.entries[4]
    stream.entry(one, seq=-1)
    stream.entry(other, seq=one.seq)
    stream.entry(one, seq=other.seq)


def tail_cut(stream):
    for one in stream.entries[-3:]:
        for row in stream.writes(one):
            stream.thief.remove(WRITES, row)
        stream.thief.remove(ENTRIES, one)


def tail_cut_with_its_head(stream):
    tail_cut(stream)
    left = stream.entries[-4]
    stream.thief.change(HEADS, stream.head, seq=left.seq, hash=left.hash)


def stream_removed(stream):
    for one in stream.entries:
        stream.thief.remove(ENTRIES, one)


def forged(stream):
    last = stream.entries[-1]
    values = {**last._mapping, "id": uuid4(), "seq": last.seq + 1, "prev": last.hash, "hash": bytes(32)}
    stream.thief.insert(ENTRIES, values)


def moved_to_another_stream(stream):
    stream.entry(stream.entries[-1], stream=uuid4(), seq=1)


ATTACKS: dict[str, tuple[Callable, set]] = {
    "an entry edited": (lambda s: s.entry(s.middle, tag="cases:case:read"), {"altered", "forged"}),
    "a role edited": (lambda s: s.entry(s.middle, role="auditor"), {"altered"}),
    "a detail replaced": (lambda s: s.entry(s.middle, detail=bytes(60)), {"altered"}),
    "a time moved": (lambda s: s.entry(s.middle, recorded_at=s.entries[0].recorded_at.replace(year=2020)), {"altered"}),
    "an actor replaced": (lambda s: s.entry(s.middle, actor_id=uuid4()), {"altered"}),
    "edited, with its own hash and head": (own_hash, {"forged", "forged_head"}),
    "an entry removed": (lambda s: s.thief.remove(ENTRIES, s.middle), {"gap", "chain"}),
    "two entries swapped": (swapped, {"chain", "altered"}),
    "a forged entry at the end": (forged, {"altered", "forged", "cut"}),
    "the tail cut": (tail_cut, {"cut"}),
    "the tail cut and the head with it": (tail_cut_with_its_head, {"forged_head"}),
    "the whole stream removed": (stream_removed, {"stream_gone"}),
    "an entry moved to another stream": (moved_to_another_stream, {"altered", "cut"}),
    "a digest replaced": (lambda s: s.thief.change(WRITES, s.written, digest=bytes(32)), {"altered"}),
    "a write removed": (lambda s: s.thief.remove(WRITES, s.written), {"altered"}),
    "a MAC replaced": (lambda s: s.entry(s.middle, mac=bytes(32)), {"forged"}),
    "a head's MAC replaced": (lambda s: s.thief.change(HEADS, s.head, mac=bytes(32)), {"forged_head"}),
    "a head removed": (lambda s: s.thief.remove(HEADS, s.head), {"cut"}),
    "numbers beyond reason": (lambda s: s.entry(s.middle, seq=2**62), {"gap", "altered"}),
}


def codes(found):
    return sorted({one.what for one in found})


@pytest.mark.both_databases
def test_an_attack_on_the_trail_is_found(app, installation, script):
    config, thief, wrong = installation[0], Thief(installation[0].database_url), []
    kept = {table: thief.rows(table) for table in (ENTRIES, WRITES, HEADS)}
    for attack, (act, least) in ATTACKS.items():
        act(Stream(thief))
        found = codes(verify().findings)
        if not least <= set(found):
            wrong.append((attack, found))
        if config.database_url.startswith("sqlite"):
            theirs = sorted({what for what, *_where in scripted(script, config)})
            wrong += [(attack, found, theirs)] if theirs != found else []
        session().rollback()
        session().expunge_all()
        put_back(thief, kept)
    assert verify().whole
    session().rollback()
    thief.close()
    assert wrong == []


def put_back(thief, kept):
    """The tables as they were before the attack."""
    with thief.hand() as connection:
        for table, rows in kept.items():
            connection.execute(table.delete())
            connection.execute(table.insert(), [dict(row._mapping) for row in rows])


def scripted(script, config, *, root=True):
    """What the script finds."""
    sealed = (config.home / "keyring" / "keyring.cfk").read_bytes()
    key = (config.home / "root" / "root.key").read_bytes() if root else None
    database = sqlite3.connect(config.home / "caseflow.db")
    found = script.verify(database, *script.open_keyring(sealed, key))
    database.close()
    return found


@pytest.mark.parametrize(
    "change",
    ["entry SET recorded_at = 'never'", "entry SET stream = 'nobody'", "entry SET hash = NULL", "entry SET seq = 'one'",
     "entry SET actor_id = 'x'", "entry SET detail = 7", "entry SET tag = x'ff'", "write SET row_id = 'x'",
     "write SET digest = 'x'", "head SET mac = 'text'", "head SET seq = 'x'", "head SET stream = 'nobody'"],
)  # fmt: skip
def test_a_value_that_is_none_is_a_finding_and_no_crash(app, installation, script, change):
    Thief(installation[0].database_url).close()
    database = sqlite3.connect(installation[0].home / "caseflow.db")
    try:
        database.execute(f"UPDATE trail_{change} WHERE rowid = 1")
    except sqlite3.IntegrityError:
        return  # the table refuses it
    finally:
        database.commit()
        database.close()
    session().expire_all()
    assert verify().findings
    assert scripted(script, installation[0])


class TestTheScript:
    def test_it_agrees_that_nothing_is_wrong(self, app, installation, script):
        assert verify().whole
        assert scripted(script, installation[0]) == [] == scripted(script, installation[0], root=False)

    @pytest.mark.parametrize("change", ["state = 'left'", "rv = rv + 1", "sealed = x'00'", "created_at = 'never'"])
    def test_it_finds_a_row_that_is_not_what_its_entry_left(self, app, installation, script, change):
        database = sqlite3.connect(installation[0].home / "caseflow.db")
        database.execute(f"UPDATE staff SET {change} WHERE rowid = 1")  # noqa: S608  words of this test
        database.commit()
        database.close()
        assert [one[:2] for one in scripted(script, installation[0])] == [("row_differs", "staff")]

    def test_without_root_it_still_sees_the_chain(self, app, installation, script):
        thief = Thief(installation[0].database_url)
        ATTACKS["an entry removed"][0](Stream(thief))
        thief.close()
        assert {"gap", "chain"} <= {what for what, *_where in scripted(script, installation[0], root=False)}

    def test_as_a_command_it_says_so_and_exits_with_it(self, app, installation, script, capsys):
        home = installation[0].home
        paths = [str(home / "caseflow.db"), str(home / "keyring" / "keyring.cfk"), str(home / "root" / "root.key")]
        assert script.main(*paths) == 0
        assert capsys.readouterr().out == "nothing is wrong \n"
        thief = Thief(installation[0].database_url)
        ATTACKS["a head removed"][0](Stream(thief))
        thief.close()
        assert script.main(*paths) == 1
        assert "cut 0000" in capsys.readouterr().out

    def test_it_needs_nothing_of_ours_and_is_short(self):
        text = SCRIPT.read_text(encoding="utf-8")
        tree = ast.parse(text)
        names = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
        names |= {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
        tops = {name.partition(".")[0] for name in names}
        assert tops - set(sys.stdlib_module_names) == {"cryptography"}
        assert len(text.splitlines()) < 200
