"""What one may not see answers exactly as what does not exist: same status, same bytes."""

import pytest

from tests.routes.addresses import every_address
from tests.routes.house import without_tokens
from tests.routes.test_matrix import BODIES, QUERIES

NOWHERE = "7f3c2a10-0000-4000-8000-0000000000ff"
FOREIGN = {"case": "stranger", "referral": "stranger", "audit": "stranger_auditor", "task": "stranger"}
OTHERS = ("stranger", "stranger_supervisor", "stranger_auditor", "other_team", "other_team_supervisor", "admin")


def told(answer, asked):
    """A page without form tokens, and without the id that the reader themselves put in the address."""
    return without_tokens(answer.text).replace(asked, "")


def inside(answer):
    """What a page says, without its navigation, which marks where one is."""
    return without_tokens(answer.text).partition("<main")[2].partition("</main>")[0]


def of_objects(house):
    kinds = tuple(FOREIGN)
    return [one for one in every_address(house.app, house.ids) if one.of.startswith(kinds)]


@pytest.mark.parametrize("key", OTHERS)
def test_a_foreign_id_answers_as_an_unknown_one(house, key):
    for address in of_objects(house):
        query = QUERIES.get(address.endpoint, "").format(**house.ids)
        body = {name: house.ids.get(value, value) for name, value in BODIES.get(address.endpoint, {}).items()}
        foreign, unknown = (
            house.send(key, address.method, one + query, body)
            for one in (address.url, address.url.replace(house.ids[address.of], NOWHERE))
        )
        assert foreign.status_code == unknown.status_code == 404, address.row
        assert told(foreign, house.ids[address.of]) == told(unknown, NOWHERE), address.row
        assert dict(foreign.headers).keys() == dict(unknown.headers).keys(), address.row


def test_an_address_that_never_was_answers_the_same_way(house):
    known = house.get("worker", f"/cases/{NOWHERE}")
    for url in ("/nothing/here", "/cases/not-an-id", f"/referrals/{NOWHERE}", "/cases/1"):
        answer = house.get("worker", url)
        assert answer.status_code == 404, url
        assert inside(answer) == inside(known), url


@pytest.mark.parametrize(
    ("method", "url"),
    [
        ("GET", "/cases/{other_case}/consent/{consent}/withdraw"),
        ("POST", "/cases/{other_case}/consent/{consent}/withdraw"),
        ("GET", "/cases/{other_case}/consent/{consent}/confirm"),
        ("POST", "/cases/{other_case}/consent/{consent}/confirm"),
    ],
)
def test_a_consent_is_not_reached_through_another_case(house, method, url):
    ids = {**house.ids, "other_case": a_case_of(house, "stranger")}
    answer = house.send("stranger", method, url.format(**ids))
    unknown = house.send("stranger", method, url.format(**{**ids, "consent": NOWHERE}))
    assert answer.status_code == unknown.status_code == 404
    assert told(answer, ids["consent"]) == told(unknown, NOWHERE)


def test_a_file_is_not_reached_through_another_audit(house):
    assert house.get("auditor", f"/audits/{house.ids['audit_asked']}/files/{house.ids['file']}").status_code == 404


def test_a_role_is_not_ended_through_another_person(house):
    url = f"/people/{house.people.staff['worker']}/roles/{house.ids['membership']}/end"
    before = house.books.digest()
    assert house.post("admin", url).status_code == 404
    assert house.books.digest() == before


def test_nobody_opens_a_case_under_an_id_that_is_taken(house):
    """The id of a new case comes from its form: a foreign one must neither open nor tell anything."""
    url = f"/cases/new/{house.ids['case']}/screening"
    before = house.books.digest()
    for method in ("GET", "POST"):
        assert house.send("stranger", method, url, {"then": "leave"}).status_code == 404
    assert house.books.digest() == before


def a_case_of(house, key):
    """A case of somebody else, by id."""
    from tests.cases import factories

    with house.app.app_context():
        return str(factories.opened(house.people, key, team="far"))
