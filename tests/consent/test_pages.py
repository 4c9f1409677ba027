"""The register through the front door."""

from datetime import UTC, datetime, timedelta

import pytest

from caseflow.consent import queries
from caseflow.core.db import writing
from caseflow.core.words import set_language
from tests.cases.factories import opened
from tests.consent.samples import answer, partner_of, recorded, sharing
from tests.support.hostile import HOSTILE
from tests.support.http import post, token_of

NOW = datetime.now(UTC)
DAY = (NOW - timedelta(days=1)).date()
FORM = {
    "status": "given", "given_on-day": str(DAY.day), "given_on-month": str(DAY.month), "given_on-year": str(DAY.year),
    "basis": "informed", "method": "signature", "language": "ur", "private": "yes", "free_to_leave": "yes",
    "setting": "alone", "told": ["purpose", "uses", "storage", "see", "withdraw"],
}  # fmt: skip


@pytest.fixture
def case(bare_app, people):
    with bare_app.app_context():
        return opened(people)


@pytest.fixture
def clinic(bare_app, people):
    with bare_app.app_context():
        return partner_of(people, "L4_health")


@pytest.fixture
def kept(bare_app, people, case):
    """Record a consent; its id."""

    def keep(data):
        with bare_app.app_context():
            return recorded(people, case, {**data, "given_on": DAY.isoformat()}, now=NOW)

    return keep


def text_of(answer_):
    return answer_.get_data(as_text=True)


@pytest.mark.parametrize("language", ["en", "ur"])
@pytest.mark.parametrize(
    ("key", "status"), [("worker", 200), ("supervisor", 200), ("other_team", 404), ("stranger", 404)]
)
def test_the_register_opens_for_the_team_alone_in_both_languages(case, browser_of, key, status, language):
    client = browser_of(key)
    post(client, "/language", {"language": language, "next": "/"})
    answer_ = client.get(f"/cases/{case}/consent")
    assert answer_.status_code == status
    if status == 200:
        assert f'lang="{language}"' in text_of(answer_)
    set_language("en")


def test_refusals_and_withdrawals_stay_listed_and_every_state_is_in_words(case, clinic, kept, browser_of, people):
    kept(sharing(clinic, "L4_health", ["medical_needs"]))
    kept(answer(scope="family_contact", status="refused"))
    gone = kept(answer(scope="statistics"))
    kept(answer(scope="follow_up", private="no"))
    client = browser_of("worker")
    url = f"/cases/{case}/consent/{gone}/withdraw"
    said = {f"withdrawn_on-{part}": FORM[f"given_on-{part}"] for part in ("day", "month", "year")}
    sent = {**said, "withdrawn_by": "person", "withdrawn_how": "phone", "rv": "1"}
    assert "cannot be unsent" in text_of(client.get(url))
    assert post(client, url, sent, page=url).status_code == 303
    page = text_of(client.get(f"/cases/{case}/consent"))
    for words in (
        "Given, to ",
        "Refused",
        "Withdrawn",
        "Given, not freely",
        "Fictional Women&#39;s Clinic",
        "Medical needs",
    ):
        assert words in page, words
    assert "<title>Consent register - CaseFlow</title>" in page


def test_a_sharing_is_recorded_step_by_step_without_a_script(case, clinic, browser_of, bare_app):
    client, url = browser_of("worker"), f"/cases/{case}/consent/new"
    assert f"{url}?scope=share_referral" in text_of(client.get(url))
    whom = text_of(client.get(f"{url}?scope=share_referral"))
    assert str(clinic) in whom and "(optional)" not in whom
    about = f"{url}?scope=share_referral&partner={clinic}"
    page = text_of(client.get(about))
    assert 'value="medical_needs" checked' in page
    assert 'value="name">' in page
    sent = {**FORM, "groups": ["medical_needs"], "own_ticks": ["name"]}
    assert post(client, about, sent, page=about).status_code == 303
    with bare_app.app_context():
        newest = queries.register_of(case, today=NOW.date())[0]
    assert newest.doc["own_ticks"] == ["name"]
    assert newest.doc["recipient_id"] == str(clinic)


def test_a_form_that_is_sent_twice_is_kept_once(case, browser_of, bare_app):
    client, url = browser_of("worker"), f"/cases/{case}/consent/new?scope=services"
    page = text_of(client.get(url))
    sent = {**FORM, "consent_id": page.split('name="consent_id" value="')[1][:36]}
    for _time in range(2):
        assert post(client, url, sent, page=url).status_code == 303
    with bare_app.app_context():
        scopes = [view.doc["scope"] for view in queries.register_of(case, today=NOW.date())]
    assert scopes.count("services") == 1


def test_what_is_missing_is_said_beside_its_field_and_what_was_typed_is_kept(case, browser_of):
    client, url = browser_of("worker"), f"/cases/{case}/consent/new?scope=services"
    answer_ = post(client, url, {**FORM, "method": "", "reason": "Kept <b>words</b>"}, page=url)
    assert answer_.status_code == 422
    assert "Choose how it was given." in text_of(answer_)
    assert "Kept &lt;b&gt;words" in text_of(answer_)


