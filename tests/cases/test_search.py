"""Look before you create: what is found, for whom, and what is never hinted at."""

import pytest

from caseflow.cases import queries
from caseflow.core.db import session, writing
from caseflow.core.errors import Invalid
from tests.cases.factories import IDENTITY, SAFETY, opened, saved

pytestmark = pytest.mark.both_databases


@pytest.fixture
def known(app, people):
    """A case of the north team with numbers and names, and noise beside it."""
    case_id = opened(people)
    saved(people, case_id, "identity", IDENTITY)
    saved(people, case_id, "safety", SAFETY)
    saved(people, opened(people), "identity", {"first_name": "Noise", "cnic": "11111-1111111-1"})
    return case_id


def ids(rows):
    return [row.id for row in rows]


@pytest.mark.parametrize(
    "typed",
    [
        {"cnic": "3520212345678"},
        {"cnic": "35202-1234567-8"},
        {"cnic": "۳۵۲۰۲۱۲۳۴۵۶۷۸"},
        {"passport": "ab 1234567"},
        {"phone": "0300 1234567"},
        {"phone": "0092 321 9876543"},
        {"name": "zarmeena"},
        {"name": "  TESTWOMAN "},
        {"name": "meena test"},
        {"name": "زرمینہ"},
        {"cnic": "99999-9999999-9", "name": "Zarmeena"},
    ],
)
def test_the_person_is_found_as_typed(people, known, typed):
    assert ids(queries.find_same(people.actor("colleague"), **typed)) == [known]


@pytest.mark.parametrize("key", ["other_team", "stranger", "stranger_supervisor", "auditor", "admin"])
@pytest.mark.parametrize("typed", [{"cnic": IDENTITY["cnic"]}, {"name": "Zarmeena"}])
def test_nobody_outside_the_team_learns_anything(people, known, key, typed):
    assert queries.find_same(people.actor(key), **typed) == []


def test_nothing_typed_finds_nothing(people, known):
    assert queries.find_same(people.actor("worker")) == []
    assert queries.find_same(people.actor("worker"), name="   ") == []
    assert queries.find_same(people.actor("worker"), name="%") == []


@pytest.mark.parametrize(
    ("field", "text"),
    [("cnic", "12"), ("passport", "?"), ("phone", "abc"), ("name", "x" * 2000), ("name", "\ud800")],
)
def test_an_ill_formed_number_is_said_beside_its_field(people, known, field, text):
    with pytest.raises(Invalid) as invalid:
        queries.find_same(people.actor("worker"), **{field: text})
    assert set(invalid.value.problems) == {field}


def test_a_corrected_number_is_found_and_the_former_one_is_not(people, known):
    saved(people, known, "identity", {**IDENTITY, "cnic": "42101-7654321-0", "phone_mobile": "+923331112222"})
    worker = people.actor("worker")
    assert queries.find_same(worker, cnic=IDENTITY["cnic"]) == []
    assert queries.find_same(worker, phone=IDENTITY["phone_mobile"]) == []
    assert ids(queries.find_same(worker, cnic="42101-7654321-0")) == [known]
    assert ids(queries.find_same(worker, phone=SAFETY["safe_phone"])) == [known]
    saved(people, known, "safety", {"safe_contact_way": ["none_now"]})
    assert queries.find_same(worker, phone=SAFETY["safe_phone"]) == []


def test_a_record_that_does_not_open_stops_no_search(people, known):
    from caseflow.cases.models import CaseRecord

    broken = opened(people)
    record_id, _rv = saved(people, broken, "identity", {"first_name": "Zarmeena"})
    with writing():
        session().execute(CaseRecord.__table__.update().where(CaseRecord.id == record_id).values(sealed=bytes(90)))
    assert ids(queries.find_same(people.actor("worker"), name="zarmeena")) == [known]


def test_a_number_is_found_however_it_is_written(people, known):
    number = queries.get_case(known).number
    worker = people.actor("worker")
    assert ids(queries.number_lookup(worker, f" {number.lower()} ")) == [known]
    assert queries.number_lookup(people.actor("stranger"), number) == []
    assert queries.number_lookup(worker, "CF-") == queries.number_lookup(worker, "x" * 9000) == []


def test_a_part_of_a_code_name_is_found_across_its_words(people, known):
    summary = queries.summary_of(queries.get_case(known))
    worker = people.actor("worker")
    for name in (summary["code_en"], summary["code_ur"]):
        place = name.index(" ")
        assert known in ids(queries.find_by_code_name(worker, name[place - 2 : place + 3]))


def test_what_no_code_name_can_hold_opens_no_summary(people, known, monkeypatch):
    monkeypatch.setattr("caseflow.cases.queries.search._opened", lambda _row: pytest.fail("a summary was opened"))
    assert queries.find_by_code_name(people.actor("worker"), "Zarmeena") == []


def test_two_names_of_a_person_are_not_read_as_one(people, known):
    saved(people, known, "identity", {**IDENTITY, "alias": "Fictional"})
    worker = people.actor("worker")
    assert ids(queries.find_same(worker, name="fiction")) == [known]
    assert queries.find_same(worker, name=f"{IDENTITY['other_names']} Fictional") == []


def test_a_code_name_is_found_in_both_languages(people, known):
    summary = queries.summary_of(queries.get_case(known))
    worker = people.actor("worker")
    assert known in ids(queries.find_by_code_name(worker, summary["code_en"].upper()))
    assert known in ids(queries.find_by_code_name(worker, summary["code_ur"]))
    assert queries.find_by_code_name(people.actor("stranger"), summary["code_en"]) == []
    assert queries.find_by_code_name(worker, " ") == []
