"""Forms: they parse like the catalogue, keep what was typed, and no hostile post breaks them."""

import io
from uuid import UUID

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from caseflow.core import catalogue
from caseflow.core.words import N_
from caseflow.web import forms
from caseflow.web.forms import carried, form_for

app = Flask(__name__)
SCREENING = catalogue.load().kind("screening")
IDENTITY = catalogue.load().kind("identity")
CODES = [field.code for field in SCREENING.fields + IDENTITY.fields]


def filled(form_class, sent, files=None):
    """The form after a post of these values, checked."""
    with app.test_request_context("/", method="POST", data={**sent, **(files or {})}):
        form = form_class()
        form.validate()
        return form


def screening(*codes):
    return form_for([SCREENING.section(code) for code in codes], language="en", data={})


class Plain(forms.CaseForm):
    """The kinds of question that no record has."""

    word = forms.PasswordField("Password", needed=N_("Write your password"))
    code = forms.CodeField("Code")
    children = forms.NumberField("Children", least=0, greatest=30)
    paper = forms.FileField("Document")
    decision = forms.ChoiceField("Decision", options=[("yes", "Approve"), ("back", "Return"), ("no", "Decline")])
    why = forms.LongTextField("Why?", needed=N_("Say why"), condition_for=("decision", ("back", "no")))


class TestFormFor:
    def test_names_the_questions_by_their_codes_in_the_order_of_the_catalogue(self):
        form_class = form_for(SCREENING.sections, language="en", data={})
        with app.test_request_context("/"):
            assert [field.name for field in form_class()] == [field.code for field in SCREENING.fields]

    def test_every_section_of_every_kind_makes_a_form_in_both_languages(self):
        for kind in catalogue.load().kinds.values():
            for section in kind.sections:
                for language in ("en", "ur"):
                    with app.test_request_context("/"):
                        assert (
                            form_for([section], language=language, data={})().sections[0][1] == section.hint[language]
                        )

    def test_leaves_out_a_question_that_another_page_has_not_opened(self):
        whole = IDENTITY.fields
        hanging = next(field for field in whole if field.condition == {"known": "birthdate"})
        alone = catalogue.Section("alone", {"en": ""}, (hanging,), {"en": ""})
        with app.test_request_context("/"):
            assert [field.name for field in form_for([alone], language="en", data={})()] == []
            assert [field.name for field in form_for([alone], language="en", data={"birthdate": "1998"})()] == [
                hanging.code
            ]

    def test_keeps_what_the_catalogue_would_store(self):
        sent = {
            "contact_date-day": "۱۷", "contact_date-month": "11", "contact_date-year": "2026", "contact_time": "9.30",
            "consent_talk": "yes", "persons_present": ["relative"], "persons_present_other": "  aunt  ",
        }  # fmt: skip
        form = filled(screening("contact", "room", "consent"), sent)
        assert form.values() == {
            "contact_date": "2026-11-17", "contact_time": "09:30", "consent_talk": True,
            "persons_present": ["relative"], "persons_present_other": "aunt",
        }  # fmt: skip
        assert catalogue.check(catalogue.RELEASE, "screening", form.values(), {}) == (form.values(), [])

    @pytest.mark.parametrize(
        ("code", "typed", "stored"),
        [
            ("cnic", "۳۵۲۰۲۱۲۳۴۵۶۷۱", "35202-1234567-1"),
            ("cnic", "35202 1234567 1", "35202-1234567-1"),
            ("phone_mobile", "۰۳۰۰-۱۲۳۴۵۶۷", "+923001234567"),
            ("birthdate", "1998-04", "1998-04"),
        ],
    )
    def test_reads_urdu_digits_and_the_ways_people_write_numbers(self, code, typed, stored):
        assert filled(form_for(IDENTITY.sections, language="en", data={}), {code: typed}).values() == {code: stored}

    def test_lets_go_of_an_answer_to_a_question_that_does_not_arise(self):
        form = filled(screening("danger"), {"immediate_danger": "no", "danger_what": "x" * 5000})
        assert form.values() == {"immediate_danger": "no"}
        assert form.mistakes == []


