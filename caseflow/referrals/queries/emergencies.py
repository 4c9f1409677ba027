"""Emergency issues: which wait for a decision, and what one would tell before it is made."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, exists, false, func, or_, select

from caseflow.accounts.queries import get_staff, organisation_doc, team_members
from caseflow.accounts.queries.duty import OnDuty, on_duty
from caseflow.cases.models import Case
from caseflow.cases.queries import data_of, get_case, is_child
from caseflow.consent import queries as consents
from caseflow.consent.states import OTHER_BASES, OWN_TICK_GENDERS
from caseflow.core import vault
from caseflow.core.db import session
from caseflow.core.policy import Actor, Role
from caseflow.core.policy.predicates import ON_CALL
from caseflow.core.words import speaking
from caseflow.partners.queries import PartnerView
from caseflow.referrals.letters import Disclosure, Sources, disclose
from caseflow.referrals.letters.emergency import minimum_for
from caseflow.referrals.models import Referral
from caseflow.referrals.queries.explaining import gate_of, sources_of
from caseflow.referrals.queries.reading import ReferralRow, rows_of, staff_post
from caseflow.referrals.states import EMERGENCY_ENDED, EMERGENCY_OPEN, ReferralState

VITAL = "vital_interest"
# Whom an emergency issue may reach: who can save a life or shelter it.
CLASSES = OTHER_BASES[VITAL]
SHOWN = 50


def awaits_letter(referral: Referral, doc: Mapping[str, Any]) -> bool:
    """Whether it is an emergency issue whose letter is still to be pressed."""
    stopped = (ReferralState.RECALLED, ReferralState.WITHDRAWN)
    return bool(doc.get("emergency")) and not doc["documents"] and referral.state not in stopped


def waiting_emergencies(actor: Actor) -> list[ReferralRow]:
    """Emergency issues without a decision that the actor is alerted to, the least time left first."""
    query = _waiting(actor).order_by(Referral.created_at, Referral.id).limit(SHOWN)
    return rows_of(list(session().scalars(query)))


def count_emergencies(actor: Actor) -> int:
    """How many, from clear columns only."""
    rows = _waiting(actor).with_only_columns(Referral.id).subquery()
    return session().scalar(select(func.count()).select_from(rows)) or 0


def _waiting(actor: Actor) -> Select[Referral]:
    # Every other referral in these states was approved by somebody, or was withdrawn before a letter had left.
    left = or_(Referral.state != ReferralState.WITHDRAWN, Referral.document_id.is_not(None))
    nobody = and_(Referral.approver_id.is_(None), Referral.state.in_([*EMERGENCY_OPEN, *EMERGENCY_ENDED]))
    # Asked of each row, so that a database begins with these few and not with every case of an organisation.
    alerted = exists().where(Case.id == Referral.case_id, _alerted(actor))
    return select(Referral).where(nobody, left, alerted)


def _alerted(actor: Actor) -> ColumnElement[bool]:
    """Supervisors of the team, who is on call for it, and data protection of the organisation."""
    teams = actor.teams(Role.SUPERVISOR)
    called = {grant.case_id for grant in actor.grants if grant.reason_kind == ON_CALL}
    ways: list[ColumnElement[bool]] = [Case.team_id.in_(teams)] if teams else []
    if called and actor.has(Role.SUPERVISOR):
        ways.append(Case.id.in_(called))
    if actor.has(Role.DATA_PROTECTION):
        ways.append(Case.organisation_id == actor.organisation_id)
    return or_(*ways) if ways else false()


def whom_to_call(case: Case, role: Role, *, now: datetime) -> list[OnDuty]:
    """As `on_duty` of the organisation; of those on no turn the supervisors of the case's own team come first."""
    team = {one.id for one in team_members(case.team_id, Role.SUPERVISOR, now=now)}
    found = on_duty(case.organisation_id, role, now=now)
    return sorted(found, key=lambda one: (not one.now, one.id is None, one.id is None and one.user_id not in team))


def alerted_first(case: Case, role: Role, *, author_id: UUID, now: datetime) -> list[OnDuty]:
    """Whom of a role an emergency issue is brought to, never its author: who is on duty now, else the next named.

    On an empty roster the team's supervisors, who see it on their home; all of the role where there is none of them.
    """
    found = [one for one in whom_to_call(case, role, now=now) if one.user_id != author_id]
    team = {one.id for one in team_members(case.team_id, Role.SUPERVISOR, now=now)}
    named = [one for one in found if one.id]
    return [one for one in named if one.now] or named[:1] or [one for one in found if one.user_id in team] or found


def would_tell(
    *, actor: Actor, case_id: UUID | None, said: Mapping[str, Mapping[str, Any]], partner: PartnerView,
    doc: dict[str, Any], today: date,
) -> Disclosure:  # fmt: skip
    """What an emergency letter would tell and withhold, before it is made.

    `case_id` is an open case, or None for a new person of whom `said` maps a kind of record to the answers (of an
    open case only the danger counts). `doc` is the referral's document without its groups: those follow from the
    matrix. Nothing is decided here about consent.
    """
    if case_id is None:
        return disclose(_sources_of_new(actor, said, partner, doc, today))
    cells = consents.cells(case_id, partner.recipient_class)
    whole = {**doc, "groups": minimum_for(cells), "basis": VITAL, "basis_reason": "-"}
    gate = gate_of(case_id, whole, today=today)
    sources = sources_of(get_case(case_id), whole, number="…", author_id=actor.user_id, gate=gate, today=today)
    safety, danger = sources.data["safety"], said["safety"]["immediate_safety_alert"]
    alert = safety.get("immediate_safety_alert") or ""
    told = alert if danger in alert else "\n".join(part for part in (danger, alert) if part)
    return disclose(replace(sources, data={**sources.data, "safety": {**safety, "immediate_safety_alert": told}}))


def _sources_of_new(
    actor: Actor, said: Mapping[str, Mapping[str, Any]], partner: PartnerView, doc: dict[str, Any], today: date
) -> Sources:
    guarded = said["person"].get("gender") in OWN_TICK_GENDERS
    cells = consents.cells_for(partner.recipient_class, own_tick=guarded)
    groups, language = minimum_for(cells), doc["language"]
    with speaking(language):
        author = vault.read(get_staff(actor.user_id))
    return Sources(
        language=language, today=today, case_number="…", referral_number="…", code_name="…",
        officer_post=staff_post(author), officer_name=str(author.get("name") or ""),
        data={"person": {}, "screening": {}, "identity": {}, "safety": {}, **said},
        doc={**doc, "groups": groups, "basis": VITAL, "basis_reason": "-"}, partner=partner.doc,
        organisation=organisation_doc(actor.organisation_id), cells=cells, covered=frozenset(groups),
    )  # fmt: skip


def who_is(case_id: UUID) -> tuple[str, bool]:
    """(Gender, whether the person counts as a child) of an open case: whom a partner must serve. Raises SealBroken."""
    return str(data_of(case_id, "person").get("gender") or ""), is_child(case_id)
