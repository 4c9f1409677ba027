"""The register of a case: every consent, refusal and withdrawal, and how each stands today."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select

from caseflow.consent.models import Consent
from caseflow.consent.states import SHARING, ConsentStatus
from caseflow.core import vault
from caseflow.core.db import session
from caseflow.core.errors import NotFound
from caseflow.core.vault import SealBroken


@dataclass(frozen=True)
class ConsentView:
    """An opened consent. `taker` is who took it; `broken` the refusal of a row whose seal does not open."""

    id: UUID
    case_id: UUID
    rv: int
    taker: UUID
    created_at: datetime
    status: ConsentStatus
    doc: dict[str, Any] = field(default_factory=dict)
    broken: SealBroken | None = None

    @property
    def about(self) -> tuple[str, str]:
        """What it is about: scope, and the recipient for a sharing."""
        return self.doc["scope"], self.doc.get("recipient_id") or ""

    @property
    def names_recipient(self) -> bool:
        """Whether it is about one thing: a sharing with a body named in words alone may be about any body."""
        return self.doc["scope"] not in SHARING or bool(self.doc.get("recipient_id"))

    @property
    def free(self) -> bool:
        """Given freely, or confirmed later in private with date and place."""
        return bool(self.doc.get("free") or self.doc.get("confirmed"))

    @property
    def awaits_confirmation(self) -> bool:
        """Given, not freely, and not yet confirmed in private."""
        return self.status is ConsentStatus.GIVEN and not self.free

    @property
    def takers(self) -> set[UUID]:
        """Who took it, and who heard it confirmed: none of them approves what rests on it."""
        confirmed = self.doc.get("confirmed") or {}
        return {self.taker, *([UUID(confirmed["by"])] if confirmed.get("by") else [])}


def get_consent(consent_id: UUID, *, case_id: UUID, for_update: bool = False) -> Consent:
    """A consent of this case. Raises NotFound, also for a consent of another case."""
    found = session().get(Consent, consent_id, with_for_update=for_update or None, populate_existing=for_update)
    if found is None or found.case_id != case_id:
        raise NotFound()
    return found


def register_of(case_id: UUID, *, today: date, for_update: bool = False) -> list[ConsentView]:
    """Every consent of a case, the latest first; `today` is the office's day.

    A row whose seal does not open stands first, marked `broken`. With `for_update` the rows stay locked.
    """
    query = select(Consent).where(Consent.case_id == case_id).order_by(Consent.created_at, Consent.id)
    if for_update:
        query = query.with_for_update().execution_options(populate_existing=True)
    views = [view_of(row, today=today) for row in session().scalars(query)]
    broken = [view for view in views if view.broken]
    whole = sorted((view for view in views if not view.broken), key=_age)
    return [*broken, *reversed(_with_replaced(whole))]


def valid_of(views: Iterable[ConsentView], scope: str) -> list[ConsentView]:
    """The consents of one scope that stand today as given."""
    return [view for view in views if not view.broken and view.doc["scope"] == scope and view.status == "given"]


def view_of(row: Consent, *, today: date) -> ConsentView:
    """One opened consent by itself: whether a later answer replaced it only the register knows."""
    try:
        doc = vault.read(row)
    except SealBroken as broken:
        status = ConsentStatus.NOT_SOUGHT
        return ConsentView(row.id, row.case_id, row.rv, row.created_by, row.created_at, status, broken=broken)
    status = ConsentStatus(doc["status"])
    if status is ConsentStatus.GIVEN and (doc.get("valid_until") or "") < today.isoformat():
        status = ConsentStatus.EXPIRED
    return ConsentView(row.id, row.case_id, row.rv, row.created_by, row.created_at, status, doc)


def _age(view: ConsentView) -> tuple[str, datetime, str]:
    """What happened earlier comes first; of one day, what was recorded earlier."""
    return view.doc.get("given_on") or "", view.created_at, str(view.id)


def _with_replaced(views: list[ConsentView]) -> list[ConsentView]:
    """The latest word on a scope and recipient counts alone: a later no closes an earlier yes, a later yes takes its
    place, also where it covers less. One that was withdrawn since brings no earlier one back."""
    last = {view.about: place for place, view in enumerate(views) if view.status is not ConsentStatus.NOT_SOUGHT}
    return [
        replace(view, status=ConsentStatus.REPLACED)
        if view.status is ConsentStatus.GIVEN and view.names_recipient and last[view.about] > place
        else view
        for place, view in enumerate(views)
    ]
