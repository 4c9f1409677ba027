"""The recovery kit at the terminal: printed, typed in again before an installation is founded, and the way back."""

import json
import stat

import pytest
from pypdf import PdfReader
from shamir_mnemonic.wordlist import WORDLIST

from caseflow import cli
from caseflow.core.vault import root, shares
from caseflow.operations import founding, kit
from tests.operations.test_cli import INIT, run  # noqa: F401  a fixture

CUT_OFF = 130
WORDS = "five quiet unrelated river words"


@pytest.fixture
def home(tmp_path):
    return tmp_path / "home"


@pytest.fixture(autouse=True)
def cheap(monkeypatch):
    monkeypatch.setattr(root.create_passphrase, "__kwdefaults__", {"memory_kib": 64})


def lists_on_paper(home):
    """The words of the sheets, as a holder would read them off."""
    return [words_of(sheet) for sheet in sorted((home / "kit").glob("recovery-*.pdf"))]


def words_of(sheet):
    lines = PdfReader(sheet).pages[0].extract_text().splitlines()
    return " ".join(line for line in lines if line in WORDLIST)


@pytest.fixture
def answers(monkeypatch, home):
    """answers("paper 1", ...): what the operator types, in order; "paper N" is read off sheet N when it is asked for.

    A holder keeps the paper when the file is removed: what was printed once can be typed in later.
    """
    printed = []

    def set_answers(*typed):
        left = list(typed)

        def prompt(text, **_how):
            if not left:
                raise KeyboardInterrupt(text)
            printed[:] = lists_on_paper(home) or printed
            answer = left.pop(0)
            return printed[int(answer[-1]) - 1] if answer.startswith("paper ") else answer

        monkeypatch.setattr(cli.click, "prompt", prompt)
        return left

    return set_answers


class TestInit:
    def test_it_ends_when_two_lists_were_typed_in_from_paper(self, run, answers, home):  # noqa: F811
        left = answers("paper 1", "paper 3")
        status, out, err = run(*INIT, "--json")
        assert (status, left) == (0, [])
        assert json.loads(out)["link"].startswith("http://127.0.0.1:8000/join/")
        assert "recovery-" in err
        assert not (home / "kit").exists()
        assert run("trail", "verify")[0] == 0

    def test_before_that_nothing_is_founded_and_nothing_serves(self, run, answers, home):  # noqa: F811
        answers("paper 1")
        assert run(*INIT)[0] == CUT_OFF
        for command in (("people",), ("trail", "verify"), ("serve",), ("keys", "kit")):
            status, _out, err = run(*command)
            assert status == 1
            assert "set-up is not finished" in err

    def test_it_goes_on_with_the_sheets_that_were_printed(self, run, answers, home):  # noqa: F811
        answers()
        assert run(*INIT)[0] == CUT_OFF
        printed = lists_on_paper(home)
        before = (home / "root/root.key").read_bytes()
        answers(printed[0], printed[1])
        assert run(*INIT)[0] == 0
        assert (home / "root/root.key").read_bytes() == before

    def test_a_set_up_with_a_passphrase_asks_for_it_again(self, run, answers, home):  # noqa: F811
        answers(WORDS, "paper 1")
        assert run(*INIT, "--unlock", "passphrase")[0] == CUT_OFF
        left = answers(WORDS, "paper 1", "paper 2")
        assert run(*INIT, "--unlock", "passphrase")[0] == 0
        assert left == []

    def test_wrong_lists_are_told_and_five_tries_end_it(self, run, answers, home):  # noqa: F811
        answers(*["acid"] * kit.TRIES)
        status, _out, err = run(*INIT)
        assert status == 1
        assert err.count("33 words") == kit.TRIES
        assert "Nothing is lost" in err
        answers("paper 1", "paper 1", "paper 1", "paper 2")
        status, _out, err = run(*INIT)
        assert status == 0
        assert err.count("the same list twice") == 1

    def test_cut_off_after_the_organisation_it_gives_a_new_link(self, run, answers, monkeypatch):  # noqa: F811
        def cut(*_args, **_named):
            raise KeyboardInterrupt

        answers("paper 1", "paper 2")
        with monkeypatch.context() as inner:
            inner.setattr(founding.kit, "done", cut)
            assert run(*INIT)[0] == CUT_OFF
        answers("paper 1", "paper 2")
        status, out, _err = run(*INIT, "--json")
        assert status == 0
        assert "/join/" in json.loads(out)["link"]
        (person,) = json.loads(run("people", "--json")[1])
        assert (person["sign_in"], person["state"]) == ("first", "invited")

    def test_the_sheets_are_for_nobody_else_and_name_no_key(self, run, answers, home):  # noqa: F811
        answers()
        assert run(*INIT)[0] == CUT_OFF
        for sheet in (home / "kit").iterdir():
            assert stat.S_IMODE(sheet.stat().st_mode) == 0o400
            assert len(words_of(sheet).split()) == shares.LENGTH
            assert (home / "root/root.key").read_bytes() not in sheet.read_bytes()
            properties = str(PdfReader(sheet).metadata)
            assert not [word for word in words_of(sheet).split() if f" {word} " in f" {properties} "]

    def test_the_doctor_says_where_it_stands(self, run, answers):  # noqa: F811
        def found():
            return {one["name"]: one for one in json.loads(run("doctor", "--json")[1])}["Recovery words"]

        assert found()["good"]
        answers()
        assert run(*INIT)[0] == CUT_OFF
        assert (found()["good"], found()["mend"]) == (False, "caseflow init")
        answers("paper 1", "paper 2")
        run(*INIT)
        assert found()["found"].startswith("rehearsed on 20")
        run("keys", "rotate-root")
        assert (found()["good"], found()["mend"]) == (False, "caseflow keys kit")


