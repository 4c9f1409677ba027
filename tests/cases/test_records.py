"""Records are saved version by version: nothing lost, nothing half-saved, nobody overwritten."""

import threading
from uuid import uuid4

import pytest
from sqlalchemy import func, select

from caseflow.cases import queries, services
from caseflow.cases.models import CaseRecord
from caseflow.core import ports, trail, vault
from caseflow.core.db import session, writing
from caseflow.core.errors import Invalid, NotAllowed, NotFound, StaleVersion, TooLate
from caseflow.core.trail import Tag
from caseflow.core.trail.models import TrailEntry
from caseflow.core.trail.verify import verify
from tests.cases.factories import ASSESSMENT, IDENTITY, NOW, SAFETY, SCREENING, SOON, opened, saved

pytestmark = pytest.mark.both_databases


def last_detail(tag, case_id):
    query = select(TrailEntry).where(TrailEntry.tag == str(tag)).order_by(TrailEntry.seq.desc())
    entry = session().scalars(query).first()
    return vault.current().open_bytes(case_id, bytes(entry.detail), "trail_entry", entry.id, "detail")


def records():
    return session().scalar(select(func.count()).select_from(CaseRecord))


class TestSave:
    def test_the_first_identity_is_version_one(self, app, people):
        case_id = opened(people)
        record_id, rv = saved(people, case_id, "identity", IDENTITY)
        assert rv == 1
        assert queries.data_of(case_id, "identity") == IDENTITY
        assert queries.get_record(case_id, record_id).kind == "identity"
        assert verify().whole

    def test_the_trail_names_fields_and_no_value(self, app, people):
        case_id = opened(people)
        saved(people, case_id, "identity", IDENTITY)
        saved(people, case_id, "identity", {**IDENTITY, "first_name": "Othername"})
        assert last_detail(Tag.RECORD_WRITTEN, case_id) == {"kind": "identity", "changed": ["first_name"]}

    def test_the_same_answers_make_no_new_version(self, app, people):
        case_id = opened(people)
        record_id, rv = saved(people, case_id, "safety", SAFETY)
        entries = session().query(TrailEntry).count()
        assert saved(people, case_id, "safety", SAFETY, rv=rv - 1) == (record_id, rv)
        assert session().query(TrailEntry).count() == entries

    def test_the_summary_and_the_due_day_follow(self, app, people):
        case_id = opened(people)
        saved(people, case_id, "safety", SAFETY)
        saved(people, case_id, "assessment", ASSESSMENT)
        case = queries.get_case(case_id)
        summary = queries.summary_of(case)
        assert summary["risk"] == "high"
        assert summary["safe_contact"] == "Telephone call; 10:00 to 12:00; Never leave a message; Code word"
        assert "mulberry" not in str(summary) and "9876543" not in str(summary)
        assert summary["safe_contact_ur"].startswith("فون کال")
        assert case.due_on.isoformat() == "2026-11-10"
        assert case.updated_at == SOON

    def test_an_older_version_is_stale(self, app, people):
        case_id = opened(people)
        _id, rv = saved(people, case_id, "identity", IDENTITY)
        saved(people, case_id, "identity", {**IDENTITY, "alias": "Newer"})
        with pytest.raises(StaleVersion):
            saved(people, case_id, "identity", {**IDENTITY, "alias": "Older"}, rv=rv)
        assert queries.data_of(case_id, "identity")["alias"] == "Newer"

    def test_two_first_saves_make_one_record(self, app, people):
        case_id = opened(people)
        saved(people, case_id, "identity", IDENTITY)
        with pytest.raises(StaleVersion):
            saved(people, case_id, "identity", {"alias": "Second"}, rv=0, record_id=uuid4())
        assert len(queries.records_of(case_id, "identity")) == 1

    @pytest.mark.parametrize(
        ("kind", "data", "field"),
        [
            ("identity", {"cnic": "12"}, "cnic"),
            ("identity", {"first_name": "x" * 500}, "first_name"),
            ("identity", {"first_name": "\ud83d"}, "first_name"),
            ("person", {"gender": "<script>"}, "gender"),
            ("person", {"children_count": 2**70}, "children_count"),
            ("safety", {"contact_confirmed_on": "2030-01-01"}, "contact_confirmed_on"),
            ("person", {"no_such": "x"}, ""),
        ],
    )
    def test_ill_formed_answers_change_nothing(self, app, people, kind, data, field):
        case_id = opened(people)
        before = queries.data_of(case_id, kind)
        with pytest.raises(Invalid) as invalid:
            saved(people, case_id, kind, data)
        assert set(invalid.value.problems) == {field}
        assert queries.data_of(case_id, kind) == before

    @pytest.mark.parametrize(
        ("key", "refusal"),
        [("colleague", NotAllowed), ("other_team", NotFound), ("stranger", NotFound), ("admin", NotFound)],
    )
    def test_only_by_who_works_the_case(self, app, people, key, refusal):
        case_id = opened(people)
        with pytest.raises(refusal):
            saved(people, case_id, "safety", SAFETY, key=key)

    def test_a_record_id_of_another_case_is_not_found(self, app, people):
        first, second = opened(people), opened(people)
        record_id, _rv = saved(people, first, "identity", IDENTITY)
        with pytest.raises(NotFound):
            saved(people, second, "identity", IDENTITY, rv=0, record_id=record_id)

    @pytest.mark.parametrize("kind", ["note", "case", "nothing"])
    def test_other_kinds_are_not_found(self, app, people, kind):
        case_id = opened(people)
        with pytest.raises(NotFound):
            saved(people, case_id, kind, {}, rv=0, record_id=uuid4())

    def test_a_closed_case_is_not_written(self, app, people):
        case_id = opened(people)
        with writing():
            queries.get_case(case_id).state = "closed"
        with pytest.raises(TooLate):
            saved(people, case_id, "safety", SAFETY)

    def test_without_its_entry_nothing_is_saved(self, app, people, monkeypatch):
        case_id = opened(people)
        monkeypatch.setattr(trail, "record", lambda *a, **k: (_ for _ in ()).throw(RuntimeError("no entry")))
        with pytest.raises(RuntimeError):
            saved(people, case_id, "safety", SAFETY)
        assert "safe_phone" not in queries.data_of(case_id, "safety")


