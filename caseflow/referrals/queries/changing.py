"""What a referral that was returned says otherwise now: the letter sent last beside the one sent before it."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import select

from caseflow.core import vault
from caseflow.core.db import session
from caseflow.core.press.letter import Letter
from caseflow.referrals.letters.rows import label_of, values_of
from caseflow.referrals.models import Referral, Snapshot
from caseflow.referrals.queries.reading import snapshot_of


@dataclass(frozen=True, repr=False)
class Change:
    """One row of the letter that differs; `before` is "" for what is new, `after` for what is not told any more."""

    group: str
    before: str
    after: str

    @property
    def label(self) -> str:
        """What the row is called, in the reader's language."""
        return label_of(self.group)

    @property
    def kind(self) -> str:
        """`new`, `gone` or `changed`."""
        return "changed" if self.before and self.after else "new" if self.after else "gone"


def sent_before(referral_ids: Iterable[UUID]) -> set[UUID]:
    """Those of these referrals that were sent to a supervisor more than once."""
    wanted = list(referral_ids)
    found = session().scalars(select(Snapshot.referral_id).where(Snapshot.referral_id.in_(wanted))) if wanted else ()
    ids = list(found)
    return {one for one in ids if ids.count(one) > 1}


def changes_since_sent(referral: Referral) -> list[Change] | None:
    """What the letter of a referral says otherwise than the one sent before; None when none was. Raises SealBroken."""
    query = select(Snapshot).where(Snapshot.referral_id == referral.id, Snapshot.id != referral.snapshot_id)
    former = session().scalars(query.order_by(Snapshot.created_at.desc(), Snapshot.id).limit(1)).first()
    if former is None or referral.snapshot_id is None:
        return None
    now, before = _rows(vault.read(snapshot_of(referral))), _rows(vault.read(former))
    order = [*now, *(group for group in before if group not in now)]
    return [
        Change(group, before.get(group, ""), now.get(group, ""))
        for group in order
        if before.get(group) != now.get(group)
    ]


def _rows(frozen: dict[str, Any]) -> dict[str, str]:
    return dict(values_of(Letter.from_document(frozen["letter"]), list(frozen["groups"])))
