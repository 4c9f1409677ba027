"""Reads of the partner directory. It is sealed and small (tens of rows): opened whole, narrowed in memory."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select

from caseflow.core import catalogue, vault
from caseflow.core.db import session
from caseflow.core.errors import NotFound
from caseflow.core.trail import Tag
from caseflow.core.trail.models import TrailEntry, TrailWrite
from caseflow.core.vault import SealBroken
from caseflow.core.words import gettext, language
from caseflow.partners.models import Partner

WATCHED = frozenset({"recipient_class", "agreement_since", "agreement_until"})
ACTIVE, RETIRED = "active", "retired"
STATISTICS_ONLY = "L7_statistics"
SHELTER_CLASS, SHELTER_TYPE, SHELTER_SERVICE = "L4_shelter", "shelter", "safe_shelter"


@dataclass(frozen=True)
class PartnerView:
    """An opened partner. `broken` holds the refusal of a row whose seal does not open; its doc is then empty."""

    id: UUID
    code: str | None
    state: str
    rv: int
    doc: dict[str, Any] = field(default_factory=dict)
    broken: SealBroken | None = None

    @property
    def name(self) -> str:
        """The name in the reader's language, the English one where there is none; a sentence for a broken row."""
        if self.broken:
            return gettext("This record cannot be opened")
        return str(self.doc.get(f"name_{language()}") or self.doc["name_en"])

    @property
    def post(self) -> str:
        """The post to which letters go; never a person's name."""
        return str(self.doc.get(f"post_{language()}") or self.doc.get("post_en") or "")

    @property
    def recipient_class(self) -> str:
        """The code of `recipient_class`: it decides which data groups may go there."""
        return str(self.doc.get("recipient_class", ""))

    @property
    def statistics_only(self) -> bool:
        """Receives aggregates only: no referral can be made to it (disclosure matrix, class L7)."""
        return self.recipient_class == STATISTICS_ONLY

    @property
    def is_shelter(self) -> bool:
        """Gives shelter: its address is written nowhere."""
        return gives_shelter(self.doc)

    def agreement_state(self, day: date) -> str:
        """`in_force`, `ended`, `to_come`, or `none` when no agreement is recorded."""
        since, until = self.doc.get("agreement_since") or "", self.doc.get("agreement_until") or ""
        if not since:
            return "none"
        if since > day.isoformat():
            return "to_come"
        return "ended" if until and until < day.isoformat() else "in_force"

    def agreement_in_force(self, day: date) -> bool:
        """Whether a data-sharing agreement holds on this day."""
        return self.agreement_state(day) == "in_force"

    def agreement_ends_by(self, last: date, *, since: date) -> bool:
        """Whether an agreement that holds on the day `since` has an end, and that by `last`."""
        until = self.doc.get("agreement_until") or ""
        return self.agreement_in_force(since) and "" < until <= last.isoformat()


@dataclass(frozen=True)
class Changed:
    """A partner whose class or agreement somebody changed: which of the two, and when. `error`: it does not open."""

    view: PartnerView
    at: datetime
    changed: frozenset[str] = frozenset()
    error: SealBroken | None = None


def gives_shelter(doc: dict[str, Any]) -> bool:
    """Whether a partner document describes a place where people are sheltered, under whatever class."""
    return (
        doc.get("recipient_class") == SHELTER_CLASS
        or doc.get("organisation_type") == SHELTER_TYPE
        or SHELTER_SERVICE in (doc.get("services") or ())
    )


def get_partner(partner_id: UUID, *, for_update: bool = False) -> Partner:
    """A partner, retired ones too. Raises NotFound."""
    found = session().get(Partner, partner_id, with_for_update=for_update or None, populate_existing=for_update)
    if found is None:
        raise NotFound()
    return found


def view_of(partner: Partner) -> PartnerView:
    """The opened partner. Raises SealBroken."""
    return PartnerView(partner.id, partner.code, partner.state, partner.rv, vault.read(partner))


