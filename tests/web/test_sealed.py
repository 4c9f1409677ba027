"""The unlock page: the only thing a sealed installation serves, in both languages, without a word of any person."""

import re

import pytest

from caseflow.core.errors import SetupError
from caseflow.web.sealed import create_sealed_app

WORDS = "five quiet unrelated river words"


class Lock:
    """Stands for the installation: opened by WORDS."""

    def __init__(self):
        self.heard = []

    def __call__(self, words):
        self.heard.append(words)
        if words != WORDS:
            raise SetupError("These words do not open the ROOT key.")


@pytest.fixture
def lock():
    return Lock()


@pytest.fixture
def page(lock):
    return create_sealed_app(secret=b"s" * 32, https=False, unlock=lock).test_client()


def token(answer):
    return re.search('name="csrf_token" value="([^"]+)"', answer.get_data(as_text=True)).group(1)


@pytest.mark.parametrize("path", ["/", "/cases/", "/sign-in", "/referrals/1/letter", "/health", "/unlock"])
def test_every_address_gives_the_one_page_and_says_that_it_is_not_at_work(page, path):
    answer = page.get(path)
    assert answer.status_code == 503
    assert "This installation is locked" in answer.get_data(as_text=True)
    assert answer.headers["Cache-Control"] == "no-store"
    assert "script-src 'self'" in answer.headers["Content-Security-Policy"]


def test_it_speaks_urdu(page):
    answer = page.get("/", headers={"Accept-Language": "ur"}).get_data(as_text=True)
    assert 'dir="rtl"' in answer and "locked" not in answer.lower().replace("unlocked", "")


def test_the_language_can_be_chosen(page):
    page.post("/language", data={"csrf_token": token(page.get("/")), "language": "ur", "next": "/"})
    assert 'lang="ur"' in page.get("/").get_data(as_text=True)


def test_the_words_open_it(page, lock):
    answer = page.post("/unlock", data={"csrf_token": token(page.get("/")), "passphrase": WORDS})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/")
    assert lock.heard == [WORDS]


def test_wrong_words_are_refused_and_never_shown_again(page):
    answer = page.post("/unlock", data={"csrf_token": token(page.get("/")), "passphrase": "wrong river words"})
    text = answer.get_data(as_text=True)
    assert answer.status_code >= 400 and "do not open" in text and "wrong river words" not in text


def test_nothing_typed_is_no_try(page, lock):
    answer = page.post("/unlock", data={"csrf_token": token(page.get("/")), "passphrase": ""})
    assert answer.status_code == 422 and lock.heard == []


def test_a_post_without_its_token_or_from_another_site_is_no_try(page, lock):
    assert page.post("/unlock", data={"passphrase": WORDS}).status_code == 400
    sent = {"csrf_token": token(page.get("/")), "passphrase": WORDS}
    assert page.post("/unlock", data=sent, headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403
    assert lock.heard == []


def test_where_no_words_open_it_none_are_asked_for():
    answer = create_sealed_app(secret=b"s" * 32, https=True, unlock=None).test_client().get("/")
    assert "passphrase" not in answer.get_data(as_text=True).lower()
    assert "Strict-Transport-Security" in answer.headers


def test_over_https_the_cookie_is_bound_to_the_host():
    client = create_sealed_app(secret=b"s" * 32, https=True, unlock=Lock()).test_client()
    cookie = client.get("/", base_url="https://localhost").headers["Set-Cookie"]
    assert cookie.startswith("__Host-cf-sealed=") and "Secure" in cookie and "HttpOnly" in cookie
