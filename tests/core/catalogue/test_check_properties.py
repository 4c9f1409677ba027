"""Whatever is sent, a check answers with problems, and what it stores it takes again unchanged."""

import json

from hypothesis import given, settings
from hypothesis import strategies as st

from caseflow.core.catalogue import MESSAGES, RELEASE, FieldType, check, describe, diff, load

FACTS = {"today": "2026-11-23"}
KINDS = sorted(load().kinds)
ANY_TEXT = st.text(st.characters(), max_size=60)
NUMBERS = st.text("0123456789۰۱۲۳۴۵۶۷۸۹٠١٢٣ +-/.:()\u200e\u202a", max_size=20)
SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | ANY_TEXT | NUMBERS | st.binary(max_size=5)
JUNK = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(ANY_TEXT | st.integers(), inner, max_size=4),
    max_leaves=8,
)
BOXES = st.fixed_dictionaries({part: NUMBERS | st.integers() for part in ("day", "month", "year")})


def answers(field):
    """Answers near what a field asks for, among anything else."""
    if field.options is not None:
        codes = st.sampled_from(field.options.codes)
        return (st.lists(codes, max_size=4) if field.type is FieldType.CODES else codes) | JUNK
    if field.type in (FieldType.DATE, FieldType.PARTIAL_DATE):
        return st.dates().map(str) | BOXES | JUNK
    if field.type is FieldType.CNIC:
        return st.text("0123456789۰۱۲۳-", min_size=13, max_size=17) | JUNK
    if field.type is FieldType.PHONE:
        return st.from_regex(r"(\+|00|0)[0-9۰-۹]{5,14}", fullmatch=True) | JUNK
    return st.just(True) | JUNK


@st.composite
def records(draw):
    kind = load().kind(draw(st.sampled_from(KINDS)))
    wanted = draw(st.lists(st.sampled_from(kind.fields), max_size=12, unique=True))
    data = {field.code: draw(answers(field)) for field in wanted}
    return kind, data | draw(st.dictionaries(ANY_TEXT, JUNK, max_size=2))


@given(records())
@settings(max_examples=300, deadline=None)
def test_nothing_raises_and_every_problem_has_words(record):
    kind, data = record
    clean, problems = check(RELEASE, kind.code, data, FACTS)
    assert all(problem.code in MESSAGES and problem.text for problem in problems)
    assert all(isinstance(value, int) for problem in problems for value in problem.params.values())
    assert not set(clean) & {problem.field for problem in problems}


@given(records())
@settings(max_examples=300, deadline=None)
def test_what_is_stored_is_taken_again_unchanged(record):
    kind, data = record
    clean, _ = check(RELEASE, kind.code, data, FACTS)
    assert check(RELEASE, kind.code, clean, FACTS) == (clean, [])
    assert json.loads(json.dumps(clean)) == clean
    json.dumps(clean, ensure_ascii=False).encode("utf-8")
    assert diff(kind, clean, clean) == []


@given(records(), st.sampled_from(["en", "ur"]))
@settings(max_examples=100, deadline=None)
def test_what_is_stored_can_be_shown(record, language):
    kind, data = record
    clean, _ = check(RELEASE, kind.code, data, FACTS)
    lines = [line for _, section in describe(kind, clean, language) for line in section]
    assert all(label for label, _, _ in lines)
    assert {field.code for _, shown, field in lines if shown} == set(clean)


@given(ANY_TEXT, JUNK)
def test_one_wild_answer_in_every_field(code, value):
    for name in KINDS:
        data = {field.code: value for field in load().kind(name).fields} | {code: value}
        check(RELEASE, name, data, FACTS)
