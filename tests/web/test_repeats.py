"""Repeats in a form: added and removed by buttons, everything typed stays, hostile posts are bounded."""

import pytest
from flask import Flask
from werkzeug.datastructures import MultiDict

from caseflow.core import catalogue
from caseflow.web.forms import as_sent, form_for, is_press, press
from caseflow.web.forms.repeats import DRAWN

app = Flask(__name__)
JOURNEY = catalogue.load().kind("journey")
STORED = {
    "legs": [
        {"id": "a1a1a1a1", "event": "transit", "when": "2025-03", "country": "PK", "province": "PK-PB"},
        {"id": "b2b2b2b2", "event": "border_crossing", "crossing": "taftan", "note": "line one\nline two"},
    ]
}


def form_of(sent=None, data=None):
    with app.test_request_context("/"):
        given = {"formdata": MultiDict(sent)} if sent is not None else {}
        return form_for(JOURNEY.sections, language="en", data={})(data=data or {}, **given)


def keys(form):
    return [item.key for item in form.legs.items]


class TestDrawing:
    def test_nothing_stored_opens_with_one_empty_item(self):
        form = form_of()
        assert len(keys(form)) == 1
        assert form.values() == {}

    def test_stored_items_stand_under_their_ids(self):
        form = form_of(data=STORED)
        assert keys(form) == ["a1a1a1a1", "b2b2b2b2"]
        assert [item.label for item in form.legs.items] == ["Leg 1", "Leg 2"]
        assert form.legs.items[0].form.event.name == "legs-a1a1a1a1-event"
        assert form.values() == STORED

    def test_what_is_sent_back_untouched_is_what_was_stored(self):
        form = form_of(as_sent("legs", STORED["legs"]))
        assert form.validate()
        assert form.values() == STORED


class TestPress:
    SENT = MultiDict([("legs", "a1a1a1a1"), ("legs-a1a1a1a1-city", "Quetta"), ("legs", "b2b2b2b2")])

    def test_adds_an_item_once_however_often_it_is_sent(self):
        sent = MultiDict([*self.SENT.items(multi=True), ("then", "add-legs-c3c3c3c3")])
        assert is_press(sent)
        again = press(press(sent))
        assert again.getlist("legs") == ["a1a1a1a1", "b2b2b2b2", "c3c3c3c3"]
        assert again["legs-a1a1a1a1-city"] == "Quetta"

    def test_removes_the_one_item_and_no_other(self):
        sent = MultiDict([*self.SENT.items(multi=True), ("then", "remove-legs-b2b2b2b2")])
        assert press(sent).getlist("legs") == ["a1a1a1a1"]

    @pytest.mark.parametrize("then", ["", "leave", "look", "add", "add-legs", "remove-legs-", "add-legs-<b>", "x-y-z"])
    def test_any_other_button_changes_nothing(self, then):
        sent = MultiDict([*self.SENT.items(multi=True), ("then", then)])
        assert not is_press(sent)
        assert press(sent) == sent


class TestMistakes:
    def test_stand_at_the_item_and_lead_to_its_control(self):
        form = form_of([("legs", "a1a1a1a1"), ("legs-a1a1a1a1-when-year", "99999"), ("legs-a1a1a1a1-city", "x" * 200)])
        assert not form.validate()
        assert [target for target, _ in form.mistakes] == ["legs-a1a1a1a1-when-day", "legs-a1a1a1a1-city"]
        assert all(text.startswith("Leg 1, ") for _, text in form.mistakes)
        assert form.legs.items[0].form.city.shown() == "x" * 200

    def test_of_a_service_find_their_item(self):
        form = form_of(data=STORED)
        form.add_problems({"legs-b2b2b2b2-note": ("Too long", {}), "legs-c3c3c3c3-note": ("Elsewhere", {})})
        assert form.mistakes == [("legs-b2b2b2b2-note", "Leg 2, Note: Too long"), ("", "Elsewhere")]

    def test_a_question_that_does_not_arise_in_its_item_is_let_go(self):
        form = form_of([("legs", "a1a1a1a1"), ("legs-a1a1a1a1-event", "transit"), ("legs-a1a1a1a1-crossing", "taftan")])
        assert form.validate()
        assert form.values() == {"legs": [{"id": "a1a1a1a1", "event": "transit"}]}


class TestHostile:
    def test_too_many_come_back_with_the_limit_and_their_text(self):
        ids = [f"{one:08x}" for one in range(200)]
        form = form_of(
            [*(("legs", key) for key in ids), *((f"legs-{key}-city", f"Town {int(key, 16)}") for key in ids)]
        )
        assert not form.validate()
        assert "At most 60" in form.legs.errors[0]
        assert form.legs.items[199].form.city.shown() == "Town 199"
        assert form.legs.full

    def test_a_page_never_draws_without_end(self):
        form = form_of([("legs", f"{one:08x}") for one in range(5000)])
        assert not form.validate()
        assert len(form.legs.items) == DRAWN

    @pytest.mark.parametrize("key", ["", "<b>", "../x", "\ud800", "a1a1a1a1" * 9, "A1A1A1A1"])
    def test_an_id_that_is_none_is_refused_and_harms_no_other_item(self, key):
        form = form_of([("legs", key), ("legs", "a1a1a1a1"), ("legs-a1a1a1a1-city", "Quetta")])
        assert not form.validate()
        assert keys(form) == ["a1a1a1a1"]

    def test_the_same_id_twice_is_one_item(self):
        assert keys(form_of([("legs", "a1a1a1a1"), ("legs", "a1a1a1a1")])) == ["a1a1a1a1"]
