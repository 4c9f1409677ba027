"""The pages of an administrator, of one's own account, of rights; language and health."""

from uuid import UUID

import pyotp
import pytest
from markupsafe import escape
from sqlalchemy import select

from caseflow.accounts.models import Organisation, Staff, StaffMembership
from caseflow.core import vault
from caseflow.core.db import session, writing
from caseflow.core.policy.rules import RULES
from caseflow.core.trail.verify import verify
from tests.accounts.conftest import WORD
from tests.support.http import post, token_of

OFFICE = {
    "name_en": "Fictional New Office",
    "name_ur": "",
    "code": "NEW",
    "address_en": "Box 2\nNowhere",
    "phone": "",
    "email": "",
}


@pytest.fixture
def admin(browser_of):
    return browser_of("admin")


def membership_of(app, staff_id):
    with app.app_context():
        return session().scalars(select(StaffMembership.id).where(StaffMembership.staff_id == staff_id)).one()


class TestList:
    def test_everybody_is_there_once_over_the_pages(self, admin, people, bare_app, monkeypatch):
        monkeypatch.setattr("caseflow.web.paging.PAGE_SIZE", 5)
        monkeypatch.setattr("caseflow.web.paging.page_of.__kwdefaults__", {"size": 5})
        seen, url = [], "/people/"
        while url:
            page = admin.get(url).text
            seen += [str(one) for one in people.staff.values() if f'href="/people/{one}"' in page]
            url = next((part.split('"')[0].replace("&amp;", "&") for part in page.split('rel="next" href="')[1:]), None)
        assert sorted(set(seen)) == sorted(map(str, people.staff.values()))

    @pytest.mark.parametrize("after", ["x", "WyJ4IiwieSJd", "WzEsMl0", "%00", "W10"])
    def test_a_made_up_page_is_unknown(self, admin, after):
        assert admin.get(f"/people/?after={after}").status_code == 404

    def test_a_damaged_record_spoils_no_list(self, admin, people, bare_app):
        with bare_app.app_context(), writing():
            row = session().get_one(Staff, people.staff["worker"])
            row.sealed = row.sealed[:-1] + bytes([row.sealed[-1] ^ 1])
        page = admin.get("/people/").text
        assert "This record cannot be opened" in page
        assert "Test Colleague" in page
        assert admin.get(f"/people/{people.staff['worker']}").status_code == 422

    @pytest.mark.parametrize("url", ["/people/", "/people/organisation", "/people/organisation/new"])
    @pytest.mark.parametrize("key", ["worker", "supervisor", "protection", "auditor"])
    def test_it_is_for_administrators(self, browser_of, url, key):
        assert browser_of(key).get(url).status_code == 403


