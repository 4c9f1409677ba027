"""Pages that only doing something shows: mistakes, hits, conflicts, refusals. Each leaves the browser on its page."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from tests.browser.house import House


@dataclass(frozen=True)
class Scene:
    """`play` brings the page there; `who` is signed in at the start; `status` is what the last answer must be."""

    name: str
    who: str
    play: Callable[[Any, House], Any]
    status: int = 200


def send(page: Any, form: str, **fields: str) -> Any:
    """Fill fields of the form with `form` in its address (of answers: the first) and send it; returns the answer."""
    asked = f":has([name='{next(iter(fields))}'])" if fields else ""
    found = page.locator(f"main form[action*='{form}']{asked}").last
    for name, value in fields.items():
        box = found.locator(f"[name='{name}']").first
        if box.get_attribute("type") in ("radio", "checkbox"):
            found.locator(f"[name='{name}'][value='{value}']").check()
        else:
            box.fill(value)
    with page.expect_navigation() as answered:
        found.locator("button[type=submit]").first.click()
    return answered.value


def at(page: Any, house: House, path: str) -> Any:
    """Open a page."""
    return page.goto(house.base + house.path(path))


def wrong_sign_in(page: Any, house: House) -> Any:
    at(page, house, "/sign-in")
    return send(page, "/sign-in", sign_in="nobody", password="not this one")


def code_asked(page: Any, house: House) -> Any:
    """The language was chosen by hand (there and back again), so it outlasts that of the account."""
    at(page, house, "/sign-in")
    for _turn in range(2):
        with page.expect_navigation():
            page.locator("button.tongue").click()
    return send(page, "/sign-in", sign_in="zarina", password=house.staff["zarina"]["password"])


def recovery_asked(page: Any, house: House) -> Any:
    code_asked(page, house)
    return at(page, house, "/sign-in/recovery")


def recovery_codes(page: Any, house: House) -> Any:
    at(page, house, "/account")
    return send(page, "/account/recovery-codes")


def pin_mistakes(page: Any, house: House) -> Any:
    at(page, house, "/account/pin")
    return send(page, "/account/pin", pin="123456")


def rested(page: Any, house: House) -> Any:
    """A session that rested asks for the PIN, in the language of its owner."""
    [mine] = [one["value"] for one in page.context.cookies() if one["name"] == "cf"]
    language = next(one for one in ("en", "ur") if house.tokens[one]["sana"] == mine)
    token = house.tokens["resting"][language]
    page.context.add_cookies([{"name": "cf", "value": token, "url": house.base}])
    return at(page, house, "/rights")


def kept(page: Any, house: House) -> Any:
    """Write a note, lose the session, send: after signing in again the text stands in its form."""
    at(page, house, "/cases/{case}/notes")
    [mine] = [one for one in page.context.cookies() if one["name"] == "cf"]
    found = page.locator("main form[action*='/notes']").last
    found.locator("[name=text]").fill("Words that must not be lost")
    page.context.add_cookies([{"name": "cf", "value": house.tokens["dead"]["sana"], "url": house.base}])
    with page.expect_navigation():
        found.locator("button[type=submit]").first.click()
    page.context.add_cookies([{"name": "cf", "value": mine["value"], "url": house.base}])
    return at(page, house, "/kept")


def kept_elsewhere(page: Any, house: House) -> Any:
    kept(page, house)
    return at(page, house, "/")


def kept_as_text(page: Any, house: House) -> Any:
    kept(page, house)
    return at(page, house, "/kept?text=1")


def group_columns(page: Any, house: House) -> Any:
    at(page, house, "/groups/{group}/lines")
    lines = [f"A{n}\tFictional Person {n}\tfemale\t{20 + n}\tPakistan\tyes\tyes" for n in range(40, 44)]
    return send(page, "/lines", paste="\n".join(lines))


def hits(page: Any, house: House) -> Any:
    at(page, house, "/cases/new")
    return send(page, "/cases/new", cnic="35202-1234567-2")


def no_hits(page: Any, house: House) -> Any:
    at(page, house, "/cases/new")
    return send(page, "/cases/new", cnic="35202-7654321-9")


def found(page: Any, house: House) -> Any:
    at(page, house, "/search")
    return send(page, "/search", text="Testname")


def screening_mistakes(page: Any, house: House) -> Any:
    at(page, house, f"/cases/new/{uuid4()}/screening")
    return send(page, "/screening", **{"contact_date-day": "99"})


def consent_mistakes(page: Any, house: House) -> Any:
    at(page, house, "/cases/{case}/consent/new?scope=services")
    return send(page, "/consent/new")


def referral_mistakes(page: Any, house: House) -> Any:
    at(page, house, "/cases/{case}/referrals/new?partner={partner}")
    return send(page, "/referrals/new")


def record_mistakes(page: Any, house: House) -> Any:
    at(page, house, "/referrals/{issued}/record/acknowledge")
    return send(page, "/record/acknowledge")


def partner_mistakes(page: Any, house: House) -> Any:
    at(page, house, "/partners/new")
    return send(page, "/partners/new", phone="12")


def audit_mistakes(page: Any, house: House) -> Any:
    at(page, house, "/audits/new")
    return send(page, "/audits/new", case_numbers="CF-0000-0000")


def sample_mistakes(page: Any, house: House) -> Any:
    at(page, house, "/audits/new")
    return send(page, "/audits/new", way="sample", size="99")


def invitation_mistakes(page: Any, house: House) -> Any:
    at(page, house, "/people/invite")
    return send(page, "/people/invite", sign_in="x")


def conflict(page: Any, house: House) -> Any:
    """Two tabs with the same section: the second to save sees both texts."""
    at(page, house, "/cases/{case}/person")
    other = page.context.new_page()
    at(other, house, "/cases/{case}/person")
    send(other, "/person", hopes=f"The first text {uuid4()}")
    other.close()
    return send(page, "/person", hopes="The second text")


def revealed(page: Any, house: House) -> Any:
    at(page, house, "/cases/{case}/identity")
    return send(page, "/reveal", reason="contact")


def verified(page: Any, house: House) -> Any:
    at(page, house, "/trail")
    return send(page, "/trail")


def emergency_partners(page: Any, house: House) -> Any:
    """A woman with two children who is not in the system yet."""
    at(page, house, "/emergency")
    return send(
        page, "/emergency", majority_status="adult", gender="feminine", dependants_with_person="2",
        dependants_ages="4, 7", services="safe_shelter", reason="life_now", request="A room for tonight for three.",
    )  # fmt: skip


def emergency_check(page: Any, house: House) -> Any:
    emergency_partners(page, house)
    with page.expect_navigation() as answered:
        page.locator("button[name=partner_id]").first.click()
    return answered.value


def emergency_rescue(page: Any, house: House) -> Any:
    emergency_partners(page, house)
    page.locator("details.more summary").first.click()
    with page.expect_navigation() as answered:
        page.locator("details.more button[name=partner_id]").first.click()
    return answered.value


def emergency_mistakes(page: Any, house: House) -> Any:
    at(page, house, "/emergency")
    return send(page, "/emergency")


def absent(page: Any, house: House) -> Any:
    return at(page, house, "/cases/{fresh}")


def refused(page: Any, house: House) -> Any:
    return at(page, house, "/people/")


def nothing_there(page: Any, house: House) -> Any:
    return at(page, house, "/cases/?q=nothing&state=closed")


SCENES = (
    Scene("sign-in-wrong", "", wrong_sign_in, 422),
    Scene("sign-in-code", "", code_asked),
    Scene("recovery", "", recovery_asked),
    Scene("recovery-codes", "sana", recovery_codes),
    Scene("pin-mistakes", "sana", pin_mistakes, 422),
    Scene("unlock", "sana", rested),
    Scene("kept", "sana", kept),
    Scene("group-columns", "sana", group_columns),
    Scene("kept-elsewhere", "sana", kept_elsewhere),
    Scene("kept-as-text", "sana", kept_as_text),
    Scene("look-hits", "sana", hits),
    Scene("look-no-hits", "sana", no_hits),
    Scene("search-found", "sana", found),
    Scene("screening-mistakes", "sana", screening_mistakes, 422),
    Scene("consent-mistakes", "sana", consent_mistakes, 422),
    Scene("referral-mistakes", "sana", referral_mistakes, 422),
    Scene("record-mistakes", "sana", record_mistakes, 422),
    Scene("partner-mistakes", "imran", partner_mistakes, 422),
    Scene("audit-mistakes", "nadia", audit_mistakes, 422),
    Scene("sample-mistakes", "nadia", sample_mistakes, 422),
    Scene("invitation-mistakes", "adeel", invitation_mistakes, 422),
    Scene("conflict", "sana", conflict, 409),
    Scene("identity-revealed", "sana", revealed),
    Scene("trail-verified", "kamran", verified),
    Scene("emergency-mistakes", "sana", emergency_mistakes, 422),
    Scene("emergency-partners", "sana", emergency_partners),
    Scene("emergency-rescue", "sana", emergency_rescue),
    Scene("emergency-check", "sana", emergency_check),
    Scene("absent", "sana", absent, 404),
    Scene("refused", "sana", refused, 403),
    Scene("cases-none", "sana", nothing_there),
)
