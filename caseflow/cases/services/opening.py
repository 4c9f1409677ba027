"""Screen a person and open a case: key first, then one transaction, the index last."""

import secrets
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select

from caseflow.cases.models import Case, Draft
from caseflow.cases.queries import office_day
from caseflow.cases.services.checks import checked, checked_reason, one_at_a_time, organisation_of
from caseflow.cases.services.records import new_record, seal_answers
from caseflow.cases.services.summaries import index_case, rebuild_summary
from caseflow.cases.states import CaseState
from caseflow.core import catalogue, ports, trail, vault
from caseflow.core.db import new_id, session
from caseflow.core.errors import Invalid, NotFound, Refused
from caseflow.core.numbers import case_number
from caseflow.core.policy import Action, Actor, require
from caseflow.core.trail import Tag
from caseflow.core.words import N_

# What the screening asks and the person's own record asks too: nobody answers it twice.
_CARRIED = ("gender", "age_at_contact", "majority_status", "primary_language", "interpreter_needed", "citizenship")
_TRIES = 8


class RecordRefused(Refused):
    """The person did not agree that a record is kept: the key is destroyed, and nothing that was typed can be read.

    The caller removes the rows of the draft with `services.forget` in a write of its own, since this one rolls back,
    and offers a fresh form under a new id.
    """

    message = N_("The person did not agree that a record is kept. Nothing of what you typed was kept.")


def open_case(
    *,
    actor: Actor,
    case_id: UUID,
    team_id: UUID,
    data: dict[str, Any],
    now: datetime,
    vital_interest: str = "",
    group: dict[str, Any] | None = None,
) -> Case:
    """Keep the first screening and open a case with a drawn code name; the actor becomes its caseworker.

    `vital_interest` is the reason why a record is kept without the person's word (IOM data protection principle 4).
    `group` says with how many others the person came, and names none of them: id, size, label.
    The same id again by the same person gives the first result. Raises Invalid, RecordRefused, Refused when the
    person did not agree to talk, NotFound for a team one does not work in or an id that belongs to somebody else.
    """
    require(actor, Action.Case.CREATE)
    if (first := _already_open(actor, case_id)) is not None:
        return first
    organisation_id = organisation_of(actor, team_id)
    reason = checked_reason("vital_interest", vital_interest) if vital_interest else ""
    _refuse_without_consent(case_id, data, reason, now)
    today = office_day(organisation_id, now).isoformat()
    screening = checked("screening", data, {"today": today})
    if screening.get("outcome") == "helped_once":
        raise Invalid({"outcome": (N_("Help without a case has its own page: no case is opened for it."), {})})
    case = _new_case(actor, case_id, organisation_id, team_id, now)
    vault.write(case, _case_document(screening, today, reason) | ({"group": group} if group else {}), rv=0)
    session().add(case)
    session().flush()
    _first_records(actor, case, screening, reason, now)
    session().execute(delete(Draft).where(Draft.owner_id == actor.user_id, Draft.case_id == case_id))
    index_case(case)
    return case


def _new_case(actor: Actor, case_id: UUID, organisation_id: UUID, team_id: UUID, now: datetime) -> Case:
    return Case(
        id=case_id,
        number=_draw_number(),
        organisation_id=organisation_id,
        team_id=team_id,
        assignee_id=actor.user_id,
        state=CaseState.SCREENING.value,
        state_since=now,
        created_at=now,
        created_by=actor.user_id,
        updated_at=now,
    )


def _case_document(screening: dict[str, Any], today: str, reason: str) -> dict[str, Any]:
    code_en, code_ur = _draw_code_name()
    doc = {
        "catalogue": catalogue.RELEASE,
        "code_en": code_en,
        "code_ur": code_ur,
        "type": screening.get("case_type", "undetermined"),
        "source": screening.get("referral_source", ""),
        "first_contact": screening.get("contact_date", today),
    }
    return doc | ({"vital_interest": reason} if reason else {})


def _first_records(actor: Actor, case: Case, screening: dict[str, Any], reason: str, now: datetime) -> None:
    """Screening, person and safety, the summary, the trail's entry, and the ticks to the consent register."""
    carried = {code: screening[code] for code in _CARRIED if code in screening}
    danger = {"immediate_safety_alert": screening["danger_what"]} if "danger_what" in screening else {}
    kinds = {"screening": screening, "person": carried, "safety": danger}
    made = [seal_answers(new_record(actor, case.id, kind, new_id(), now), data) for kind, data in kinds.items()]
    session().flush()
    writes = [case, *made, rebuild_summary(case)]
    detail = {"kinds": list(kinds)}
    trail.record(
        Tag.CASE_OPENED, actor=actor, now=now, obj=("case_file", case.id), case_id=case.id, detail=detail, writes=writes
    )
    told = screening | ({"vital_interest": reason} if reason else {})
    ports.screening_consents.tell(actor=actor, case_id=case.id, data=told, screening_id=made[0].id, now=now)


def _already_open(actor: Actor, case_id: UUID) -> Case | None:
    """What a repeated post made the first time. Raises NotFound when the id belongs to somebody else."""
    one_at_a_time(actor)
    found = session().get(Case, case_id, populate_existing=True)
    if found is not None and found.created_by != actor.user_id:
        raise NotFound()
    others = select(Draft.id).where(Draft.case_id == case_id, Draft.owner_id != actor.user_id)
    if found is None and session().scalars(others.limit(1)).first():
        raise NotFound()
    if found is not None:
        require(actor, Action.Case.READ, found)
    return found


def _refuse_without_consent(case_id: UUID, data: dict[str, Any], reason: str, now: datetime) -> None:
    """Consent to the interview and to the record, or a vital interest: otherwise nothing is kept, drafts included."""
    if reason:
        return
    if data.get("consent_record") is not True:
        vault.destroy_case_key(case_id, now=now)
        raise RecordRefused()
    if data.get("consent_talk") is not True:
        raise Refused(N_("The person did not agree to talk. Ask again, or stop here."))


def _draw_number() -> str:
    for _try in range(_TRIES):
        number = case_number()
        if session().scalars(select(Case.id).where(Case.number == number)).first() is None:
            return number
    raise RuntimeError("no free case number")


def _draw_code_name() -> tuple[str, str]:
    """A code name that no other case has, as far as a few tries give; the blind index knows which are taken."""
    drawn = catalogue.draw_code_name(secrets.token_bytes(16))
    for _try in range(_TRIES):
        if not vault.find_cases([("code_name", drawn[0])]):
            break
        drawn = catalogue.draw_code_name(secrets.token_bytes(16))
    return drawn
