"""Role x route x own, team, other team, other organisation: what everybody gets at every address, GET and POST.

All objects are the caseworker's, of team north of our organisation; the columns are people at every distance from it.
`ok` means that the guard lets through (a form may still come back with 422, a step too late with 409), `door` that
one must sign in first. The table is written anew with CASEFLOW_WRITE_MATRIX=1, and read by a person.
"""

import os
from pathlib import Path

import pytest

from caseflow.core.errors import NotAllowed, NotFound
from caseflow.core.policy import require
from caseflow.referrals import queries as referrals
from caseflow.referrals.views.deciding import to_decide
from tests.routes.addresses import every_address, object_of
from tests.routes.house import NOBODY
from tests.routes.scene import NOW
from tests.routes.test_guards import OPEN
from tests.support.world import PEOPLE

TABLE = Path(__file__).with_name("matrix.txt")
COLUMNS = (*PEOPLE, NOBODY)
# What a post must carry so that its answer comes from the guard and the service, not from a missing hidden field.
BODIES = {
    "audit.decide": {"decision": "refuse"},
    "audit.make": {"what": "file", "file_id": "7f3c2a10-0000-4000-8000-00000000f11e", "case_id": "case"},
    "audit.make_trail": {"file_id": "7f3c2a10-0000-4000-8000-00000000f11e"},
    "referrals.create": {"referral_id": "7f3c2a10-0000-4000-8000-000000000e0e"},
    "referrals.save": {"rv": "9"},
    "referrals.submit": {"rv": "9"},
    "referrals.record_decision": {"rv": "9"},
}
QUERIES = {"referrals.create": "?partner={partner}", "referrals.new": "?partner={partner}"}
# Data protection decides on emergency issues beside the supervisor, and reads nothing else of a case.
OF_EMERGENCIES = {"referrals.ratify", "referrals.record_ratification"}
# Addresses whose second id is one person's own: everybody else gets 404, whatever their role.
OF_ONE_PERSON = {
    "cases.discard_draft", "accounts.end_deputy", "accounts.end_session", "accounts.give_up_kept", "cases.keep_group",
    "cases.group_lines", "cases.add_group_lines", "cases.group_check", "cases.keep_group_lines", "cases.group_done",
}  # fmt: skip


@pytest.fixture
def addresses(house):
    return every_address(house.app, house.ids)


def answer_class(answer, address):
    """ok, 403, 404 or door; anything else as its number, which no table should hold."""
    sent_away = answer.status_code == 303 and answer.headers["Location"].startswith("/sign-in")
    if sent_away and address.endpoint not in OPEN:
        return "door"
    if answer.status_code < 400 or answer.status_code in (409, 422):
        return "ok"
    return str(answer.status_code)


def ask(house, address, key):
    url = address.url + QUERIES.get(address.endpoint, "").format(**house.ids)
    body = {name: house.ids.get(value, value) for name, value in BODIES.get(address.endpoint, {}).items()}
    answer = house.send(key, address.method, url, body)
    if address.method == "POST" and answer.status_code < 400:
        house.books.restore()
    return answer_class(answer, address)


def drawn(rows):
    """The table as text."""
    width = max(len(row) for row in rows)
    head = " ".join((" " * width, *COLUMNS))
    lines = [
        " ".join((row.ljust(width), *(cell.ljust(len(name)) for name, cell in zip(COLUMNS, cells, strict=True))))
        for row, cells in rows.items()
    ]
    return "\n".join(line.rstrip() for line in (head, *lines)) + "\n"


def read():
    """The golden table: {row: cells}."""
    rows = {}
    for line in TABLE.read_text().splitlines()[1:]:
        method, shape, *cells = line.split()
        rows[f"{method} {shape}"] = cells
    return rows


def test_everybody_gets_at_every_address_what_the_table_says(house, addresses):
    found = {one.row: [ask(house, one, key) for key in COLUMNS] for one in addresses}
    if os.environ.get("CASEFLOW_WRITE_MATRIX") == "1":
        TABLE.write_text(drawn(found))
    assert TABLE.read_text() == drawn(found)


def test_a_new_route_needs_a_row(addresses):
    assert list(read()) == [one.row for one in addresses]


def test_the_table_says_what_policy_says(house, addresses):
    """So that a table written anew in a hurry cannot make a hole look meant."""
    golden, differing = read(), []
    with house.app.app_context():
        for address in addresses:
            for key, cell in zip(PEOPLE, golden[address.row], strict=False):
                expected = by_policy(house, address, key)
                if cell != expected and not (address.endpoint in OF_ONE_PERSON and (cell, expected) == ("404", "ok")):
                    differing.append((address.row, key, cell, expected))
    assert differing == []


def by_policy(house, address, key):
    """What the rules say to this person about this address."""
    if address.endpoint in ("referrals.decide", "referrals.record_decision"):
        to_decide.plain = referrals.get_referral  # its own load asks who is signed in
    guard, has_object, found = object_of(house.app, address, house.ids)
    if guard.action is None:
        return "ok"
    try:
        require(house.people.actor(key, now=NOW), guard.action, *([found] if has_object else []))
    except NotFound:
        return "404"
    except NotAllowed:
        return "403"
    return "ok"


def test_who_is_not_signed_in_sees_the_door_and_nothing_else(addresses):
    golden, views = read(), {one.row: one for one in addresses}
    for row, cells in golden.items():
        guard_is_open = views[row].endpoint in OPEN
        assert (cells[COLUMNS.index(NOBODY)] == "door") != guard_is_open, row


def test_another_organisation_reaches_no_case_no_referral_and_no_audit(addresses):
    golden = read()
    for address in (one for one in addresses if one.of.startswith(("case", "referral", "audit", "task"))):
        cells = dict(zip(COLUMNS, golden[address.row], strict=True))
        assert {cells[key] for key in COLUMNS if key.startswith("stranger")} == {"404"}, address.row


def test_who_works_no_cases_reaches_none(addresses):
    golden = read()
    for address in (one for one in addresses if one.of.startswith(("case", "referral", "task"))):
        cells = dict(zip(COLUMNS, golden[address.row], strict=True))
        if address.endpoint in OF_EMERGENCIES:
            cells.pop("protection")
        found = {cells.get(key, "404") for key in ("protection", "auditor", "admin", "other_team")}
        assert found == {"404"}, address.row
