"""What a letter tells: the matrix, the choice, the consent; and nothing that none of them opens."""

import json
from dataclasses import replace
from datetime import date

import pytest

from caseflow.core import catalogue
from caseflow.core.press.letter import Letter
from caseflow.referrals.letters import Sources, choices_for, compose, digest, disclose, freeze, says_name
from caseflow.referrals.letters.values import value_of
from tests.referrals.factories import IDENTITY, PERSON, SAFETY, groups_for

MATRIX = catalogue.matrix()
CLASSES = [one for one in MATRIX.classes if one != "L7_statistics"]
SYSTEM = set(catalogue.system_groups())
SCREENING = {
    "case_type": "tip",
    "worker_opinion": "Canary opinion",
    "danger_what": "Canary danger",
    "gender": "feminine",
}
# Typed into records, consent or referral, and not part of any disclosure group.
NEVER = (
    "Canaryword", "Canary street", "canary@mail", "Canary opinion", "Canary comment", "Canary why", "Canary witness",
    "Canary reason", "Canary partner address", "Canary basis", "High",
)  # fmt: skip
CONSENT = {
    "given_on": "2026-11-16", "valid_until": "2027-02-14", "method": "signature", "interpreter": False,
    "witness": "Canary witness", "purpose": "Canary purpose", "reason": "Canary reason",
}  # fmt: skip


def sources(recipient_class, *, groups=None, ticks=None, covered=None, ticked=None, **changed):
    """Everything known about a fictional person, for one class; by default all that may be is chosen and agreed."""
    everything, own = groups_for(recipient_class)
    doc = {
        "recipient_class": recipient_class, "groups": everything if groups is None else groups,
        "own_ticks": own if ticks is None else ticks, "basis": "consent", "services": ["legal"], "urgency": "urgent",
        "reason": "mandate", "request": "A first talk.", "appointment": "", "escort": "", "partner_id": "p",
        "comments": [{"text": "Canary comment"}], "why": {"name": "Canary why"}, "basis_reason": "Canary basis",
    }  # fmt: skip
    facts = {
        "language": "en", "today": date(2026, 11, 17), "case_number": "CF-7K4M-2QX9", "referral_number": "R-5T2N-8WKD",
        "code_name": "Blue Cedar", "officer_post": "Caseworker", "officer_name": "Fictional Officer",
        "data": {"person": PERSON, "screening": SCREENING, "identity": IDENTITY, "safety": SAFETY}, "doc": doc,
        "partner": {"name_en": "Fictional partner", "post_en": "Manager", "address": "Canary partner address"},
        "organisation": {"name_en": "Fictional office", "code": "FIC", "phone": "+924200000000"},
        "cells": {group: MATRIX.cell(group, recipient_class) for group in MATRIX.groups}, "consents": (CONSENT,),
        "covered": frozenset(doc["groups"] if covered is None else covered),
        "ticked": frozenset(own if ticked is None else ticked),
    }  # fmt: skip
    return Sources(**{**facts, **changed})


def text_of(letter):
    """Every text of a letter in one string."""
    return json.dumps(letter.to_document(), ensure_ascii=False)


@pytest.mark.parametrize("recipient_class", MATRIX.classes)
class TestMatrix:
    def test_every_group_is_told_or_withheld_once(self, recipient_class):
        found = disclose(sources(recipient_class))
        assert sorted([*found.groups, *(line.group for line in found.withheld)]) == sorted(MATRIX.groups)

    def test_nothing_of_cell_n_or_a_is_told_whatever_is_chosen(self, recipient_class):
        every = list(MATRIX.groups)
        found = disclose(sources(recipient_class, groups=every, ticks=every, covered=every, ticked=every))
        assert {MATRIX.cell(group, recipient_class) for group in found.groups} <= {"Y", "C"}

    def test_a_group_of_cell_c_needs_the_tick_on_the_referral_and_in_the_consent(self, recipient_class):
        _everything, own = groups_for(recipient_class)
        for missing in ({"ticks": []}, {"ticked": []}, {"covered": []}):
            assert not set(disclose(sources(recipient_class, **missing)).groups) & set(own)

    def test_only_what_is_covered_is_told(self, recipient_class):
        assert set(disclose(sources(recipient_class, covered=[])).groups) <= SYSTEM

    def test_what_is_not_chosen_stays_inside(self, recipient_class):
        assert set(disclose(sources(recipient_class, groups=[])).groups) <= SYSTEM

    def test_where_nothing_is_recorded_nothing_is_told(self, recipient_class):
        empty = {"person": {}, "screening": {}, "identity": {}, "safety": {}}
        found = disclose(sources(recipient_class, data=empty))
        assert set(found.groups) <= SYSTEM
        assert {line.why for line in found.withheld} <= {"never", "aggregate", "no_data", "own_tick"}


