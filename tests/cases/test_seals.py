"""Swapped, relabelled, older and altered records do not open, and nothing of a person lies in clear."""

import base64

import pytest
from sqlalchemy import MetaData

from caseflow.cases import files, queries, services
from caseflow.cases.models import CaseRecord, CaseSummary, Document
from caseflow.core import vault
from caseflow.core.db import db, session, writing
from caseflow.core.trail.verify import verify
from caseflow.core.vault import SealBroken
from tests.cases.factories import IDENTITY, NOW, SAFETY, SCREENING, SOON, opened, saved

pytestmark = pytest.mark.both_databases


def put(model, row_id, **values):
    """Change a row behind the application's back."""
    with writing():
        session().execute(model.__table__.update().where(model.id == row_id).values(**values))
    session().expire_all()


def sealed_of(model, row_id):
    row = session().get_one(model, row_id)
    return row.rv, bytes(row.sealed)


class TestMoved:
    def test_between_cases(self, app, people):
        first, second = opened(people), opened(people)
        one, _rv = saved(people, first, "identity", IDENTITY)
        other, _rv = saved(people, second, "identity", {"first_name": "Othername"})
        rv, sealed = sealed_of(CaseRecord, other)
        put(CaseRecord, one, sealed=sealed, rv=rv)
        with pytest.raises(SealBroken):
            queries.data_of(first, "identity")

    def test_the_whole_row_into_another_case(self, app, people):
        first, second = opened(people), opened(people)
        one, _rv = saved(people, first, "identity", IDENTITY)
        put(CaseRecord, one, case_id=second, kind_token=vault.kind_token(second, "identity"))
        with pytest.raises(SealBroken):
            queries.data_of(second, "identity")

    def test_between_kinds(self, app, people):
        case_id = opened(people)
        identity, _rv = saved(people, case_id, "identity", IDENTITY)
        put(CaseRecord, identity, kind_token=vault.kind_token(case_id, "person"))
        with pytest.raises(SealBroken):
            queries.read_record(queries.get_record(case_id, identity, "person"))

    def test_between_versions(self, app, people):
        case_id = opened(people)
        record_id, _rv = saved(people, case_id, "identity", IDENTITY)
        _rv, old = sealed_of(CaseRecord, record_id)
        saved(people, case_id, "identity", {**IDENTITY, "alias": "Newer"})
        put(CaseRecord, record_id, sealed=old)
        with pytest.raises(SealBroken):
            queries.data_of(case_id, "identity")

    def test_a_whole_row_put_back_to_its_older_version_is_found_by_the_trail(self, app, people):
        case_id = opened(people)
        record_id, rv = saved(people, case_id, "identity", IDENTITY)
        _rv, old = sealed_of(CaseRecord, record_id)
        saved(people, case_id, "identity", {**IDENTITY, "alias": "Newer"})
        put(CaseRecord, record_id, sealed=old, rv=rv)
        assert queries.data_of(case_id, "identity") == IDENTITY
        assert [(one.what, one.row_id) for one in verify().findings] == [("row_differs", record_id)]

    def test_a_summary_of_another_case(self, app, people):
        first, second = opened(people), opened(people)
        rv, sealed = sealed_of(CaseSummary, second)
        put(CaseSummary, first, sealed=sealed, rv=rv)
        with pytest.raises(SealBroken):
            queries.summary_of(queries.get_case(first))

    @pytest.mark.parametrize("cut", [b"", b"\xc1", b"not sealed at all, but long enough to look like it could be"])
    def test_altered_and_cut(self, app, people, cut):
        case_id = opened(people)
        record_id, _rv = saved(people, case_id, "identity", IDENTITY)
        put(CaseRecord, record_id, sealed=cut)
        with pytest.raises(SealBroken):
            queries.data_of(case_id, "identity")

    def test_a_broken_record_is_never_overwritten(self, app, people):
        case_id = opened(people)
        record_id, rv = saved(people, case_id, "identity", IDENTITY)
        put(CaseRecord, record_id, sealed=bytes(90))
        with pytest.raises(SealBroken):
            saved(people, case_id, "identity", {"alias": "New"}, rv=rv, record_id=record_id)


