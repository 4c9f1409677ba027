"""Talk to the application as a browser does: pages, forms with their tokens, redirects."""

import re

TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')


def token_of(page):
    """The form token in a page."""
    found = TOKEN.search(page)
    assert found, "the page has no form token"
    return found.group(1)


def post(client, url, data=None, *, page=None, follow=False, **options):
    """Post a form with the token of `page` (an address; by default the account page, which everybody has)."""
    answer = client.get(page or "/account")
    assert answer.status_code == 200, (page, answer.status_code)
    sent = {"csrf_token": token_of(answer.get_data(as_text=True)), **(data or {})}
    return client.post(url, data=sent, follow_redirects=follow, **options)