class TestMistakes:
    def test_say_which_question_they_mean_unless_their_words_do(self):
        form = filled(Plain, {"decision": "back", "children": "99"})
        assert [text for _, text in form.mistakes] == [
            "Write your password",
            "Children: Write a number from 0 to 30.",
            "Say why",
        ]

    def test_of_a_service_go_beside_their_field_or_above_the_form(self):
        form = filled(Plain, {"word": "correct horse"})
        form.add_problems({"children": (N_("At most %(most)s"), {"most": 3}), "": (N_("Open the form again"), {})})
        assert form.mistakes == [("children", "Children: At most 3"), ("", "Open the form again")]

    @pytest.mark.parametrize("number", ["1e3", "9" * 30, "9" * 5000, "-1", "٣٫٥", "NaN"])
    def test_numbers_that_are_none_or_too_large_are_refused_and_kept(self, number):
        form = filled(Plain, {"word": "w", "children": number})
        assert len(form.children.errors) == 1
        assert form.children.shown() == number

    def test_control_characters_are_refused_and_not_shown_again(self):
        form = filled(screening("danger"), {"immediate_danger": "yes", "danger_what": "a\x00b\x1b[31mc"})
        assert len(form.danger_what.errors) == 1
        assert form.danger_what.shown() == "ab[31mc"

    def test_a_lone_surrogate_is_refused_and_marked(self):
        with app.test_request_context("/"):
            form = screening("danger")(MultiDict({"immediate_danger": "yes", "danger_what": "a\ud800"}))
            assert not form.validate()
            assert form.danger_what.shown() == "a\ufffd"

    def test_a_wrong_code_among_several_keeps_the_right_ones_ticked(self):
        form = filled(screening("room"), {"persons_present": ["child", "zz'--"]})
        assert form.persons_present.errors
        assert [answer.value for answer in form.persons_present.answers if answer.chosen] == ["child"]


class TestSecrets:
    def test_a_password_is_taken_as_typed_and_never_shown_again(self):
        form = filled(Plain, {"word": "  two spaces  "})
        assert form.word.data == "  two spaces  "
        assert form.word.shown() == ""

    def test_a_code_forgives_blanks_and_urdu_digits(self):
        assert filled(Plain, {"word": "w", "code": " ۱۲۳ 456 "}).code.data == "123456"


class TestHostilePosts:
    def test_a_file_in_place_of_an_answer_is_refused(self):
        for code in ("danger_what", "immediate_danger"):
            sent = {"immediate_danger": "yes"} if code == "danger_what" else {}
            form = filled(screening("danger"), sent, {code: (io.BytesIO(b"%PDF"), "x.pdf")})
            assert form[code].errors

    def test_a_json_body_counts_as_nothing(self):
        with app.test_request_context("/", method="POST", json={"danger_what": {"a": [1]}}):
            assert screening("danger")().values() == {}

    @settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow], deadline=None)
    @given(st.dictionaries(st.sampled_from(CODES) | st.text(max_size=8), st.text(max_size=60), max_size=8))
    def test_no_text_breaks_a_form_and_what_passes_the_catalogue_takes(self, sent):
        form_class = form_for(SCREENING.sections, language="ur", data={})
        with app.test_request_context("/"):
            form = form_class(MultiDict(sent))
            if form.validate():
                assert catalogue.check(catalogue.RELEASE, "screening", form.values(), {})[1] == []
            for field in form:
                field.shown().encode("utf-8")


class TestCarried:
    @pytest.mark.parametrize("sent", [None, "", "x", "-1", "1.0", "٣", "9999999999", " 1"])
    def test_what_is_no_version_is_the_version_of_nothing(self, sent):
        assert carried.version_of(sent) == carried.NO_VERSION

    def test_a_version_and_an_id_come_back(self):
        made, other = UUID(int=1), UUID(int=2)
        assert carried.version_of("12") == 12
        assert carried.id_of(str(made), other) == made
        assert carried.id_of("../x", other) == other
