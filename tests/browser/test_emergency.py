"""Two in the morning on a phone: from the home page to an issued letter, then ratified or not, in both languages."""

import pytest

from tests.browser.conftest import PATIENCE
from tests.browser.hand import Hand
from tests.browser.watch import watched

pytestmark = pytest.mark.browser
PHONE = {"width": 360, "height": 740}
WHO = {
    "majority_status": "adult", "gender": "feminine", "dependants_with_person": "2", "dependants_ages": "4, 7",
    "primary_language": "ps", "interpreter_needed": "yes", "services": ["safe_shelter"], "reason": "no_safe_place",
    "request": "A room for tonight for three.",
}  # fmt: skip


@pytest.fixture(params=[("en", True), ("ur", False)], ids=["English", "Urdu-no-JavaScript"])
def office(request, chrome, house):
    """hand("sana") is somebody of the demonstration with a phone."""
    language, scripts = request.param
    hands = {}

    def hand(who):
        if who not in hands:
            context = chrome.new_context(locale=language, java_script_enabled=scripts, viewport=PHONE)
            context.set_default_timeout(PATIENCE)
            context.add_cookies(house.cookies(who, language))
            hands[who] = Hand(context.new_page(), house.base)
        return hands[who]

    yield hand
    for one in hands.values():
        one.page.context.close()


def issue(worker):
    """The red button, who and what, a partner, the ground; returns the address of the referral."""
    pages = []
    worker.page.on("domcontentloaded", lambda page: pages.append(page.url))
    worker.open("/")
    with worker.page.expect_navigation():
        worker.page.locator(".alarm").click()
    new = worker.page.locator("[name=case]").first
    if new.evaluate("one => one.type").startswith("select"):
        new.select_option("new")
    worker.send(WHO)
    assert worker.page.locator("main a[href^='tel:']").count() >= 1
    worker.send(has="partner_id", press="button[name=partner_id]")
    worker.send({"ground": "verbal_phone", "private": "yes"})
    referral = worker.page.url.removeprefix(worker.base).removesuffix("/emergency")
    assert len(pages) + 3 <= 8, pages  # with password and code, and one more look for the letter
    worker.again_until("copy=recipient")
    assert worker.download("copy=recipient").startswith(b"%PDF-")
    return referral


def test_ratified(office, house):
    with watched(office("sana").page, house.base) as watch:
        referral = issue(office("sana"))
        supervisor = office("imran")
        supervisor.open("/")
        supervisor.follow(f"{referral}/ratify")
        supervisor.send({"decision": "ratify"})
        assert supervisor.page.locator(f"a[href='{referral}/ratify']").count() == 0
    assert watch.strange == []


def test_not_ratified_recalls_the_data_and_sends_nobody_away(office, house):
    referral = issue(office("sana"))
    supervisor = office("imran")
    supervisor.open(f"{referral}/ratify")
    supervisor.send({"decision": "recall", "reason": "It could have waited until the morning."})
    worker = office("sana")
    worker.open(referral)
    assert worker.page.locator("code.copy").count() == 1
    worker.open("/emergency")  # the right to issue alone stands
