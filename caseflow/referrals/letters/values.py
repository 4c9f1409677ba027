"""What the sealed records say about each group of the disclosure matrix, in words."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from caseflow.cases.queries.calling import NONE_NOW
from caseflow.core import catalogue
from caseflow.core.catalogue import Field, FieldType
from caseflow.core.words import gettext, language, speaking

# A letter prints the whole number of a document only to who issues or checks documents; others see its end.
SEES_WHOLE_NUMBERS = frozenset({"L4_docs", "L4_iom", "L5_consular"})
_NUMBERS = frozenset({"cnic", "passport_number", "other_document_number"})
_SHOWN_DIGITS = 4
# What is asked at the first contact stands in until the intake has answered it.
_KINDS = ("person", "screening", "identity", "safety")
Answer = tuple[Field, str]


@dataclass(frozen=True, kw_only=True, repr=False)
class Sources:
    """Everything a letter may draw from, opened; `data` maps a kind to its answers by field code.

    `cells` is the matrix for this person and class (the room of consent makes gender identity a C for every class);
    `covered` are the groups that a valid consent or basis opens, `ticked` those agreed one by one with an own tick;
    `consents` the documents of the consents it rests on, `doc` the referral's, `partner` and `organisation` theirs.
    """

    language: str
    today: date
    case_number: str
    referral_number: str
    code_name: str
    officer_post: str
    officer_name: str
    data: Mapping[str, Mapping[str, Any]]
    doc: Mapping[str, Any]
    partner: Mapping[str, Any]
    organisation: Mapping[str, Any]
    cells: Mapping[str, str]
    consents: tuple[Mapping[str, Any], ...] = ()
    covered: frozenset[str] = frozenset()
    ticked: frozenset[str] = frozenset()


def answers(group: str, sources: Sources) -> list[Answer]:
    """The fields of a group that are answered, each once, with the answer in words."""
    seen: dict[str, Answer] = {}
    for code in _KINDS:
        for field in catalogue.load().kind(code).fields:
            value = sources.data[code].get(field.code)
            if field.group != group or field.code in seen or value in (None, "", [], False):
                continue
            seen[field.code] = (field, _in_words(field, value, sources))
    return list(seen.values())


def value_of(group: str, sources: Sources) -> str:
    """The value of a group as the letter says it; "" when nothing is known."""
    found = answers(group, sources)
    if group == "age_or_age_band":
        return _age(found, sources)
    if group == "name":
        return _name(found, sources.language)
    if group == "language_and_interpreter_need":
        with speaking(sources.language):
            return _language(found)
    if group == "children_accompanying":
        return "; ".join(_labelled(field, text, sources.language) for field, text in found)
    if len(found) == 1 and found[0][0].type is not FieldType.TICK:
        return found[0][1]
    return "\n".join(_labelled(field, text, sources.language) for field, text in found)


def lines_of(group: str, sources: Sources) -> tuple[str, ...]:
    """The answers of a group one by one, each with its label when the group has several questions."""
    found = answers(group, sources)
    labelled = sum(field.group == group for kind in _KINDS for field in catalogue.load().kind(kind).fields) > 1
    return tuple(_labelled(field, text, sources.language) if labelled else text for field, text in found)


def _in_words(field: Field, value: Any, sources: Sources) -> str:
    text = catalogue.in_words(field, value, sources.language)
    if field.code in _NUMBERS and sources.doc["recipient_class"] not in SEES_WHOLE_NUMBERS:
        return _end_of(text)
    return text


def _end_of(number: str) -> str:
    """The last four letters or digits of a number, behind dots; a short one stays hidden whole."""
    letters = [letter for letter in number if letter.isalnum()]
    if len(letters) <= _SHOWN_DIGITS * 2:
        return "…"
    return "…" + "".join(letters[-_SHOWN_DIGITS:])


def _labelled(field: Field, text: str, language: str) -> str:
    label = field.label[language]
    return label if field.type is FieldType.TICK else f"{label.rstrip('?؟: ')}: {text}"


def _age(found: list[Answer], sources: Sources) -> str:
    """The age, or else the band; and that the person is a child, or must be treated as one."""
    texts = {field.code: text for field, text in found}
    person, screening = sources.data["person"], sources.data["screening"]
    majority = person.get("majority_status") or screening.get("majority_status")
    told = texts.get("age_at_contact") or texts.get("age_band") or ""
    status = texts.get("majority_status", "")
    if majority == "adult" and told:
        return told
    return "; ".join(part for part in (told, status) if part)


def contact_in_one_line(sources: Sources) -> str:
    """How the person is reached safely: way, number, hours, and what not to do; "" when nothing is known."""
    texts = {field.code: text for field, text in answers("safe_contact_method", sources)}
    if NONE_NOW in (sources.data["safety"].get("safe_contact_way") or ()) and "safe_contact_way" in texts:
        return gettext("There is no safe way of contact now: do not contact the person.")  # the number stays with us
    parts = [texts[code] for code in ("safe_contact_way", "safe_phone", "safe_contact_hours") if code in texts]
    if "never_leave_message" in texts:
        parts.append(gettext("never leave a message"))
    return gettext("Contact only like this: %(how)s", how="; ".join(parts)) if parts else ""


def _language(found: list[Answer]) -> str:
    """The languages, and whether an interpreter is needed."""
    texts = {field.code: text for field, text in found}
    spoken = [texts[code] for code in ("primary_language", "secondary_language") if code in texts]
    needed = texts.get("interpreter_needed")
    if needed is not None:
        yes = needed == _yes()
        spoken.append(gettext("an interpreter is needed") if yes else gettext("no interpreter is needed"))
    return "; ".join(spoken)


def _yes() -> str:
    return catalogue.load().label("yes_no", "yes", language())


def _name(found: list[Answer], language: str) -> str:
    texts = {field.code: text for field, text in found}
    latin = " ".join(texts[code] for code in ("first_name", "other_names") if code in texts)
    father = [_labelled(field, text, language) for field, text in found if field.code == "father_or_husband_name"]
    return "\n".join(part for part in (latin, texts.get("name_urdu", ""), *father) if part)
