"""The trail of an audit as PDF, the page of a skeleton, what a failed file says, and that the end closes everything."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest

from caseflow.audit import letters, queries, services
from caseflow.audit.jobs import make_file
from caseflow.audit.models import AuditFile
from caseflow.cases.files import read_document
from caseflow.cases.models import Case
from caseflow.core import vault
from caseflow.core.db import session, writing
from caseflow.core.errors import NotAllowed, NotFound, Refused
from caseflow.core.outbox import MAX_ATTEMPTS, Job
from caseflow.core.policy.models import AccessGrant
from caseflow.core.press import audit_file as audit_press
from caseflow.core.press import case_file as press
from caseflow.core.press.errors import PressUnavailable
from caseflow.core.trail.verify import verify
from tests.audit import factories as audits
from tests.audit.factories import OVER, RUNNING, TYPED
from tests.cases.factories import opened
from tests.core.press.reading import text

MADE = RUNNING + timedelta(minutes=1)
LATER = RUNNING + timedelta(hours=3)


@pytest.fixture
def quick(monkeypatch):
    """A press that takes no time."""
    documents = {press: ("case_file", "trail"), audit_press: ("audit_trail", "skeleton")}
    for module, name in [(module, name) for module, names in documents.items() for name in names]:
        monkeypatch.setattr(module, name, lambda content, language: b"%PDF quick")


def bytes_of(file_id):
    return read_document(queries.kept_document(audits.stored(file_id)))


def open_trail(people, audit_id, file_id, *, key="auditor", now=RUNNING):
    with writing():
        return services.open_trail(actor=people.actor(key, now=now), audit_id=audit_id, file_id=file_id, now=now)


def open_file(people, audit_id, file_id, *, now=RUNNING):
    with writing():
        return services.open_file(actor=people.actor("auditor", now=now), audit_id=audit_id, file_id=file_id, now=now)


def end(people, audit_id, *, key="protection", now=LATER):
    with writing():
        services.end_audit(actor=people.actor(key, now=now), audit_id=audit_id, now=now)


def composed(people, audit_id, file_id, *, now=LATER):
    session().rollback()
    return letters.compose_audit(queries.gather_audit(session().get_one(AuditFile, file_id), now=now))


@pytest.mark.both_databases
def test_the_trail_of_an_audit_tells_everything_that_was_done_under_it(app, people, quick):
    opened(people)
    audit_id = audits.sampled(people, size=1)
    [case_id] = audits.view(audit_id).case_ids
    files = [audits.ask_file(people, audit_id, case_id, what=what) for what in ("file", "trail")]
    for one in files:
        make_file(file_id=one, now=MADE)
        open_file(people, audit_id, one, now=MADE)
    with writing():
        actor = people.actor("auditor", now=MADE)
        services.read_frame(actor=actor, audit_id=audit_id, today=audits.day(MADE), now=MADE)
    end(people, audit_id)
    paper = audits.ask_trail(people, audit_id, key="protection", now=LATER)
    content = composed(people, audit_id, paper)
    assert (content["cover"]["made_by"], content["cover"]["approved_by"]) == ("data_protection", "data_protection")
    tags = [deed["tag"].split("\n")[1] for deed in content["deeds"]]
    assert tags[:3] == ["audit:audit:ask", "audit:audit:approve", "policy:access:grant"]
    assert tags[-2:] == ["audit:audit:end", "audit:file:ask"]
    done = ["audit:file:ask", "audit:file:make", "audit:file:read"]
    assert sorted(tags[3:-2]) == sorted([*done, *done, "audit:frame:read"])
    assert [deed["at"] for deed in content["deeds"]] == sorted(deed["at"] for deed in content["deeds"])
    assert all(re.fullmatch("[0-9a-f]{64}", deed["digest"]) for deed in content["deeds"])
    made = next(deed for deed in content["deeds"] if "audit:file:make" in deed["tag"])
    assert "sha256 " in made["detail"]


@pytest.mark.both_databases
def test_people_are_posts_and_pseudonyms(app, people, quick):
    opened(people)
    audit_id = audits.sampled(people, size=1)
    content = composed(people, audit_id, audits.ask_trail(people, audit_id))
    assert content["cover"]["made_by"] == "auditor"
    actors = {deed["actor"] for deed in content["deeds"]}
    assert len(actors) == 2
    assert all(re.fullmatch(r"(auditor|data_protection) [0-9a-f]{4,}", one) for one in actors), actors
    said = str(content)
    assert [one for one in TYPED if one in said] == []
    assert people.staff["auditor"].hex[:8] not in said


@pytest.mark.both_databases
def test_its_streams_are_verified_each_by_itself(app, people, quick):
    case_id = opened(people)
    audit_id = audits.sampled(people, size=1)
    paper = audits.ask_trail(people, audit_id)
    assert [one["findings"] for one in composed(people, audit_id, paper)["streams"]] == [0, 0]
    with writing():
        session().get_one(Case, case_id).state = "closed"
    streams = {one["name"]: one for one in composed(people, audit_id, paper)["streams"]}
    assert streams["The installation"]["findings"] == 0
    assert sum(one["findings"] for one in streams.values()) == 1
    assert all(one["head"] and len(one["digest"]) == 64 for one in streams.values())


def test_the_pdf_holds_the_frame_and_its_own_hash(app, people):
    for _one in range(3):
        opened(people)
    gone = opened(people)
    vault.destroy_case_key(gone, now=RUNNING)
    audit_id = audits.sampled(people, size=4)
    paper = audits.ask_trail(people, audit_id)
    make_file(file_id=paper, now=MADE)
    document = queries.kept_document(audits.stored(paper))
    assert document.case_id is None
    number = queries.get_audit(audit_id).number
    assert vault.read(document)["name"] == f"{number}-trail.pdf"
    squeezed = re.sub(r"\s", "", text(bytes_of(paper)))
    for words in (
        f"Trailofaudit{number}", queries.frame_of(audit_id).digest, "bluekettle7", "askeleton:number,stateanddates",
        "Theframebystate", "Thechainholds.", "audit:audit:approve", "policy:access:grant",
    ):  # fmt: skip
        assert words in squeezed, words
    assert verify().findings == []


@pytest.mark.both_databases
def test_who_may_make_and_open_it(app, people, quick):
    opened(people)
    audit_id = audits.sampled(people, size=1)
    for key in ("worker", "supervisor", "admin", "stranger_auditor"):
        with pytest.raises((NotAllowed, NotFound)):
            audits.ask_trail(people, audit_id, key=key)
    paper = audits.ask_trail(people, audit_id)
    with pytest.raises(NotFound):
        open_trail(people, audit_id, paper)  # not made yet
    make_file(file_id=paper, now=MADE)
    assert open_trail(people, audit_id, paper)
    assert open_trail(people, audit_id, paper, key="protection")
    with pytest.raises((NotAllowed, NotFound)):
        open_trail(people, audit_id, paper, key="worker")
    with pytest.raises(NotFound):
        open_trail(people, audit_id, uuid4())
    [case_id] = audits.view(audit_id).case_ids
    file_id = audits.ask_file(people, audit_id, case_id)
    make_file(file_id=file_id, now=MADE)
    with pytest.raises(NotFound):
        open_trail(people, audit_id, file_id, key="protection")  # the file of a case is its auditor's alone
    with pytest.raises(NotFound):
        open_file(people, audit_id, paper)


@pytest.mark.both_databases
def test_an_audit_that_was_not_approved_has_no_trail_of_its_own(app, people):
    opened(people)
    audit_id = audits.ask_sample(people)
    with pytest.raises(NotFound):
        audits.ask_trail(people, audit_id, key="protection")
    with writing():
        services.refuse_audit(actor=people.actor("protection"), audit_id=audit_id, reason="Too wide.", now=RUNNING)
    with pytest.raises(NotFound):
        audits.ask_trail(people, audit_id, key="protection")


# The end closes access: by the clock, and early by either of the two


def by_the_clock(people, audit_id):
    return OVER


def by_the_auditor(people, audit_id):
    end(people, audit_id, key="auditor")
    return LATER


def by_data_protection(people, audit_id):
    end(people, audit_id, key="protection")
    return LATER


@pytest.mark.both_databases
@pytest.mark.parametrize("over", [by_the_clock, by_the_auditor, by_data_protection], ids=lambda one: one.__name__)
def test_the_end_closes_grants_files_trails_and_waiting_jobs(app, people, quick, over):
    opened(people)
    audit_id = audits.sampled(people, size=1)
    [case_id] = audits.view(audit_id).case_ids
    ready = [audits.ask_file(people, audit_id, case_id, what=what) for what in ("file", "trail")]
    paper = audits.ask_trail(people, audit_id)
    for one in (*ready, paper):
        make_file(file_id=one, now=MADE)
    waiting = [audits.ask_file(people, audit_id, case_id), audits.ask_trail(people, audit_id)]
    now = over(people, audit_id)
    assert people.actor("auditor", now=now).grants == ()
    assert all(grant.valid_until <= now for grant in session().query(AccessGrant))
    for one in ready:
        with pytest.raises(Refused):
            open_file(people, audit_id, one, now=now)
    with pytest.raises(Refused):
        open_trail(people, audit_id, paper, now=now)
    for ask in (audits.ask_file, lambda people, audit_id, case_id, now: audits.ask_trail(people, audit_id, now=now)):
        with pytest.raises(Refused):
            ask(people, audit_id, case_id, now=now)
    for one in waiting:
        make_file(file_id=one, now=now)
        assert audits.stored(one).state == "failed"
    late = audits.ask_trail(people, audit_id, key="protection", now=now)
    make_file(file_id=late, now=now)
    assert audits.stored(late).state == "ready"
    assert open_trail(people, audit_id, late, key="protection", now=now)
    assert verify().findings == []


# A skeleton


def test_the_file_of_a_skeleton_is_a_page_that_says_so(app, people):
    case_id, _made = audits.full_case(people)
    audit_id = audits.running(people, [case_id])
    vault.destroy_case_key(case_id, now=RUNNING)
    file_id = audits.ask_file(people, audit_id, case_id)
    make_file(file_id=file_id, now=MADE)
    document = queries.kept_document(audits.stored(file_id))
    assert document.case_id is None
    said = text(bytes_of(file_id))
    squeezed = re.sub(r"\s", "", said)
    assert "Nothingofthiscasecanbeopenedanymore" in squeezed and "Thechainholds." in squeezed
    assert [words for words in TYPED if words in said] == []
    assert open_file(people, audit_id, file_id)
    assert verify().findings == []


@pytest.mark.both_databases
def test_a_case_erased_while_its_file_is_made_leaves_nothing_outside_its_key(app, people, monkeypatch):
    case_id = opened(people)
    audit_id = audits.running(people, [case_id])
    file_id = audits.ask_file(people, audit_id, case_id)

    def slow(content, language):
        vault.destroy_case_key(case_id, now=MADE)
        return b"%PDF of a case that is being erased"

    monkeypatch.setattr(press, "case_file", slow)
    with pytest.raises(vault.SealBroken):
        make_file(file_id=file_id, now=MADE)
    made = audits.stored(file_id)
    assert (made.state, made.document_id) == ("queued", None)
    monkeypatch.setattr(audit_press, "skeleton", lambda content, language: b"%PDF skeleton")
    make_file(file_id=file_id, now=MADE)
    assert bytes_of(file_id) == b"%PDF skeleton"


# A file that fails for good


@pytest.mark.both_databases
@pytest.mark.parametrize("what", ["file", "audit"])
def test_a_file_whose_job_fails_for_good_says_so(app, people, monkeypatch, what):
    case_id = opened(people)
    audit_id = audits.running(people, [case_id])

    def broken(content, language):
        raise PressUnavailable

    monkeypatch.setattr(press, "case_file", broken)
    monkeypatch.setattr(audit_press, "audit_trail", broken)
    ask = audits.ask_trail if what == "audit" else lambda people, audit_id: audits.ask_file(people, audit_id, case_id)
    file_id, outbox, now = ask(people, audit_id), app.extensions["caseflow"].outbox, MADE
    for attempt in range(1, MAX_ATTEMPTS + 1):
        assert audits.stored(file_id).state == "queued", attempt
        assert outbox.run_due(clock=lambda now=now: now) == 1
        now += timedelta(hours=1)
    assert audits.stored(file_id).state == "failed"
    assert session().query(Job).one().state == "failed"
    assert verify().findings == []
    monkeypatch.setattr(press, "case_file", lambda content, language: b"%PDF")
    monkeypatch.setattr(audit_press, "audit_trail", lambda content, language: b"%PDF")
    again = ask(people, audit_id)
    make_file(file_id=again, now=now)
    assert audits.stored(again).state == "ready"


@pytest.mark.both_databases
def test_giving_up_leaves_a_file_that_was_made(app, people, quick):
    case_id = opened(people)
    audit_id = audits.running(people, [case_id])
    file_id = audits.ask_file(people, audit_id, case_id)
    make_file(file_id=file_id, now=MADE)
    with writing():
        services.give_up(file_id=file_id, now=LATER)
        services.give_up(file_id=uuid4(), now=LATER)
    assert audits.stored(file_id).state == "ready"
