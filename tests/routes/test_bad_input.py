"""Every form of every page, and every address, with everything that people paste and attackers type.

Never a 500, never a trace, never raw markup; a refused post changes no row; an accepted one is shown as plain text.
"""

import re

import pytest

from caseflow.accounts.views.base import limiter
from tests.routes.addresses import every_address
from tests.routes.house import NOBODY, OF_READING
from tests.routes.sweeping import VALUES, body, faults, filled, forms_of, of_the_whole, one_by_one
from tests.routes.test_matrix import QUERIES
from tests.support.browser import Page

WHO = ("worker", "supervisor", "auditor", "protection", "admin", NOBODY)
# Each family of addresses is a test of its own, so that several processes can share the work.
FAMILIES = {
    "cases": r"/cases/[^/]*$|/cases/(new|reveal)|/cases/[^/]+/(move|assign|reveal|notes|call)|/drafts",
    "records": r"/cases/[^/]+/(person|identity|safety|screening|assessment|trafficking|smuggling|journey)",
    "groups": r"/groups",
    "consent": r"/cases/[^/]+/consent",
    "writing": r"/cases/[^/]+/referrals|/referrals/[^/]+/(edit|submit|decide)",
    "referrals": r"/emergency|/referrals/([^/]*$|[^/]+/(record|emergency|called|ratify))",
    "partners": r"/partners",
    "people": r"/people|/duty|/requests|/factor|/password",
    "tasks": r"/tasks|/cases/[^/]+/tasks",
    "others": r"/($|account|audits|search|trail|sign-in|join|(un)?lock|leave|unavailable|language|kept|rights|health)",
}
# Pages that only a question in the address, or another state, opens.
FURTHER = (
    "/cases/{case}/consent/new?scope=interview", "/cases/{case}/consent/new?scope=share_referral",
    "/cases/{case}/consent/new?scope=share_referral&partner={partner}", "/cases/{case}/notes?draft={draft}",
    "/referrals/{referral_draft}", "/referrals/{referral_draft}/record/cancel",
    "/referrals/{referral_pending_approval}", "/people/{invited}",
    "/referrals/{referral_in_service}", "/referrals/{referral_in_service}/record/deliver",
    "/referrals/{referral_in_service}/record/withdraw", "/audits/{audit_asked}",
)  # fmt: skip
# Addresses without a form in this scene: their states are reached one after the other in tests of their own.
NO_FORM = re.compile(
    r"/duty/right|/kept|/sign-in/(code|recovery)|/unlock|/account/(pin/remove|sessions/end-others|deputies/.*/end)|"
    r"/join/.*/code|"
    r"/record/(accept|close|feedback|no_show|refuse|start_service)"
)
# Counts of wrong tries move with a refused try: that is their purpose.
COUNTS = OF_READING | {"sign_in_failure"}
# A key comes before its case; it is destroyed with an unused draft.
KEY_FIRST = {"keys.db:case_key", "keys.db:store_meta"}
PARAMETERS = ("after", "due", "queue", "state", "show", "copy", "scope", "draft", "section", "next", "partner", "q",
              "service", "class", "province", "page", "out")  # fmt: skip


def met(house, family):
    """The forms of a family of addresses, each once, by whoever met it first."""
    gets = [one for one in every_address(house.app, house.ids) if one.method == "GET"]
    urls = [one.url + QUERIES.get(one.endpoint, "").format(**house.ids) for one in gets]
    found = {}
    near = [url for url in urls if re.match(FAMILIES[family], url)]
    for url in (*near, *(url.format(**house.ids) for url in FURTHER)):
        for who in WHO:
            answer = house.get(who, url)
            if answer.status_code == 200 and "html" in answer.content_type:
                for form in forms_of(Page(answer, url), who):
                    found.setdefault(form.key, form)
    return [form for form in found.values() if re.match(FAMILIES[family], form.action)]


def reveal(house):
    """Show the names of the case to its worker, so that the form of the identity can be met."""
    url = f"/cases/{house.ids['case']}/identity"
    veil = next(one for one in forms_of(Page(house.get("worker", url), url), "worker") if "reveal" in one.action)
    full = filled(veil, {})
    assert send(house, full, full.values).status_code == 303
    house.books.keep()


def send(house, form, values):
    if form.method == "GET":
        return house.get(form.who, f"{form.action.split('?')[0]}?{body(values, '')}")
    return house.client(form.who).post(
        form.action, data=body(values, house.tokens[form.who]), content_type="application/x-www-form-urlencoded"
    )


def try_all(house, form):
    """Everything that went wrong with one form: field by field where the form is taken, as a whole in both ways."""
    full = filled(form, {"case_numbers": house.ids["number"]})
    taken = send(house, full, full.values).status_code < 400
    house.books.restore()
    wrong = try_with(house, form, of_the_whole(form)) + try_with(house, full, of_the_whole(full))
    return wrong + try_with(house, full if taken else form, one_by_one(full if taken else form))


