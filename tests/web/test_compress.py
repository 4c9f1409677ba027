"""Pages travel compressed where the browser takes it; letters and small answers as they are."""

import gzip

import brotli
import pytest


@pytest.mark.parametrize(
    ("offered", "used"),
    [("br, gzip", "br"), ("gzip", "gzip"), ("identity", None), ("", None), ("br;q=0, gzip", "gzip")],
)
def test_a_page_is_sent_in_the_best_encoding_the_browser_takes(bare_app, offered, used):
    client = bare_app.test_client()
    plain = client.get("/sign-in").get_data(as_text=True)
    answer = client.get("/sign-in", headers={"Accept-Encoding": offered})
    assert answer.headers.get("Content-Encoding") == used
    assert "Accept-Encoding" in answer.headers["Vary"]
    read = {"br": brotli.decompress, "gzip": gzip.decompress, None: bytes}[used](answer.data).decode()
    assert ("<h1" in read) == ("<h1" in plain)
    assert used is None or len(answer.data) < len(plain.encode()) / 2


def test_a_small_answer_stays_as_it_is(bare_app):
    answer = bare_app.test_client().get("/health", headers={"Accept-Encoding": "br"})
    assert "Content-Encoding" not in answer.headers
