"""The journeys through the front door, in both languages: a woman with two children, at two in the morning.

Ratified; not ratified; undecided for 24 hours across a restart of the worker.
"""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from caseflow.core.db import session
from caseflow.core.outbox import Job
from caseflow.core.vault import SealBroken
from caseflow.core.words import set_language
from caseflow.factory import create_app
from caseflow.referrals import queries
from caseflow.support import queries as support
from tests.conftest import close
from tests.referrals.emergency.making import shelter
from tests.referrals.factories import partner
from tests.support.browser import NS, Page

NIGHT = datetime(2026, 11, 17, 21, 10, tzinfo=UTC)  # ten past two in Karachi
WHO = {
    "case": "new", "majority_status": "adult", "gender": "feminine", "dependants_with_person": "2",
    "dependants_ages": "4 and 7", "primary_language": "ps", "interpreter_needed": "yes",
    "safe_phone": "0321 9876543", "services": ["safe_shelter"], "reason": "no_safe_place",
    "request": "A room for tonight for three.",
}  # fmt: skip


@pytest.fixture
def night(office, people):
    """The office at ten past two, with a shelter that answers."""
    office.now = NIGHT
    with office.inside():
        shelter(people)
    return office


@pytest.fixture(params=["en", "ur"])
def spoken(request, night):
    """The same in both languages."""

    def speak(key):
        one = night.as_(key)
        if one.page is None:
            one.get("/account")
            one.submit(action="/language", has="language", press=("language", request.param))
        return one

    yield request.param, speak
    set_language("en")


def choose(one, place=0):
    """Press the button of a partner on the page of partners."""
    buttons = [node for node in one.page.tree.iter(f"{NS}button") if node.get("name") == "partner_id"]
    return one.submit(has="partner_id", press=("partner_id", buttons[place].get("value")))


def back(one, step):
    """Press the button that leads back; it stands in a form of its own, with all answers."""
    form = next(form for form in one.page.forms() if any(
        (node.get("name"), node.get("value"), node.get("type")) == ("step", step, "submit") for node in form.iter()
    ))  # fmt: skip
    sent = [(node.get("name"), node.get("value")) for node in form.iter() if node.get("type") == "hidden"]
    data = {name: [value for key, value in sent if key == name] for name, _value in sent} | {"step": step}
    one.page = Page(one.client.post("/emergency", data=data), "/emergency")
    assert one.page.status == 200
    return one


def issue(one, ground=None):
    """From the red button to the page of the issued letter; returns the id."""
    one.get(one.get("/").link("/emergency"))
    one.submit(WHO, has="case")
    choose(one)
    one.submit(ground or {"ground": "verbal_phone", "private": "yes"}, has="ground")
    return one.page.url.split("/")[2]


def decide(one, referral_id, **fields):
    one.get(one.get("/").link(f"/{referral_id}/ratify"))
    return one.submit(fields, has="decision")


def open_tasks(office, referral_id):
    with office.inside():
        case_id = queries.get_referral(UUID(referral_id)).case_id
        return {row.doc["kind"] for row in support.of_case(case_id)}


def test_from_sign_in_to_an_issued_letter_in_at_most_eight_pages(night, monkeypatch):
    one, pages = night.as_("worker"), []
    monkeypatch.setattr(one, "_land", lambda status, land=one._land: pages.append(one.page.url) or land(status))
    issue(one)
    night.work()
    one.get(one.page.url)  # "Look again": now the letter is there
    letter = one.client.get(one.page.link("copy=recipient"))
    assert letter.data.startswith(b"%PDF")
    assert len(pages) + 2 <= 8, pages  # and two for the sign-in: password and code


def test_ratified(night, spoken):
    _language, speak = spoken
    worker = speak("worker")
    referral_id = issue(worker)
    night.work()
    who = next(node.get("value") for node in worker.page.form("who").iter() if node.get("name") == "who")
    worker.submit({"who": who, "called_at": "02:10"}, has="who")
    worker.get(worker.page.link("record/acknowledge"))
    worker.submit({"how": "phone", "by_post": "Manager on duty", "by_name": "Fictional"}, has="by_post")
    decide(speak("supervisor"), referral_id, decision="ratify")
    assert night.state(UUID(referral_id)) == "acknowledged"
    assert night.doc(UUID(referral_id))["emergency"]["decision"]["what"] == "ratified"
    assert "/ratify" not in "".join(speak("supervisor").get("/").links())
    assert open_tasks(night, referral_id) == {"other"}  # the children's own records


