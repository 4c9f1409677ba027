"""Every address of the referral pages, for one's own team, another team, another organisation and other roles."""

import pytest
from sqlalchemy import text

from caseflow.core.db import session
from caseflow.core.trail.models import TrailEntry
from caseflow.referrals import queries
from caseflow.web.guards import guard_of

OF_ONE = ("", "/edit", "/preview", "/record/cancel", "/record/withdraw")
KEYS = ("worker", "colleague", "supervisor", "other_team", "other_team_supervisor", "stranger", "stranger_supervisor",
        "protection", "auditor", "admin")  # fmt: skip
OPEN = {"worker": (200,) * 5, "supervisor": (200,) * 5, "colleague": (200, 403, 403, 403, 403)}


def test_every_page_is_open_to_its_own_team_only(office):
    made = office.made()
    referral_id = office.at(made, "draft")
    for key in KEYS:
        client = office.as_(key).client
        found = tuple(client.get(f"/referrals/{referral_id}{part}").status_code for part in OF_ONE)
        assert found == OPEN.get(key, (404,) * 5), key
        new = client.get(f"/cases/{made.case_id}/referrals/new").status_code
        assert new == {"worker": 200, "supervisor": 200, "colleague": 403}.get(key, 404), key


def test_lists_hold_the_referrals_of_ones_teams_only(office):
    made = office.made()
    number = office.at(made, "pending_approval")
    for key in ("supervisor", "colleague", "other_team", "stranger_supervisor"):
        words = office.as_(key).get("/referrals/?queue=waiting").text
        assert (str(number) in words) == (key in ("supervisor", "colleague")), key
    for key in ("auditor", "admin", "protection"):
        assert office.as_(key).client.get("/referrals/").status_code == 403, key


def test_the_register_lists_numbers_for_the_organisation_and_links_only_what_may_be_read(office):
    made = office.made()
    referral_id = office.at(made, "issued")
    for key, linked in (("worker", True), ("other_team", False)):
        page = office.as_(key).get("/referrals/register")
        assert "OUR-2026-0001" in page.words
        assert any(str(referral_id) in link for link in page.links()) == linked
    assert "OUR-2026-0001" not in office.as_("stranger").get("/referrals/register").words


@pytest.mark.parametrize(
    "state", ["draft", "pending_approval", "returned", "issued", "acknowledged", "refused", "closed"]
)
def test_every_state_has_its_page_in_both_languages(office, state):
    referral_id = office.at(office.made(), state)
    worker = office.as_("worker")
    assert worker.get(f"/referrals/{referral_id}").language == ("en", "ltr")
    worker.submit(action="/language", press=("language", "ur"))
    page = worker.get(f"/referrals/{referral_id}")
    assert page.language == ("ur", "rtl")
    assert "عمر" in page.words
    assert worker.get(f"/referrals/{referral_id}/preview").language == ("ur", "rtl")
    assert worker.get("/referrals/?queue=mine").language == ("ur", "rtl")


def test_the_pages_of_deciding_and_choosing_are_drawn_in_urdu(office):
    made = office.made()
    referral_id = office.at(made, "pending_approval")
    supervisor = office.as_("supervisor")
    supervisor.get("/account")
    supervisor.submit(action="/language", press=("language", "ur"))
    for url in (f"/referrals/{referral_id}/decide", f"/cases/{made.case_id}/referrals/new",
                f"/cases/{made.case_id}/referrals/new?partner={made.partner_id}"):  # fmt: skip
        page = supervisor.get(url)
        assert page.language == ("ur", "rtl")
        assert "فرضی ادارہ" in page.words


def test_every_endpoint_declares_its_guard_and_deciding_asks_for_the_second_factor(bare_app):
    ours = {name: view for name, view in bare_app.view_functions.items() if name.startswith("referrals.")}
    assert all(guard_of(view) is not None and guard_of(view).action for view in ours.values())
    confirmed = {name for name, view in ours.items() if guard_of(view).step_up}
    assert confirmed == {"referrals.record_decision", "referrals.record_ratification"}


def test_a_referral_that_does_not_open_says_so_and_never_looks_empty(office):
    made = office.made()
    referral_id = office.at(made, "pending_approval")
    with office.inside():
        stored = queries.get_referral(referral_id)
        torn = bytes(stored.sealed)[:-1] + b"x"
        session().execute(
            text("UPDATE referral SET sealed = :torn WHERE id = :id"), {"torn": torn, "id": stored.id.hex}
        )
        session().commit()
    client = office.as_("supervisor").client
    for url in (f"/referrals/{referral_id}", "/referrals/?queue=waiting", f"/referrals/{referral_id}/decide"):
        answer = client.get(url)
        assert "cannot be opened" in answer.get_data(as_text=True), url
    with office.inside():
        broken = session().query(TrailEntry).filter(TrailEntry.tag == "vault:seal:broken").count()
    assert broken >= 2
