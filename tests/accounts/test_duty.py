"""The duty roster: whom to call at this hour, who keeps it, and the right of caseworkers to issue alone."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from caseflow.accounts.queries import actor_for, get_staff
from caseflow.accounts.queries.duty import on_duty, roster, suspended
from caseflow.accounts.services import duty as services
from caseflow.core.db import session, writing
from caseflow.core.errors import Invalid, NotAllowed, NotFound, TooLate
from caseflow.core.policy import Action, Role, permits
from caseflow.core.trail.models import TrailEntry
from tests.referrals.front import Office

pytestmark = pytest.mark.both_databases
NOW = datetime(2026, 11, 17, 21, 0, tzinfo=UTC)  # two in the morning in Karachi
HOUR = timedelta(hours=1)


def planned(people, who="supervisor", *, start=NOW - HOUR, end=NOW + 8 * HOUR, key="supervisor", now=NOW, **changed):
    """A turn, by id."""
    said = {"role": Role.SUPERVISOR, "phone": "+923001110000", "duty_id": uuid4(), **changed}
    with writing():
        return services.plan_duty(
            actor=people.actor(key), user_id=people.staff[who], starts_at=start, ends_at=end, now=now, **said
        ).id


def called(people, role=Role.SUPERVISOR, now=NOW):
    names = {one: key for key, one in people.staff.items()}
    return [(names[one.user_id], one.now) for one in on_duty(people.organisations["ours"], role, now=now)]


def test_who_is_on_duty_is_called_first_then_the_next_then_everybody_else(app, people):
    planned(people, "second_supervisor")
    planned(people, "other_team_supervisor", start=NOW + 8 * HOUR, end=NOW + 16 * HOUR)
    assert called(people) == [
        ("second_supervisor", True), ("other_team_supervisor", False), ("supervisor", False),
    ]  # fmt: skip
    assert called(people, now=NOW + 9 * HOUR)[0] == ("other_team_supervisor", True)
    assert called(people, Role.DATA_PROTECTION) == [("protection", False)]


def test_without_a_roster_everybody_of_the_role_is_called_and_nobody_of_another_office(app, people):
    assert {one for one, _now in called(people)} == {"supervisor", "second_supervisor", "other_team_supervisor"}


def test_who_lost_the_role_is_not_called_whatever_the_roster_says(app, people):
    planned(people, "second_supervisor", end=NOW + 90 * HOUR)
    with writing():
        get_staff(people.staff["second_supervisor"]).state = "disabled"
    assert "second_supervisor" not in [one for one, _now in called(people)]


def test_the_number_on_the_roster_is_the_one_to_call(app, people):
    planned(people)
    [first, *_rest] = on_duty(people.organisations["ours"], Role.SUPERVISOR, now=NOW)
    assert first.phone == "+923001110000"


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"end": NOW - 2 * HOUR}, "ends_on"),
        ({"start": NOW - 9 * HOUR, "end": NOW - HOUR}, "ends_on"),
        ({"end": NOW + timedelta(days=40)}, "ends_on"),
        ({"phone": ""}, "phone"),
        ({"who": "worker"}, "who"),
        ({"who": "stranger_supervisor"}, "who"),
        ({"role": Role.DATA_PROTECTION}, "who"),
    ],
)
def test_a_turn_that_makes_no_sense_is_refused_with_words(app, people, changed, field):
    with pytest.raises(Invalid) as refused:
        planned(people, **changed)
    assert set(refused.value.problems) == {field}
    assert roster(people.organisations["ours"], now=NOW) == []


def test_a_repeated_post_plans_one_turn(app, people):
    same = uuid4()
    assert planned(people, duty_id=same) == planned(people, duty_id=same) == same
    assert len(roster(people.organisations["ours"], now=NOW)) == 1


def test_only_supervisors_and_data_protection_keep_the_roster(app, people):
    for key in ("worker", "auditor", "admin"):
        with pytest.raises(NotAllowed):
            planned(people, key=key)
    planned(people, "protection", key="protection", role=Role.DATA_PROTECTION)


def test_a_turn_is_taken_off_by_the_own_office_only_and_once(app, people):
    turn = planned(people)
    with pytest.raises(NotFound), writing():
        services.end_duty(actor=people.actor("stranger_supervisor"), duty_id=turn, now=NOW)
    with writing():
        services.end_duty(actor=people.actor("second_supervisor"), duty_id=turn, now=NOW)
    assert roster(people.organisations["ours"], now=NOW) == []
    with pytest.raises(TooLate), writing():
        services.end_duty(actor=people.actor("supervisor"), duty_id=turn, now=NOW + HOUR)


def test_a_suspended_right_shows_and_can_be_given_back(app, people):
    office, worker = people.organisations["ours"], people.staff["worker"]
    for _twice in range(2):
        with writing():
            services.suspend_emergency_right(actor=people.actor("supervisor"), staff_id=worker, now=NOW)
    assert suspended(office, now=NOW) == [(worker, "Test Caseworker")]
    assert not permits(actor_for(get_staff(worker), now=NOW), Action.Referral.EMERGENCY)
    with pytest.raises(NotFound), writing():
        services.restore_emergency_right(actor=people.actor("stranger_supervisor"), staff_id=worker, now=NOW)
    with writing():
        services.restore_emergency_right(actor=people.actor("supervisor"), staff_id=worker, now=NOW)
    assert suspended(office, now=NOW) == []
    assert permits(people.actor("worker"), Action.Referral.EMERGENCY)
    tags = [one.tag for one in session().query(TrailEntry).order_by(TrailEntry.seq) if "emergency" in one.tag]
    assert tags == ["accounts:emergency:suspend", "accounts:emergency:restore"]


@pytest.fixture
def office(bare_app, people, monkeypatch):
    made = Office(bare_app, people, monkeypatch)
    made.now = NOW
    return made


TURN = {
    "phone": "0300 1110000", "starts_on-day": "18", "starts_on-month": "11", "starts_on-year": "2026",
    "starts_at": "01:00", "ends_on-day": "18", "ends_on-month": "11", "ends_on-year": "2026", "ends_at": "09:00",
}  # fmt: skip


def test_the_roster_is_kept_on_its_page(office, people):
    keeper = office.as_("protection")
    keeper.get("/duty")
    who = f"supervisor:{people.staff['second_supervisor']}"
    keeper.submit(TURN | {"who": who, "ends_at": "00:30"}, has="who", status=422)
    assert "cannot end before it begins" in keeper.page.words and 'value="0300 1110000"' in keeper.page.text
    keeper.submit(TURN | {"who": who}, has="who")
    worker = office.as_("worker").get("/duty")
    assert "Test Second Supervisor On duty now" in worker.words and "tel:+923001110000" in worker.text
    assert not [form for form in worker.forms() if "/duty" in form.get("action")]
    keeper.submit(action="/end")
    assert "On duty now" not in office.as_("worker").get("/duty").words


def test_who_works_no_cases_sees_no_roster(office):
    office.as_("auditor").get("/duty", status=403)
    office.as_("admin").get("/duty", status=403)
