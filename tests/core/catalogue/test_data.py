"""The data files: complete in both languages, consistent with each other, and within their own rules."""

import re

import pytest

from caseflow.core.catalogue import RELEASE, FieldType, UnknownKind, UnknownList, UnknownVersion, load
from caseflow.core.catalogue.conditions import names

CATALOGUE = load(RELEASE)
FIELDS = [(kind, one) for kind in CATALOGUE.kinds.values() for field in kind.fields for one in (field, *field.items)]
IDS = [f"{kind.code}.{field.code}" for kind, field in FIELDS]
# What conditions may ask of the case itself -> the list of its answers.
FACTS = {"case_type": "case_type", "majority_status": "majority_status"}
LISTED = (FieldType.CODE, FieldType.CODES)
OPERATORS = {"all", "any", "eq", "in", "known"}
SHORT_STAGE_NAMES = {"cnic", "passport_number", "phone_mobile", "email", "address", "first_name", "name_urdu"}


class TestCodeLists:
    @pytest.mark.parametrize("name", sorted(CATALOGUE.lists))
    def test_every_row_has_both_labels_and_its_own_code(self, name):
        rows = CATALOGUE.list(name).rows
        assert rows
        assert len({row.code for row in rows}) == len(rows)
        assert all(row.code and row.label["en"].strip() and row.label["ur"].strip() for row in rows)

    @pytest.mark.parametrize("name", sorted(CATALOGUE.lists))
    def test_trafficking_is_never_called_smuggling_in_urdu(self, name):
        assert not any(re.search("انسانی ا?سمگلنگ", row.label["ur"]) for row in CATALOGUE.list(name).rows)

    def test_pakistan_and_its_neighbours_come_first(self):
        assert CATALOGUE.list("country").codes[:6] == ("PK", "AF", "IR", "IN", "BD", "CN")

    @pytest.mark.parametrize("language", ["en", "ur"])
    def test_further_countries_are_shown_by_their_label(self, language):
        countries = CATALOGUE.list("country")
        labels = [label for _, label in countries.choices(language)][countries.pinned :]
        assert labels == sorted(labels)
        assert len(labels) > 200

    def test_the_common_languages_of_pakistan_come_first(self):
        first = ("ur", "pa", "ps", "sd", "skr", "bal", "prs", "fa", "bn")
        assert CATALOGUE.list("language").codes[: len(first)] == first

    def test_an_unknown_code_shows_itself(self):
        assert CATALOGUE.label("gender", "of_an_older_list", "en") == "of_an_older_list"

    def test_a_label_is_found_in_both_languages(self):
        assert CATALOGUE.label("yes_no", "yes", "en") == "Yes"
        assert CATALOGUE.label("yes_no", "yes", "ur") == "ہاں"


