"""Find a case: by number, by identifiers through the blind index, by name among the cases one may see.

A hit that the actor may not see is not shown and not hinted at: whether somebody is known elsewhere is itself a secret.
"""

import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from typing import Any
from uuid import UUID

from sqlalchemy import select

from caseflow.cases.models import Case, CaseRecord, CaseSummary
from caseflow.cases.queries.caseload import CaseRow, rows_of, visible_to
from caseflow.core import catalogue, vault
from caseflow.core.db import session
from caseflow.core.errors import Invalid
from caseflow.core.numbers import canonical
from caseflow.core.policy import Action, Actor, permits
from caseflow.core.vault import SealBroken, SealedRow

MOST_OPENED = 5000  # names are sealed one by one; more than this nobody searches by name
MOST_SHOWN = 50
_BATCH = 500
_NAMES = ("first_name", "other_names", "name_urdu", "alias")
_APART = "\0"  # between two names; nobody types it
# What is typed in a search -> the question of the identity that knows how it is written.
_TYPED = {"cnic": "cnic", "passport": "passport_number", "phone": "phone_mobile", "name": "name_urdu"}


def number_lookup(actor: Actor, number: str) -> list[CaseRow]:
    """The case with this number, as somebody typed or read it; none when there is none that the actor may see."""
    query = select(Case).where(Case.number == canonical(number[:40]), visible_to(actor))
    return rows_of(list(session().scalars(query)))


def find_same(actor: Actor, *, cnic: str = "", passport: str = "", phone: str = "", name: str = "") -> list[CaseRow]:
    """Cases the actor may see whose person has one of these numbers, or a name that holds what was typed.

    Newest change first, at most 50. Raises Invalid, with these parameters' names, for an ill-formed number.
    The caller records that a search was made (`services.note_search`).
    """
    typed = _canonical({"cnic": cnic, "passport": passport, "phone": phone, "name": name})
    wanted = typed.pop("name", "")
    found = vault.find_cases(list(typed.items())) if typed else set()
    if wanted:
        found |= _by_name(actor, wanted)
    return _shown(actor, found)


def find_by_code_name(actor: Actor, text: str) -> list[CaseRow]:
    """Cases the actor may see whose code name, in either language, holds what was typed."""
    wanted = _fold(text[:100])
    if not wanted or not _is_of_code_words(wanted):
        return []
    found: set[UUID] = set()
    for ids in _batches(_visible_ids(actor)):
        query = select(CaseSummary.id, CaseSummary.rv, CaseSummary.sealed).where(CaseSummary.id.in_(ids))
        for row in session().execute(query):
            doc = _opened(SealedRow(CaseSummary.__tablename__, row.id, row.id, CaseSummary.SLOT, row.rv, row.sealed))
            if any(wanted in _fold(doc.get(key, "")) for key in ("code_en", "code_ur")):
                found.add(row.id)
    return _shown(actor, found)


def _is_of_code_words(folded: str) -> bool:
    """Whether any code name could hold this. Most names of people are in none: no summary is opened for them."""
    words = [_fold(word) for word in catalogue.code_words()]
    return all(any(part in word for word in words) for part in folded.split())


def real_name(identity: dict[str, Any]) -> str:
    """The name that an identity record gives, "" when it gives none."""
    latin = " ".join(identity[code] for code in ("first_name", "other_names") if identity.get(code))
    return latin or identity.get("name_urdu", "") or identity.get("alias", "")


def real_names(actor: Actor, cases: Iterable[Case | CaseRow]) -> dict[UUID, str]:
    """Real names by case id, for the actor's own cases among these and for no others.

    The caller shows them only after the one recorded tap of the session (`services.reveal_caseload`).
    """
    own = [case for case in cases if case.assignee_id == actor.user_id and permits(actor, Action.Case.REVEAL, case)]
    opened = _identities([case.id for case in own])
    return {case_id: name for case_id, data in opened if (name := real_name(data))}


def _canonical(typed: dict[str, str]) -> dict[str, str]:
    """What was typed in its stored form, by search field; empty ones left out. Raises Invalid."""
    asked = {_TYPED[field]: text for field, text in typed.items()}
    clean, problems = catalogue.check(catalogue.RELEASE, "identity", asked, {})
    back = {code: field for field, code in _TYPED.items()}
    if problems:
        raise Invalid({back[code]: (text, dict(params)) for code, (text, params) in _by_field(problems).items()})
    return {back[code]: str(value) for code, value in clean.items()}


def _by_field(problems: list[catalogue.Problem]) -> dict[str, Any]:
    return dict(catalogue.messages_by_field(problems))


def _by_name(actor: Actor, wanted: str) -> set[UUID]:
    folded = _fold(wanted)
    return {case_id for case_id, data in _identities(_visible_ids(actor)) if _has_name(data, folded)}


def _has_name(identity: dict[str, Any], folded: str) -> bool:
    names = (real_name(identity), *(identity.get(code, "") for code in _NAMES))
    return folded in _fold(_APART.join(names))


def _identities(ids: Sequence[UUID]) -> Iterator[tuple[UUID, dict[str, Any]]]:
    """The identity answers of these cases. One that cannot be opened is passed over: its own page says so."""
    columns = (CaseRecord.id, CaseRecord.kind_token, CaseRecord.rv, CaseRecord.sealed)
    for some in _batches(ids):
        # A token names its case too: asked for in pairs with the cases, SQLite would read the whole table.
        cases = {token: case_id for case_id in some if (token := _token(case_id))}
        for row in session().execute(select(*columns).where(CaseRecord.kind_token.in_(cases))):
            case_id = cases[row.kind_token]
            sealed = SealedRow(CaseRecord.__tablename__, row.id, case_id, "identity", row.rv, row.sealed)
            with suppress(SealBroken):
                yield case_id, catalogue.upcast("identity", vault.read_row(sealed))["data"]


def _token(case_id: UUID) -> bytes:
    try:
        return vault.kind_token(case_id, "identity")
    except SealBroken:
        return b""


def _opened(row: SealedRow) -> dict[str, Any]:
    try:
        return vault.read_row(row)
    except SealBroken:
        return {}


def _visible_ids(actor: Actor) -> Sequence[UUID]:
    query = select(Case.id).where(visible_to(actor)).order_by(Case.updated_at.desc(), Case.id.desc())
    return session().scalars(query.limit(MOST_OPENED)).all()


def _batches(ids: Sequence[UUID]) -> Iterator[Sequence[UUID]]:
    """Some ids at a time, their keys opened together: a database takes only so many values in one question."""
    for at in range(0, len(ids), _BATCH):
        some = ids[at : at + _BATCH]
        vault.load_keys(some)
        yield some


def _shown(actor: Actor, found: set[UUID]) -> list[CaseRow]:
    cases: list[Case] = []
    for some in _batches(sorted(found)):
        cases += session().scalars(select(Case).where(Case.id.in_(some), visible_to(actor)))
    cases.sort(key=lambda case: (case.updated_at, case.id), reverse=True)
    return rows_of(cases[:MOST_SHOWN])


def _fold(text: str) -> str:
    """Letters without case, form or doubled spaces, for comparing names."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())