class TestPerson:
    def test_a_role_is_given_and_taken_and_sessions_end(self, admin, browser_of, people, bare_app):
        staff_id, other = people.staff["worker"], browser_of("worker")
        assert other.get("/account").status_code == 200
        sent = {"role": "supervisor", "team": str(people.teams["south"])}
        asked = post(admin, f"/people/{staff_id}/roles", sent).location
        assert post(browser_of("protection"), f"{asked}/approve").status_code == 303
        assert other.get("/account").status_code == 303
        assert "Supervisor" in browser_of("worker").get("/account").text
        with bare_app.app_context():
            rows = session().scalars(select(StaffMembership).where(StaffMembership.staff_id == staff_id)).all()
            its_id = next(row.id for row in rows if row.role == "supervisor")
        assert post(admin, f"/people/{staff_id}/roles/{its_id}/end").status_code == 303
        assert "Supervisor" not in browser_of("worker").get("/account").text
        with bare_app.app_context():
            assert verify().whole

    @pytest.mark.parametrize(
        ("sent", "message"),
        [
            ({"role": "administrator", "organisation": "ours"}, "combines with no other role"),
            ({"role": "caseworker", "team": "north"}, "has that role already"),
            ({}, "Choose a role."),
            ({"role": "auditor"}, "Choose an organisation."),
        ],
    )
    def test_a_role_that_does_not_fit_is_refused_with_words(self, admin, people, sent, message):
        ids = {**people.teams, **people.organisations}
        sent = {name: str(ids.get(value, value)) for name, value in sent.items()}
        answer = post(admin, f"/people/{people.staff['worker']}/roles", sent)
        assert answer.status_code == 422
        assert message in answer.text

    def test_the_last_administrator_stays(self, admin, people, bare_app):
        staff_id = people.staff["admin"]
        its_id = membership_of(bare_app, staff_id)
        for url in (f"/people/{staff_id}/disable", f"/people/{staff_id}/roles/{its_id}/end"):
            answer = post(admin, url, follow=True)
            assert "This is the last administrator." in answer.text
        assert admin.get("/people/").status_code == 200

    def test_closing_an_account_ends_its_sessions(self, admin, browser_of, people, bare_app):
        other = browser_of("worker")
        assert post(admin, f"/people/{people.staff['worker']}/disable").status_code == 303
        assert other.get("/account").status_code == 303
        assert post(admin, f"/people/{people.staff['worker']}/disable").status_code == 409
        assert "This account is closed." in admin.get(f"/people/{people.staff['worker']}").text

    def test_a_role_of_somebody_else_is_unknown(self, admin, people, bare_app):
        its_id = membership_of(bare_app, people.staff["colleague"])
        assert post(admin, f"/people/{people.staff['worker']}/roles/{its_id}/end").status_code == 404

    def test_a_code_is_asked_again_for_roles(self, door, people, ticking):
        seed = door.enrol("admin")
        client = door.enter("admin", ticking, seed=seed)
        ticking.move(minutes=6)
        url = f"/people/{people.staff['worker']}/disable"
        page = post(client, url)
        assert page.status_code == 403
        assert "Confirm that it is you" in page.text
        code = pyotp.TOTP(seed).at(int(ticking.now.timestamp()))
        assert post(client, url, {"confirm_code": code}).status_code == 303

    def test_two_corrections_at_once_lose_nothing(self, admin, people):
        url = f"/people/{people.staff['worker']}/edit"
        page = admin.get(url).text
        sent = {
            "rv": page.split('name="rv" value="')[1].split('"')[0], "csrf_token": token_of(page), "name": "First Name",
            "post_en": "Caseworker", "language": "en",
        }  # fmt: skip
        assert admin.post(url, data=sent).status_code == 303
        answer = admin.post(url, data=sent | {"name": "Second Name"})
        assert answer.status_code == 409
        assert "First Name" in answer.text and 'value="Second Name"' in answer.text
        newer = answer.text.split('name="rv" value="')[1].split('"')[0]
        assert admin.post(url, data=sent | {"name": "Second Name", "rv": newer}).status_code == 303
        assert "Second Name" in admin.get("/people/").text

    @pytest.mark.parametrize("rv", ["", "x", "٣", "9" * 40, "-1"])
    def test_a_made_up_version_is_a_conflict(self, admin, people, rv):
        url = f"/people/{people.staff['worker']}/edit"
        sent = {"rv": rv, "name": "X", "post_en": "Y", "language": "en"}
        assert post(admin, url, sent).status_code in (409, 422)

    @pytest.mark.parametrize("path", ["", "/edit"])
    def test_an_unknown_person_is_unknown(self, admin, path):
        assert admin.get(f"/people/00000000-0000-4000-8000-000000000000{path}").status_code == 404


