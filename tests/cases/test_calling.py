"""Before you call, through the front door. Everything about a person is fictional."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from caseflow.cases.models import CaseRecord
from caseflow.cases.queries import data_of, record_of, records_of
from caseflow.cases.queries.calling import Advice, call_card, neutral_messages
from caseflow.core import vault
from caseflow.core.db import session
from caseflow.core.trail.models import TrailEntry
from tests.cases.factories import ASSESSMENT, NOW, SAFETY, opened, saved
from tests.support.browser import Browser

pytestmark = pytest.mark.both_databases
MOMENT = NOW + timedelta(hours=3)
TODAY = MOMENT.date()
WHOLE = {
    **SAFETY, "phone_shared_with": "The brother-in-law", "cover_story": "The tailor about the cloth",
    "contact_confirmed_on": TODAY.isoformat(), "do_not_inform_persons": "The landlord",
}  # fmt: skip
NUMBER = "+923219876543"


@pytest.fixture(autouse=True)
def at_noon(monkeypatch):
    monkeypatch.setattr("caseflow.core.clock.now", lambda: MOMENT)


@pytest.fixture
def case_id(bare_app, people):
    with bare_app.app_context():
        found = opened(people)
        saved(people, found, "safety", WHOLE)
        saved(people, found, "assessment", ASSESSMENT)
        return found


@pytest.fixture
def as_(bare_app, people):
    def sign_in(key):
        client = bare_app.test_client()
        with bare_app.app_context():
            client.set_cookie("cf", people.token(key, now=MOMENT))
        return Browser(client)

    return sign_in


def change(app, people, case_id, **answers):
    with app.app_context():
        data = {**WHOLE, **answers}
        saved(people, case_id, "safety", {code: value for code, value in data.items() if value is not None})


def reveals(app):
    with app.app_context():
        found = session().scalars(select(TrailEntry).where(TrailEntry.tag == "cases:identity:reveal")).all()
        return [vault.current().open_bytes(one.case_id, one.detail, "trail_entry", one.id, "detail") for one in found]


class TestTheCard:
    def test_it_says_everything_in_the_order_of_the_need(self, as_, case_id):
        worker = as_("worker")
        words = worker.get(worker.get(f"/cases/{case_id}").link("/call")).words
        wanted = [
            "You may call", "10:00 to 12:00", "The brother-in-law", "The tailor about the cloth", "mulberry",
            "Never leave a message", "The landlord", "3 November 2026", "Never confirm to anybody",
            "The number is hidden",
        ]  # fmt: skip
        places = [words.index(one) for one in wanted]
        assert places == sorted(places)

    @pytest.mark.parametrize(
        ("way", "says"),
        [
            (["none_now"], "There is no safe way of contact now."), (["wait"], "We wait for them to contact us"),
            (["trusted_person"], "Through someone the person trusts"), (["text"], "Text message"),
        ],
    )  # fmt: skip
    def test_where_no_call_is_safe_it_says_do_not_call(self, bare_app, people, as_, case_id, way, says):
        phone = None if way == ["wait"] else NUMBER
        change(bare_app, people, case_id, safe_contact_way=way, safe_phone=phone)
        words = as_("worker").get(f"/cases/{case_id}/call").words
        assert "Do not call" in words and says in words and "You may call" not in words

    def test_a_case_in_which_nobody_asked_says_so(self, bare_app, people, as_):
        with bare_app.app_context():
            bare = opened(people)
        words = as_("worker").get(f"/cases/{bare}/call").words
        assert "Do not call before you know one." in words
        assert "say that you dialled a wrong number" in words

    @pytest.mark.parametrize(("days", "stale"), [(0, False), (30, False), (31, True), (None, True)])
    def test_what_was_not_confirmed_for_thirty_days_is_said_to_be_old(self, app, days, stale):
        told = {} if days is None else {"contact_confirmed_on": (TODAY - timedelta(days=days)).isoformat()}
        assert call_card(told, today=TODAY).stale is stale

    def test_every_way_has_its_advice(self, app):
        found = {
            way: call_card({"safe_contact_way": [way]}, today=TODAY).advice for way in ("call", "text", "none_now")
        }
        assert found == {"call": Advice.CALL, "text": Advice.OTHERWISE, "none_now": Advice.NEVER}
        assert call_card({}, today=TODAY).advice is Advice.UNKNOWN
        both = call_card({"safe_contact_way": ["none_now", "call"], "safe_phone": NUMBER}, today=TODAY)
        assert (both.advice, both.phone) == (Advice.NEVER, "")

    def test_a_broken_safety_record_says_so_and_shows_no_way_to_call(self, bare_app, as_, case_id):
        with bare_app.app_context():
            record_id = record_of(case_id, "safety").id
            session().execute(update(CaseRecord).where(CaseRecord.id == record_id).values(sealed=b"spoilt"))
            session().commit()
        page = as_("worker").get(f"/cases/{case_id}/call")
        assert "cannot be opened" in page.words and "tel:" not in page.text and "You may call" not in page.words


class TestTheNumber:
    def test_it_shows_after_a_tap_that_is_recorded_and_on_no_other_page(self, bare_app, as_, case_id):
        worker = as_("worker")
        page = worker.get(f"/cases/{case_id}/call")
        assert "9876543" not in page.text and "tel:" not in page.text
        page = worker.submit(action="/call")
        assert f"tel:{NUMBER}" in page.text and "+92 321 9876543" in page.words
        assert reveals(bare_app) == [{"reason": "contact", "scope": "safety"}]
        for url in (f"/cases/{case_id}", "/", "/cases/"):
            assert "9876543" not in worker.get(url).text.replace(" ", "")
        assert "Show the name" in worker.get(f"/cases/{case_id}").words

    def test_who_only_reads_the_case_gets_the_card_and_no_number(self, bare_app, as_, case_id):
        colleague = as_("colleague")
        page = colleague.get(f"/cases/{case_id}/call")
        assert "It is open to the caseworker of this case" in page.words
        for words in ("Show the number", "After the call", "It is not safe any more"):
            assert words not in page.words
        safety = colleague.get(f"/cases/{case_id}/safety")
        assert "mulberry" in safety.words and "The number is hidden." in safety.words
        assert "9876543" not in safety.text.replace(" ", "")

    def test_where_no_contact_is_safe_it_is_not_even_offered(self, bare_app, people, as_, case_id):
        worker = as_("worker")
        worker.get(f"/cases/{case_id}/call")
        worker.submit(action="/call")
        change(bare_app, people, case_id, safe_contact_way=["none_now"])
        page = worker.get(f"/cases/{case_id}/call")
        assert "9876543" not in page.text.replace(" ", "") and "Show the number" not in page.words

    @pytest.mark.parametrize("key", ["other_team", "stranger", "auditor", "protection", "admin"])
    def test_others_find_nothing(self, as_, case_id, key):
        as_(key).get(f"/cases/{case_id}/call", status=404)


class TestAfterTheCall:
    @pytest.mark.parametrize(
        ("result", "says"),
        [("reached", "The person was reached"), ("not_reached", "Nobody answered"),
         ("somebody_else", "Somebody else answered")],
    )  # fmt: skip
    def test_one_tap_keeps_what_came_of_it(self, bare_app, as_, case_id, result, says):
        worker = as_("worker")
        worker.get(f"/cases/{case_id}/call")
        worker.submit(has="words", press=("result", result))
        assert says in worker.get(f"/cases/{case_id}/notes").words
        with bare_app.app_context():
            (_note,) = records_of(case_id, "note")
            assert data_of(case_id, "note")["contact_result"] == result
            assert data_of(case_id, "note")["happened_at"] == TODAY.isoformat()

    def test_words_are_kept_and_a_repeated_tap_is_one_note(self, bare_app, as_, case_id):
        worker = as_("worker")
        worker.get(f"/cases/{case_id}/call")
        form = worker.page
        for _time in range(2):
            worker.page = form
            worker.submit({"words": "A girl took it."}, press=("result", "somebody_else"))
        with bare_app.app_context():
            assert [data_of(case_id, "note")["text"]] * len(records_of(case_id, "note")) == ["A girl took it."]

    def test_without_a_result_nothing_is_kept_but_what_was_typed(self, bare_app, as_, case_id):
        worker = as_("worker")
        worker.get(f"/cases/{case_id}/call")
        page = worker.submit({"words": "Kept words"}, press=("result", "perhaps"), status=422)
        assert "Kept words" in page.text
        with bare_app.app_context():
            assert records_of(case_id, "note") == []

    def test_not_safe_any_more_stops_every_call_and_loses_nothing(self, bare_app, as_, case_id):
        worker = as_("worker")
        worker.get(f"/cases/{case_id}/call")
        page = worker.submit(action="/unsafe")
        assert "Do not call" in page.words and "It is not safe any more" not in page.words
        assert "No safe contact now" in worker.get(f"/cases/{case_id}").words
        with bare_app.app_context():
            assert data_of(case_id, "safety") == {**WHOLE, "safe_contact_way": ["none_now"]}

    def test_somebody_was_faster(self, bare_app, people, as_, case_id):
        worker = as_("worker")
        worker.get(f"/cases/{case_id}/call")
        change(bare_app, people, case_id, code_word="lantern")
        worker.submit(action="/unsafe", status=409)
        with bare_app.app_context():
            assert data_of(case_id, "safety")["safe_contact_way"] == ["call"]


class TestTheNeutralMessage:
    def test_it_holds_a_number_and_how_urgent_it_is_in_both_languages_and_no_name(self, bare_app, as_, case_id):
        page = as_("worker").get(f"/cases/{case_id}/call")
        with bare_app.app_context():
            from caseflow.cases.queries import get_case

            number = get_case(case_id).number
        assert f"{number}. Urgent. Please call me." in page.words
        assert f"{number}۔ فوری۔ براہِ کرم مجھے فون کریں۔" in page.words

    @pytest.mark.parametrize(
        ("risk", "says"), [("emergency", "Emergency"), ("high", "Urgent"), ("low", "Not urgent"), ("", "Not urgent")]
    )
    def test_the_risk_says_how_urgent_it_is(self, app, risk, says):
        assert neutral_messages("CF-1", risk)["en"] == f"CF-1. {says}. Please call me."


def test_a_letter_holds_no_number_while_no_contact_is_safe(app, people):
    from caseflow.referrals import queries as referrals
    from tests.referrals import factories

    case_id = factories.filled_case(people, safety={**factories.SAFETY, "safe_contact_way": ["none_now"]})
    made = factories.Referrals(people, "L4_shelter", case_id=case_id)
    letter = referrals.preview(referrals.get_referral(made.drafted()), factories.START.date())
    assert "There is no safe way of contact now: do not contact the person." in letter.safety
    assert "9876543" not in str(letter).replace(" ", "")
