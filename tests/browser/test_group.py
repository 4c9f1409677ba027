"""A group list in a real browser: pasted with errors, mended at the cell, made into cases; Urdu without JavaScript."""

from uuid import uuid4

import pytest

from tests.browser.test_journey import YESTERDAY, day, office
from tests.cases.groups import GOOD, GOOD_UR, HEAD, HEAD_UR, table

__all__ = ["office"]  # the fixture
pytestmark = pytest.mark.browser
COMMON = {
    **day("contact_date", YESTERDAY), "contact_channel": "in_person", "contact_place": "border_airport",
    "persons_present": ["officer"], "private": "no", "free_to_leave": "police", "group_size": "12",
    "primary_language": "ps", "case_type": "som",
}  # fmt: skip


def test_a_group_of_12_from_a_pasted_list_with_errors(office):
    head, line = (HEAD, GOOD) if office.language == "en" else (HEAD_UR, GOOD_UR)
    sana, address = office("sana"), f"/groups/{uuid4()}"
    sana.open(address)
    sana.send(COMMON)
    sana.send({"paste": table(9, wrong=2, declined=1, head=head, line=line)})
    assert sana.page.locator(".mistakes li").count() == 2
    assert sana.page.locator("details:not([open])").count() == 10
    sana.page.locator(".mistakes a").first.click()
    wrong = sana.page.locator("[aria-invalid=true]")
    assert wrong.first.input_value() == "femmale"
    for place in range(2):
        wrong.nth(place).select_option("feminine")
    sana.send(has="csrf_token", action="/check", press="button[value=check]")
    assert sana.page.locator(".mistakes").count() == 0
    sana.send(has="csrf_token", action="/check", press="button[value=make]")
    cases = sana.page.locator("main .rows a[href^='/cases/']")
    assert cases.count() == 11
    cases.first.click()
    assert "12" in sana.page.locator(".case-facts").inner_text()
