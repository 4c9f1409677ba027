"""Keyset paging: onward, back to the start, and nothing made up."""

from datetime import UTC, datetime
from uuid import UUID

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from caseflow.core.errors import NotFound
from caseflow.web import paging

app = Flask(__name__)
KEYS = st.tuples(st.integers(-(2**63), 2**63 - 1), st.text(st.characters(categories=["L", "N"]), max_size=36))


class TestPageOf:
    def page(self, address, rows):
        with app.test_request_context(address):
            return paging.page_of(rows, key=lambda row: (row,), size=3)

    def test_offers_the_next_rows_only_when_there_are_more(self):
        assert self.page("/cases?state=open", [1, 2, 3]) == paging.Page(items=[1, 2, 3])
        more = self.page("/cases?state=open", [1, 2, 3, 4])
        assert list(more.items) == [1, 2, 3]
        assert more.next_url == f"/cases?state=open&after={paging.encode((3,))}"

    def test_leads_back_to_the_start_with_the_same_filters(self):
        later = self.page(f"/cases?state=open&after={paging.encode((3,))}", [4])
        assert later == paging.Page(items=[4], first_url="/cases?state=open")


class TestAfter:
    @given(KEYS)
    def test_gives_back_the_key_that_was_encoded(self, key):
        with app.test_request_context(f"/?after={paging.encode(key)}"):
            assert paging.after(length=2) == key

    def test_is_none_on_the_first_page(self):
        with app.test_request_context("/"):
            assert paging.after(length=2) is None

    @given(st.text(max_size=500))
    def test_answers_a_made_up_key_as_an_unknown_address(self, text):
        try:
            key = paging.decode(text, length=2)
        except NotFound:
            return
        assert len(key) == 2

    @pytest.mark.parametrize("key", [[1], [1, None], [1, [2]], [2**63, "a"], [True, "a"], [1.5, "a"], ["\n", "a"]])
    def test_refuses_keys_of_another_shape(self, key):
        with pytest.raises(NotFound):
            paging.decode(paging.encode(key), length=2)

    def test_a_moment_and_an_id_come_back_and_nothing_else_does(self):
        moment, last = datetime(2026, 11, 1, 9, tzinfo=UTC), UUID(int=7)
        with app.test_request_context(f"/?after={paging.encode((moment.isoformat(), str(last)))}"):
            assert paging.after_moment() == (moment, last)
        with app.test_request_context("/"):
            assert paging.after_moment() is None
        for made_up in (("x", str(last)), ("2026-11-01T09:00:00", str(last)), (moment.isoformat(), "x"), (1, 2)):
            with app.test_request_context(f"/?after={paging.encode(made_up)}"), pytest.raises(NotFound):
                paging.after_moment()
