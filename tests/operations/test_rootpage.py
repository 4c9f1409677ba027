"""The page that hands the root key to forked processes."""

import os
from pathlib import Path

import pytest

from caseflow.operations.rootpage import RootPage


class TestRootPage:
    def test_an_empty_page_gives_no_bytes(self):
        assert RootPage().get() == b""

    def test_a_key_comes_back_as_it_went_in(self):
        page = RootPage()
        page.put(bytes(range(32)))
        assert page.get() == bytes(range(32))

    def test_a_key_that_does_not_fit_is_refused(self):
        with pytest.raises(ValueError, match="at most 255 bytes"):
            RootPage().put(b"x" * 256)

    def test_no_key_leaves_it_empty(self):
        page = RootPage()
        page.put(b"")
        assert page.get() == b""

    def test_a_cleared_page_holds_only_zeros(self):
        page = RootPage()
        page.put(b"k" * 32)
        page.clear()
        assert page.get() == b""
        assert not any(page._page[:])

    def test_a_forked_process_reads_it_and_sees_it_cleared(self):
        page = RootPage()
        page.put(b"k" * 32)
        child = os.fork()
        if child == 0:
            seen = page.get()
            page.clear()
            os._exit(0 if seen == b"k" * 32 else 1)
        _, status = os.waitpid(child, 0)
        assert os.waitstatus_to_exitcode(status) == 0
        assert page.get() == b""

    def test_the_page_is_left_out_of_core_dumps(self):
        page = RootPage()
        page.put(b"k" * 32)
        smaps = Path("/proc/self/smaps").read_text()
        assert " dd" in smaps
