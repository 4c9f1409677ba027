"""Headers and cookies of every answer: pages, refusals, errors, static files; over http here, over https elsewhere."""

from dataclasses import replace

import pytest

from caseflow.core.words import set_language
from caseflow.factory import create_app
from caseflow.operations.serve import ServeError, check_address
from tests.conftest import close
from tests.routes.addresses import every_address
from tests.routes.house import NOBODY
from tests.routes.test_matrix import QUERIES
from tests.support.http import token_of

STRICT = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "font-src 'self'; connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'; "
    "object-src 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
SECURE = "https://caseflow.example.org"


def lacking(answer):
    """The headers that an answer should have and has not."""
    found = [name for name, value in STRICT.items() if answer.headers.get_all(name) != [value]]
    if answer.headers.get("Cache-Control") != "no-store":
        found.append("Cache-Control")
    if "Server" in answer.headers or "X-Powered-By" in answer.headers:
        found.append("tells what serves")
    return found


def test_every_page_and_every_refusal_is_strict_and_never_cached(house):
    seen, wrong = set(), []
    for address in every_address(house.app, house.ids):
        url = address.url + QUERIES.get(address.endpoint, "").format(**house.ids)
        for key in ("worker", "supervisor", "auditor", "admin", NOBODY):
            answer = house.get(key, url) if address.method == "GET" else house.client(key).post(url)
            seen.add(answer.status_code)
            wrong += [(address.row, key, answer.status_code, one) for one in lacking(answer)]
    assert wrong == []
    assert seen >= {200, 303, 400, 403, 404}


def test_errors_are_strict_too(house):
    view = house.app.view_functions["desk.home"]

    def broken():
        raise RuntimeError("35202-1234567-1")

    broken.caseflow_guard = view.caseflow_guard
    house.app.view_functions["desk.home"] = broken
    big = {"csrf_token": house.tokens["worker"], "text": "x" * (17 * 1024 * 1024)}
    answers = {
        500: house.get("worker", "/"),
        405: house.client("worker").delete("/cases/"),
        413: house.client("worker").post("/search", data=big),
        422: house.post("worker", "/search", {"text": ""}),
        404: house.get("worker", "/nowhere"),
    }
    for status, answer in answers.items():
        assert (answer.status_code, lacking(answer)) == (status, [])
        assert "35202" not in answer.text and "Traceback" not in answer.text


def test_a_post_with_many_parts_is_refused_in_words(house):
    parts = {f"f{number}": "x" for number in range(4100)}
    answer = house.client("worker").post("/search", data=parts, content_type="multipart/form-data")
    assert (answer.status_code, lacking(answer)) == (413, [])
    assert "<h1" in answer.text


def test_static_files_are_strict_and_only_they_are_cached(house):
    page = house.get("worker", "/").text
    style = next(part for part in page.split('"') if part.startswith("/static/") and ".css" in part)
    for url in (style, style.split("?")[0]):
        answer = house.get(NOBODY, url)
        assert answer.status_code == 200
        assert {name: answer.headers.get(name) for name in STRICT} == STRICT
        assert "Access-Control-Allow-Origin" not in answer.headers
        answer.close()
    for url in ("/static/nothing.css", "/static/../config.py", "/static/%2e%2e/config.py", "/static/"):
        answer = house.get(NOBODY, url)
        assert answer.status_code in (400, 403, 404), url
        assert lacking(answer) == [], url


def test_the_cookie_of_a_plain_installation(house):
    fresh = house.app.test_client()
    cookies = fresh.get("/sign-in").headers.getlist("Set-Cookie")
    assert [one.split("=")[0] for one in cookies] == ["cf-anon"]
    for one in cookies:
        assert "HttpOnly" in one and "SameSite=Strict" in one and "Path=/" in one and "Domain" not in one
    assert not any("Strict-Transport-Security" in house.get(key, "/").headers for key in ("worker", NOBODY))


@pytest.fixture
def secured(house):
    """The same house behind a proxy that speaks TLS."""
    config = replace(house.app.extensions["caseflow"].config, public_url=SECURE)
    app = create_app(config)
    yield app
    with app.app_context():
        close(app)
    set_language("en")


def behind_proxy(app, key=""):
    client = app.test_client()
    client.environ_base |= {"HTTP_X_FORWARDED_PROTO": "https", "HTTP_X_FORWARDED_FOR": "203.0.113.7"}
    if key:
        client.set_cookie("__Host-cf", key, secure=True, domain=SECURE.partition("//")[2])
    return client


def test_over_https_cookies_are_bound_to_the_host_and_https_is_remembered(secured, house):
    client = behind_proxy(secured)
    answer = client.get("/sign-in", base_url=SECURE)
    (cookie,) = answer.headers.getlist("Set-Cookie")
    assert cookie.startswith("__Host-cf-anon=")
    for part in ("Secure", "HttpOnly", "SameSite=Strict", "Path=/"):
        assert part in cookie.split("; "), cookie
    assert "Domain" not in cookie
    for url in ("/sign-in", "/nowhere", "/static/nothing.css", "/"):
        answer = client.get(url, base_url=SECURE)
        assert answer.headers["Strict-Transport-Security"].startswith("max-age=31536000")
        assert lacking(answer) == []


def test_over_https_only_the_bound_cookie_signs_in(secured, house):
    signed_in = behind_proxy(secured, house.keys["worker"])
    assert signed_in.get("/cases/", base_url=SECURE).status_code == 200
    loose = behind_proxy(secured)
    loose.set_cookie("cf", house.keys["worker"], domain=SECURE.partition("//")[2])
    assert loose.get("/cases/", base_url=SECURE).status_code == 303


def test_signing_out_over_https_empties_the_bound_cookie_and_the_browser(secured, house):
    client = behind_proxy(secured, house.keys["worker"])
    page = client.get("/account", base_url=SECURE)
    answer = client.post("/lock", data={"csrf_token": token_of(page.text)}, base_url=SECURE)
    gone = next(one for one in answer.headers.getlist("Set-Cookie") if one.startswith("__Host-cf=;"))
    assert "Secure" in gone and "HttpOnly" in gone and "Max-Age=0" in gone
    assert "cache" in answer.headers["Clear-Site-Data"]


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.1", "caseflow.example.org"])
def test_plain_http_is_served_on_this_machine_alone(house, host):
    config = house.app.extensions["caseflow"].config
    with pytest.raises(ServeError):
        check_address(replace(config, host=host))
    check_address(replace(config, host=host, public_url=SECURE))
    for near in ("127.0.0.1", "::1", "localhost"):
        check_address(replace(config, host=near))
