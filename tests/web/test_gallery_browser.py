"""The gallery in a real browser: no accessibility violation, sideways scroll, foreign request, policy error."""

import threading
from pathlib import Path

import pytest
from playwright.sync_api import sync_playwright
from werkzeug.serving import make_server

from tests.web.gallery import ROOT, make_app

pytestmark = pytest.mark.browser
AXE = ROOT / "caseflow/operations/fetched/axe.min.js"
RULES = "{runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']}"
CHROMIUM = Path("/usr/bin/chromium")


@pytest.fixture(scope="module")
def address():
    server = make_server("127.0.0.1", 0, make_app(), threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(scope="module")
def browser():
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield opened
        opened.close()


@pytest.mark.skipif(not CHROMIUM.exists(), reason="no Chromium on this machine")
@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("language", ["en", "ur"])
class TestGallery:
    @pytest.fixture
    def page(self, browser, width):
        context = browser.new_context(viewport={"width": width, "height": 800})
        opened = context.new_page()
        yield opened
        context.close()

    @pytest.mark.parametrize("name", ["pieces", "form", "door", "error/404"])
    def test_is_clean(self, page, address, width, language, name):
        requests, complaints = [], []
        page.on("request", lambda request: requests.append(request.url))
        page.on("console", lambda message: complaints.append(message.text))
        page.goto(f"{address}/{name}?language={language}")
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        page.evaluate(AXE.read_text("utf-8"))
        found = page.evaluate(
            f"axe.run(document, {RULES}).then(r => r.violations.map(v => v.id + ': ' + v.nodes[0].html))"
        )
        assert found == []
        assert [url for url in requests if not url.startswith((address, "data:"))] == []
        assert [text for text in complaints if "Content Security Policy" in text] == []
        if language == "en":
            assert [url for url in requests if "vazirmatn" in url] == []

    def test_a_tick_opens_its_question_without_a_script(self, page, address, language):
        page.goto(f"{address}/form?language={language}")
        assert not page.is_visible("#consent_share_body")
        page.check("#consent_share")
        assert page.is_visible("#consent_share_body")

    def test_an_answer_that_shares_its_question_with_another_opens_it(self, page, address, language):
        page.goto(f"{address}/form?language={language}")
        assert not page.is_visible("#persons_present_other")
        page.check("input[name=persons_present][value=relative]")
        assert page.is_visible("#persons_present_other")
