"""A referral from the first page to the last, by two people, through the front door."""

from datetime import timedelta
from uuid import UUID

from caseflow.core.db import session
from caseflow.core.trail.models import TrailEntry
from caseflow.referrals import queries
from tests.referrals.factories import START

ANSWER = {"how": "phone", "by_post": "Manager on duty"}


def written(page):
    """The id of the referral whose page this is."""
    return UUID(page.url.rsplit("/", 1)[-1])


def draft(office, made, key="worker", **changed):
    """Write a referral on the pages; its id."""
    browser = office.as_(key)
    browser.get(f"/cases/{made.case_id}/referrals/new?partner={made.partner_id}")
    fields = {
        "services": ["legal"], "urgency": "urgent", "reason": "mandate", "request": "A first talk with a lawyer.",
        "channel": "sealed_paper", **changed,
    }  # fmt: skip
    return written(browser.submit(fields, has="urgency"))


def decided(office, referral_id, key="supervisor", status=200, **fields):
    """Decide on the approval page."""
    browser = office.as_(key)
    browser.get(f"/referrals/{referral_id}/decide")
    return browser.submit(fields, has="decision", status=status)


def test_the_whole_life_from_draft_to_closed(office):
    made = office.made()
    worker, supervisor = office.as_("worker"), office.as_("supervisor")
    page = worker.get(f"/cases/{made.case_id}/referrals/new")
    assert "Fictional partner L4_legal" in page.words
    referral_id = draft(office, made)
    page = worker.submit(action="/submit")
    assert "Waiting for approval" in page.words
    page = supervisor.get("/referrals/?queue=waiting")
    page = supervisor.get(page.link(str(referral_id)))
    page = supervisor.get(page.link("decide"))
    assert "Canary alert" in page.words
    assert "Your decision" in page.words
    supervisor.submit({"decision": "approve"}, has="decision")
    assert office.state(referral_id) == "approved"
    page = worker.get(f"/referrals/{referral_id}")
    assert "Waiting for approval" not in page.words
    assert office.work() == 1
    page = worker.get(f"/referrals/{referral_id}")
    assert "OUR-2026-0001" in page.words
    for verb, fields, state in (
        ("acknowledge", ANSWER, "acknowledged"),
        ("accept", ANSWER | {"date-day": "20", "date-month": "11", "date-year": "2026"}, "accepted"),
        ("start_service", ANSWER, "in_service"),
        ("deliver", ANSWER | {"text": "Three talks."}, "service_delivered"),
        ("feedback", {"reached": "yes", "satisfied": "yes", "harm": "no"}, "feedback_received"),
        ("close", {}, "closed"),
    ):
        office.now += timedelta(minutes=5)
        page = worker.get(worker.page.link(f"/record/{verb}"))
        page = worker.submit(fields, has="text")
        assert office.state(referral_id) == state
    assert "Closed" in page.words
    assert "20 November 2026" in page.words


def test_a_letter_is_downloaded_as_a_file_and_each_download_is_recorded(office):
    made = office.made()
    referral_id = office.at(made, "issued")
    answer = office.as_("worker").client.get(f"/referrals/{referral_id}/letter?copy=person")
    assert answer.data == b"%PDF person"
    assert answer.mimetype == "application/pdf"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="letter-OUR-2026-0001-2.pdf"'
    assert "no-store" in answer.headers["Cache-Control"]
    with office.inside():
        read = session().query(TrailEntry).filter(TrailEntry.tag == "referrals:letter:read").all()
        assert [one.actor_id for one in read] == [office.people.staff["worker"]]
    assert office.as_("worker").client.get(f"/referrals/{referral_id}/letter?copy=other").status_code == 404


def test_a_draft_has_no_letter_yet(office):
    referral_id = office.at(office.made(), "draft")
    assert office.as_("worker").client.get(f"/referrals/{referral_id}/letter").status_code == 404


def test_a_returned_referral_keeps_its_comment_beside_the_line_and_is_corrected(office):
    made = office.made()
    referral_id = draft(office, made, groups=["age_or_age_band", "children_accompanying"])
    office.as_("worker").submit(action="/submit")
    decided(office, referral_id, decision="return", comment="Take out the ages.", group="children_accompanying")
    assert office.state(referral_id) == "returned"
    worker = office.as_("worker")
    page = worker.get(f"/referrals/{referral_id}")
    assert "Take out the ages." in page.words
    worker.get(page.link("/edit"))
    page = worker.submit({"groups": ["age_or_age_band"]}, has="urgency", press=("then", "submit"))
    assert "Waiting for approval" in page.words
    with office.inside():
        told = queries.submitted_letter(queries.get_referral(referral_id)).to_document()
    assert "Canary four and six" not in str(told)


def test_a_declined_referral_ends_with_its_reason(office):
    referral_id = office.at(office.made(), "pending_approval")
    page = decided(office, referral_id, decision="decline", reason="Another partner is nearer.")
    assert office.state(referral_id) == "declined_internal"
    assert "Another partner is nearer." in page.words


def test_a_refusal_names_its_reason(office):
    referral_id = office.at(office.made(), "acknowledged")
    office.now = START + timedelta(hours=5)
    worker = office.as_("worker")
    worker.get(f"/referrals/{referral_id}/record/refuse")
    page = worker.submit(ANSWER, has="reason", status=422)
    assert "Choose the reason that was given." in page.words
    page = worker.submit({"reason": "capacity"}, has="reason")
    assert office.state(referral_id) == "refused"
    assert "No capacity / waiting list" in page.words


def test_a_cancelled_referral_needs_a_reason(office):
    referral_id = office.at(office.made(), "draft")
    worker = office.as_("worker")
    worker.get(f"/referrals/{referral_id}/record/cancel")
    assert "Give a reason." in worker.submit({"text": ""}, has="text", status=422).words
    worker.submit({"text": "The person left the city."}, has="text")
    assert office.state(referral_id) == "cancelled"


def test_a_withdrawal_after_the_letter_left_asks_whether_the_partner_was_told(office):
    referral_id = office.at(office.made(), "issued")
    office.now = START + timedelta(hours=5)
    worker = office.as_("worker")
    worker.get(f"/referrals/{referral_id}/record/withdraw")
    assert "Say whether the partner was told." in worker.submit({}, has="told", status=422).words
    page = worker.submit({"told": "yes"}, has="told")
    assert office.state(referral_id) == "withdrawn"
    assert "Partner told to stop and delete: Yes" in page.words


def test_who_reported_harm_does_not_close_it(office):
    made = office.made()
    with office.inside():
        referral_id = made.at("service_delivered")
        made.record(referral_id, "feedback", harm="yes")
    office.now = START + timedelta(hours=5)
    worker = office.as_("worker")
    page = worker.get(f"/referrals/{referral_id}")
    assert not any(link.endswith("/record/close") for link in page.links())
    assert "Harm was reported. A supervisor closes it." in page.words
    page = office.as_("supervisor").get(f"/referrals/{referral_id}")
    office.as_("supervisor").get(page.link("/record/close"))
    office.as_("supervisor").submit({}, has="text")
    assert office.state(referral_id) == "closed"


def test_happened_and_recorded_are_both_shown(office):
    referral_id = office.at(office.made(), "issued")
    office.now = START + timedelta(hours=6)
    worker = office.as_("worker")
    worker.get(f"/referrals/{referral_id}/record/acknowledge")
    page = worker.submit(ANSWER | {"happened_at": "11:30"}, has="by_post")
    assert "11:30" in page.words
    assert "recorded Today, 15:00" in page.words
    assert "Learned by: By telephone" in page.words
