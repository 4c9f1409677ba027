"""Lists show what policy lets one read, no more and no less, in a steady order, whatever one row is like."""

from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import event, select

from caseflow.cases import queries, services
from caseflow.cases.models import Case, CaseSummary
from caseflow.cases.states import PublicState
from caseflow.core import vault
from caseflow.core.db import new_id, session, writing
from caseflow.core.errors import NotFound
from caseflow.core.policy import Action, grants, permits
from tests.cases.factories import NOW, SAFETY, SOON, opened, saved
from tests.support.world import PEOPLE

pytestmark = pytest.mark.both_databases


# How many of the five cases below each person sees, and how many two grants as deputy add (two, unless seen before).
SEEN = dict.fromkeys(PEOPLE, 0) | dict.fromkeys(("worker", "colleague", "supervisor", "second_supervisor"), 3)
SEEN |= dict.fromkeys(("other_team", "other_team_supervisor", "stranger", "stranger_supervisor"), 1)
GAINED = dict.fromkeys(("other_team", "other_team_supervisor", "stranger", "stranger_supervisor"), 1)


@pytest.fixture
def caseload(people, app):
    """Cases of every team: own, a colleague's, another team's, another organisation's."""
    made = [("worker", "north"), ("colleague", "north"), ("supervisor", "north"), ("other_team", "south")]
    made.append(("stranger", "far"))
    return [opened(people, key, team=team, now=NOW + timedelta(minutes=at)) for at, (key, team) in enumerate(made)]


def give(people, key, case_id, kind):
    with writing():
        grants.give(
            user_id=people.staff[key], case_id=case_id, reason_kind=kind, valid_from=NOW,
            valid_until=NOW + timedelta(days=4000), source=new_id(),
        )  # fmt: skip


@pytest.mark.parametrize("granted", ["", "deputy", "audit"])
def test_policy_and_the_list_agree_for_everybody(app, people, caseload, granted):
    for key in PEOPLE:
        if granted:
            give(people, key, caseload[3], granted)
            give(people, key, caseload[4], granted)
        actor = people.actor(key, now=SOON)
        readable = {case.id for case in session().scalars(select(Case)) if permits(actor, Action.Case.READ, case)}
        listed = queries.list_cases(actor)
        assert {row.id for row in listed} == readable, key
        assert all(permits(actor, Action.Case.READ, row) for row in listed)
        assert len(listed) == SEEN[key] + (GAINED.get(key, 2) if granted == "deputy" else 0), key


def test_newest_change_comes_first_and_pages_join_without_gap(app, people):
    ids = [opened(people, now=NOW + timedelta(minutes=at // 3)) for at in range(9)]
    actor, seen, after = people.actor("worker"), [], None
    while rows := queries.list_cases(actor, after=after, limit=2):
        seen += [row.id for row in rows]
        after = (rows[-1].updated_at, rows[-1].id)
    assert sorted(seen) == sorted(ids)
    times = [queries.get_case(one).updated_at for one in seen]
    assert times == sorted(times, reverse=True)


def test_a_list_is_narrowed_by_state_and_to_ones_own(app, people, caseload):
    actor = people.actor("worker")
    assert [row.id for row in queries.list_cases(actor, mine=True)] == [caseload[0]]
    with writing():
        queries.get_case(caseload[0]).state = "on_hold"
    assert [row.id for row in queries.list_cases(actor, state=PublicState.OPEN)] == [caseload[0]]
    assert {row.id for row in queries.list_cases(actor, state=PublicState.SCREENING)} == set(caseload[1:3])
    assert queries.list_cases(actor, state=PublicState.CLOSED) == []


def test_one_broken_summary_marks_its_row_and_no_other(app, people, caseload):
    with writing():
        session().execute(
            CaseSummary.__table__.update().where(CaseSummary.id == caseload[0]).values(sealed=b"\xc1" + bytes(80))
        )
        session().execute(CaseSummary.__table__.delete().where(CaseSummary.id == caseload[1]))
    rows = {row.id: row for row in queries.list_cases(people.actor("worker"))}
    assert [rows[one].broken for one in caseload[:3]] == [True, True, False]
    assert rows[caseload[0]].error.record_id == caseload[0]
    assert rows[caseload[0]].code_name == ""
    assert rows[caseload[2]].code_name


def test_a_page_asks_the_key_store_once(app, people, caseload):
    vault.current()._keys.clear()
    asked = []
    event.listen(vault.current().store.engine, "before_cursor_execute", lambda *a: asked.append(a[2]))
    assert len(queries.list_cases(people.actor("worker"))) == 3
    assert len([one for one in asked if "case_key" in one]) == 1


def test_an_unknown_case_is_not_found(app):
    with pytest.raises(NotFound):
        queries.get_case(uuid4())


class TestRealNames:
    def test_show_in_ones_own_caseload_only(self, app, people, caseload):
        for at, key in enumerate(["worker", "colleague"]):
            saved(people, caseload[at], "identity", {"first_name": "Zarmeena"}, key=key)
        rows = queries.list_cases(people.actor("worker"))
        assert queries.real_names(people.actor("worker"), rows) == {caseload[0]: "Zarmeena"}
        assert queries.real_names(people.actor("supervisor"), rows) == {}

    @pytest.mark.parametrize(
        ("identity", "name"),
        [
            ({"first_name": "Zar", "other_names": "Khan", "alias": "Z"}, "Zar Khan"),
            ({"name_urdu": "زر", "alias": "Z"}, "زر"),
            ({"alias": "Z"}, "Z"),
            ({}, ""),
        ],
    )
    def test_take_the_best_name_there_is(self, identity, name):
        assert queries.real_name(identity) == name


def test_a_change_moves_a_case_up(app, people):
    first, _second = opened(people), opened(people, now=NOW + timedelta(minutes=1))
    saved(people, first, "safety", SAFETY)
    assert queries.list_cases(people.actor("worker"))[0].id == first
    with writing():
        services.note_read(actor=people.actor("worker"), case_id=first, now=SOON)
    assert queries.get_case(first).updated_at == SOON