@pytest.mark.parametrize("recipient_class", CLASSES)
class TestLetter:
    def test_it_holds_only_what_is_disclosed(self, recipient_class):
        everything, _own = groups_for(recipient_class)
        for chosen in ([], everything[:3], everything):
            known = sources(recipient_class, groups=chosen)
            found, told = disclose(known), text_of(compose(known, disclose(known)))
            silent = set(MATRIX.groups) - set(found.groups) - SYSTEM
            for group in silent:
                for line in value_of(group, known).split("\n"):
                    assert not line or len(line) < 6 or line not in told, (group, line)

    def test_no_canary_of_a_field_that_is_not_told_appears(self, recipient_class):
        known = sources(recipient_class, groups=[])
        assert "anary" not in text_of(compose(known, disclose(known)))

    def test_what_never_leaves_is_in_no_letter(self, recipient_class):
        told = text_of(compose(sources(recipient_class), disclose(sources(recipient_class))))
        for secret in NEVER:
            assert secret not in told

    def test_a_number_is_whole_only_for_who_issues_or_checks_documents(self, recipient_class):
        told = text_of(compose(sources(recipient_class), disclose(sources(recipient_class))))
        assert ("35202-1234567-8" in told) == (recipient_class in ("L4_docs", "L4_iom", "L5_consular"))
        assert ("5678" in told) == (MATRIX.cell("cnic_or_passport_number", recipient_class) == "C"
                                    and recipient_class != "L5_consular")  # fmt: skip

    def test_it_survives_its_own_snapshot(self, recipient_class):
        letter = compose(sources(recipient_class), disclose(sources(recipient_class)))
        assert Letter.from_document(letter.to_document()) == letter


def test_why_each_line_is_withheld():
    known = sources("L4_health", groups=["medical_needs", "name", "sex_gender"], covered=["medical_needs"])
    why = {line.group: line.why for line in disclose(known).withheld}
    assert why["narrative_of_events"] == "never"
    assert why["sex_gender"] == "not_agreed"
    assert why["age_or_age_band"] == "not_chosen"
    assert why["mental_health"] == "own_tick"
    assert "medical_needs" not in why


def test_why_each_line_is_told():
    told = {line.group: line.why for line in disclose(sources("L4_legal")).told}
    assert told["case_reference_and_referral_no"] == "always"
    assert told["name"] == "consent"
    assert told["medical_needs"] == "own_tick"
    other = sources("L4_shelter", groups=["name"])
    other = replace(other, doc={**other.doc, "basis": "vital_interest"})
    assert {line.group: line.why for line in disclose(other).told}["name"] == "other_basis"


def test_the_code_name_goes_by_default_and_the_name_only_when_chosen():
    first = [group for group, _cell, ticked in choices_for("L4_shelter") if ticked]
    known = sources("L4_shelter", groups=first)
    told = text_of(compose(known, disclose(known)))
    assert "Blue Cedar, CF-7K4M-2QX9, R-5T2N-8WKD" in told
    assert "Canaryfirst" not in told
    assert "Canaryfirst Canaryother" in text_of(compose(sources("L4_shelter"), disclose(sources("L4_shelter"))))


def test_gender_identity_leaves_only_by_the_cell_of_this_person():
    known = sources("L4_health", ticks=[])
    guarded = replace(known, cells={**known.cells, "sex_gender": "C"})
    assert "sex_gender" in disclose(known).groups
    assert "sex_gender" not in disclose(guarded).groups


def test_the_safety_notice_holds_contact_alert_and_who_must_not_be_told():
    letter = compose(sources("L4_shelter"), disclose(sources("L4_shelter")))
    assert letter.safety[0] == "Canary alert"
    assert letter.safety[1].startswith("Contact only like this: ")
    assert letter.safety[1].endswith("never leave a message")
    assert "Canary cover story" not in " ".join(letter.safety)
    assert letter.safety[-1] == "Do not tell: Canary uncle"
    assert not any("Canary alert" in line.value for line in letter.lines)


def test_the_statement_names_day_method_end_and_the_groups_told():
    known = sources("L4_health", groups=["sex_gender", "medical_needs"])
    statement = compose(known, disclose(known)).consent
    assert statement == (
        "Consent for this sharing was given on 16 November 2026 (Signature), until 14 February 2027. "
        "It covers: Gender, Medical needs. It may be withdrawn at any time, and no service depends on it."
    )


