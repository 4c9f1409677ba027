"""The commands: found, list, verify, demonstrate; and one clear sentence with exit status 1 for whatever is wrong."""

import json
import os
import sqlite3
import stat
import sys
from contextlib import closing

import pytest

from caseflow import cli
from caseflow.core import vault
from caseflow.core.vault import root
from caseflow.operations import kit


@pytest.fixture
def run(tmp_path, monkeypatch, capsys):
    """run("init", ...) gives (exit status, what was printed, what was complained)."""
    monkeypatch.setenv("CASEFLOW_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("CASEFLOW_UNLOCK", raising=False)
    before = os.umask(0o077)

    def call(*words):
        monkeypatch.setattr(sys, "argv", ["caseflow", *words])
        status = 0
        try:
            cli.main()
        except SystemExit as end:
            status = end.code or 0
        finally:
            vault.install(None)
        printed = capsys.readouterr()
        return status, printed.out, printed.err

    yield call
    os.umask(before)


@pytest.fixture(autouse=True)
def rehearsed(monkeypatch):
    """The recovery words are typed in by tests/operations/test_kit.py; here the operator has done it."""
    monkeypatch.setattr(kit, "rehearse", lambda *_args: None)


OFFICE = ("--organisation", "Test Office", "--code", "TST")
INIT = ("init", *OFFICE, "--administrator", "Test Person", "--sign-in", "first")


def test_init_founds_an_installation_and_prints_one_link(run, tmp_path):
    status, out, _err = run(*INIT, "--json")
    assert status == 0
    assert json.loads(out)["link"].startswith("http://127.0.0.1:8000/join/")
    for private in ("root/root.key", "keyring/keyring.cfk"):
        assert stat.S_IMODE((tmp_path / "home" / private).stat().st_mode) == 0o400
    status, out, _err = run("people", "--json")
    (person,) = json.loads(out)
    assert (person["sign_in"], person["role"], person["state"]) == ("first", "administrator", "invited")
    assert "password" not in out
    assert run("trail", "verify")[0] == 0
    assert json.loads(run("keys", "status", "--json")[1])["epochs"] == [
        {"epoch": 1, "state": "primary", "keys": 0, "goes": ""}
    ]


def test_nothing_is_founded_twice(run):
    run(*INIT)
    status, _out, err = run(*INIT)
    assert status == 1
    assert err.strip() == "This place holds an installation already. Nothing was changed."


def test_a_passphrase_is_asked_for_and_a_wrong_one_refused(run, monkeypatch):
    monkeypatch.setattr(root, "PASSPHRASE_MEMORY_KIB", 64)
    monkeypatch.setattr(root.create_passphrase, "__kwdefaults__", {"memory_kib": 64})
    words = iter(["five quiet unrelated river words", "five quiet unrelated river words", "five quiet river words"])
    monkeypatch.setattr(cli.click, "prompt", lambda *_a, **_k: next(words))
    assert run(*INIT, "--unlock", "passphrase")[0] == 0
    assert run("trail", "verify")[0] == 0
    status, _out, err = run("trail", "verify")
    assert status == 1
    assert err.strip() == "These words do not open the ROOT key."


@pytest.mark.parametrize("damage", ["missing root", "open root", "missing keyring", "damaged keyring", "no key store"])
def test_every_damage_is_one_sentence_and_changes_nothing(run, tmp_path, damage):
    run(*INIT)
    home = tmp_path / "home"
    match damage:
        case "missing root":
            (home / "root/root.key").unlink()
        case "open root":
            (home / "root/root.key").chmod(0o444)
        case "missing keyring":
            (home / "keyring/keyring.cfk").unlink()
        case "damaged keyring":
            (home / "keyring/keyring.cfk").chmod(0o600)
            (home / "keyring/keyring.cfk").write_bytes(b"CFKR\x01 nonsense that is long enough to look like one")
        case "no key store":
            for file in home.glob("keys.db*"):
                file.unlink()
    before = (home / "caseflow.db").read_bytes()
    status, _out, err = run("trail", "verify")
    assert status == 1
    assert len(err.strip().splitlines()) == 1
    assert "Traceback" not in err
    assert (home / "caseflow.db").read_bytes() == before


@pytest.mark.parametrize(("option", "value"), [("--code", "1"), ("--organisation", "  "), ("--sign-in", "")])
def test_init_refuses_what_cannot_be(run, tmp_path, option, value):
    words = list(INIT)
    words[words.index(option) + 1] = value
    status, _out, err = run(*words)
    assert status == 1
    assert len(err.strip().splitlines()) == 1
    assert not (tmp_path / "home" / "root").exists()


def test_the_demonstration_lists_ten_fictional_staff(run, tmp_path):
    status, out, _err = run("demo", "--json")
    staff = json.loads(out)
    assert status == 0
    assert len(staff) == 10
    assert len({one["organisation"] for one in staff}) == 3
    assert sorted(one["role"] for one in staff).count("supervisor") == 4
    assert len({one["password"] for one in staff}) == 10
    assert stat.S_IMODE((tmp_path / "home" / "demo.json").stat().st_mode) == 0o600
    again = run("demo", "--json")
    assert json.loads(again[1]) == staff
    listed = json.loads(run("people", "--json")[1])
    assert {one["sign_in"] for one in listed} == {one["sign_in"] for one in staff}
    assert not any(one["password"] in json.dumps(listed) for one in staff)
    assert run("trail", "verify")[0] == 0
    _tells_sixty_cases(tmp_path / "home" / "caseflow.db")


def _tells_sixty_cases(path):
    """Sixty cases and two of the night, referrals in nearly every state, and letters numbered by the calendar."""
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("SELECT count(*), count(DISTINCT state) FROM case_file").fetchone() == (62, 3)
        assert connection.execute("SELECT count(DISTINCT state) FROM referral").fetchone()[0] >= 15
        numbered = "SELECT organisation_id, issued_at FROM letter_register ORDER BY organisation_id, year, seq"
        letters = connection.execute(numbered).fetchall()
    assert len(letters) > 45
    assert letters == sorted(letters)


def test_a_demonstration_never_touches_a_real_installation(run, tmp_path):
    run(*INIT)
    status, _out, err = run("demo", "--json")
    assert status == 1
    assert "real installation" in err
    assert not (tmp_path / "home" / "demo.json").exists()


def test_a_broken_off_demonstration_is_made_anew(run, tmp_path):
    home = tmp_path / "home"
    home.mkdir()
    (home / "demo.json").write_text(json.dumps({"complete": False, "staff": []}))
    (home / "caseflow.db").write_bytes(b"half made")
    status, out, _err = run("demo", "--json")
    assert status == 0
    assert len(json.loads(out)) == 10
