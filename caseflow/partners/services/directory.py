"""Add, correct and retire an entry of the partner directory. Nothing is deleted: referrals name their partner."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from caseflow.accounts.queries import get_staff, organisation_doc
from caseflow.core import trail, vault
from caseflow.core.db import new_id, session
from caseflow.core.errors import TooLate
from caseflow.core.policy import Action, Actor, require
from caseflow.core.trail import Tag
from caseflow.partners import queries
from caseflow.partners.models import Partner
from caseflow.partners.services.checking import check_partner

HOME_ZONE = "Asia/Karachi"


def create_partner(*, actor: Actor, data: Mapping[str, Any], now: datetime, partner_id: UUID | None = None) -> Partner:
    """Add a partner; `data` by the keys of the partner document.

    The same id again gives the first result, so that a repeated post makes no second entry. Raises Invalid, NotAllowed.
    """
    require(actor, Action.Partner.EDIT)
    get_staff(actor.user_id, for_update=True)  # two equal posts at once: the second waits, and finds the first
    made = session().get(Partner, partner_id) if partner_id else None
    if made is not None:
        return made
    doc = check_partner(data, today=_day(actor, now).isoformat())
    made = Partner(id=partner_id or new_id(), code=None, state=queries.ACTIVE, created_at=now, updated_at=now)
    vault.write(made, doc, rv=0)
    session().add(made)
    trail.record(Tag.PARTNER_CREATED, actor=actor, now=now, obj=("partner", made.id), writes=[made])
    return made


def update_partner(*, actor: Actor, partner_id: UUID, data: Mapping[str, Any], rv: int, now: datetime) -> Partner:
    """Correct a partner. `rv` is the version the writer saw. Raises Invalid, NotAllowed, NotFound, StaleVersion."""
    require(actor, Action.Partner.EDIT)
    partner = queries.get_partner(partner_id, for_update=True)
    doc = check_partner(data, today=_day(actor, now).isoformat())
    before = vault.read(partner)
    changed = sorted(code for code in doc if doc[code] != before.get(code))
    vault.write(partner, doc, rv=rv)
    partner.updated_at = now
    trail.record(
        Tag.PARTNER_CHANGED,
        actor=actor,
        now=now,
        obj=("partner", partner.id),
        detail={"changed": changed},
        writes=[partner],
    )
    return partner


def retire_partner(*, actor: Actor, partner_id: UUID, now: datetime) -> Partner:
    """Take a partner out of use; what was sent there stays readable. Raises NotAllowed, NotFound, TooLate."""
    require(actor, Action.Partner.EDIT)
    partner = queries.get_partner(partner_id, for_update=True)
    if partner.state == queries.RETIRED:
        raise TooLate()
    vault.write(partner, vault.read(partner), rv=partner.rv)
    partner.state, partner.updated_at = queries.RETIRED, now
    trail.record(
        Tag.PARTNER_CHANGED,
        actor=actor,
        now=now,
        obj=("partner", partner.id),
        detail={"changed": ["state"]},
        writes=[partner],
    )
    return partner


def _day(actor: Actor, now: datetime) -> date:
    """The day it is at the office of whoever writes."""
    zone = organisation_doc(actor.organisation_id).get("zone") or HOME_ZONE
    return now.astimezone(ZoneInfo(zone)).date()
