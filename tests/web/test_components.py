"""Every piece of the look, drawn in both languages: valid, reachable, free of what the policy forbids."""

import re
from pathlib import Path

import html5lib
import pytest

from tests.web.gallery import ROOT, make_app

PAGES = (
    "/pieces", "/form", "/door", "/error/400", "/error/403", "/error/404", "/error/409", "/error/413", "/error/422",
    "/error/429", "/error/500", "/error/sealed_broken",
)  # fmt: skip
STATIC = ROOT / "caseflow/web/static"
OWN_STYLES = sorted(STATIC.glob("*.css"))
PHYSICAL = re.compile(
    r"(?<![-\w])(?:(?:margin|padding|border)-(?:left|right)|(?:left|right)\s*:|float\s*:(?!\s*(?:inline|none)))"
)


@pytest.fixture(scope="module")
def client():
    return make_app().test_client()


def parsed(text):
    parser = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False)
    return parser.parse(text)


@pytest.mark.parametrize("language", ["en", "ur"])
@pytest.mark.parametrize("page", PAGES)
class TestEveryPage:
    @pytest.fixture
    def text(self, client, page, language):
        return client.get(f"{page}?language={language}").text

    def test_is_valid_and_in_its_language(self, text, language):
        root = parsed(text)
        assert root.attrib == {"lang": language, "dir": "rtl" if language == "ur" else "ltr"}
        assert len(root.findall(".//h1")) == 1
        assert root.find(".//title").text.endswith(" - CaseFlow")

    def test_has_nothing_that_the_policy_forbids(self, text):
        for element in parsed(text).iter():
            assert element.tag not in ("style", "script")
            assert not [name for name in element.attrib if name == "style" or name.startswith("on")]

    def test_points_only_at_what_is_there(self, text):
        root = parsed(text)
        ids = [element.get("id") for element in root.iter() if element.get("id")]
        assert len(ids) == len(set(ids))
        for element in root.iter():
            for attribute in ("for", "aria-describedby", "aria-labelledby"):
                assert set((element.get(attribute) or "").split()) <= set(ids)

    def test_uses_only_icons_of_the_sprite(self, text):
        sprite = set(re.findall(r'<symbol id="([^"]+)"', (STATIC / "icons.svg").read_text("utf-8")))
        assert set(re.findall(r"icons\.svg[^#]*#([^\"]+)", text)) <= sprite


class TestStyles:
    @pytest.mark.parametrize("path", OWN_STYLES, ids=lambda path: path.name)
    def test_know_no_left_or_right(self, path: Path):
        assert PHYSICAL.findall(path.read_text("utf-8")) == []


class TestTheFrame:
    def test_language_switch_does_not_ask_for_the_urdu_font_on_english_pages(self, client):
        assert 'class="tongue"' in client.get("/pieces?language=en").text
        styles = (STATIC / "caseflow.css").read_text("utf-8")
        assert re.search(r"\.tongue \{ font-family: system-ui", styles)
        assert re.search(r":root:lang\(ur\) \{\s+--face: \"CF Arabic\"", styles)

    def test_every_post_form_carries_a_token(self, client):
        for form in parsed(client.get("/pieces").text).iter("form"):
            if form.get("action") in ("/language", "/leave", "/lock"):
                assert [field for field in form.iter("input") if field.get("name") == "csrf_token"]

    def test_typed_text_is_shown_and_not_obeyed(self, client):
        text = client.get("/pieces").text
        assert "&lt;b&gt;bold&lt;/b&gt;" in text
        assert "{{ 7 * 7 }}" in text
        assert "\u202e" not in text


class TestAFormWithMistakes:
    @pytest.fixture
    def answer(self, client):
        sent = {
            "contact_date-day": "31", "contact_date-month": "2", "contact_date-year": "2026",
            "persons_present": ["other"],
            "persons_present_other": "<script>" + "x" * 2**20, "gender": "nonsense", "primary_language": "ps",
        }  # fmt: skip
        return client.post("/form?language=en", data=sent)

    def test_keeps_everything_that_was_typed_even_a_megabyte(self, answer):
        assert answer.status_code == 422
        assert "&lt;script&gt;" + "x" * 2**20 in answer.text
        assert 'name="contact_date-day" inputmode="numeric" dir="ltr" autocomplete="off" value="31"' in answer.text
        assert '<option value="ps" selected>' in answer.text

    def test_lists_each_mistake_with_a_way_to_it(self, answer):
        root = parsed(answer.text)
        summary = next(element for element in root.iter("section") if element.get("class") == "mistakes")
        ids = {element.get("id") for element in root.iter()}
        targets = [link.get("href")[1:] for link in summary.iter("a")]
        assert targets == ["contact_date-day", "persons_present_other", "gender"]
        assert set(targets) <= ids
        assert root.find(".//title").text.startswith("Error: ")
