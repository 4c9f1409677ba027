"""The key of a case that is about to be written."""

import uuid
from datetime import datetime
from uuid import UUID

from sqlalchemy.exc import IntegrityError

from caseflow.cases.models import Case
from caseflow.core import vault
from caseflow.core.vault import SealBroken

_TRIES = 8


def reserve(case_id: UUID, *, now: datetime) -> UUID:
    """Make the key of a case that is about to be written, and return the id it has; call it before `writing()`.

    An id whose key was destroyed (the form of a refused record, sent again from the browser's history) is succeeded
    by another one, the same each time, so that neither what was typed nor the safety of a repeated post is lost.
    Raises SealBroken when no key can be made.
    """
    for one in line_of(case_id):
        try:
            vault.new_case_key(one, now=now)
        except IntegrityError:
            if not vault.current().store.keys([one]):  # otherwise a repeated post made it a moment ago
                continue
        return one
    raise SealBroken(Case.__tablename__, case_id)


def line_of(case_id: UUID) -> list[UUID]:
    """The id and those that succeed it, in order; nobody without the keyring can tell that they belong together."""
    line = [case_id]
    while len(line) < _TRIES:
        line.append(uuid.UUID(bytes=vault.pepper(f"successor of {line[-1]}")[:16], version=4))
    return line