def test_another_basis_is_named_without_its_reason():
    known = sources("L4_shelter")
    known = replace(known, doc={**known.doc, "basis": "vital_interest"}, consents=())
    assert "Vital interest" in compose(known, disclose(known)).consent


@pytest.mark.parametrize("recipient_class", CLASSES)
def test_staff_sign_by_post_alone_where_a_name_could_put_them_at_risk(recipient_class):
    letter = compose(sources(recipient_class), disclose(sources(recipient_class)))
    risky = recipient_class in ("L1_law", "L2_gov", "L5_consular", "L4_docs")
    assert letter.officer_name == ("" if risky else "Fictional Officer")


class TestNameInWords:
    """A free line must not tell what the table withholds."""

    @pytest.mark.parametrize("where", ["request", "appointment", "escort"])
    @pytest.mark.parametrize(
        ("words", "says"),
        [("Please see CANARYFIRST at ten", True), ("(canaryalias)", True), ("for فرضی نام today", True),
         ("The person at ten", False), ("Canaryfirsts", False), ("Dr Canaryother's colleague", True)],
    )  # fmt: skip
    def test_a_name_in_a_free_line_is_found(self, where, words, says):
        known = sources("L4_shelter", groups=["age_or_age_band"])
        known = replace(known, doc={**known.doc, where: words})
        found = disclose(known)
        assert says_name(compose(known, found), found, known) is says

    def test_a_letter_that_tells_the_name_may_say_it(self):
        known = sources("L4_legal")
        known = replace(known, doc={**known.doc, "request": "Please see Canaryfirst"})
        found = disclose(known)
        assert "name" in found.groups
        assert not says_name(compose(known, found), found, known)


def test_a_draft_without_consent_says_that_nothing_is_agreed():
    known = sources("L4_shelter", consents=())
    assert compose(known, disclose(known)).consent.startswith("Nothing is agreed yet")


def test_a_body_that_issues_documents_reads_neither_office_nor_post():
    letter = compose(sources("L4_docs"), disclose(sources("L4_docs")))
    assert (letter.letterhead.name, letter.officer_post) == ("FIC", "Officer")


def test_an_urdu_letter_is_written_in_urdu():
    known = sources("L4_shelter", language="ur")
    letter = compose(known, disclose(known))
    assert (letter.language, letter.ask.service) == ("ur", "قانونی امداد")


def test_a_child_is_named_as_one_and_an_adult_by_age_only():
    assert value_of("age_or_age_band", sources("L4_legal")) == "24"
    child = {**PERSON, "age_at_contact": 15, "majority_status": "minor"}
    data = {"person": child, "screening": {}, "identity": {}, "safety": {}}
    assert value_of("age_or_age_band", sources("L4_legal", data=data)) == "15; Minor (under 18)"


class TestSnapshot:
    def frozen(self):
        known = sources("L4_legal")
        found = disclose(known)
        return freeze(letter=compose(known, found), referral=known.doc, groups=found.groups, consent_ids=["b", "a"],
                      checks=[{"code": "consent", "status": "passed"}])  # fmt: skip

    def test_its_digest_is_stable_in_any_order_of_keys(self):
        frozen = self.frozen()
        assert digest(frozen) == digest(dict(reversed(frozen.items()))) == digest(json.loads(json.dumps(frozen)))

    def test_every_value_moves_the_digest(self):
        frozen = self.frozen()
        before = digest(frozen)
        for path, value in leaves(frozen):
            changed = json.loads(json.dumps(frozen))
            put(changed, path, f"{value}x")
            assert digest(changed) != before, path

    def test_the_same_letter_twice_has_two_digests(self):
        assert digest(self.frozen()) != digest(self.frozen())

    def test_it_names_versions_consents_and_recipient(self):
        frozen = self.frozen()
        assert (frozen["consent_ids"], frozen["template"], frozen["recipient_class"]) == (
            ["a", "b"],
            "letter-2",
            "L4_legal",
        )
        assert (frozen["matrix"], frozen["catalogue"]) == (MATRIX.version, catalogue.RELEASE)
        assert len(frozen["salt"]) == 64


def leaves(value, path=()):
    """Every (path, plain value) in a document."""
    if isinstance(value, dict | list):
        for key, item in value.items() if isinstance(value, dict) else enumerate(value):
            yield from leaves(item, (*path, key))
    else:
        yield path, value


def put(document, path, value):
    """Change one value in place."""
    for key in path[:-1]:
        document = document[key]
    document[path[-1]] = value
