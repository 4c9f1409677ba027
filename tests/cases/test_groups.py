"""A group list becomes cases: each with its own key, consents and screening, a few at a time, and nothing twice."""

from uuid import UUID, uuid4

import pytest
from sqlalchemy import func, select

from caseflow.cases import queries, services
from caseflow.cases.models import Case, ContactCount, Draft
from caseflow.consent.queries import register_of
from caseflow.core import vault
from caseflow.core.db import session, writing
from caseflow.core.errors import Invalid, NotFound
from caseflow.core.trail import Tag
from caseflow.core.trail.models import TrailEntry
from caseflow.core.trail.verify import verify
from tests.cases import groups
from tests.cases.factories import NOW, SOON

pytestmark = pytest.mark.both_databases
COMMON = {
    "contact_date": "2026-11-02", "persons_present": ["officer"], "private": "no", "free_to_leave": "police",
    "primary_language": "ps", "case_type": "som",
}  # fmt: skip


def kept(people, text, *, key="worker"):
    """A list with pasted lines; its id."""
    group_id, actor = services.reserve(uuid4(), now=NOW), people.actor(key)
    with writing():
        services.keep_common(actor=actor, group_id=group_id, fields={"case_type": ["som"]}, answers=COMMON, now=NOW)
    with writing():
        services.add_lines(
            actor=actor, group_id=group_id, rows=services.read_table(text).rows, paste_id=uuid4(), now=NOW
        )
    return group_id


def lines(people, group_id, *, key="worker"):
    actor = people.actor(key)
    found = queries.group_of(actor, group_id, needed=True)
    return services.lines_of(found, actor=actor, team_id=people.teams["north"], common=COMMON, now=NOW)


def make(people, group_id, some=None, *, size=12, now=SOON):
    some = services.batches(lines(people, group_id), now=now) if some is None else some
    for batch in some:
        with writing():
            services.make_cases(
                actor=people.actor("worker"), group_id=group_id, team_id=people.teams["north"], lines=batch, size=size,
                now=now,
            )  # fmt: skip


def count(model):
    return session().scalar(select(func.count()).select_from(model))


def group(people, group_id, key="worker"):
    return queries.group_of(people.actor(key), group_id)


class TestMaking:
    def test_each_person_gets_a_case_a_key_and_a_screening_of_their_own(self, app, people):
        group_id = kept(people, groups.table(3))
        make(people, group_id)
        cases = group(people, group_id).made
        assert len(set(cases)) == count(Case) == 3
        assert len({vault.read(queries.get_case(one))["code_en"] for one in cases}) == 3
        assert all(vault.current().store.keys([one]) for one in cases)
        ages = [queries.data_of(one, "screening")["age_at_contact"] for one in cases]
        assert ages == [18, 19, 20]
        first = queries.data_of(cases[0], "screening")
        assert (first["case_type"], first["primary_language"], first["private"]) == ("som", "ur", "no")
        assert verify().whole

    def test_each_consent_is_the_persons_own_and_not_free_before_an_officer(self, app, people):
        group_id = kept(people, groups.table(2))
        make(people, group_id)
        for case_id in group(people, group_id).made:
            register = register_of(case_id, today=NOW.date())
            assert sorted(view.doc["scope"] for view in register) == ["interview", "record"]
            assert not any(view.doc["free"] for view in register)

    def test_a_case_says_with_how_many_and_names_nobody(self, app, people):
        group_id = kept(people, groups.table(2))
        make(people, group_id)
        one, other = group(people, group_id).made
        assert vault.read(queries.get_case(one))["group"] == {"id": str(group_id), "size": 12, "label": "A0"}
        assert str(other) not in str(vault.read(queries.get_case(one)))

    def test_who_wants_no_record_is_a_count_and_no_key(self, app, people):
        group_id = kept(people, groups.table(1, declined=2))
        refused = [line.id for line in lines(people, group_id) if line.declined]
        make(people, group_id)
        assert (count(Case), count(ContactCount), group(people, group_id).declined) == (1, 2, 2)
        assert not vault.current().store.keys(refused)
        assert "AF" not in str(group(people, group_id).fields)

    def test_wrong_lines_stay_as_they_were_typed(self, app, people):
        group_id = kept(people, groups.table(2, wrong=1))
        make(people, group_id)
        (left,) = lines(people, group_id)
        assert left.cells["gender"] == "femmale"
        assert set(left.problems) == {"gender"}
        assert count(Case) == 2

    def test_what_was_made_leaves_the_list(self, app, people):
        group_id = kept(people, groups.table(2))
        make(people, group_id)
        assert group(people, group_id).line_ids == []
        assert "A0" not in str(group(people, group_id).fields)

    def test_the_trail_says_how_many(self, app, people):
        group_id = kept(people, groups.table(12))
        make(people, group_id)
        tags = session().scalars(select(TrailEntry.tag)).all()
        assert (tags.count(Tag.GROUP_MADE), tags.count(Tag.CASE_OPENED)) == (2, 12)


