"""Help without a case and refused records: a count stays, and nothing of the person."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import func, select, update

from caseflow.cases import queries, services
from caseflow.cases.models import Case, CaseRecord, ContactCount, Draft
from caseflow.core import vault
from caseflow.core.db import session, writing
from caseflow.core.errors import Invalid, NotAllowed, NotFound, TooLate
from caseflow.core.trail import Tag
from caseflow.core.trail.models import TrailEntry
from caseflow.core.trail.verify import verify
from tests.cases.factories import NOW, SOON, opened

pytestmark = pytest.mark.both_databases
HELP = {"help_given": ["food_water", "call"], "gender": "masculine", "majority_status": "adult"}
SINCE = date(2025, 11, 1)


def helped(people, case_id=None, *, key="worker", team="north", now=NOW, **changed):
    with writing():
        return services.count_helped(
            actor=people.actor(key), case_id=case_id or uuid4(), team_id=people.teams[team], data={**HELP, **changed},
            now=now,
        ).id  # fmt: skip


def declined(people, case_id=None, *, key="worker", team="north", now=NOW):
    with writing():
        return services.count_declined(
            actor=people.actor(key), case_id=case_id or uuid4(), team_id=people.teams[team], now=now
        ).id


def count(model):
    return session().scalar(select(func.count()).select_from(model))


def tags():
    return session().scalars(select(TrailEntry.tag).where(TrailEntry.tag.like("cases:%"))).all()


def has_key(case_id):
    return bool(vault.current().store.keys([case_id]))


class TestHelpedOnce:
    def test_keeps_a_count_and_no_case(self, app, people):
        row = session().get(ContactCount, helped(people))
        assert (row.kind, row.office_day, row.team_id) == ("helped_once", date(2026, 11, 3), people.teams["north"])
        assert vault.read(row)["data"] == HELP
        assert (count(Case), count(CaseRecord), count(ContactCount)) == (0, 0, 1)
        assert tags() == [Tag.HELPED_ONCE]
        assert verify().whole

    def test_nothing_says_which_form_it_was(self, app, people):
        case_id = uuid4()
        row = session().get(ContactCount, helped(people, case_id))
        assert case_id not in (row.id, row.organisation_id, row.team_id)
        assert session().scalars(select(TrailEntry.object_id).where(TrailEntry.tag == Tag.HELPED_ONCE)).one() != row.id

    def test_the_draft_and_its_key_go(self, app, people):
        case_id = services.reserve(uuid4(), now=NOW)
        with writing():
            services.keep_draft(
                actor=people.actor("worker"), case_id=case_id, record_id=case_id, kind="screening",
                fields={"danger_what": ["typed"]}, now=NOW,
            )  # fmt: skip
        helped(people, case_id)
        assert count(Draft) == 0
        assert not has_key(case_id)

    def test_a_key_without_a_draft_goes_too(self, app, people):
        case_id = services.reserve(uuid4(), now=NOW)
        helped(people, case_id)
        assert not has_key(case_id)

    def test_somebody_elses_draft_under_the_same_id_stays(self, app, people):
        case_id = services.reserve(uuid4(), now=NOW)
        with writing():
            services.keep_draft(
                actor=people.actor("worker"), case_id=case_id, record_id=case_id, kind="screening", fields={}, now=NOW
            )
        helped(people, case_id, key="colleague")
        assert count(Draft) == 1
        assert has_key(case_id)

    def test_a_repeated_post_counts_once(self, app, people):
        case_id = uuid4()
        assert helped(people, case_id) == helped(people, case_id, now=SOON)
        assert tags() == [Tag.HELPED_ONCE]

    def test_two_people_count_twice(self, app, people):
        assert helped(people) != helped(people)

    def test_the_day_of_the_help_counts_not_that_of_writing(self, app, people):
        assert session().get(ContactCount, helped(people, helped_on="2026-10-30")).office_day == date(2026, 10, 30)

    @pytest.mark.parametrize(
        ("changed", "where"),
        [
            ({"help_given": []}, "help_given"),
            ({"help_given": ["gold"]}, "help_given"),
            ({"helped_on": "2026-11-04"}, "helped_on"),
            ({"gender": "no such code"}, "gender"),
        ],
    )
    def test_what_is_missing_or_ill_formed_is_said(self, app, people, changed, where):
        with pytest.raises(Invalid) as refused:
            helped(people, **changed)
        assert set(refused.value.problems) == {where}
        assert count(ContactCount) == 0

    def test_a_word_that_is_not_asked_for_is_refused(self, app, people):
        with pytest.raises(Invalid):
            helped(people, first_name="Zarmeena")

    def test_whoever_has_a_case_is_not_counted_as_having_none(self, app, people):
        case_id = opened(people)
        with pytest.raises(TooLate):
            helped(people, case_id)
        assert queries.data_of(case_id, "person")

    @pytest.mark.parametrize(("team", "error"), [("south", NotFound), ("far", NotFound)])
    def test_only_for_a_team_one_works_in(self, app, people, team, error):
        with pytest.raises(error):
            helped(people, team=team)

    @pytest.mark.parametrize("key", ["protection", "auditor", "admin"])
    def test_who_works_no_cases_counts_nobody(self, app, people, key):
        with pytest.raises(NotAllowed):
            helped(people, key=key)

    def test_no_case_is_opened_with_this_outcome(self, app, people):
        with pytest.raises(Invalid) as refused:
            opened(people, outcome="helped_once")
        assert set(refused.value.problems) == {"outcome"}
        assert count(Case) == 0


class TestRefusedRecord:
    def test_keeps_a_count_and_nothing_else(self, app, people):
        row = session().get(ContactCount, declined(people))
        assert row.kind == "declined"
        assert vault.read(row)["data"] == {}
        assert tags() == [Tag.RECORD_DECLINED]

    def test_a_repeated_post_counts_once(self, app, people):
        case_id = uuid4()
        assert declined(people, case_id) == declined(people, case_id)
        assert count(ContactCount) == 1

    def test_one_person_may_refuse_the_record_and_be_helped(self, app, people):
        case_id = uuid4()
        assert declined(people, case_id) != helped(people, case_id)

    def test_a_forgotten_tick_is_counted_back_and_a_second_refusal_counts_again(self, app, people):
        case_id = uuid4()
        row_id = declined(people, case_id)
        for _again in range(2):
            with writing():
                services.take_back_declined(actor=people.actor("worker"), case_id=case_id, now=SOON)
        assert session().get(ContactCount, row_id).kind == "taken_back"
        assert queries.numbers(people.actor("supervisor"), since=SINCE).months == []
        assert declined(people, case_id) == row_id
        assert queries.numbers(people.actor("supervisor"), since=SINCE).months == [("2026-11", 0, 1)]
        assert tags() == [Tag.RECORD_DECLINED, Tag.DECLINE_TAKEN_BACK, Tag.RECORD_DECLINED]
        assert verify().whole


class TestNumbers:
    def test_are_told_by_month_and_kind_with_what_was_given(self, app, people):
        for _one in range(2):
            helped(people)
        helped(people, helped_on="2026-10-30", help_given=["call"])
        declined(people, now=NOW - timedelta(days=4))
        found = queries.numbers(people.actor("supervisor"), since=SINCE)
        assert found.months == [("2026-11", 2, 0), ("2026-10", 1, 1)]
        assert found.given == [("call", 3), ("food_water", 2)]

    def test_older_ones_are_left_out(self, app, people):
        helped(people, helped_on="2025-10-31")
        assert queries.numbers(people.actor("supervisor"), since=SINCE).months == []

    def test_a_supervisor_sees_the_own_team_and_data_protection_the_organisation(self, app, people):
        declined(people)
        declined(people, key="other_team", team="south")
        declined(people, key="stranger", team="far")

        def seen(key):
            return [line[2] for line in queries.numbers(people.actor(key), since=SINCE).months]

        assert (seen("supervisor"), seen("protection"), seen("stranger_supervisor")) == ([1], [2], [1])
        assert (seen("worker"), seen("auditor"), seen("admin")) == ([], [], [])

    def test_a_broken_count_is_told_and_stays_in_its_month(self, app, people):
        row_id = helped(people)
        helped(people)
        with writing():
            session().execute(update(ContactCount).where(ContactCount.id == row_id).values(sealed=b"x"))
        found = queries.numbers(people.actor("supervisor"), since=SINCE)
        assert found.months == [("2026-11", 2, 0)]
        assert len(found.broken) == 1
        assert found.given == [("call", 1), ("food_water", 1)]