class TestDocuments:
    def keep(self, people, case_id, content=b"%PDF fictional " * 9000):
        with writing():
            document = files.keep_document(
                actor_id=people.staff["worker"], case_id=case_id, name="letter.pdf", media_type="application/pdf",
                what="referral_letter", content=content, now=NOW,
            )  # fmt: skip
            return document.id

    def test_the_exact_bytes_come_back(self, app, people):
        for content in (b"%PDF fictional " * 9000, b""):
            document = session().get_one(Document, self.keep(people, opened(people), content))
            assert files.read_document(document) == content
            assert vault.read(document)["size"] == len(content)

    def test_a_file_is_named_by_its_random_id_and_holds_nothing_in_clear(self, app, people):
        document_id = self.keep(people, opened(people))
        path = files.path_of(document_id)
        assert path.name == document_id.hex
        assert b"fictional" not in path.read_bytes()
        assert path.stat().st_mode & 0o077 == 0

    def test_swapped_cut_and_missing_files_do_not_open(self, app, people):
        case_id = opened(people)
        one, other = self.keep(people, case_id), self.keep(people, case_id)
        paths = [files.path_of(one), files.path_of(other)]
        whole = [path.read_bytes() for path in paths]
        for content in (whole[1], whole[0][:-1], whole[0][: 5 + 12 + 65536 + 16], b""):
            paths[0].write_bytes(content)
            with pytest.raises(SealBroken):
                files.read_document(session().get_one(Document, one))
        paths[0].unlink()
        with pytest.raises(SealBroken):
            files.read_document(session().get_one(Document, one))


CANARIES = [
    *(value for data in (IDENTITY, SAFETY, SCREENING) for value in data.values() if isinstance(value, str)),
    "Fictional text of a note", "A reason to look", "Text in a draft", "3520212345678",
]  # fmt: skip
# Words that mean nothing alone and stand in clear for other reasons (a state, a due day, a code of two letters).
PLAIN = {"yes", "ur", "2026-11-10", "2026-11-02", "tip", "intake", "self", "high", "in_person", "feminine", "adult"}


def test_nothing_of_a_person_lies_in_clear_in_either_database(app, people):
    case_id, actor = opened(people), people.actor("worker")
    saved(people, case_id, "identity", IDENTITY)
    saved(people, case_id, "safety", SAFETY)
    with writing():
        note = {"text": "Fictional text of a note"}
        services.add_note(actor=actor, case_id=case_id, record_id=case_id, data=note, now=SOON)
        services.reveal(actor=actor, case_id=case_id, kind="identity", reason="correction", now=SOON)
        draft = {"cover_story": ["Text in a draft"]}
        services.keep_draft(
            actor=actor, case_id=case_id, record_id=case_id, kind="note", fields=draft, now=SOON, section="contact"
        )
    stored = everything_stored()
    found = [text for text in CANARIES if text not in PLAIN for form in forms_of(text) if form in stored]
    assert found == []
    assert str(case_id.hex).encode() in stored.replace(b"-", b"")
    assert verify().whole


def forms_of(text):
    raw = text.encode()
    yield from (raw, text.encode("utf-16-le"), text.encode("utf-16-be"), raw.hex().encode())
    if len(raw) > 8:
        yield base64.b64encode(raw)[:-4]


def everything_stored():
    """Every value of every row of both databases, and on SQLite the very bytes of their files."""
    session().rollback()
    engines = [db.engine, vault.current().store.engine]
    parts = []
    for engine in engines:
        if engine.dialect.name == "sqlite":
            parts += [path.read_bytes() for path in sorted(vault.current().files.parent.glob("*.db*"))]
        tables = MetaData()
        tables.reflect(engine)
        with engine.connect() as connection:
            for table in tables.sorted_tables:
                for row in connection.execute(table.select()):
                    parts += [value if isinstance(value, bytes) else str(value).encode() for value in row]
    return b"\n".join(parts)