class TestTwice:
    def test_the_same_batches_again_make_nothing(self, app, people):
        group_id = kept(people, groups.table(12, declined=1))
        some = services.batches(lines(people, group_id), now=NOW)
        make(people, group_id, some)
        make(people, group_id, some)
        assert (count(Case), count(ContactCount), group(people, group_id).declined) == (12, 1, 1)

    def test_what_was_broken_off_goes_on_where_it_stopped(self, app, people):
        group_id = kept(people, groups.table(25))
        some = services.batches(lines(people, group_id), now=NOW)
        assert [len(batch) for batch in some] == [10, 10, 5]
        make(people, group_id, some[:1])
        with pytest.raises(RuntimeError):
            self._break_off(people, group_id, some[1])
        assert (count(Case), len(group(people, group_id).line_ids)) == (10, 15)
        make(people, group_id)
        assert (count(Case), group(people, group_id).line_ids) == (25, [])
        assert verify().whole

    def _break_off(self, people, group_id, some):
        with writing():
            services.make_cases(
                actor=people.actor("worker"), group_id=group_id, team_id=people.teams["north"], lines=some, size=25,
                now=NOW,
            )  # fmt: skip
            raise RuntimeError

    def test_the_same_paste_again_adds_nothing(self, app, people):
        group_id, paste_id = kept(people, groups.table(1)), uuid4()
        for _again in range(2):
            with writing():
                services.add_lines(
                    actor=people.actor("worker"), group_id=group_id, rows=[{"gender": "f"}], paste_id=paste_id, now=NOW
                )
        assert len(group(people, group_id).line_ids) == 2


class TestTheList:
    def test_is_nobody_elses(self, app, people):
        group_id = kept(people, groups.table(1))
        for key in ("colleague", "supervisor", "stranger"):
            assert group(people, group_id, key) is None
            with pytest.raises(NotFound), writing():
                services.add_lines(actor=people.actor(key), group_id=group_id, rows=[{}], paste_id=uuid4(), now=NOW)
            with pytest.raises(NotFound), writing():
                services.keep_common(actor=people.actor(key), group_id=group_id, fields={}, answers=None, now=NOW)

    def test_holds_sixty(self, app, people):
        group_id = kept(people, groups.table(60))
        with pytest.raises(Invalid), writing():
            services.add_lines(actor=people.actor("worker"), group_id=group_id, rows=[{}], paste_id=uuid4(), now=NOW)
        assert len(group(people, group_id).line_ids) == 60

    def test_a_line_can_be_changed_and_taken_off(self, app, people):
        group_id = kept(people, groups.table(2))
        first, second = group(people, group_id).line_ids
        cells = {first: {"gender": "m", "urgent_need": "call 0300 1234567"}, uuid4(): {"gender": "f"}}
        with writing():
            numbers = services.keep_cells(
                actor=people.actor("worker"), group_id=group_id, cells=cells, gone=[second], now=NOW
            )
        assert numbers == 1
        assert group(people, group_id).line_ids == [first]
        assert group(people, group_id).cells(first)["gender"] == "m"
        assert "1234567" not in str(group(people, group_id).fields)

    def test_thrown_away_it_is_gone_with_its_key_and_the_cases_stay(self, app, people):
        group_id = kept(people, groups.table(1, wrong=1))
        make(people, group_id)
        (case_id,) = group(people, group_id).made
        with writing():
            services.discard_draft(actor=people.actor("worker"), draft_id=group(people, group_id).draft_id, now=SOON)
        assert count(Draft) == 0
        assert not vault.current().store.keys([group_id])
        assert queries.data_of(UUID(str(case_id)), "person")

    def test_common_answers_that_are_wrong_are_refused_unless_they_are_left_half_way(self, app, people):
        group_id, actor = services.reserve(uuid4(), now=NOW), people.actor("worker")
        wrong = {"contact_date": "2999-01-01"}
        with pytest.raises(Invalid) as refused, writing():
            services.keep_common(actor=actor, group_id=group_id, fields={}, answers=wrong, now=NOW)
        assert set(refused.value.problems) == {"contact_date"}
        with writing():
            services.keep_common(actor=actor, group_id=group_id, fields={"x": ["half"]}, answers=None, now=NOW)
        assert group(people, group_id).common == {"x": ["half"]}
