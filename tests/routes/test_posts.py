"""Every change is a POST with a form token from our own pages; a GET changes nothing but the record of reading."""

import pytest

from caseflow.web.guards import guard_of
from tests.routes.addresses import every_address
from tests.routes.house import NOBODY
from tests.routes.test_matrix import BODIES, COLUMNS, QUERIES, read
from tests.support.world import PEOPLE

# Tags that a GET may leave: somebody read something, or was refused.
OF_A_READ = {
    "audit:file:read", "audit:frame:read", "audit:trail:read", "cases:case:read", "cases:list:read",
    "cases:record:read", "policy:access:refuse", "referrals:letter:read", "referrals:referral:read",
    "support:task:read",
}  # fmt: skip


@pytest.fixture
def posts(house):
    return [one for one in every_address(house.app, house.ids) if one.method == "POST"]


def whose(row):
    """Somebody for whom the address is open."""
    cells = dict(zip(COLUMNS, read()[row], strict=True))
    return next((key for key in (*PEOPLE, NOBODY) if cells[key] == "ok"), "worker")


def body(house, address):
    return {name: house.ids.get(value, value) for name, value in BODIES.get(address.endpoint, {}).items()}


def url(house, address):
    return address.url + QUERIES.get(address.endpoint, "").format(**house.ids)


def test_no_post_works_without_a_form_token(house, posts):
    before, wrong = house.books.digest(), []
    for address in posts:
        for token in (None, "", "of somebody else", house.tokens["stranger"]):
            sent = {**body(house, address)} | ({} if token is None else {"csrf_token": token})
            answer = house.client(whose(address.row)).post(url(house, address), data=sent)
            if answer.status_code != 400:
                wrong.append((address.row, token, answer.status_code))
    assert wrong == []
    assert house.books.digest() == before


@pytest.mark.parametrize("origin", ["cross-site", "same-site", "anything"])
def test_no_post_of_another_site_works_even_with_a_token(house, posts, origin):
    before, wrong = house.books.digest(), []
    for address in posts:
        for headers in ({}, {"Sec-Fetch-Dest": "document", "Sec-Fetch-Mode": "navigate"}):
            sent = {"Sec-Fetch-Site": origin, **headers}
            answer = house.post(whose(address.row), url(house, address), body(house, address), headers=sent)
            if answer.status_code != 403:
                wrong.append((address.row, answer.status_code))
    assert wrong == []
    assert house.books.digest() == before


def test_no_page_can_be_set_into_another_site(house):
    for address in (one for one in every_address(house.app, house.ids) if one.method == "GET"):
        for place in ("iframe", "image", "empty"):
            headers = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Dest": place}
            assert house.get("worker", url(house, address), headers=headers).status_code == 403, address.row


def test_a_link_from_another_site_leads_to_the_page(house):
    headers = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Dest": "document", "Sec-Fetch-Mode": "navigate"}
    assert house.get("worker", "/cases/", headers=headers).status_code == 200


def test_a_get_changes_nothing_but_the_record_of_reading(house):
    before, tags = house.books.digest(), len(house.books.tags())
    for address in (one for one in every_address(house.app, house.ids) if one.method == "GET"):
        for key in ("worker", "supervisor", "auditor", "protection", "admin", "stranger", NOBODY):
            house.get(key, url(house, address))
        assert house.books.digest() == before, address.row
    left = set(house.books.tags()[tags:])
    assert left <= OF_A_READ, left - OF_A_READ
    assert {"cases:case:read", "referrals:referral:read", "referrals:letter:read", "audit:file:read"} <= left


def test_no_other_method_is_understood(house):
    before = house.books.digest()
    for address in every_address(house.app, house.ids):
        for method in ("PUT", "PATCH", "DELETE"):
            answer = house.client("worker").open(address.url, method=method)
            assert answer.status_code in (400, 405), (method, address.row)
    assert house.books.digest() == before


def test_a_post_with_a_json_body_is_no_form(house, posts):
    before = house.books.digest()
    for address in posts:
        sent = {"csrf_token": house.tokens["worker"], **body(house, address)}
        assert house.client("worker").post(url(house, address), json=sent).status_code == 400, address.row
    assert house.books.digest() == before


def test_step_up_keeps_what_was_posted_and_changes_nothing(house, posts, monkeypatch):
    from datetime import timedelta

    from caseflow.core import clock
    from tests.routes.scene import NOW

    monkeypatch.setattr(clock, "now", lambda: NOW + timedelta(minutes=6))
    before = house.books.digest()
    asking = [one for one in posts if guard_of(house.app.view_functions[one.endpoint]).step_up]
    for address in asking:
        answer = house.post(whose(address.row), url(house, address), {**body(house, address), "typed": "kept words"})
        assert answer.status_code == 403, address.row
        assert 'name="confirm_code"' in answer.text and "kept words" in answer.text, address.row
    assert asking
    assert house.books.digest() == before
