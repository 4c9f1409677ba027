"""What is typed badly, twice, late or with ill intent."""

from uuid import uuid4

import pytest
from sqlalchemy import select

from caseflow.core.db import session
from caseflow.core.trail.models import TrailEntry
from tests.referrals.test_views_life import draft
from tests.support.http import token_of

HOSTILE = "<script>alert(1)</script> '; DROP TABLE referral;-- {{7*7}} %(x)s 🙂"
GOOD = {"services": "legal", "urgency": "urgent", "reason": "mandate", "request": "A talk.", "basis": "consent"}


def posted(browser, url, data, page=None):
    """Post a form as it stands, with a token."""
    token = token_of(browser.get(page or url).text)
    return browser.client.post(url, data={"csrf_token": token, **data})


def test_hostile_text_is_shown_as_plain_text_on_every_page(office):
    made = office.made()
    referral_id = draft(office, made, request=HOSTILE, escort=HOSTILE)
    for part in ("", "/edit", "/preview"):
        page = office.as_("worker").get(f"/referrals/{referral_id}{part}")
        assert "<script>alert(1)</script>" not in page.text
        assert "&lt;script&gt;alert(1)" in page.text
        assert "{{7*7}}" in page.text


def test_a_missing_answer_is_named_and_everything_typed_is_kept(office):
    made = office.made()
    url = f"/cases/{made.case_id}/referrals/new?partner={made.partner_id}"
    worker = office.as_("worker")
    worker.get(url)
    fields = {"request": "Canary request", "basis": "court_order", "basis_reason": "Canary order 7"}
    page = worker.submit(fields, has="urgency", status=422)
    assert page.title.startswith("Error:")
    for words in ("Choose what you ask for.", "Say how urgent it is.", "Canary order 7"):
        assert words in page.words
    assert 'value="Canary request"' in page.text


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("urgency", "tomorrow"), ("services", "police"), ("groups", "safe_accommodation"), ("own_ticks", "risk_level"),
        ("basis", "because"), ("channel", "pigeon"), ("request", "x" * 301),
        ("request", "a\u202eb"), ("request", "a\x00b"),
        ("basis_reason", "y" * 1_000_000),
    ],
)  # fmt: skip
def test_an_answer_that_cannot_be_is_refused_and_nothing_is_kept(office, field, value):
    made = office.made()
    url = f"/cases/{made.case_id}/referrals/new?partner={made.partner_id}"
    basis = {"basis": "court_order"} if field == "basis_reason" else {}
    sent = {**GOOD, "referral_id": str(uuid4()), **basis, field: value}
    answer = posted(office.as_("worker"), url, sent)
    if value != "a\x00b":
        assert answer.status_code == 422
        assert 'class="mistakes"' in answer.get_data(as_text=True)
        assert "/referrals/?queue" not in answer.headers.get("Location", "")
    else:
        assert answer.status_code in (303, 422)


def test_a_post_sent_twice_makes_one_referral(office):
    made = office.made()
    url = f"/cases/{made.case_id}/referrals/new?partner={made.partner_id}"
    sent = {**GOOD, "referral_id": str(uuid4()), "then": "submit", "channel": "sealed_paper"}
    first = posted(office.as_("worker"), url, sent)
    second = posted(office.as_("worker"), url, sent)
    assert (first.status_code, second.status_code) == (303, 303)
    assert first.headers["Location"] == second.headers["Location"]
    page = office.as_("worker").get("/referrals/?queue=waiting")
    assert page.words.count("Fictional partner L4_legal") == 1


def test_an_answer_recorded_twice_is_one_event(office):
    referral_id = office.at(office.made(), "draft")
    url = f"/referrals/{referral_id}/record/cancel"
    rv = "1"
    for _ in range(2):
        assert posted(office.as_("worker"), url, {"rv": rv, "text": "Twice."}, page="/account").status_code == 303
    assert office.as_("worker").get(f"/referrals/{referral_id}").words.count("Twice.") == 1


def test_a_stale_edit_shows_both_versions_and_loses_nothing(office):
    made = office.made()
    referral_id = draft(office, made, request="First words")
    mine, other = office.as_("worker"), office.as_("supervisor")
    mine.get(f"/referrals/{referral_id}/edit")
    other.get(f"/referrals/{referral_id}/edit")
    other.submit({"request": "Words of the supervisor", "escort": "Escort of the supervisor"}, has="request")
    page = mine.submit({"request": "Words of the worker"}, has="request", status=409)
    for words in ("Words of the worker", "Words of the supervisor", "Escort of the supervisor", "Test Supervisor"):
        assert words in page.words
    mine.submit({"keep-request": "mine", "keep-escort": "theirs"}, has="keep-request")
    doc = office.doc(referral_id)
    assert (doc["request"], doc["escort"]) == ("Words of the worker", "Escort of the supervisor")


