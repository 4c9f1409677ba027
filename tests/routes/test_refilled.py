"""Every form of every page comes back with what was typed, after the session closed under somebody's hands."""

import re
from base64 import urlsafe_b64encode

import pytest

from caseflow.accounts.services import parking
from caseflow.accounts.views.parking import SECRET
from caseflow.core.db import writing
from tests.routes.house import NOBODY
from tests.routes.scene import NOW
from tests.routes.sweeping import filled, forms_of
from tests.routes.test_bad_input import FAMILIES, met, reveal
from tests.support.browser import Page

# Forms that are given back as text, and why.
AS_TEXT = {
    "/called$": "the form stands on the page of the emergency, of which its address says nothing; two small answers",
}
# Controls of which nothing is kept: passwords and codes, and the name that only a password manager reads.
HIDDEN = SECRET | {"username"}


def typed(form):
    """What a person would have written or chosen in it."""
    texts = {name: [f"typed {place}" if not given[0].isdigit() else given[0]] for place, (name, given) in enumerate(
        (name, form.values[name]) for name in form.names("text"))}  # fmt: skip
    return {name: given for name, given in {**form.values, **texts}.items() if name not in HIDDEN}


def close_under(house, form, values):
    """Keep what was being sent, as a dead session does; returns where its writer is led afterwards."""
    pairs = [(name, one) for name, given in values.items() for one in given]
    with house.app.app_context(), writing():
        its_id, key = parking.park(token=house.keys[form.who], path=form.action, fields=pairs, now=NOW)
    house.client(form.who).set_cookie("cf-kept", f"{its_id.hex}.{urlsafe_b64encode(key).decode()}")
    return house.get(form.who, "/kept", follow_redirects=True)


def given_back(form, values, answer):
    """Whether the page has a form that holds the same texts."""
    texts = {name: values[name] for name in form.names("text") if name in values}
    page = Page(answer, answer.request.path)
    return any(all(one.values.get(name) == given for name, given in texts.items()) for one in forms_of(page, form.who))


@pytest.mark.parametrize("family", FAMILIES)
def test_what_was_typed_stands_in_its_form_again(house, family):
    reveal(house)
    lost = []
    for form in met(house, family):
        if form.who == NOBODY or form.method == "GET" or not set(form.names("text")) - HIDDEN:
            continue
        full = filled(form, {})
        values = typed(full)
        answer = close_under(house, full, values)
        if not (answer.status_code == 200 and given_back(full, values, answer)):
            lost.append((form.who, form.action, answer.request.path, sorted(values)))
        house.client(form.who).delete_cookie("cf-kept")
        house.books.restore()
    left = [one for one in lost if not any(re.search(where, one[1]) for where in AS_TEXT)]
    assert left == [], "\n".join(map(str, left))
