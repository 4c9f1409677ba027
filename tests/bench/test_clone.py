"""The cases of the benchmark are real ones: they open through the pages, are found, and their trail verifies."""

import pytest
from sqlalchemy import func, select

from caseflow.cases.models import Case
from caseflow.core.db import session
from caseflow.core.trail.verify import verify
from tests.bench import stories
from tests.bench.clone import Cloner, Sample
from tests.bench.making import crew_of
from tests.support import scenario
from tests.support.http import post

pytestmark = pytest.mark.both_databases
COPIES = 3


@pytest.fixture
def clones(bare_app, people):
    """Three clones of a case with a referral, in another team and for other people than the first."""
    with bare_app.app_context():
        story = next(one for one in stories.stories() if one.get("referral"))
        first = scenario.teller(bare_app, people).tell(story)
        crews = [crew_of(people, "south")] * COPIES
        return list(Cloner([Sample(first)], plain=False).clone(crews, start=1))


def test_clones_verify(bare_app, clones):
    with bare_app.app_context():
        assert session().scalar(select(func.count()).select_from(Case)) == COPIES + 1
        assert verify().findings == []


def test_clones_open_through_the_pages(clones, browser_of):
    client = browser_of("other_team")
    for one in clones:
        pages = [
            f"/cases/{one.id}",
            *(f"/referrals/{referral}" for made in one.referrals.values() for referral in made),
        ]
        assert len(pages) == 2
        for page in pages:
            answer = client.get(page)
            assert answer.status_code == 200
            assert "annot be opened" not in answer.text


def test_clones_belong_to_their_own_team(clones, browser_of):
    assert {browser_of("worker").get(f"/cases/{one.id}").status_code for one in clones} == {404}


@pytest.mark.parametrize("by", ["number", "cnic", "name"])
def test_clones_are_found(clones, browser_of, by):
    found = post(browser_of("other_team"), "/search", {"text": getattr(clones[1], by)}, page="/search").text
    assert clones[1].number in found
    assert clones[2].number not in found