def test_a_child_is_asked_for_the_child_route(bare_app, people, browser_of):
    with bare_app.app_context():
        case_id = opened(people, majority_status="minor", age_at_contact=14)
    client = browser_of("worker")
    page = text_of(client.get(f"/cases/{case_id}/consent/new?scope=services"))
    assert 'name="guardian_suspect"' in page
    assert 'value="informed"' not in page
    sent = {**FORM, "basis": "assent_guardian", "assent": "yes", "guardian_name": "Aunt", "guardian_suspect": "yes"}
    url = f"/cases/{case_id}/consent/new?scope=services"
    assert "can consent to nothing" in text_of(post(client, url, sent, page=url))
    assert post(client, url, {**sent, "guardian_suspect": "no"}, page=url).status_code == 303


def test_what_was_not_free_is_confirmed_in_private_and_a_slower_writer_is_told(case, kept, browser_of):
    consent_id = kept(answer(scope="services", private="no"))
    client, url = browser_of("worker"), f"/cases/{case}/consent/{consent_id}/confirm"
    said = {f"on-{part}": FORM[f"given_on-{part}"] for part in ("day", "month", "year")}
    sent = {**said, "place": "Room 2", "alone": "yes"}
    stale = post(client, url, {**sent, "rv": "9"}, page=url)
    assert stale.status_code == 409
    assert "Room 2" in text_of(stale)
    assert 'name="rv" value="1"' in text_of(stale)
    assert post(client, url, {**sent, "rv": "1"}, page=url).status_code == 303
    assert "Confirmed in private on" in text_of(client.get(f"/cases/{case}/consent"))
    assert post(client, url, {**sent, "rv": "2"}).status_code == 409


def test_a_broken_record_is_shown_as_broken_and_kills_nothing(case, kept, browser_of, bare_app):
    consent_id = kept(answer(scope="services"))
    with bare_app.app_context(), writing():
        row = queries.get_consent(consent_id, case_id=case)
        row.sealed = bytes(row.sealed[:-1]) + bytes([row.sealed[-1] ^ 1])
    client = browser_of("worker")
    page = client.get(f"/cases/{case}/consent")
    assert page.status_code == 200
    assert "This record cannot be opened" in text_of(page)
    assert "Keep a record" in text_of(page)
    assert client.get(f"/cases/{case}/consent/{consent_id}/withdraw").status_code in (409, 422, 500)


@pytest.mark.parametrize("key", ["other_team", "stranger", "auditor", "admin", "protection"])
def test_nobody_outside_the_team_writes(case, kept, browser_of, key):
    consent_id = kept(answer(scope="services"))
    client = browser_of(key)
    for url in (f"/cases/{case}/consent/new?scope=services", f"/cases/{case}/consent/{consent_id}/withdraw"):
        assert client.get(url).status_code == 404
        assert post(client, url, FORM).status_code == 404


@pytest.mark.parametrize("hostile", HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_input_in_every_field_is_refused_or_kept_as_text(case, clinic, kept, browser_of, hostile):
    client = browser_of("worker")
    unfree = kept(answer(scope="follow_up", private="no"))
    urls = [
        f"/cases/{case}/consent/new?scope=share_referral&partner={clinic}",
        f"/cases/{case}/consent/{unfree}/confirm",
        f"/cases/{case}/consent/{unfree}/withdraw",
    ]
    for url in urls:
        page = text_of(client.get(url))
        names = {part.split('"')[0] for part in page.split(' name="')[1:]} - {
            "csrf_token",
            "next",
            "language",
            "viewport",
        }
        for name in names | {"language", "scope", "recipient_id"}:
            sent = {**FORM, "csrf_token": token_of(page), "reason": "Words to keep", name: hostile}
            answer_ = client.post(url, data=sent)
            assert answer_.status_code in (303, 404, 409, 422), (url, name)
            assert "<script>alert" not in text_of(answer_)
            if answer_.status_code in (409, 422) and name not in ("reason", "scope", "recipient_id"):
                assert "Words to keep" in text_of(answer_) or "/confirm" in url, (url, name)


@pytest.mark.parametrize(
    "query", ["scope=nothing", "scope=share_referral&partner=x", "scope=%00", "partner=" + "9" * 90]
)
def test_a_made_up_address_leads_back_to_the_choice(case, browser_of, query):
    assert browser_of("worker").get(f"/cases/{case}/consent/new?{query}").status_code == 200


def test_unknown_consents_and_cases_are_the_same_not_found(case, browser_of):
    client, nobody = browser_of("worker"), "00000000-0000-4000-8000-000000000000"
    for url in (f"/cases/{nobody}/consent", f"/cases/{case}/consent/{nobody}/withdraw"):
        assert client.get(url).status_code == 404