class TestOffices:
    def test_an_organisation_and_its_team_are_made_and_corrected(self, admin, bare_app):
        answer = post(admin, "/people/organisation/new", OFFICE)
        assert answer.status_code == 303
        url = answer.location
        assert post(admin, f"{url}/teams", {"team_name_en": "Fictional Team"}).status_code == 303
        page = admin.get(url).text
        assert "Fictional Team" in page and "Fictional New Office" in page
        assert f'href="{url}"' in admin.get("/people/organisation").text
        rv = page.split('name="rv" value="')[1].split('"')[0]
        assert post(admin, url, OFFICE | {"rv": rv, "code": "NEWER"}).status_code == 303
        assert post(admin, url, OFFICE | {"rv": rv, "code": "OLDER"}).status_code == 409
        with bare_app.app_context():
            row = session().get_one(Organisation, UUID(url.rsplit("/", 1)[1]))
            assert vault.read(row)["code"] == "NEWER"
            assert verify().whole

    def test_bad_answers_get_a_message(self, admin, people):
        url = f"/people/organisation/{people.organisations['ours']}"
        assert post(admin, "/people/organisation/new", OFFICE | {"name_en": ""}).status_code == 422
        assert post(admin, f"{url}/teams", {"team_name_en": ""}).status_code == 422
        assert post(admin, url, OFFICE | {"code": "x" * 1_000_000}).status_code == 422


class TestAccount:
    def test_the_password_is_changed_and_other_sessions_end(self, door, ticking):
        seed = door.enrol("worker")
        client = door.enter("worker", ticking, seed=seed)
        ticking.move(seconds=60)
        other = door.enter("worker", ticking, seed=seed)
        new = "ein anderes gutes Kennwort"
        answer = post(client, "/account/password", {"current": WORD, "password": new, "again": new})
        assert (answer.status_code, answer.location) == (303, "/account")
        assert "Your password is changed." in client.get("/account").text
        assert other.get("/account").status_code == 303
        assert door.knock(door.browser(), "worker", WORD).status_code == 422
        assert door.knock(door.browser(), "worker", new).status_code == 303

    @pytest.mark.parametrize(
        ("sent", "message"),
        [
            ({"current": "wrong", "password": "ein anderes gutes Kennwort"}, "This is not your present password."),
            ({"current": WORD, "password": "Password1234"}, "easy to guess"),
            ({"current": WORD, "password": ""}, "Write a password."),
            ({"current": "x" * 1_000_000, "password": "y" * 1_000_000}, "This is too long"),
        ],
    )
    def test_a_change_that_does_not_fit_is_refused(self, door, ticking, sent, message):
        client = door.enter("worker", ticking)
        answer = post(client, "/account/password", sent | {"again": sent["password"]})
        assert answer.status_code == 422
        assert message in answer.text

    def test_guessing_the_present_password_has_to_wait(self, door, ticking):
        client = door.enter("worker", ticking)
        new = "ein anderes gutes Kennwort"
        sent = {"current": "wrong", "password": new, "again": new}
        assert [post(client, "/account/password", sent).status_code for _ in range(6)] == [422] * 5 + [429]

    def test_the_language_is_kept_for_later(self, door, ticking):
        seed = door.enrol("worker")
        client = door.enter("worker", ticking, seed=seed)
        assert post(client, "/account/language", {"language": "ur"}).status_code == 303
        ticking.move(seconds=60)
        assert '<html lang="ur" dir="rtl">' in door.enter("worker", ticking, seed=seed).get("/account").text
        assert post(client, "/account/language", {"language": "xx"}).status_code == 422


class TestOpenPages:
    def test_the_rights_name_every_action_and_role(self, browser_of):
        page = browser_of("worker").get("/rights").text
        assert all(str(escape(action.sentence)) in page for action in RULES)
        assert all(role in page for role in ("Caseworker", "Supervisor", "Data protection", "Auditor", "Administrator"))

    def test_health_says_one_word(self, bare_app):
        answer = bare_app.test_client().get("/health")
        assert (answer.status_code, answer.json) == (200, {"status": "ok"})

    def test_the_language_changes_at_the_door(self, door):
        client = door.browser()
        fields = {"csrf_token": token_of(client.get("/sign-in").text), "language": "ur", "next": "/sign-in"}
        assert client.post("/language", data=fields).location == "/sign-in"
        assert '<html lang="ur" dir="rtl">' in client.get("/sign-in").text