def test_not_ratified_stops_the_data_and_not_the_service(night, spoken):
    language, speak = spoken
    referral_id = issue(speak("worker"), {"ground": "vital_interest"})
    night.work()
    supervisor = speak("supervisor")
    decide(supervisor, referral_id, decision="recall", reason="Consent could have been asked.", suspend="yes")
    assert night.state(UUID(referral_id)) == "recalled"
    page = speak("worker").get(f"/referrals/{referral_id}")
    goes_on = {"en": "The service for the person goes on", "ur": "فرد کی خدمت جاری رہتی ہے"}[language]
    assert goes_on in page.words
    assert {"lawful_cover", "follow_up"} <= open_tasks(night, referral_id)
    speak("worker").get("/emergency", status=403)
    supervisor.get("/duty")
    supervisor.submit(action="/duty/right/")
    speak("worker").get("/emergency")


def test_who_approved_it_and_when_is_said_plainly_and_can_be_told_to_the_partner(night, spoken):
    language, speak = spoken
    worker = speak("worker")
    referral_id = issue(worker)
    night.work()
    page = f"/referrals/{referral_id}"
    assert "copy=approval" not in "".join(worker.get(page).links())
    night.now = NIGHT + timedelta(minutes=9)
    decide(speak("supervisor"), referral_id, decision="ratify")
    night.work()
    said = {"en": "Approved afterwards by Test Supervisor, ", "ur": "بعد میں منظوری دی: Test Supervisor"}[language]
    day = {"en": "18 November 2026, 02:19", "ur": "18 نومبر 2026، 02:19"}[language]
    for url in (page, f"{page}/emergency"):
        words = worker.get(url).words
        assert said in words and day in words, url
        assert worker.client.get(worker.page.link("copy=approval")).data.startswith(b"%PDF")


def test_who_did_not_ratify_is_said_even_when_the_service_has_ended(night):
    worker = night.as_("worker")
    referral_id = issue(worker)
    worker.get(f"/referrals/{referral_id}/record/acknowledge")
    worker.submit({"how": "phone", "by_post": "Manager on duty"}, has="by_post")
    worker.get(f"/referrals/{referral_id}/record/refuse")
    worker.submit({"how": "phone", "by_post": "Manager on duty", "reason": "capacity"}, has="by_post")
    decide(night.as_("supervisor"), referral_id, decision="recall", reason="Consent could have been asked.")
    words = worker.get(f"/referrals/{referral_id}").words
    assert "Not ratified: the data are recalled, the service goes on" in words and "By Test Supervisor" in words


def test_undecided_for_24_hours_across_a_restart(night, spoken, people):
    _language, speak = spoken
    speak("protection").get("/")  # signed in before the clock moves on
    referral_id = issue(speak("worker"))
    night.work()
    night.now = NIGHT + timedelta(hours=24, minutes=1)
    restarted = create_app(night.app.extensions["caseflow"].config)  # everything in memory is gone
    with restarted.app_context():
        for _twice in range(2):
            restarted.extensions["caseflow"].outbox.run_due(clock=lambda: night.now)
        assert {job.state for job in session().query(Job)} == {"done"}
        close(restarted)
    emergency = night.doc(UUID(referral_id))["emergency"]
    assert emergency["escalated"]["to"] == str(people.staff["other_team_supervisor"])
    for key in ("other_team_supervisor", "second_supervisor"):
        late = night.as_(key).get("/")
        assert f"/referrals/{referral_id}/ratify" in late.links(), key
        assert "late" in late.text, key
    decide(night.as_("other_team_supervisor"), referral_id, decision="ratify")
    assert "/ratify" not in "".join(night.as_("second_supervisor").get("/").links())


def test_nothing_typed_stands_in_an_address_or_is_stored_before_the_issue(night):
    one = night.as_("worker")
    one.get("/emergency")
    one.submit(WHO, has="case")
    assert one.page.url == "/emergency" and "A room for tonight" not in " ".join(one.page.links())
    with night.inside():
        assert session().query(Job).count() == 0 and queries.count_emergencies(night.people.actor("supervisor")) == 0


def test_what_is_missing_is_said_beside_it_and_what_was_typed_stays(night):
    one = night.as_("worker")
    one.get("/emergency")
    one.submit({"request": "A room for three.", "dependants_ages": "4, 7"}, has="case", status=422)
    assert 'value="A room for three."' in one.page.text and 'value="4, 7"' in one.page.text
    for message in ("Choose what is needed.", "Choose the danger.", "Choose. In doubt: not known."):
        assert message in one.page.words


def test_the_answers_can_be_changed_and_another_partner_be_chosen(night, people):
    with night.inside():
        partner(people, "L4_health", services=["safe_shelter"], phone="+924200000009", open_24h=False)
    one = night.as_("worker")
    one.get("/emergency")
    one.submit(WHO, has="case")
    choose(one, 0)
    assert "Issue to Fictional partner L4_shelter" in one.page.words
    other = back(one, "partners")
    choose(other, 1)
    assert "Issue to Fictional partner L4_health" in other.page.words
    back(one, "partners")
    back(one, "who")
    assert f'value="{WHO["request"]}"' in one.page.text and one.page.form("request") is not None


