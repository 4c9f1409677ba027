"""Whom to call first at two in the morning: the order of the partners, and who is not offered at all."""

from datetime import date, timedelta
from itertools import permutations
from uuid import uuid4

import pytest

from caseflow.core import catalogue
from caseflow.partners.queries import PartnerView
from caseflow.referrals.queries.nearest import COUNTRY, FAR, HERE, LATELY, PROVINCE, nearest, rescuers, served_as
from tests.referrals.factories import partner

TODAY = date(2026, 11, 17)
DISTRICT = "PK-PB-GUJRAT"
PROVINCE_OF_IT = catalogue.load().list("district").row(DISTRICT).extra["province"]
BEST = {
    "recipient_class": "L4_shelter", "services": ["safe_shelter"], "serves": ["women", "girls"], "open_24h": True,
    "phone": "+924200000001", "districts": [DISTRICT], "province": PROVINCE_OF_IT, "verified_on": "2026-11-01",
}  # fmt: skip


def one(name, **changed):
    """A partner that fits best, but for what is changed."""
    return PartnerView(uuid4(), None, "active", 1, {**BEST, "name_en": name, **changed})


def found(*partners, gender="feminine", child=False, district=DISTRICT, services=("safe_shelter",)):
    return nearest(services=services, gender=gender, child=child, district=district, today=TODAY, found=partners)


def names(*partners, **asked):
    return [row.partner.name for row in found(*partners, **asked)]


PROVINCE_ONLY = {"districts": []}
ANYWHERE = {"districts": [], "province": ""}
ELSEWHERE = {"districts": [], "province": "PK-SD"}


class TestOrder:
    def test_same_district_before_same_province_before_the_country_before_another_province(self):
        rows = (one("A", **ELSEWHERE), one("B", **ANYWHERE), one("C", **PROVINCE_ONLY), one("D"))
        assert names(*rows) == ["D", "C", "B", "A"]
        assert [row.near for row in found(*rows)] == [HERE, PROVINCE, COUNTRY, FAR]

    def test_who_is_open_now_comes_before_who_is_nearer(self):
        assert names(one("Near, by day", open_24h=False), one("Open", **PROVINCE_ONLY)) == ["Open", "Near, by day"]

    def test_but_not_across_the_country(self):
        assert names(one("Here, by day", open_24h=False), one("Far", **ELSEWHERE)) == ["Here, by day", "Far"]

    def test_who_says_that_they_serve_this_person_comes_before_who_says_nothing(self):
        assert names(one("A", serves=[]), one("B")) == ["B", "A"]

    def test_who_can_be_called_comes_before_who_cannot(self):
        assert names(one("A", phone=""), one("B")) == ["B", "A"]

    @pytest.mark.parametrize(
        "checked", ["", (TODAY - LATELY - timedelta(days=1)).isoformat()], ids=["never", "long ago"]
    )
    def test_whose_entry_was_checked_lately_comes_before_others(self, checked):
        just = (TODAY - LATELY).isoformat()
        assert names(one("A", verified_on=checked), one("B", verified_on=just)) == ["B", "A"]

    def test_of_equals_the_name_decides_and_not_the_directory(self):
        rows = [one("a"), one("B"), one("c")]
        assert {tuple(names(*order)) for order in permutations(rows)} == {("a", "B", "c")}

    def test_a_child_is_brought_to_the_child_authority_first_wherever_it_is(self):
        authority = one("Authority", recipient_class="L3_child", open_24h=False, phone="", verified_on="", **ELSEWHERE)
        assert names(one("Shelter"), authority, child=True) == ["Authority", "Shelter"]

    def test_without_a_district_nobody_is_near_or_far(self):
        assert {row.near for row in found(one("A"), one("B", **ELSEWHERE), district="")} == {COUNTRY}
        assert {row.near for row in found(one("A"), district="atlantis")} == {COUNTRY}


class TestWhoIsOffered:
    def test_only_who_may_be_told_in_an_emergency(self):
        for klass in ("L1_law", "L2_gov", "L4_legal", "L5_consular", "L6_oversight", "L7_statistics"):
            assert names(one("A", recipient_class=klass)) == [], klass

    def test_only_who_gives_one_of_the_services(self):
        assert names(one("A", services=["health"])) == []
        assert names(one("A", services=["health"]), services=("safe_shelter", "health")) == ["A"]

    def test_nobody_who_says_that_they_serve_others_only(self):
        assert names(one("A", serves=["men"])) == []
        assert names(one("A", serves=["men"]), gender="masculine") == ["A"]
        assert names(one("A", serves=["women"]), child=True) == []
        assert names(one("A", serves=["boys_over_12"]), gender="masculine", child=True) == ["A"]
        assert names(one("A", serves=["women", "men"]), gender="trans_feminine") == []

    def test_of_an_unknown_gender_everybody_is_offered(self):
        assert served_as("unknown", child=False) == frozenset()
        assert names(one("A", serves=["men"]), one("B"), gender="") == ["A", "B"]

    def test_the_child_authority_only_for_a_child_or_by_its_own_service(self):
        authority = one("A", recipient_class="L3_child", services=["safe_shelter", "child_protection"])
        assert names(authority) == []
        assert names(authority, services=("child_protection",)) == ["A"]


@pytest.mark.both_databases
def test_the_police_by_nearness_and_whom_one_can_call(app, people):
    made = {
        "far": {"phone": "+924200000001", "province": "PK-SD"},
        "mute": {"districts": [DISTRICT], "province": PROVINCE_OF_IT},
        "here": {"phone": "+924200000002", "districts": [DISTRICT], "province": PROVINCE_OF_IT},
        "province": {"phone": "+924200000003", "province": PROVINCE_OF_IT},
    }
    for name, more in made.items():
        partner(people, "L1_law", services=["police"], name_en=name, name_ur="", **more)
    assert [row.partner.name for row in rescuers(DISTRICT, today=TODAY)] == ["here", "province", "mute", "far"]
