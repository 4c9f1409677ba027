"""The disclosure matrix: whole, known on both sides, and closed where it is silent."""

import pytest

from caseflow.core.catalogue import UnknownVersion, groups_of, load, matrix, system_groups

MATRIX = matrix()


class TestMatrix:
    def test_it_covers_34_groups_and_15_classes(self):
        assert (len(MATRIX.groups), len(MATRIX.classes), len(MATRIX.cells)) == (34, 15, 34 * 15)
        assert set(MATRIX.cells.values()) == {"Y", "C", "N", "A"}

    def test_its_groups_and_classes_have_labels(self):
        assert MATRIX.groups == load().list("disclosure_group").codes
        assert MATRIX.classes == load().list("recipient_class").codes

    def test_an_unknown_pair_is_never_disclosed(self):
        assert MATRIX.cell("name", "L9_nobody") == "N"
        assert MATRIX.cell("nothing", "L1_law") == "N"

    @pytest.mark.parametrize("group", ["safe_accommodation", "risk_level"])
    def test_no_recipient_learns_where_the_person_sleeps_or_the_risk_level(self, group):
        assert all(MATRIX.cell(group, recipient) in ("N", "A") for recipient in MATRIX.classes)

    def test_police_learn_a_name_only_with_its_own_consent_and_never_the_narrative(self):
        assert MATRIX.cell("name", "L1_law") == "C"
        assert MATRIX.cell("narrative_of_events", "L1_law") == "N"

    def test_statistics_get_aggregates_only(self):
        assert {MATRIX.cell(group, "L7_statistics") for group in MATRIX.groups} == {"A", "N"}

    def test_an_unknown_version_is_refused(self):
        with pytest.raises(UnknownVersion):
            matrix("0")


class TestGroups:
    def test_every_fed_group_is_known_and_none_is_the_systems_own(self):
        fed = {group for kind in load().kinds.values() for group in groups_of(kind)}
        assert fed <= set(MATRIX.groups)
        assert not fed & set(system_groups())

    def test_a_group_names_its_fields_in_order(self):
        assert groups_of(load().kind("identity"))["name"] == [
            "first_name",
            "other_names",
            "name_urdu",
            "father_or_husband_name",
        ]

    def test_notes_feed_nothing(self):
        assert groups_of(load().kind("note")) == {}

    def test_the_code_word_the_address_and_an_unconfirmed_number_stay_inside(self):
        assert load().kind("safety").field("code_word").group is None
        for code in ("address", "phone_mobile", "email", "home_district"):
            assert load().kind("identity").field(code).group is None