class TestRecover:
    @pytest.fixture
    def paper(self, run, answers, home):  # noqa: F811
        answers()
        assert run(*INIT)[0] == CUT_OFF
        printed = lists_on_paper(home)
        answers(printed[0], printed[1])
        assert run(*INIT)[0] == 0
        return printed

    def test_two_lists_bring_a_lost_root_key_back(self, run, answers, home, paper):  # noqa: F811
        before = (home / "root/root.key").read_bytes()
        (home / "root/root.key").unlink()
        assert run("trail", "verify")[0] == 1
        answers(paper[2], paper[0])
        assert run("keys", "recover")[0] == 0
        assert (home / "root/root.key").read_bytes() == before
        assert run("trail", "verify")[0] == 0

    def test_a_forgotten_passphrase_is_replaced_and_the_old_file_kept(self, run, answers, home, paper):  # noqa: F811
        answers(WORDS)
        assert run("keys", "rotate-root", "--unlock", "passphrase")[0] == 0
        answers(WORDS)
        assert run("keys", "kit")[0] == CUT_OFF
        fresh = lists_on_paper(home)
        answers(WORDS, "paper 2", "paper 3")
        assert run("keys", "kit")[0] == 0
        answers(fresh[1], fresh[2], "another five quiet river words")
        assert run("keys", "recover", "--unlock", "passphrase")[0] == 0
        assert len(list((home / "root").glob("root.key.before-*"))) == 1
        answers("another five quiet river words")
        assert run("trail", "verify")[0] == 0

    def test_words_of_an_older_root_change_nothing(self, run, answers, home, paper):  # noqa: F811
        run("keys", "rotate-root")
        before = (home / "root/root.key").read_bytes()
        answers(paper[0], paper[1])
        status, _out, err = run("keys", "recover")
        assert status == 1
        assert len(err.strip().splitlines()) == 1
        assert (home / "root/root.key").read_bytes() == before

    def test_without_a_keyring_the_words_alone_do_nothing(self, run, answers, home, paper):  # noqa: F811
        (home / "keyring/keyring.cfk").unlink()
        answers(paper[0], paper[1])
        status, _out, err = run("keys", "recover")
        assert (status, "keyring" in err) == (1, True)

    def test_a_cut_between_the_two_files_loses_no_key(self, run, answers, home, paper, monkeypatch):  # noqa: F811
        place = home / "root/root.key"
        place.chmod(0o600)
        place.write_bytes(b"damaged")

        real = type(place).replace

        def cut(path, target):
            if target == place:
                raise KeyboardInterrupt
            return real(path, target)

        answers(paper[0], paper[1])
        with monkeypatch.context() as inner:
            inner.setattr(type(place), "replace", cut)
            assert run("keys", "recover")[0] == CUT_OFF
        assert run("trail", "verify")[0] == 0  # the next key beside it opens the keyring and takes its place
        assert place.stat().st_size == root.KEY_BYTES

    def test_it_is_recorded(self, run, answers, home, paper):  # noqa: F811
        answers(paper[0], paper[1])
        assert run("keys", "recover")[0] == 0
        report = json.loads(run("trail", "verify", "--json")[1])
        answers(paper[0], paper[1])
        assert run("keys", "recover")[0] == 0
        assert json.loads(run("trail", "verify", "--json")[1])["entries"] == report["entries"] + 1
