"""With the keyboard alone, and without JavaScript: the way past the masthead, the order of the fields, the mistakes."""

import pytest

from tests.browser.hand import Hand
from tests.browser.scenes import send

pytestmark = pytest.mark.browser
FOCUSED = "() => document.activeElement.name || document.activeElement.className || document.activeElement.tagName"


@pytest.fixture(params=["en", "ur"])
def hand(request, chrome, house):
    """Somebody at the keyboard, scripts off."""
    phone = {"width": 360, "height": 740}
    context = chrome.new_context(locale=request.param, java_script_enabled=False, viewport=phone)
    context.add_cookies(house.cookies("sana", request.param))
    yield Hand(context.new_page(), house.base)
    context.close()


def tabs(page, number):
    """Press the key so often; returns what had the focus each time."""
    seen = []
    for _press in range(number):
        page.keyboard.press("Tab")
        seen.append(page.evaluate(FOCUSED))
    return seen


def test_the_first_key_offers_the_way_to_the_content(hand):
    hand.open("/cases/")
    assert tabs(hand.page, 1) == ["to-content"]
    assert hand.page.locator(".to-content").bounding_box()["y"] >= 0
    hand.page.keyboard.press("Enter")
    assert hand.page.url.endswith("#content")
    hand.page.keyboard.press("Tab")
    assert hand.page.locator("main :focus").count() == 1


def test_signing_in_follows_the_page(hand):
    hand.page.context.clear_cookies()
    hand.open("/sign-in")
    hand.page.locator("[name=sign_in]").focus()
    hand.page.keyboard.type("nobody")
    assert tabs(hand.page, 1) == ["password"]
    hand.page.keyboard.type("not this one")
    with hand.page.expect_navigation() as answered:
        hand.page.keyboard.press("Enter")
    assert answered.value.status == 422
    hand.page.locator(".mistakes:focus").wait_for()  # the browser moves the focus once the page is drawn


def test_mistakes_take_the_focus_and_lead_to_their_fields(hand, house):
    hand.open(house.path("/cases/{case}/notes"))
    send(hand.page, "/notes", **{"happened_at-day": "99", "text": "Half a note"})
    hand.page.locator(".mistakes:focus").wait_for()  # the browser moves the focus once the page is drawn
    assert hand.page.locator("[name=text]").input_value().strip() == "Half a note"
    link = hand.page.locator(".mistakes a").first
    link.focus()
    hand.page.keyboard.press("Enter")
    target = link.get_attribute("href").removeprefix("#")
    assert hand.page.locator(f"[id='{target}']").count() == 1
    assert hand.page.url.endswith(f"#{target}")


def test_every_field_of_a_form_is_reached_in_its_order(hand, house):
    hand.open(house.path("/referrals/{issued}/record/acknowledge"))
    named = "[...document.querySelectorAll('main form :is(input:not([type=hidden]), select, textarea, button)')]"
    order = hand.page.evaluate(f"() => {named}.map(one => one.name)")
    hand.page.evaluate(f"() => {named}[0].focus()")
    radios = {one for one in order if order.count(one) > 1 and one}
    expected = [one for place, one in enumerate(order) if one not in radios or one not in order[:place]]
    seen = [hand.page.evaluate("() => document.activeElement.name"), *tabs_names(hand.page, len(expected) - 1)]
    assert seen == expected


def tabs_names(page, number):
    found = []
    for _press in range(number):
        page.keyboard.press("Tab")
        found.append(page.evaluate("() => document.activeElement.name"))
    return found


def test_a_leg_is_added_in_view_with_what_was_typed_and_enter_saves(hand, house):
    page, url = hand.page, house.path("/cases/{case}/journey")
    hand.open(url)
    legs = page.locator("fieldset.item").count()
    last = page.locator("fieldset.item").last
    last.locator("input[name$='-city']").fill("Typed before the button")
    with page.expect_navigation() as landed:
        page.locator("button[value^='add-legs-']").click()
    assert landed.value.status == 200
    assert page.locator("fieldset.item").count() == legs + 1
    assert page.locator("fieldset.item").nth(legs - 1).locator("input[name$='-city']").input_value() != ""
    fresh = page.locator("fieldset.item").last
    assert page.url.endswith("#" + fresh.get_attribute("id"))
    for _moment in range(40):  # the browser scrolls once the page is drawn
        if 0 <= fresh.bounding_box()["y"] < 740:
            break
        page.wait_for_timeout(50)
    assert 0 <= fresh.bounding_box()["y"] < 740
    fresh.locator("input[name$='-city']").fill("Saved with the key")
    with page.expect_navigation() as saved:
        page.keyboard.press("Enter")
    assert saved.value.status == 200
    assert page.url == house.base + house.path("/cases/{case}")
    hand.open(url)
    assert page.locator("fieldset.item").count() == legs + 1
    assert page.locator("fieldset.item").last.locator("input[name$='-city']").input_value() == "Saved with the key"