def test_of_two_writers_one_wins_and_the_other_is_told(app, people):
    case_id = opened(people)
    record_id, rv = saved(people, case_id, "identity", IDENTITY)
    start, results = threading.Barrier(2), []

    def write(alias):
        with app.app_context():
            actor = people.actor("worker")
            start.wait()
            try:
                with writing():
                    services.save_record(
                        actor=actor, case_id=case_id, kind="identity", record_id=record_id,
                        data={**IDENTITY, "alias": alias}, rv=rv, now=SOON,
                    )  # fmt: skip
                results.append(alias)
            except StaleVersion:
                results.append("stale")

    writers = [threading.Thread(target=write, args=(alias,)) for alias in ("First", "Second")]
    for one in writers:
        one.start()
    for one in writers:
        one.join()
    session().rollback()
    winner = queries.data_of(case_id, "identity")["alias"]
    assert sorted(results) == sorted(["stale", winner])
    assert queries.record_of(case_id, "identity").rv == rv + 1
    assert verify().whole


class TestScreeningAgain:
    def test_the_old_one_stays_and_the_case_type_follows(self, app, people, monkeypatch):
        told = []
        monkeypatch.setattr(ports.screening_consents, "handlers", [lambda **facts: told.append(facts)])
        case_id = opened(people, case_type="som")
        again = {**SCREENING, "case_type": "tip_som", "contact_date": "2026-11-03"}
        record_id, rv = saved(people, case_id, "screening", again)
        assert [queries.read_record(one)["case_type"] for one in queries.records_of(case_id, "screening")] == [
            "som", "tip_som",
        ]  # fmt: skip
        assert queries.summary_of(queries.get_case(case_id))["type"] == "tip_som"
        assert (rv, told[-1]["screening_id"]) == (1, record_id)
        assert verify().whole

    def test_a_kept_screening_is_not_changed(self, app, people):
        case_id = opened(people)
        record_id = queries.record_of(case_id, "screening").id
        with pytest.raises(TooLate):
            saved(people, case_id, "screening", {**SCREENING, "gender": "masculine"}, rv=1, record_id=record_id)

    def test_a_repeated_post_keeps_one(self, app, people):
        case_id, record_id = opened(people), uuid4()
        again = {**SCREENING, "case_type": "tip_som"}
        for _time in range(2):
            saved(people, case_id, "screening", again, record_id=record_id)
        assert len(queries.records_of(case_id, "screening")) == 2

    @pytest.mark.parametrize(
        ("changed", "child"),
        [
            ({}, False),
            ({"majority_status": "minor"}, True),
            ({"majority_status": "unknown"}, True),
            ({"majority_status": None}, True),
            ({"age_doubt": "yes"}, True),
        ],
    )
    def test_doubt_counts_as_child(self, app, people, changed, child):
        assert queries.is_child(opened(people, **changed)) is child

    @pytest.mark.parametrize(
        ("first", "later", "child"),
        [
            ({"age_doubt": "yes"}, {}, True),
            ({"age_doubt": "yes"}, {"age_doubt": "no"}, False),
            ({}, {"majority_status": "minor"}, True),
            ({}, {"majority_status": "unknown"}, True),
            ({}, {"majority_status": None}, False),
        ],
    )
    def test_a_later_screening_ends_no_doubt_by_silence_and_may_begin_one(self, app, people, first, later, child):
        case_id, again = opened(people, **first), {**SCREENING, **later}
        saved(people, case_id, "screening", {code: value for code, value in again.items() if value is not None})
        assert queries.is_child(case_id) is child


