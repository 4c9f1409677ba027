"""The nearest open partners for a person in danger, those who can help now before those who can help tomorrow."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from caseflow.consent.states import RESCUE_CLASS
from caseflow.core import catalogue
from caseflow.partners.queries import PartnerView, all_active
from caseflow.referrals.queries.emergencies import CLASSES

LATELY = timedelta(days=180)
HERE, PROVINCE, COUNTRY, FAR = range(4)
_CHILD_CLASS = "L3_child"
_TRANS = frozenset({"trans_feminine", "trans_masculine", "non_conforming"})


@dataclass(frozen=True)
class Near:
    """A partner, how near it is (HERE, PROVINCE, COUNTRY or FAR), whether its entry says whom it serves, and whether
    somebody asked them lately."""

    partner: PartnerView
    near: int
    says: bool
    lately: bool

    @property
    def open_now(self) -> bool:
        """Day and night: the directory knows other hours only in words."""
        return bool(self.partner.doc.get("open_24h"))

    @property
    def phone(self) -> str:
        """The number to call, "" when none is known."""
        return str(self.partner.doc.get("phone") or "")


def served_as(gender: str, *, child: bool) -> frozenset[str]:
    """The codes of whom a partner serves, one of which must be among its own; empty when nothing is known."""
    if gender in _TRANS:
        return frozenset({"khawaja_sira"})
    known = {"feminine": {"girls"} if child else {"women"}, "masculine": {"boys", "boys_over_12"} if child else {"men"}}
    return frozenset(known.get(gender, ()))


def nearest(
    *, services: Sequence[str], gender: str, child: bool, today: date, district: str = "",
    found: Sequence[PartnerView] | None = None,
) -> list[Near]:  # fmt: skip
    """Partners who may be told in an emergency, give one of the services, and serve this person, in order.

    First who serves a child when the person is one or may be one; then who is open day and night, who is near, who
    says whom they serve, who can be called, whose entry was checked lately. `found` stands in for the directory in
    tests of the order.
    """
    wanted, needs = served_as(gender, child=child), set(services)
    rows = [
        _row(one, district, today)
        for one in (all_active() if found is None else found)
        if one.recipient_class in CLASSES
        and needs.intersection(one.doc.get("services") or ())
        and (one.recipient_class != _CHILD_CLASS or child or "child_protection" in needs)
        and (not wanted or not one.doc.get("serves") or wanted.intersection(one.doc["serves"]))
    ]

    def place(row: Near) -> tuple[object, ...]:
        first = child and row.partner.recipient_class == _CHILD_CLASS
        far = row.near == FAR
        unsure = not row.says, not row.phone, not row.lately
        return not first, far, not row.open_now, row.near, *unsure, row.partner.name.casefold()

    return sorted(rows, key=place)


def rescuers(district: str = "", *, today: date) -> list[Near]:
    """The police, for a rescue request without a name: who is near and can be called first."""
    rows = [_row(one, district, today) for one in all_active() if one.recipient_class == RESCUE_CLASS]
    return sorted(rows, key=lambda row: (row.near == FAR, not row.phone, row.near, row.partner.name.casefold()))


def _row(partner: PartnerView, district: str, today: date) -> Near:
    checked = str(partner.doc.get("verified_on") or "")
    lately = checked >= (today - LATELY).isoformat()
    return Near(partner, _near(partner, district), bool(partner.doc.get("serves")), lately)


def _near(partner: PartnerView, district: str) -> int:
    lists, province = catalogue.load().list("district"), partner.doc.get("province") or ""
    if not district or district not in lists:
        return COUNTRY
    if district in (partner.doc.get("districts") or ()):
        return HERE
    if not province:
        return COUNTRY
    return PROVINCE if province == lists.row(district).extra["province"] else FAR
