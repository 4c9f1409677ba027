"""The narrow sealed summary of a case, and its rows in the blind index: both follow from its records."""

from collections.abc import Mapping
from typing import Any

from caseflow.cases.models import Case, CaseSummary
from caseflow.cases.queries import data_of, is_child
from caseflow.core import catalogue, vault
from caseflow.core.db import session

# Field of a record -> field of the blind index.
_INDEXED = {
    "identity": {"cnic": "cnic", "passport_number": "passport", "phone_mobile": "phone"},
    "safety": {"safe_phone": "phone"},
}


def rebuild_summary(case: Case) -> CaseSummary:
    """Seal the summary anew from the case and its records; the caller puts the row into its trail entry.

    Raises SealBroken when one of them cannot be opened.
    """
    person, safety, assessment = (data_of(case.id, kind) for kind in ("person", "safety", "assessment"))
    document = vault.read(case)
    doc = {
        "code_en": document["code_en"],
        "code_ur": document["code_ur"],
        "gender": person.get("gender", ""),
        "age_band": person.get("age_band") or age_band(person.get("age_at_contact")),
        "majority": person.get("majority_status", ""),
        "child": is_child(case.id),
        "citizenship": person.get("citizenship", []),
        "language": person.get("primary_language", ""),
        "type": document["type"],
        "risk": assessment.get("risk_level", ""),
        "safe_contact": safe_contact(safety, "en"),
        "safe_contact_ur": safe_contact(safety, "ur"),
    }
    stored = session().get(CaseSummary, case.id)
    if stored is None:
        stored = CaseSummary(id=case.id)
        vault.write(stored, doc, rv=0)
        session().add(stored)
    else:
        vault.write(stored, doc, rv=stored.rv)
    return stored


def age_band(age: int | None) -> str:
    """The code of the CTDC age band in which an age in years lies, "" when it is not known."""
    if age is None:
        return ""
    for row in catalogue.load().list("age_band").rows:
        lowest, highest = row.extra["age_min"], row.extra["age_max"]
        if lowest and int(lowest) <= age <= int(highest):
            return row.code
    return ""


def safe_contact(safety: Mapping[str, Any], language: str) -> str:
    """How the person may be reached, in one line: ways, hours, no message, code word; "" when no way was given.

    The number and the word themselves stay in the safety record, whose opening is recorded.
    """
    kind = catalogue.load().kind("safety")
    ways = catalogue.in_words(kind.field("safe_contact_way"), safety.get("safe_contact_way"), language)
    if not ways:
        return ""
    warnings = [kind.field(code).label[language] for code in ("never_leave_message", "code_word") if safety.get(code)]
    return "; ".join(part for part in (ways, safety.get("safe_contact_hours", ""), *warnings) if part)


def index_case(case: Case) -> None:
    """Put the code name and the identifiers of the case's records into the blind index, in place of the former ones.

    It commits at once on the key store, so it comes last: a case is findable only after it was written.
    """
    values = [
        (index, str(data[code]))
        for kind, codes in _INDEXED.items()
        for data in [data_of(case.id, kind)]
        for code, index in codes.items()
        if data.get(code)
    ]
    vault.put_index(case.id, [("code_name", str(vault.read(case)["code_en"])), *values])


def is_indexed(kind: str, changed: list[str]) -> bool:
    """Whether a change of these fields moves the blind index."""
    return not _INDEXED.get(kind, {}).keys().isdisjoint(changed)