def try_with(house, form, tries):
    limiter.reset()
    before, wrong = house.books.digest(COUNTS), []
    for what, values in tries:
        if form.method == "GET" and "megabyte" in what:
            continue
        answer = send(house, form, values)
        found = faults(answer)
        if answer.status_code >= 400:
            found += [f"changed {table}" for table in changed(house, before, form)]
        elif form.method == "POST":
            found += shown_after(house, form, answer)
            house.books.restore()
        if "megabyte" in what:
            found += kept(form, what.split()[0], answer)
        wrong += [(form.method, form.action, what, answer.status_code, one) for one in found]
    house.books.restore()
    return wrong


def changed(house, before, form):
    left = house.books.digest(COUNTS)
    moved = {table for table in before if before[table] != left[table]}
    return moved - KEY_FIRST if form.action.startswith("/cases/new/") else moved


def shown_after(house, form, answer):
    """Faults of the pages on which an accepted value stands."""
    urls = dict.fromkeys((answer.headers.get("Location"), form.page))
    return [fault for url in urls if url for fault in faults(house.get(form.who, url, follow_redirects=True))]


def kept(form, field, answer):
    """Over-long text comes back with the page, never as 413, and never as if it had been taken whole."""
    if answer.status_code == 413:
        return ["413"]
    shown = form.fields[field].kind == "text" and answer.status_code == 422 and field not in ("username", "code")
    return ["text lost"] if shown and "x" * 1000 not in answer.get_data(as_text=True) else []


@pytest.mark.parametrize("family", FAMILIES)
def test_no_form_breaks(house, family):
    reveal(house)
    wrong = [one for form in met(house, family) for one in try_all(house, form)]
    assert wrong == [], "\n".join(map(str, wrong[:60]))


@pytest.mark.parametrize("family", FAMILIES)
def test_every_post_has_a_form_that_was_tried(house, family):
    reveal(house)
    tried = {shape_of(form.action.split("?")[0]) for form in met(house, family)}
    posts = [one.url for one in every_address(house.app, house.ids) if one.method == "POST"]
    due = [url for url in posts if re.match(FAMILIES[family], url) and not NO_FORM.search(url)]
    assert [url for url in due if shape_of(url) not in tried] == []


def shape_of(url):
    """An address without its ids."""
    return re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}", "*", url)


def test_every_address_belongs_to_a_family(house):
    for address in every_address(house.app, house.ids):
        owners = [name for name, pattern in FAMILIES.items() if re.match(pattern, address.url)]
        assert len(owners) == 1 or address.method == "GET", (address.row, owners)


@pytest.mark.parametrize("name", [name for name in VALUES if name != "megabyte"])
def test_no_address_breaks(house, name):
    """Every page with hostile parameters, all that any page reads at once."""
    before, query = house.books.digest(), body({key: [VALUES[name]] for key in PARAMETERS}, "")
    for address in (one for one in every_address(house.app, house.ids) if one.method == "GET"):
        for who in ("worker", "auditor"):
            answer = house.get(who, f"{address.url}?{query}")
            assert faults(answer) == [], (address.row, who)
    assert house.books.digest() == before


READ_BY = {
    "/cases/": ("state", "show", "after"), "/referrals/": ("queue", "after"), "/partners/": PARAMETERS,
    "/tasks/": ("show", "due", "after"),
    "/audits/": ("after",), "/people/": ("after",), "/cases/{case}/referrals/new": ("partner", "q", "service", "after"),
    "/cases/{case}/consent/new": ("scope", "partner"), "/cases/{case}/notes": ("draft",),
    "/cases/{case}/person": ("section",), "/cases/{case}/screening/new": ("draft",), "/sign-in": ("next", "out"),
    "/referrals/{referral_issued}/letter": ("copy",),
}  # fmt: skip


@pytest.mark.parametrize("url", READ_BY)
def test_no_parameter_breaks_alone(house, url):
    who = {"/audits/": "auditor", "/people/": "admin", "/sign-in": NOBODY}.get(url, "worker")
    for parameter in READ_BY[url]:
        for name in (name for name in VALUES if name != "megabyte"):
            answer = house.get(who, f"{url.format(**house.ids)}?{body({parameter: [VALUES[name]]}, '')}")
            assert faults(answer) == [], (url, parameter, name)


@pytest.mark.parametrize(
    "path",
    ["/cases/\x00", "/cases/\ud800", "/cases/" + "9" * 4000, "/<script>alert(1)</script>", "/join/\x00/code",
     "/join/" + "x" * 4000, "/cases/../../etc/passwd", "//evil.example", "/\r\nSet-Cookie: a=b", "/cases//"],
)  # fmt: skip
def test_no_path_breaks(house, path):
    for who in ("worker", NOBODY):
        sent = path.encode("utf-8", "surrogatepass").decode("latin-1")
        answer = house.get(who, "/", environ_overrides={"PATH_INFO": sent})
        assert answer.status_code in (303, 308, 404), path
        assert faults(answer) == [], path