def all_active() -> list[PartnerView]:
    """Every active partner that opens, by name: for choosing one. Rows that do not open are shown by `directory`."""
    return [view for view in _opened(ACTIVE) if not view.broken]


def directory(
    *, text: str = "", service: str = "", recipient_class: str = "", province: str = "", state: str = ACTIVE
) -> list[PartnerView]:
    """The directory in its order (class, name, id), narrowed. A row that does not open stays, wherever it belongs.

    A partner of the whole country is found under every province.
    """
    wanted = text.casefold().split()
    return [
        view
        for view in _opened(state)
        if view.broken
        or (
            (not service or service in view.doc["services"])
            and (not recipient_class or view.recipient_class == recipient_class)
            and (not province or view.doc.get("province") in ("", None, province))
            and all(word in _haystack(view) for word in wanted)
        )
    ]


def page_after(views: list[PartnerView], last: UUID | None) -> list[PartnerView]:
    """The part of an ordered list that follows the row `last`. Raises NotFound when there is no such partner."""
    if last is None:
        return views
    reached = _key(_open(get_partner(last)))
    return [view for view in views if _key(view) > reached]


def views_of(ids: Iterable[UUID | None]) -> dict[UUID, PartnerView]:
    """Opened partners by id, retired ones too; a broken row is marked as such."""
    wanted = {one for one in ids if one}
    rows = session().scalars(select(Partner).where(Partner.id.in_(wanted))) if wanted else ()
    return {row.id: _open(row) for row in rows}


def changed_since(moment: datetime) -> list[Changed]:
    """The latest changes of class or agreement since then, one for each partner, the newest first.

    A partner whose entry in the trail does not open is named too: what was changed cannot be told.
    """
    rows = {row.id: row for row in session().scalars(select(Partner).where(Partner.updated_at >= moment))}
    query = (
        select(TrailEntry)
        .join(TrailWrite, TrailWrite.entry_id == TrailEntry.id)
        .where(TrailWrite.table_name == Partner.__tablename__, TrailWrite.row_id.in_(rows))
        .where(TrailEntry.tag == str(Tag.PARTNER_CHANGED), TrailEntry.recorded_at >= moment)
    )
    found: dict[UUID, Changed] = {}
    for entry in session().scalars(query.order_by(TrailEntry.recorded_at.desc(), TrailEntry.seq.desc())):
        one = _changed(_open(rows[entry.object_id]), entry)
        if one.changed or one.error:
            found.setdefault(entry.object_id, one)
    return list(found.values())


def _changed(view: PartnerView, entry: TrailEntry) -> Changed:
    try:
        detail = vault.current().open_bytes(entry.stream, entry.detail, "trail_entry", entry.id, "detail")
    except SealBroken as error:
        return Changed(view, entry.recorded_at, error=error)
    fields = detail.get("changed", ())
    about = {"class" if code == "recipient_class" else "agreement" for code in fields if code in WATCHED}
    return Changed(view, entry.recorded_at, frozenset(about))


def names(ids: Iterable[UUID | None]) -> dict[UUID, str]:
    """Names by id in the reader's language, retired partners too; a broken row gives a sentence instead."""
    return {one: view.name for one, view in views_of(ids).items()}


def _open(partner: Partner) -> PartnerView:
    try:
        return view_of(partner)
    except SealBroken as broken:
        return PartnerView(partner.id, partner.code, partner.state, partner.rv, broken=broken)


def _opened(state: str) -> list[PartnerView]:
    rows = session().scalars(select(Partner).where(Partner.state == state))
    return sorted((_open(row) for row in rows), key=_key)


def _key(view: PartnerView) -> tuple[int, str, str]:
    """A total order; broken rows come first, where nobody overlooks them."""
    classes = catalogue.load().list("recipient_class").codes
    place = classes.index(view.recipient_class) if view.recipient_class in classes else -1
    return place, view.name.casefold(), str(view.id)


def _haystack(view: PartnerView) -> str:
    doc = view.doc
    return " ".join((doc["name_en"], doc.get("name_ur") or "", doc.get("role_note") or "")).casefold()