def test_a_closed_gate_says_why_and_where_to_mend_it(office):
    made = office.made(consented=False)
    referral_id = draft(office, made)
    page = office.as_("worker").submit(action="/submit", status=422)
    assert "No consent names this recipient yet." in page.words
    assert any("/consent/new?" in link and str(made.partner_id) in link for link in page.links())
    assert office.state(referral_id) == "draft"


def test_what_was_sent_on_can_no_longer_be_edited(office):
    referral_id = office.at(office.made(), "pending_approval")
    page = office.as_("worker").get(f"/referrals/{referral_id}/edit", status=409)
    assert "it cannot be changed any more" in page.words
    page = office.as_("worker").get(f"/referrals/{referral_id}/record/acknowledge", status=409)
    assert "does not fit the referral any more" in page.words


def test_a_time_to_come_is_refused_beside_its_field(office):
    referral_id = office.at(office.made(), "issued")
    worker = office.as_("worker")
    worker.get(f"/referrals/{referral_id}/record/acknowledge")
    fields = {"happened_on-year": "2031", "how": "phone", "by_post": "Manager"}
    assert "This lies in the future." in worker.submit(fields, has="by_post", status=422).words


def test_unknown_foreign_and_broken_ids_are_the_same_404(office):
    made = office.made()
    referral_id = office.at(made, "draft")
    bodies = set()
    stranger = office.as_("stranger")
    for url in (f"/referrals/{referral_id}", f"/referrals/{uuid4()}", f"/referrals/{referral_id}/edit",
                f"/cases/{made.case_id}/referrals/new", f"/cases/{uuid4()}/referrals/new"):  # fmt: skip
        page = stranger.get(url, status=404)
        bodies.add(page.words)
    assert len(bodies) == 1
    new = f"/cases/{made.case_id}/referrals/new"
    for query in ("?partner=x", f"?partner={uuid4()}", "?after=zzz"):
        office.as_("worker").get(new + query, status=404)
    for url in ("/referrals/?queue=other", "/referrals/?after=zzz", "/referrals/register?after=e30"):
        office.as_("worker").get(url, status=404)


def test_a_statistics_partner_cannot_be_chosen_and_says_why(office):
    made = office.made("L4_legal")
    with office.inside():
        from tests.referrals.factories import partner

        other = partner(office.people, "L7_statistics")
    worker = office.as_("worker")
    page = worker.get(f"/cases/{made.case_id}/referrals/new")
    assert "it gets counts only" in page.words
    assert not any(str(other) in link for link in page.links())
    worker.get(f"/cases/{made.case_id}/referrals/new?partner={other}", status=404)


def test_partners_are_narrowed_by_service_and_words(office):
    made = office.made()
    worker = office.as_("worker")
    url = f"/cases/{made.case_id}/referrals/new"
    assert "Fictional partner" in worker.get(f"{url}?service=legal&q=fictional").words
    assert "No partner fits." in worker.get(f"{url}?service=cash").words
    assert "No partner fits." in worker.get(f"{url}?q=%3Cscript%3E").words


class TestNames:
    """Who the person is shows only to who may show it, after the recorded tap, or in the letter that is decided on."""

    def test_a_colleague_of_the_team_reads_the_referral_without_them(self, office):
        made = office.made()
        referral_id = office.at(made, "pending_approval")
        page = office.as_("colleague").get(f"/referrals/{referral_id}")
        assert "real name and numbers are hidden" in page.words
        for word in ("Canaryfirst", "Canaryalias", "4567-8", "2002"):
            assert word not in page.text
        assert office.as_("colleague").client.get(f"/referrals/{referral_id}/preview").status_code == 403

    def test_the_writer_sees_them_after_the_tap(self, office):
        made = office.made()
        worker = office.as_("worker")
        referral_id = draft(office, made)
        addresses = (f"/cases/{made.case_id}/referrals/new?partner={made.partner_id}", f"/referrals/{referral_id}/edit")
        for address in addresses:
            assert "Canaryfirst" not in worker.get(address).text
        posted(worker, "/cases/reveal", {}, page="/cases/")
        for address in addresses:
            assert "Canaryfirst" in worker.get(address).text

    def test_the_form_leaves_a_record_that_the_case_was_read(self, office):
        made = office.made()
        office.as_("worker").get(f"/cases/{made.case_id}/referrals/new?partner={made.partner_id}")
        with office.inside():
            tags = session().scalars(select(TrailEntry.tag).where(TrailEntry.case_id == made.case_id)).all()
        assert "cases:case:read" in tags

    def test_who_decides_reads_the_whole_letter(self, office):
        referral_id = office.at(office.made(), "pending_approval")
        for part in ("decide", "preview"):
            assert "Canaryfirst" in office.as_("supervisor").get(f"/referrals/{referral_id}/{part}").text
