"""A man who was smuggled, and turns out on the second screening to be trafficked: through the front door, without
JavaScript, in English and Urdu, on SQLite and on PostgreSQL."""

from datetime import timedelta
from uuid import UUID

import pytest

from caseflow.cases import queries
from caseflow.core import catalogue, vault
from caseflow.core.trail.verify import verify
from tests.cases.test_views_repeats import button, key_of
from tests.journey.test_journey import SCREENING, YESTERDAY, Story, day

pytestmark = pytest.mark.both_databases
SMUGGLED = {
    **SCREENING, "gender": "masculine", "age_at_contact": "31", "act_offer": "no", "means_promise_broken": "no",
    "purpose_work": "no", "smuggling_paid": "yes", "smuggling_way": "yes", "case_type": "som", "outcome": "intake",
}  # fmt: skip
LEGS = (
    {"event": "recruitment", "when-month": "2", "when-year": "2026", "country": "PK", "province": "PK-PB"},
    {"event": "border_crossing", "when-year": "2026", "country": "IR", "crossing": "rajay", "mode": "truck"},
    {"event": "interception", "when-month": "9", "when-year": "2026", "country": "TR", "note": "Sent back in winter."},
)
AGAIN = {
    "contact_channel": "in_person", "persons_present": ["alone"], "private": "yes", "free_to_leave": "yes",
    "immediate_danger": "no", "majority_status": "adult", "gender": "masculine", "citizenship": ["PK"],
    "primary_language": "ur", "act_kept": "yes", "means_hold": "yes", "purpose_work": "yes",
    "smuggling_paid": "yes", "case_type": "tip_som", "outcome": "intake",
}  # fmt: skip
ASKED = ("trafficking", "smuggling", "journey")


@pytest.fixture(params=["en", "ur"])
def story(request, bare_app, browser_of):
    return Story(bare_app, browser_of, request.param)


def label(kind, language):
    return catalogue.load().kind(kind).label[language]


def listed(story, page):
    """Which of the kinds that rest on the type of the case the file of the case page lists."""
    links = {link.rsplit("/", 1)[-1] for link in page.links()}
    return {kind for kind in ASKED if kind in links and label(kind, story.language) in page.words}


def stored(story, case, kind):
    with story.app.app_context():
        return queries.data_of(UUID(case.rsplit("/", 1)[-1]), kind)


def open_case(story):
    worker = story("worker")
    worker.get("/cases/new")
    worker.get(worker.page.link("/screening"))
    page = worker.submit(SMUGGLED, has="contact_channel")
    story.expect_language(page)
    return page.url


def tell_the_journey(story, case):
    """Three legs, one after the other; nothing is stored before the save."""
    worker = story("worker")
    page = worker.get(f"{case}/journey")
    for place, leg in enumerate(LEGS):
        key = key_of(page, "legs", place)
        typed = {f"legs-{key}-{name}": value for name, value in leg.items()}
        if place < len(LEGS) - 1:
            page = worker.submit(typed, has="legs", press=("then", button(page, "legs")))
            assert stored(story, case, "journey") == {}
    worker.submit(typed, has="legs")
    assert [leg["event"] for leg in stored(story, case, "journey")["legs"]] == [leg["event"] for leg in LEGS]
    assert stored(story, case, "journey")["legs"][0]["when"] == "2026-02"


def assess(story, case, level, days):
    worker = story("worker")
    page = worker.get(f"{case}/assessment/new")
    danger = key_of(page, "risks", 0)
    said = {"risk_level": level, f"risks-{danger}-type": "retaliation", "safety_plan": "He calls from the corner shop."}
    worker.submit(said | day("next_review_date", YESTERDAY + timedelta(days=days)), has="risk_level")


def test_a_smuggled_man_turns_out_to_be_trafficked(story):
    worker = story("worker")
    case = open_case(story)
    assert listed(story, worker.get(case)) == {"smuggling", "journey"}
    assert 'name="acts"' not in worker.get(f"{case}/trafficking").text
    worker.get(f"{case}/smuggling")
    worker.submit(
        {"destination": "GR", "fee_agreed": "2,500,000 rupees", "payment": ["hawala"], "debt_left": "1,000,000 rupees",
         "debt_holder": "An uncle of the agent", "deaths_seen": "no", "offence_elements": ["illegal_entry"]},
        has="fee_agreed",
    )  # fmt: skip
    tell_the_journey(story, case)
    assess(story, case, "medium", 20)

    worker.get(f"{case}/screening/new")
    page = worker.submit(AGAIN, has="contact_channel")
    types = [catalogue.load().label("case_type", code, story.language) for code in ("tip_som", "som")]
    assert all(words in page.words for words in types)
    assert listed(story, page) == set(ASKED)
    opened = page.link(f"{case}/trafficking")
    assert label("trafficking", story.language) in page.words

    page = worker.get(opened)
    assert 'name="means"' in page.text
    worker.submit(
        {"acts": ["transportation", "harbouring"], "means": ["abuse_vulnerability"], "exploitation": ["forced_labour"],
         "industry": "F", "control": ["debt_bondage", "withholds_documents"], "wage_got": "Nothing"},
        has="acts",
    )  # fmt: skip
    assess(story, case, "high", 6)

    with story.app.app_context():
        found = queries.get_case(UUID(case.rsplit("/", 1)[-1]))
        summary = queries.summary_of(found)
        assert (vault.read(found)["type"], summary["type"], summary["risk"]) == ("tip_som", "tip_som", "high")
        counts = {kind: len(queries.records_of(found.id, kind)) for kind in ("screening", "assessment", *ASKED)}
        assert counts == {"screening": 2, "assessment": 2, "trafficking": 1, "smuggling": 1, "journey": 1}
        assert found.due_on == (YESTERDAY + timedelta(days=6)).date()
        assert verify().whole
    assert stored(story, case, "journey")["legs"][2]["note"] == "Sent back in winter."