class TestKinds:
    def test_the_kinds_are_there(self):
        first = {"screening", "person", "identity", "safety", "note", "helped_once"}
        assert set(CATALOGUE.kinds) >= first | {"assessment", "trafficking", "smuggling", "journey"}

    def test_only_what_people_went_through_rests_on_the_type_of_the_case(self):
        resting = {code: kind for code, kind in CATALOGUE.kinds.items() if kind.condition}
        assert set(resting) == {"trafficking", "smuggling", "journey"}
        for kind in resting.values():
            assert set(names(kind.condition)) == {"case_type"}
            assert all(code in CATALOGUE.list("case_type") for _, code in compared(kind.condition))

    def test_what_people_went_through_never_leaves_and_names_no_offender(self):
        for code in ("trafficking", "smuggling", "journey"):
            kind = CATALOGUE.kind(code)
            every = [one for field in kind.fields for one in (field, *field.items)]
            assert not [field.code for field in every if field.group]
            words = [text for part in (kind, *kind.sections, *every) for text in part.label.values()]
            assert not [text for text in words if re.search("offender|illegal|criminal|مجرم|ملزم|غیر قانونی", text)]

    def test_a_repeat_names_its_items_and_asks_plain_questions(self):
        repeats = [field for _, field in FIELDS if field.items]
        assert [(field.code, field.maximum) for field in repeats] == [("risks", 12), ("needs", 20), ("legs", 60)]
        for field in repeats:
            assert field.item_label["en"] and field.item_label["ur"]
            assert not [inner.code for inner in field.items if inner.items or (inner.required_at and inner.condition)]
            assert "id" not in {inner.code for inner in field.items}

    @pytest.mark.parametrize("kind", CATALOGUE.kinds.values(), ids=lambda kind: kind.code)
    def test_codes_are_plain_and_unique_and_labels_complete(self, kind):
        codes = [field.code for field in kind.fields]
        assert len(set(codes)) == len(codes)
        assert len({section.code for section in kind.sections}) == len(kind.sections)
        assert all(re.fullmatch("[a-z][a-z0-9_]*", code) for code in codes)
        for part in (kind, *kind.sections):
            assert part.label["en"].strip()
            assert part.label["ur"].strip()

    @pytest.mark.parametrize(("kind", "field"), FIELDS, ids=IDS)
    def test_a_field_has_both_labels_and_its_hint_in_both_or_none(self, kind, field):
        assert field.label["en"].strip()
        assert field.label["ur"].strip()
        assert bool(field.hint["en"]) == bool(field.hint["ur"])

    @pytest.mark.parametrize(("kind", "field"), FIELDS, ids=IDS)
    def test_a_field_is_never_of_a_higher_class_than_its_kind(self, kind, field):
        assert field.klass.rank <= kind.ceiling.rank

    @pytest.mark.parametrize(("kind", "field"), FIELDS, ids=IDS)
    def test_a_field_has_a_list_exactly_when_its_type_asks_for_one(self, kind, field):
        assert (field.options is not None) == (field.type in LISTED)
        assert (field.maximum > field.minimum) == (field.type in (FieldType.NUMBER, FieldType.REPEAT))
        assert bool(field.items) == (field.type is FieldType.REPEAT)

    @pytest.mark.parametrize(("kind", "field"), FIELDS, ids=IDS)
    def test_a_disclosure_group_is_a_row_of_the_matrix(self, kind, field):
        assert field.group is None or field.group in CATALOGUE.list("disclosure_group")

    @pytest.mark.parametrize(("kind", "field"), FIELDS, ids=IDS)
    def test_an_htcds_name_is_one_of_the_standard(self, kind, field):
        assert field.htcds == "" or field.htcds in CATALOGUE.list("htcds_field")

    @pytest.mark.parametrize(("kind", "field"), FIELDS, ids=IDS)
    def test_a_condition_knows_its_operators_and_looks_back(self, kind, field):
        beside = next((one.items for one in kind.fields if field in one.items), kind.fields)
        earlier = {other.code: other for other in beside[: beside.index(field)]}
        assert all(name in earlier or name in FACTS for name in names(field.condition))
        assert operators(field.condition) <= OPERATORS
        for name, code in compared(field.condition):
            assert code in (earlier[name].options if name in earlier else CATALOGUE.list(FACTS[name]))

    def test_screening_asks_for_no_name_number_or_address(self):
        fields = CATALOGUE.kind("screening").fields
        assert not {field.code for field in fields} & SHORT_STAGE_NAMES
        assert not {field.type for field in fields} & {FieldType.CNIC, FieldType.PHONE, FieldType.PASSPORT}

    def test_screening_asks_twelve_plain_questions_that_never_leave(self):
        asked = [field for field in CATALOGUE.kind("screening").fields if field.options is CATALOGUE.list("answer")]
        dimensions = [field.code.split("_")[0] for field in asked]
        assert dimensions == ["act"] * 3 + ["means"] * 3 + ["purpose"] * 3 + ["smuggling"] * 3
        assert all(field.klass == "S" and field.group is None and field.condition is None for field in asked)

    def test_nothing_in_identity_is_ever_demanded(self):
        assert not [field.code for field in CATALOGUE.kind("identity").fields if field.required_at]


class TestLoad:
    def test_one_release_is_read_once(self):
        assert load(RELEASE) is load(RELEASE)

    def test_what_is_unknown_is_refused_by_name(self):
        with pytest.raises(UnknownVersion):
            load("1999.1")
        with pytest.raises(UnknownKind):
            CATALOGUE.kind("nothing")
        with pytest.raises(UnknownList):
            CATALOGUE.list("nothing")


def operators(condition):
    """Every operator in a condition."""
    if condition is None:
        return set()
    ((operator, operand),) = condition.items()
    inner = operand if operator in ("all", "any") else ()
    return {operator}.union(*(operators(part) for part in inner))


def compared(condition):
    """Pairs of a field and a code that a condition compares it with."""
    if condition is None:
        return
    ((operator, operand),) = condition.items()
    if operator == "eq":
        yield operand[0], operand[1]
    elif operator == "in":
        yield from ((operand[0], code) for code in operand[1])
    elif operator in ("all", "any"):
        for part in operand:
            yield from compared(part)
