"""A deputy holds somebody's role on named days, under the same rules, and the trail names both."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from caseflow.accounts import queries
from caseflow.accounts.models import Deputy, Staff
from caseflow.accounts.queries.deputies import could_stand_in
from caseflow.accounts.queries.duty import on_duty
from caseflow.accounts.services import deputies
from caseflow.cases import queries as cases
from caseflow.core import vault
from caseflow.core.db import NO_CASE, session, writing
from caseflow.core.errors import Invalid, NotAllowed, NotFound
from caseflow.core.policy import Action, Role, permits
from caseflow.core.trail.models import TrailEntry
from caseflow.core.trail.verify import verify
from caseflow.referrals import queries as referrals
from caseflow.referrals.services import decline, return_
from tests.cases import factories
from tests.referrals.factories import Referrals
from tests.support.http import post

NOW = datetime.now(UTC)
TODAY = NOW.astimezone(ZoneInfo("Asia/Karachi")).date()
DAY = timedelta(days=1)


def name(people, key="supervisor", deputy="other_team", role=Role.SUPERVISOR, first=TODAY, last=TODAY + DAY, **changed):
    with writing():
        return deputies.name_deputy(
            actor=people.actor(key), record_id=changed.get("record_id") or uuid4(), deputy_id=people.staff[deputy],
            role=role, first=first, last=last, now=NOW,
        ).id  # fmt: skip


@pytest.mark.both_databases
class TestRights:
    def test_a_deputy_approves_and_the_trail_names_both(self, app, people):
        made = Referrals(people)
        waiting = made.submitted()
        with pytest.raises(NotFound):
            made.approve(waiting, "other_team")
        name(people)
        made.approve(waiting, "other_team")
        assert referrals.get_referral(waiting).approver_id == people.staff["other_team"]
        entry = session().scalars(select(TrailEntry).where(TrailEntry.tag == "referrals:referral:approve")).one()
        assert (entry.actor_id, entry.role) == (people.staff["other_team"], "supervisor")
        detail = vault.current().open_bytes(entry.case_id or NO_CASE, entry.detail, "trail_entry", entry.id, "detail")
        assert detail["deputy_for"] == str(people.staff["supervisor"])
        assert verify().whole

    def test_who_wrote_it_cannot_approve_it_as_deputy(self, app, people):
        made = Referrals(people)
        waiting = made.submitted()
        name(people, deputy="worker")
        actor = people.actor("worker")
        assert actor.has(Role.SUPERVISOR)
        with pytest.raises(NotAllowed):
            made.approve(waiting, "worker")

    def test_who_acts_in_their_own_role_is_no_deputy_in_the_trail(self, app, people):
        made = Referrals(people)
        name(people, deputy="second_supervisor")
        made.approve(made.submitted(), "second_supervisor")
        entry = session().scalars(select(TrailEntry).where(TrailEntry.tag == "referrals:referral:approve")).one()
        detail = vault.current().open_bytes(entry.case_id or NO_CASE, entry.detail, "trail_entry", entry.id, "detail")
        assert "deputy_for" not in detail

    @pytest.mark.parametrize("verb", ["return", "decline"])
    def test_a_caseworker_who_decides_as_deputy_decides_as_supervisor(self, app, people, verb):
        made = Referrals(people)
        waiting = made.submitted()
        name(people, deputy="colleague")
        with writing():
            rv, who = referrals.get_referral(waiting).rv, people.actor("colleague")
            if verb == "return":
                return_(actor=who, referral_id=waiting, rv=rv, comments={"": "Shorter, please"}, now=NOW)
            else:
                decline(actor=who, referral_id=waiting, rv=rv, reason="Not needed", now=NOW)
        moves = select(TrailEntry).where(TrailEntry.tag == "referrals:referral:move").order_by(TrailEntry.seq.desc())
        entry = session().scalars(moves).first()
        detail = vault.current().open_bytes(entry.case_id, entry.detail, "trail_entry", entry.id, "detail")
        assert (entry.actor_id, entry.role) == (people.staff["colleague"], "supervisor")
        assert (detail["verb"], detail["deputy_for"]) == (verb, str(people.staff["supervisor"]))

    def test_the_same_person_writes_as_caseworker(self, app, people):
        name(people, deputy="colleague")
        with writing():
            case_id = factories.opened(people, key="colleague", now=NOW)
        roles = session().scalars(select(TrailEntry.role).where(TrailEntry.case_id == case_id)).all()
        assert set(roles) == {"caseworker"}

    def test_a_deputy_is_among_those_of_the_team_while_the_days_last(self, app, people):
        name(people, last=TODAY)
        deputy, team = people.staff["other_team"], people.teams["north"]

        def members(*roles, **options):
            return {one.id for one in queries.team_members(team, *roles, **{"now": NOW, **options})}

        assert deputy in members(Role.SUPERVISOR)
        assert deputy not in members(Role.CASEWORKER)
        assert deputy not in members(Role.SUPERVISOR, lent=False)
        assert deputy not in members(Role.SUPERVISOR, now=NOW + 2 * DAY)
        assert deputy in {one.user_id for one in on_duty(people.organisations["ours"], Role.SUPERVISOR, now=NOW)}
        with writing():
            session().get_one(Staff, people.staff["supervisor"]).state = "disabled"
        assert deputy not in members(Role.SUPERVISOR)

    def test_a_deputy_of_a_caseworker_is_no_member_of_the_team(self, app, people):
        name(people, key="worker", deputy="other_team", role=Role.CASEWORKER)
        found = queries.team_members(people.teams["north"], Role.CASEWORKER, now=NOW)
        assert people.staff["other_team"] not in {one.id for one in found}

    def test_it_begins_and_ends_by_itself(self, app, people):
        name(people, first=TODAY + DAY, last=TODAY + 2 * DAY)
        zone = queries.office_zone(people.organisations["ours"])
        start = datetime.combine(TODAY + DAY, datetime.min.time(), zone)
        second = timedelta(seconds=1)
        holds = {
            moment: people.actor("other_team", now=moment).has(Role.SUPERVISOR)
            for moment in (start - second, start, start + 2 * DAY - second, start + 2 * DAY)
        }
        assert list(holds.values()) == [False, True, True, False]

    def test_it_can_be_ended_before(self, app, people):
        its_id = name(people)
        with pytest.raises(NotFound), writing():
            deputies.end_deputy(actor=people.actor("other_team"), record_id=its_id, now=NOW)
        with writing():
            deputies.end_deputy(actor=people.actor("supervisor"), record_id=its_id, now=NOW)
        assert not people.actor("other_team").has(Role.SUPERVISOR)
        assert verify().whole

    def test_it_ends_with_the_rights_of_the_principal(self, app, people):
        name(people)
        with writing():
            session().get_one(Staff, people.staff["supervisor"]).state = "disabled"
        assert not people.actor("other_team").has(Role.SUPERVISOR)

    def test_what_was_lent_is_not_lent_on(self, app, people):
        name(people)
        with pytest.raises(NotAllowed):
            name(people, "other_team", "colleague")
        assert not people.actor("colleague").has(Role.SUPERVISOR)

    def test_cases_of_a_caseworker_follow_who_holds_them(self, app, people):
        case_id = Referrals(people).case_id
        deputy = people.actor("other_team")
        assert not permits(deputy, Action.Case.READ, cases.get_case(case_id))
        name(people, "worker", "other_team", Role.CASEWORKER)
        deputy, case = people.actor("other_team"), cases.get_case(case_id)
        for action in (Action.Case.READ, Action.Case.NOTE, Action.Case.REVEAL, Action.Referral.DRAFT):
            assert permits(deputy, action, case), action
        assert not permits(deputy, Action.Referral.APPROVE, referrals.get_referral(Referrals(people).submitted()))
        seen = {row.id for row in cases.list_cases(deputy)}
        assert seen >= {case_id}
        readable = {one.id for one in session().scalars(select(type(case))) if permits(deputy, Action.Case.READ, one)}
        assert seen == readable
        with writing():
            held = cases.get_case(case_id, for_update=True)
            held.assignee_id = people.staff["colleague"]
        assert not permits(deputy, Action.Case.READ, cases.get_case(case_id))

    def test_data_protection_has_deputies_too(self, app, people):
        name(people, "protection", "supervisor", Role.DATA_PROTECTION)
        assert permits(people.actor("supervisor"), Action.Audit.LIST)
        assert not permits(people.actor("colleague"), Action.Audit.LIST)


@pytest.mark.both_databases
class TestNaming:
    @pytest.mark.parametrize("deputy", ["auditor", "admin", "stranger", "supervisor"])
    def test_who_cannot_be_one(self, app, people, deputy):
        with pytest.raises(Invalid) as told:
            name(people, deputy=deputy)
        assert set(told.value.problems) == {"deputy"}

    @pytest.mark.parametrize(("key", "role"), [("admin", Role.ADMINISTRATOR), ("auditor", Role.AUDITOR)])
    def test_nobody_stands_in_for_administrators_and_auditors(self, app, people, key, role):
        with pytest.raises(NotAllowed):
            name(people, key, role=role)

    def test_a_role_one_does_not_hold_cannot_be_lent(self, app, people):
        with pytest.raises(NotAllowed):
            name(people, "worker")

    @pytest.mark.parametrize(
        ("first", "last", "field"), [(-1, 1, "first"), (0, -1, "last"), (2, 1, "last"), (0, 90, "last")]
    )
    def test_days_that_do_not_fit(self, app, people, first, last, field):
        with pytest.raises(Invalid) as told:
            name(people, first=TODAY + first * DAY, last=TODAY + last * DAY)
        assert set(told.value.problems) == {field}

    def test_a_repeated_post_names_nobody_twice(self, app, people):
        its_id = name(people, record_id=uuid4())
        assert name(people, record_id=its_id) == its_id
        assert len(session().scalars(select(Deputy)).all()) == 1
        with pytest.raises(NotFound):
            name(people, "worker", role=Role.CASEWORKER, record_id=its_id)

    def test_cases_are_worked_by_who_works_cases(self, app, people):
        may = could_stand_in(queries.get_staff(people.staff["supervisor"]), now=NOW)
        assert may[people.staff["protection"]] == {Role.DATA_PROTECTION}
        assert Role.SUPERVISOR in may[people.staff["worker"]]


class TestPage:
    def sent(self, people, **changed):
        last = TODAY + DAY
        days = {f"{name}-{part}": str(getattr(day, part)) for name, day in (("first", TODAY), ("last", last))
                for part in ("day", "month", "year")}  # fmt: skip
        return {"deputy": str(people.staff["colleague"]), "role": "supervisor"} | days | changed

    def test_one_is_named_shown_and_ended(self, browser_of, people):
        client, other = browser_of("supervisor"), browser_of("colleague")
        assert post(client, "/account/deputies", self.sent(people)).location == "/account/deputies"
        page = client.get("/account/deputies").text
        assert "Your deputy is named." in page and "Test Colleague" in page
        home = other.get("/").text
        assert "You stand in for" in home and "Test Supervisor" in home
        assert "Referrals to approve" in other.get("/").text
        its_id = page.split("/account/deputies/")[1].split("/end")[0]
        assert post(other, f"/account/deputies/{its_id}/end").status_code == 404
        assert post(client, f"/account/deputies/{its_id}/end").status_code == 303
        assert "You stand in for" not in other.get("/").text

    @pytest.mark.parametrize(
        ("changed", "message"),
        [
            ({"deputy": ""}, "Choose a colleague."),
            ({"deputy": "x"}, "Choose an answer from the list."),
            ({"first-day": "99"}, "date"),
            ({"last-year": "2020"}, "This day is over"),
            ({"role": "administrator"}, "Choose an answer from the list."),
        ],
    )
    def test_mistakes_are_said_beside_the_field(self, browser_of, people, changed, message):
        answer = post(browser_of("supervisor"), "/account/deputies", self.sent(people, **changed))
        assert answer.status_code == 422
        assert message in answer.text

    @pytest.mark.parametrize("key", ["admin", "auditor"])
    def test_administrators_and_auditors_have_none(self, browser_of, people, key):
        client = browser_of(key)
        assert "Nobody stands in for an administrator or an auditor." in client.get("/account/deputies").text
        post(client, "/account/deputies", self.sent(people))
        assert "Nobody." in client.get("/account/deputies").text
