import logging
import multiprocessing
import os
import sys
import threading

import pytest

from caseflow.core.press import engine, resources
from caseflow.core.press.errors import PressUnavailable, ResourceRefused, WrongThread
from tests.core.press import reading

PAGE = "<!doctype html><html lang='en'><head><title>Of the page</title>{head}</head><body>{body}</body></html>"


def press(body="<p>Plain words</p>", head="", **changes):
    values = {"base": "letter", "title": "Letter R-1", "author": "An office", "language": "en"} | changes
    return engine.render(PAGE.format(head=head, body=body), **values)


class TestRender:
    def test_gives_a_tagged_archival_pdf_in_its_language(self):
        root = reading.reader(press(language="ur")).trailer["/Root"]
        assert root["/Lang"] == "ur"
        assert root["/MarkInfo"]["/Marked"]
        assert root["/ViewerPreferences"]["/DisplayDocTitle"]
        assert b'pdfaid:part="3"' in root["/Metadata"].get_data()
        assert b'pdfaid:conformance="A"' in root["/Metadata"].get_data()

    def test_gives_the_same_bytes_for_the_same_input(self):
        assert press() == press()

    def test_takes_properties_from_its_caller_and_none_from_the_page(self):
        head = "<meta name='author' content='Zarmina Q'><meta name='description' content='Zarmina Q'>"
        pdf = press(head=head + "<meta name='keywords' content='Zarmina Q'>")
        properties = reading.reader(pdf).metadata
        assert (properties.title, properties.author, properties.subject) == ("Letter R-1", "An office", None)
        assert b"Zarmina" not in reading.reader(pdf).trailer["/Root"]["/Metadata"].get_data()

    def test_says_nothing_about_the_page_in_a_log(self, caplog):
        with caplog.at_level(logging.DEBUG):
            press("<p style='nonsense: Zarmina'>Zarmina</p><img alt='Zarmina'>", head="<style>Zarmina { x }</style>")
        assert "Zarmina" not in caplog.text


class TestClosedFetcher:
    @pytest.mark.parametrize(
        "body",
        [
            "<img alt='' src='file:///etc/hostname'>",
            "<img alt='' src='http://127.0.0.1:9/x.png'>",
            "<img alt='' src='https://example.org/x.png'>",
            "<img alt='' src='ftp://example.org/x.png'>",
            "<img alt='' src='//example.org/x.png'>",
            "<img alt='' src='/etc/hostname'>",
            "<img alt='' src='../../config.py'>",
            "<img alt='' src='data:image/gif;base64,R0lGODlhAQABAAAAACw='>",
            "<img alt='' src='caseflow:style/../../words.py'>",
            "<img alt='' src='CASEFLOW:font/latin-400/../x'>",
            "<object data='file:///etc/hostname'></object>",
            "<embed src='file:///etc/hostname'>",
            "<svg xmlns='http://www.w3.org/2000/svg'><image href='file:///etc/hostname' width='9' height='9'/></svg>",
            "<p style='background: url(http://127.0.0.1:9/x.png)'>x</p>",
        ],
    )
    def test_refuses_all_that_is_not_packaged(self, body):
        with pytest.raises(ResourceRefused):
            press(body)

    @pytest.mark.parametrize(
        "head",
        [
            "<link rel='stylesheet' href='file:///etc/hostname'>",
            "<style>@import url('http://127.0.0.1:9/x.css');</style>",
            "<style>@font-face { font-family: X; src: url('file:///etc/hostname'); }</style>",
            "<base href='file:///etc/'><link rel='stylesheet' href='hostname'>",
        ],
    )
    def test_refuses_styles_and_fonts_from_outside(self, head):
        with pytest.raises(ResourceRefused):
            press(head=head)

    def test_attaches_nothing(self):
        assert "/Names" not in reading.reader(press(head="<link rel=attachment href=file:///etc/hostname>")).root_object
        with pytest.raises(ResourceRefused):
            press("<a rel=attachment href=file:///etc/hostname>x</a>")

    def test_works_again_after_a_refusal(self):
        with pytest.raises(ResourceRefused):
            press("<img alt='' src='file:///etc/hostname'>")
        assert "Plain words" in reading.text(press())

    def test_lists_only_files_of_the_program(self):
        for name, (path, _) in resources.RESOURCES.items():
            assert path.is_file(), name
            assert resources.read(f"caseflow:{name}")[0]


def _press_in_child(conversation):
    conversation.send(len(press()))


class TestOneThread:
    def test_refuses_a_second_thread(self):
        press()
        caught = []

        def other():
            try:
                press()
            except WrongThread as refusal:
                caught.append(refusal.text)

        thread = threading.Thread(target=other)
        thread.start()
        thread.join()
        assert caught == [WrongThread().text]

    # Python 3.12 warns of any fork beside another thread; xdist has one, and the child here uses none.
    @pytest.mark.filterwarnings("ignore:.*multi-threaded.*:DeprecationWarning")
    def test_starts_afresh_in_a_forked_process_and_leaves_the_parents_fonts(self):
        press()
        here, there = multiprocessing.Pipe()
        child = multiprocessing.get_context("fork").Process(target=_press_in_child, args=(there,))
        child.start()
        assert here.poll(60)
        assert here.recv() > 1000
        child.join()
        assert child.exitcode == 0
        assert os.path.isdir(engine._warm.fonts._folder)


class TestWithoutPango:
    @pytest.mark.parametrize("problem", [OSError("cannot load library '/usr/lib/x'"), ImportError("x")])
    def test_says_one_clear_sentence(self, monkeypatch, problem):
        class Broken:
            def find_spec(self, name, *_):
                if name == "weasyprint":
                    raise problem

        monkeypatch.setattr(engine, "_warm", None)
        monkeypatch.delitem(sys.modules, "weasyprint")
        monkeypatch.setattr(sys, "meta_path", [Broken(), *sys.meta_path])
        with pytest.raises(PressUnavailable) as refusal:
            press()
        assert refusal.value.text.count(".") == 1
        assert "Pango" in refusal.value.text
        assert "/usr" not in refusal.value.text

    def test_says_so_when_a_font_is_missing(self, monkeypatch, tmp_path):
        monkeypatch.setattr(resources, "RESOURCES", {"font/none": (tmp_path / "none.woff2", "font/woff2")})
        with pytest.raises(PressUnavailable):
            resources.read("caseflow:font/none")
