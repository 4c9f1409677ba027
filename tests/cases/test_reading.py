"""What is read leaves a record: who, when, why; never what was read."""

import pytest
from sqlalchemy import select

from caseflow.cases import services
from caseflow.core import vault
from caseflow.core.db import NO_CASE, session, writing
from caseflow.core.errors import Invalid, NotAllowed, NotFound
from caseflow.core.trail import Tag
from caseflow.core.trail.models import TrailEntry
from caseflow.core.trail.verify import verify
from tests.cases.factories import IDENTITY, SAFETY, SOON, opened, saved

pytestmark = pytest.mark.both_databases


def last(tag):
    """The newest entry with this tag, and its opened detail."""
    query = select(TrailEntry).where(TrailEntry.tag == str(tag)).order_by(TrailEntry.recorded_at.desc())
    entry = session().scalars(query).first()
    detail = vault.current().open_bytes(
        entry.case_id or NO_CASE, bytes(entry.detail), "trail_entry", entry.id, "detail"
    )
    return entry, detail


def reveal(people, case_id, key="worker", kind="identity", reason="documents"):
    with writing():
        return services.reveal(actor=people.actor(key), case_id=case_id, kind=kind, reason=reason, now=SOON)


def test_a_name_is_shown_against_a_reason(app, people):
    case_id = opened(people)
    assert reveal(people, case_id) == {}
    saved(people, case_id, "identity", IDENTITY)
    assert reveal(people, case_id) == IDENTITY
    entry, detail = last(Tag.NAMES_REVEALED)
    assert (entry.actor_id, entry.case_id) == (people.staff["worker"], case_id)
    assert detail == {"reason": "documents", "scope": "identity"}
    assert verify().whole


def test_safety_is_revealed_apart(app, people):
    case_id = opened(people)
    saved(people, case_id, "safety", SAFETY)
    assert reveal(people, case_id, kind="safety") == SAFETY
    assert last(Tag.NAMES_REVEALED)[1]["scope"] == "safety"


@pytest.mark.parametrize("reason", ["", "   ", "x" * 400, "Zarmeena asked me", "other", "\x00"])
def test_without_a_reason_of_the_list_nothing_is_shown(app, people, reason):
    case_id = opened(people)
    with pytest.raises(Invalid) as invalid:
        reveal(people, case_id, reason=reason)
    assert set(invalid.value.problems) == {"reason"}


@pytest.mark.parametrize(
    ("key", "refusal"),
    [("colleague", NotAllowed), ("other_team", NotFound), ("auditor", NotFound), ("admin", NotFound)],
)
def test_only_to_who_works_the_case(app, people, key, refusal):
    case_id = opened(people)
    with pytest.raises(refusal):
        reveal(people, case_id, key)


@pytest.mark.parametrize("kind", ["person", "note", "case", ""])
def test_other_kinds_are_not_revealed(app, people, kind):
    with pytest.raises(NotFound):
        reveal(people, opened(people), kind=kind)


def test_the_tap_on_ones_caseload_is_recorded_once_for_all(app, people):
    with writing():
        services.reveal_caseload(actor=people.actor("worker"), now=SOON)
    entry, detail = last(Tag.NAMES_REVEALED)
    assert (entry.case_id, entry.object_id, detail["scope"]) == (None, people.staff["worker"], "caseload")
    with pytest.raises(NotAllowed), writing():
        services.reveal_caseload(actor=people.actor("auditor"), now=SOON)


def test_a_search_is_recorded_without_its_text(app, people):
    with writing():
        services.note_search(actor=people.actor("worker"), fields=["name", "cnic"], count=2, now=SOON)
    assert last(Tag.SEARCHED)[1] == {"fields": ["cnic", "name"], "count": 2}
    with pytest.raises(NotAllowed), writing():
        services.note_search(actor=people.actor("admin"), fields=["name"], count=0, now=SOON)


def test_opening_a_case_page_is_recorded(app, people):
    case_id = opened(people)
    with writing():
        services.note_read(actor=people.actor("colleague"), case_id=case_id, now=SOON)
    assert last(Tag.CASE_READ)[0].actor_id == people.staff["colleague"]
    with writing():
        services.note_read(actor=people.actor("colleague"), case_id=case_id, kind="safety", now=SOON)
    assert last(Tag.RECORD_READ)[1] == {"kind": "safety"}
    with pytest.raises(NotFound), writing():
        services.note_read(actor=people.actor("stranger"), case_id=case_id, now=SOON)
