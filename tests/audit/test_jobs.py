"""The worker makes a file once, keeps it sealed, and puts nothing into it that level 1 withholds."""

from datetime import timedelta

import pytest

from caseflow.audit import jobs, letters, queries, services
from caseflow.audit.jobs import make_file
from caseflow.cases.files import path_of, read_document
from caseflow.cases.models import CaseRecord, Document
from caseflow.consent.models import Consent
from caseflow.core import vault
from caseflow.core.db import session, writing
from caseflow.core.press import case_file as press
from caseflow.core.press.errors import PressUnavailable
from caseflow.core.trail.verify import verify
from caseflow.referrals.models import Referral
from caseflow.referrals.queries import snapshot_digest
from tests.audit import factories as audits
from tests.audit.factories import OVER, RUNNING, TYPED
from tests.cases.factories import opened
from tests.core.press.reading import text

MADE = RUNNING + timedelta(minutes=1)


@pytest.fixture
def quick(monkeypatch):
    """A press that takes no time: what it says is not the question here."""
    monkeypatch.setattr(press, "case_file", lambda content, language: b"%PDF file")
    monkeypatch.setattr(press, "trail", lambda content, language: b"%PDF trail")


def queued(people, *, what="file"):
    case_id = opened(people)
    audit_id = audits.running(people, [case_id])
    return audit_id, audits.ask_file(people, audit_id, case_id, what=what)


@pytest.mark.both_databases
@pytest.mark.parametrize("what", ["file", "trail"])
def test_a_file_is_made_once_and_recorded(app, people, quick, what):
    _audit_id, file_id = queued(people, what=what)
    for _again in range(2):
        make_file(file_id=file_id, now=MADE)
    made = audits.stored(file_id)
    document = session().query(Document).one()
    assert (made.state, made.ready_at, made.document_id) == ("ready", MADE, document.id)
    assert read_document(document) == f"%PDF {what}".encode()
    assert vault.read(document)["name"].endswith("-trail.pdf") == (what == "trail")
    assert verify().findings == []


@pytest.mark.both_databases
def test_the_outbox_runs_it(app, people, quick):
    _audit_id, file_id = queued(people)
    assert app.extensions["caseflow"].outbox.run_due(clock=lambda: MADE) == 1
    assert audits.stored(file_id).state == "ready"


@pytest.mark.both_databases
def test_an_audit_that_ended_meanwhile_makes_no_file(app, people, quick):
    audit_id, file_id = queued(people)
    with writing():
        services.end_audit(actor=people.actor("protection"), audit_id=audit_id, now=MADE)
    make_file(file_id=file_id, now=MADE)
    assert audits.stored(file_id).state == "failed"
    assert session().query(Document).count() == 0
    assert verify().findings == []


def test_a_last_day_that_passed_meanwhile_makes_no_file(app, people, quick):
    _audit_id, file_id = queued(people)
    make_file(file_id=file_id, now=OVER)
    assert audits.stored(file_id).state == "failed"


def test_a_press_that_fails_leaves_it_queued_for_the_next_try(app, people, monkeypatch):
    _audit_id, file_id = queued(people)

    def broken(*_args, **_more):
        raise PressUnavailable

    monkeypatch.setattr(press, "case_file", broken)
    with pytest.raises(PressUnavailable):
        make_file(file_id=file_id, now=MADE)
    assert audits.stored(file_id).state == "queued"


def test_a_write_that_fails_leaves_no_sealed_file_behind(app, people, quick, monkeypatch):
    _audit_id, file_id = queued(people)
    kept = []

    def power_cut(*, document, **_more):
        kept.append(document.id)
        raise PowerCut

    monkeypatch.setattr(jobs.services, "file_made", power_cut)
    with pytest.raises(PowerCut):
        make_file(file_id=file_id, now=MADE)
    assert kept and not path_of(kept[0]).exists()
    assert audits.stored(file_id).state == "queued"


class PowerCut(Exception):
    """The machine stops."""


def words_of(pdf):
    """The text of a PDF with its line breaks taken out, so that a long hash is one word again."""
    return text(pdf).replace("\n", "").replace(" ", "")


def test_the_file_says_what_happened_and_nothing_that_was_typed(app, people):
    case_id, _made = audits.full_case(people)
    audit_id = audits.running(people, [case_id])
    file_id = audits.ask_file(people, audit_id, case_id)
    make_file(file_id=file_id, now=MADE)
    pdf = read_document(queries.kept_document(audits.stored(file_id)))
    said, squeezed = text(pdf), words_of(pdf)
    referral = session().query(Referral).one()
    for words in (
        referral.case.number, referral.number, snapshot_digest(referral), "OUR-2026-0001", "Level1:redacted",
        "Letterissued", "Receiptacknowledged", "withheldatlevel1", "Thechainholds.", "Supervisor", "Sharenameddata",
    ):  # fmt: skip
        assert words in squeezed, words
    assert [words for words in TYPED if words in said] == []
    assert "<script>" not in said


def test_the_trail_names_fields_and_never_a_value(app, people):
    case_id, _made = audits.full_case(people)
    audit_id = audits.running(people, [case_id])
    file_id = audits.ask_file(people, audit_id, case_id, what="trail")
    make_file(file_id=file_id, now=MADE)
    pdf = read_document(queries.kept_document(audits.stored(file_id)))
    said = text(pdf)
    for words in ("cases:record:write", "first_name", "Hiddennamesandnumbersshown", "audit:file:ask"):
        assert words in words_of(pdf), words
    assert [words for words in TYPED if words in said] == []


def test_records_that_do_not_open_are_listed(app, people):
    case_id, _made = audits.full_case(people)
    audit_id = audits.running(people, [case_id])
    with writing():
        for model in (CaseRecord, Consent, Referral):
            for row in session().query(model):
                row.sealed = bytes(row.sealed)[:-1] + bytes([row.sealed[-1] ^ 1])
    content = letters.compose_case_file(audits.gathered(people, audit_id, case_id))
    marks = [content["screenings"][0]["lines"][0][1], content["notes"][0]["title"], content["consents"][0]["scope"],
             content["referrals"][0]["facts"][0][1]]  # fmt: skip
    assert all("cannot be opened" in words for words in marks)
    assert content["referrals"][0]["number"]
    assert content["chain"]["verified"] is False
    press.case_file(content, language="en")