def test_a_button_pressed_twice_leads_to_the_one_letter(night):
    one = night.as_("worker")
    one.get("/emergency")
    one.submit(WHO, has="case")
    check = choose(one)
    for _twice in range(2):
        one.page = check
        one.submit({"ground": "vital_interest"}, has="ground")
        assert one.page.url.endswith("/emergency")
    with night.inside():
        assert queries.count_emergencies(night.people.actor("supervisor")) == 1


def test_a_child_is_offered_no_consent_by_telephone(night, people):
    with night.inside():
        partner(people, "L3_child", services=["child_protection", "safe_shelter"], phone="+924200000010")
    one = night.as_("worker")
    one.get("/emergency")
    one.submit({**WHO, "majority_status": "unknown"}, has="case")
    assert one.page.words.index("Fictional partner L3_child") < one.page.words.index("Fictional partner L4_shelter")
    choose(one)
    values = [node.get("value") for node in one.page.form("ground").iter() if node.get("name") == "ground"]
    assert values == ["vital_interest"]
    one.submit({"ground": "vital_interest"}, has="ground")
    assert one.page.url.endswith("/emergency")


@pytest.mark.parametrize("forged", ["L2_gov", "L5_consular", "L4_legal"])
def test_a_forged_partner_is_not_told(night, people, forged):
    with night.inside():
        other = partner(people, forged)
    one = night.as_("worker")
    one.get("/emergency")
    one.submit(WHO, has="case")
    one.submit(has="partner_id", press=("partner_id", str(other)), status=404)


def test_hostile_text_is_plain_text_on_every_page(night):
    hostile = "<script>alert(1)</script> {{ 1234567 * 3 }}"
    one = night.as_("worker")
    one.get("/emergency")
    one.submit({**WHO, "request": hostile, "dependants_ages": hostile}, has="case")
    choose(one)
    assert "<script>alert" not in one.page.text and "alert(1)" in one.page.words
    one.submit({"ground": "vital_interest"}, has="ground")
    assert "<script>alert" not in one.page.text and "3703701" not in one.page.text


def test_who_comes_second_sees_what_was_decided_and_keeps_what_they_typed(night):
    referral_id = issue(night.as_("worker"))
    first, second = night.as_("supervisor"), night.as_("second_supervisor")
    second.get(f"/referrals/{referral_id}/ratify")
    decide(first, referral_id, decision="ratify")
    second.submit({"decision": "recall", "reason": "My own words."}, has="decision", status=409)
    assert "Test Supervisor ratified it" in second.page.words and "My own words." in second.page.words
    second.get(f"/referrals/{referral_id}/ratify", status=409)


def test_a_form_about_something_else_is_shown_anew_with_what_was_typed(night):
    referral_id = issue(night.as_("worker"))
    one = night.as_("supervisor")
    one.get(f"/referrals/{referral_id}/ratify")
    said = {"decision": "recall", "reason": "My own words.", "snapshot": "00"}
    one.submit(said, has="decision", status=409)
    assert "Somebody changed this referral" in one.page.words and "My own words." in one.page.text
    one.submit({}, has="decision")  # the form now rests on what was issued
    assert night.state(UUID(referral_id)) == "recalled"


def test_the_author_and_readers_of_other_referrals_get_no_ratification_page(night):
    referral_id = issue(night.as_("worker"))
    night.as_("worker").get(f"/referrals/{referral_id}/ratify", status=403)
    night.as_("other_team_supervisor").get(f"/referrals/{referral_id}/ratify", status=404)
    night.as_("protection").get(f"/referrals/{referral_id}", status=404)
    night.as_("protection").get(f"/referrals/{referral_id}/letter", status=404)


def test_a_broken_seal_is_shown_and_not_empty(night, monkeypatch):
    referral_id = UUID(issue(night.as_("worker")))
    read = queries.reading.vault.read

    def broken(record):
        if getattr(record, "id", None) == referral_id:
            raise SealBroken("referral", record.id)
        return read(record)

    monkeypatch.setattr(queries.reading.vault, "read", broken)
    assert "Cannot be opened" in night.as_("supervisor").get("/").words


def test_a_rescue_request_tells_the_police_a_place(night, people):
    with night.inside():
        partner(people, "L1_law", services=["police"], phone="+924200000015")
    one = night.as_("worker")
    one.get("/emergency")
    one.submit(WHO, has="case")
    choose(one, 1)
    one.submit({"place_of_danger": ""}, has="place_of_danger", status=422)
    assert "Write the place." in one.page.words
    one.submit({"place_of_danger": "Behind the fictional canal"}, has="place_of_danger")
    referral_id = UUID(one.page.url.split("/")[2])
    with night.inside():
        text = str(queries.submitted_letter(queries.get_referral(referral_id)).to_document())
    assert "Behind the fictional canal" in text and "Adult" not in text and "CF-" not in text
    night.work()
    night.as_("supervisor").get(f"/referrals/{referral_id}/ratify")