class TestNotes:
    def add(self, people, case_id, record_id, key="worker", **data):
        with writing():
            services.add_note(actor=people.actor(key), case_id=case_id, record_id=record_id, data=data, now=SOON)

    def test_a_note_is_added_once(self, app, people):
        case_id, record_id = opened(people), uuid4()
        for _time in range(2):
            self.add(people, case_id, record_id, subject="Call", text="Fictional call")
        notes = [queries.read_record(one) for one in queries.records_of(case_id, "note")]
        assert notes == [{"happened_at": "2026-11-03", "subject": "Call", "text": "Fictional call"}]
        assert verify().whole

    def test_the_trail_knows_both_dates_of_a_note(self, app, people):
        case_id = opened(people)
        self.add(people, case_id, uuid4(), text="Fictional call", happened_at="2026-11-01")
        entry = session().scalars(select(TrailEntry).where(TrailEntry.tag == str(Tag.NOTE_ADDED))).one()
        assert (entry.happened_at.date().isoformat(), entry.recorded_at) == ("2026-11-01", SOON)

    def test_a_note_is_never_changed(self, app, people):
        case_id, record_id = opened(people), uuid4()
        self.add(people, case_id, record_id, text="Fictional call")
        with pytest.raises(TooLate):
            self.add(people, case_id, record_id, text="Another call")

    def test_an_empty_note_is_no_note(self, app, people):
        case_id = opened(people)
        with pytest.raises(Invalid) as invalid:
            self.add(people, case_id, uuid4(), subject="Call", text="   ")
        assert set(invalid.value.problems) == {"text"}

    def test_a_record_of_another_kind_is_not_found(self, app, people):
        case_id = opened(people)
        with pytest.raises(NotFound):
            self.add(people, case_id, queries.record_of(case_id, "person").id, text="x")

    def test_a_new_case_has_only_its_first_records(self, app, people):
        opened(people, now=NOW)
        assert records() == 3
