"""Security headers: on pages, on static files, on errors."""

import pytest
from flask import Flask

from caseflow.web import headers


def make(*, https: bool) -> Flask:
    app = Flask(__name__, static_folder=None)
    headers.init_app(app, https=https)
    app.add_url_rule("/", "page", lambda: "a page")
    app.add_url_rule("/broken", "broken", lambda: 1 / 0)
    app.add_url_rule("/static/<path:filename>", "static", lambda filename: filename)
    return app


class TestInitApp:
    @pytest.mark.parametrize(("address", "status"), [("/", 200), ("/nowhere", 404), ("/broken", 500)])
    def test_every_answer_is_strict_and_never_cached(self, address, status):
        answer = make(https=False).test_client().get(address)
        assert answer.status_code == status
        assert {name: answer.headers.get(name) for name in headers.ALWAYS} == headers.ALWAYS
        assert answer.headers["Cache-Control"] == "no-store"

    def test_policy_allows_nothing_inline_and_no_other_host(self):
        assert "unsafe" not in headers.POLICY
        assert "http" not in headers.POLICY
        assert headers.POLICY.startswith("default-src 'none'; script-src 'self'; style-src 'self'")

    @pytest.mark.parametrize(("https", "expected"), [(False, None), (True, "max-age=31536000; includeSubDomains")])
    def test_transport_rule_only_where_there_is_https(self, https, expected):
        assert make(https=https).test_client().get("/").headers.get("Strict-Transport-Security") == expected

    def test_a_static_file_named_with_its_hash_is_kept_for_a_year(self):
        client = make(https=False).test_client()
        assert client.get("/static/caseflow.css?v=1a2b3c4d").headers["Cache-Control"].endswith("immutable")
        assert client.get("/static/caseflow.css").headers["Cache-Control"] == "public, max-age=300"
        assert client.get("/static/caseflow.css?v=1a2b3c4d").headers["X-Content-Type-Options"] == "nosniff"
