"""The rules of people, on both databases."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pyotp
import pytest
from sqlalchemy import select

from caseflow.accounts import queries
from caseflow.accounts.models import Invitation, Staff, StaffSession
from caseflow.accounts.queries.invitations import open_invitation
from caseflow.accounts.queries.rights import MEANING, rights
from caseflow.accounts.services import changes, failures, invitations, passwords, requests, sign_in
from caseflow.accounts.services.password_rules import check_new
from caseflow.accounts.services.sessions import end_session, start_session
from caseflow.core import vault
from caseflow.core.db import session, writing
from caseflow.core.errors import Invalid, NotAllowed, NotFound, Refused, StaleVersion, TooLate
from caseflow.core.policy import Action, Role, all_actions, permits
from caseflow.core.policy.rules import RULES
from caseflow.core.trail.verify import verify
from tests.accounts.conftest import CHEAP, WORD

pytestmark = pytest.mark.both_databases
NOW = datetime(2026, 11, 1, 9, 0, tzinfo=UTC)
DOC = {"name": "Fictional Newcomer", "sign_in": "newcomer", "post_en": "Caseworker", "language": "en"}
PLACE = b"p" * 32


def invited(people, *, actor="admin", role=Role.CASEWORKER, team="north", now=NOW, **doc):
    with writing():
        staff, token = invitations.invite(
            actor=people.actor(actor), organisation_id=people.organisations["ours"],
            team_id=people.teams[team] if team else None, role=role, doc=DOC | doc, now=now,
        )  # fmt: skip
        return staff.id, token


def joined(people):
    staff_id, token = invited(people)
    with writing():
        made = passwords.hash_password(WORD, cost=CHEAP)
        assert not invitations.choose_password(token=token, password_hash=made, asks_code=True, now=NOW)
    seed = invitations.seed_for(token, "draw")
    with writing():
        invitations.join(token=token, draw="draw", code=pyotp.TOTP(seed).at(NOW), now=NOW)
    return staff_id, seed


def checked(word=WORD, name="newcomer", now=NOW, cost=CHEAP):
    return sign_in.check_password(sign_in=name, word=word, place=PLACE, cost=cost, now=now)


class TestInvitation:
    def test_joining_opens_the_account_and_leaves_a_whole_trail(self, app, people):
        staff_id, seed = joined(people)
        staff = session().get_one(Staff, staff_id)
        assert staff.state == "active"
        assert vault.read(staff)["totp_seed"] == seed
        assert verify().whole

    def test_it_is_for_administrators(self, app, people):
        with pytest.raises(NotAllowed):
            invited(people, actor="supervisor")
        assert session().scalars(select(Staff).where(Staff.state == "invited")).all() == []

    def test_a_taken_name_is_refused_and_nothing_is_left(self, app, people):
        with pytest.raises(Invalid) as told:
            invited(people, sign_in="Worker")
        assert set(told.value.problems) == {"sign_in"}
        assert session().scalars(select(Invitation)).all() == []

    def test_a_role_without_its_team_is_refused(self, app, people):
        with pytest.raises(Refused):
            invited(people, team=None)
        with pytest.raises(Refused):
            invited(people, role=Role.AUDITOR)

    def test_the_newest_link_alone_works(self, app, people):
        staff_id, old = invited(people)
        with writing():
            new = invitations.reissue(actor=people.actor("admin"), staff_id=staff_id, now=NOW)
        with pytest.raises(NotFound):
            open_invitation(old, now=NOW)
        assert open_invitation(new, now=NOW)[1].id == staff_id

    def test_no_link_for_who_has_joined(self, app, people):
        with pytest.raises(TooLate), writing():
            invitations.reissue(actor=people.actor("admin"), staff_id=people.staff["worker"], now=NOW)

    def test_it_ends_after_its_time(self, app, people):
        _staff_id, token = invited(people)
        assert open_invitation(token, now=NOW + timedelta(hours=72) - timedelta(seconds=1))
        with pytest.raises(NotFound):
            open_invitation(token, now=NOW + timedelta(hours=72))

    def test_there_is_one_first_administrator(self, app, people):
        with pytest.raises(TooLate), writing():
            invitations.invite_first_administrator(organisation_doc={}, doc=DOC, now=NOW)

    def test_where_no_code_is_asked_the_password_opens_the_account(self, app, people):
        staff_id, token = invited(people)
        with writing():
            made = passwords.hash_password(WORD, cost=CHEAP)
            assert invitations.choose_password(token=token, password_hash=made, asks_code=False, now=NOW)
        assert session().get_one(Staff, staff_id).state == "active"
        with pytest.raises(NotFound):
            open_invitation(token, now=NOW)


class TestSignIn:
    def test_password_then_code_then_a_full_session(self, app, people):
        staff_id, seed = joined(people)
        outcome = checked()
        assert outcome.fits
        assert not checked("wrong").fits
        with writing():
            sign_in.enter(outcome, browser=sign_in.Browser(PLACE), asks_code=True, now=NOW)
        half = session().scalars(select(StaffSession)).one()
        later = NOW + timedelta(seconds=30)
        code = pyotp.TOTP(seed).at(later)
        assert sign_in.check_code(staff_id=staff_id, code=code, place=PLACE, now=later)
        browser = sign_in.Browser(PLACE, "phone", "ur", half.id)
        with writing():
            sign_in.enter_with_code(staff_id=staff_id, code=code, browser=browser, now=later)
        with pytest.raises(sign_in.WrongCode), writing():
            sign_in.enter_with_code(staff_id=staff_id, code=code, browser=browser, now=later)
        levels = {row.level: row.ended_at for row in session().scalars(select(StaffSession))}
        assert levels == {"password": later, "full": None}
        assert verify().whole

    def test_an_account_closed_meanwhile_does_not_open(self, app, people):
        staff_id, _seed = joined(people)
        outcome = checked()
        with writing():
            changes.disable(actor=people.actor("admin"), staff_id=staff_id, now=NOW)
        with pytest.raises(sign_in.WrongSignIn), writing():
            sign_in.enter(outcome, browser=sign_in.Browser(PLACE), asks_code=True, now=NOW)

    def test_tries_at_the_same_time_cannot_pass_the_limit(self, app, people):
        joined(people)
        outcome, wrong = checked(), checked("wrong")
        for _ in range(failures.FREE_TRIES):
            with writing():
                sign_in.refuse(wrong, place=PLACE, now=NOW)
        with pytest.raises(failures.MustWait), writing():
            sign_in.enter(outcome, browser=sign_in.Browser(PLACE), asks_code=True, now=NOW)
        with pytest.raises(failures.MustWait):
            checked()
        assert checked(now=NOW + timedelta(minutes=1)).fits

    def test_a_cheap_hash_is_renewed(self, app, people):
        joined(people)
        outcome = checked(cost=passwords.Cost(128, 1))
        with writing():
            sign_in.enter(outcome, browser=sign_in.Browser(PLACE), asks_code=True, now=NOW)
        assert "m=128" in session().scalars(select(Staff.password_hash).where(Staff.password_hash != "")).one()
        assert verify().whole

    def test_wrong_tries_are_forgotten_after_a_day(self, app, people):
        for _ in range(4):
            with writing():
                failures.note_failure(account=b"a" * 32, place=PLACE, staff_id=None, now=NOW)
        with writing():
            later = NOW + timedelta(hours=25)
            assert failures.note_failure(account=b"a" * 32, place=PLACE, staff_id=None, now=later) == 1


class TestSessions:
    def test_a_session_ends_once(self, app, people):
        with writing():
            staff = queries.get_staff(people.staff["worker"])
            row = start_session(staff=staff, level="full", now=NOW)[1]
            for _ in range(2):
                end_session(session_id=row.id, actor=None, reason="lock", now=NOW)
            assert row.ended_at == NOW

    def test_new_roles_end_all_sessions_of_that_person_alone(self, app, people):
        for key in ("worker", "colleague"):
            people.token(key, now=NOW)
        with writing():
            asked = requests.ask_role(
                actor=people.actor("admin"), staff=queries.get_staff(people.staff["worker"]), role=Role.SUPERVISOR,
                organisation_id=people.organisations["ours"], team_id=people.teams["north"], now=NOW,
            ).id  # fmt: skip
        with writing():
            requests.approve(actor=people.actor("protection"), request_id=asked, now=NOW)
        open_ones = session().scalars(select(StaffSession.staff_id).where(StaffSession.ended_at.is_(None))).all()
        assert open_ones == [people.staff["colleague"]]


class TestRequests:
    def ask(self, people, key="worker", role=Role.SUPERVISOR, team="south"):
        with writing():
            return requests.ask_role(
                actor=people.actor("admin"), staff=queries.get_staff(people.staff[key]), role=role,
                organisation_id=people.organisations["ours"], team_id=people.teams[team] if team else None, now=NOW,
            ).id  # fmt: skip

    def test_the_terminal_is_no_way_around_people(self, app, people):
        asked = self.ask(people)
        with pytest.raises(Refused), writing():
            requests.approve_at_machine(sign_in="worker", now=NOW)
        with writing():
            session().get_one(Staff, people.staff["protection"]).state = "disabled"
        with writing():
            assert requests.approve_at_machine(sign_in="Worker", now=NOW) == ["supervisor"]
        assert queries.get_request(asked).state == "approved"
        with pytest.raises(NotFound), writing():
            requests.approve_at_machine(sign_in="worker", now=NOW)
        with pytest.raises(NotFound), writing():
            requests.approve_at_machine(sign_in="nobody", now=NOW)

    def test_the_list_shows_what_the_rule_lets_read(self, app, people):
        asked = [self.ask(people), self.ask(people, "stranger", Role.CASEWORKER, "north")]
        for key in ("admin", "protection", "worker", "auditor", "stranger", "stranger_auditor"):
            actor = people.actor(key)
            readable = [one for one in asked if permits(actor, Action.Request.READ, queries.get_request(one))]
            if permits(actor, Action.Request.LIST):
                assert {row.id for row in queries.waiting_requests(actor)} == set(readable), key
            else:
                assert readable == []
        assert queries.count_waiting(people.actor("admin")) == 0
        assert queries.count_waiting(people.actor("protection")) == 2

    def test_a_closed_account_gets_no_role(self, app, people):
        asked = self.ask(people)
        with writing():
            changes.disable(actor=people.actor("admin"), staff_id=people.staff["worker"], now=NOW)
        with pytest.raises(TooLate), writing():
            requests.approve(actor=people.actor("protection"), request_id=asked, now=NOW)
        assert queries.get_request(asked).state == "asked"

    def test_administrator_combines_with_nothing_also_when_both_were_asked(self, app, people):
        with writing():
            staff, _token = invitations.invite(
                actor=people.actor("admin"), organisation_id=people.organisations["ours"], team_id=None,
                role=Role.ADMINISTRATOR, doc=DOC, now=NOW,
            )  # fmt: skip
            staff.state, its_id = "active", staff.id
        with writing():
            held = queries.get_staff(its_id)
            second = requests.ask_role(
                actor=people.actor("admin"), staff=held, organisation_id=people.organisations["ours"],
                team_id=people.teams["north"], role=Role.CASEWORKER, now=NOW,
            ).id  # fmt: skip
        first = next(one.id for one in queries.requests_about(its_id) if one.role == "administrator")
        with writing():
            requests.approve(actor=people.actor("protection"), request_id=first, now=NOW)
        with pytest.raises(Refused), writing():
            requests.approve(actor=people.actor("protection"), request_id=second, now=NOW)


class TestChanges:
    def test_a_stale_correction_changes_nothing(self, app, people):
        staff_id = people.staff["worker"]
        rv = queries.get_staff(staff_id).rv
        with writing():
            changes.update_staff(actor=people.actor("admin"), staff_id=staff_id, fields={"name": "A"}, rv=rv, now=NOW)
        with pytest.raises(StaleVersion), writing():
            changes.update_staff(actor=people.actor("admin"), staff_id=staff_id, fields={"name": "B"}, rv=rv, now=NOW)
        assert queries.staff_names([staff_id]) == {staff_id: "A"}
        assert verify().whole

    def test_a_second_administrator_frees_the_first(self, app, people):
        admin = people.staff["admin"]
        membership = queries.listing.held_by(admin, now=NOW)[0].id
        with pytest.raises(Refused), writing():
            changes.revoke_role(actor=people.actor("admin"), staff_id=admin, membership_id=membership, now=NOW)
        staff_id, _token = invited(people, role=Role.ADMINISTRATOR, team=None)
        with writing():
            session().get_one(Staff, staff_id).state = "active"
        with writing():
            asked = queries.requests_about(staff_id)[0].id
            requests.approve(actor=people.actor("protection"), request_id=asked, now=NOW)
        with writing():
            changes.revoke_role(actor=people.actor("admin"), staff_id=admin, membership_id=membership, now=NOW)
        assert queries.memberships_of(admin, now=NOW) == ()
        with pytest.raises(NotFound), writing():
            changes.revoke_role(actor=people.actor("admin"), staff_id=staff_id, membership_id=uuid4(), now=NOW)


class TestLists:
    def test_people_come_in_pages_without_gap_or_double(self, app, people):
        seen, after = [], None
        while rows := queries.list_people(now=NOW, after=after, limit=5):
            seen += [row.staff.id for row in rows]
            after = (rows[-1].staff.created_at, rows[-1].staff.id)
        assert len(seen) == len(set(seen)) == len(people.staff)

    def test_the_list_for_the_command_holds_no_secret(self, app, people):
        rows = queries.people_list(now=NOW)
        worker = next(row for row in rows if row["sign_in"] == "worker")
        assert worker == {
            "sign_in": "worker", "name": "Test Caseworker", "roles": ["caseworker"],
            "organisation": "Fictional Office ours", "state": "active",
        }  # fmt: skip


class TestRights:
    def test_every_predicate_of_the_rules_has_words(self):
        assert {holds for lines in RULES.values() for line in lines for holds in line} <= set(MEANING)

    def test_every_action_with_a_rule_has_its_line(self, app):
        assert [right.action for lines in rights().values() for right in lines] == [
            one for one in all_actions() if one in RULES
        ]

    def test_who_approves_wrote_none_of_it(self, app):
        right = next(one for one in rights()["referral"] if one.action == "referral:approve")
        assert right.cells[Role.SUPERVISOR] == ("in their own team, when they wrote none of it",)
        assert right.cells[Role.CASEWORKER] == ()


@pytest.mark.parametrize("word", ["1qaz2wsx3edc", "zyxwvutsrqpo", "Karachi@2024!", "chenab2026chenab"])
def test_rows_years_and_the_office_are_struck_out(word):
    with pytest.raises(Invalid):
        check_new(word, context=("Chenab Protection Office",))
