"""The sample of an audit: what the auditor may choose, and the draw at the moment of the approval."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from caseflow.accounts.queries import teams_of
from caseflow.audit import queries
from caseflow.audit.models import Audit, AuditFrame
from caseflow.audit.states import AuditState, Happened
from caseflow.cases.states import PublicState
from caseflow.core import catalogue, sampling, trail, vault
from caseflow.core.catalogue.faults import Fault
from caseflow.core.catalogue.text import clean_line
from caseflow.core.db import session
from caseflow.core.errors import Invalid, Refused
from caseflow.core.policy import Action, Actor, require
from caseflow.core.trail import Tag
from caseflow.core.words import N_

MOST_DRAWN = 50
LONGEST_SEED = 100
Problems = dict[str, tuple[str, dict[str, Any]]]


def checked_sampling(
    wanted: Mapping[str, Any], *, organisation_id: UUID, today: date
) -> tuple[dict[str, Any], Problems]:
    """How a sample shall be drawn, in its stored form, with what is wrong with it."""
    problems: Problems = {}
    teams = {str(team.id) for team in teams_of(organisation_id)}
    if wanted.get("happened") not in set(Happened):
        problems["happened"] = (N_("Choose what happened in the period."), {})
    if set(wanted.get("states") or ()) - set(PublicState):
        problems["states"] = (catalogue.MESSAGES["not_listed"], {})
    if set(wanted.get("teams") or ()) - teams:
        problems["teams"] = (catalogue.MESSAGES["not_listed"], {})
    size = wanted.get("size")
    if not isinstance(size, int) or not 1 <= size <= MOST_DRAWN:
        problems["size"] = (N_("A sample has from 1 to %(most)s cases."), {"most": MOST_DRAWN})
    seed, wrong = _seed(wanted.get("seed"))
    problems |= wrong | _period(wanted.get("since"), wanted.get("until"), today)
    chosen = {name: wanted.get(name) for name in ("happened", "since", "until", "size")}
    lists = {name: sorted(set(wanted.get(name) or ())) for name in ("states", "teams")}
    return {**chosen, **lists, "seed": seed}, problems


def _seed(raw: Any) -> tuple[str, Problems]:
    try:
        seed = clean_line(str(raw or ""), LONGEST_SEED)
    except Fault as fault:
        return "", {"seed": (catalogue.MESSAGES[fault.code], dict(fault.params))}
    return seed or "", {} if seed else {"seed": (N_("Write a seed: any words or numbers of your own."), {})}


def _period(since: Any, until: Any, today: date) -> Problems:
    if not since:
        return {"since": (N_("Write the first day of the period."), {})}
    if not until:
        return {"until": (N_("Write the last day of the period."), {})}
    if until < since:
        return {"until": (N_("The last day of the period lies before its first."), {})}
    if date.fromisoformat(until) > today:
        return {"until": (N_("The period ends today at the latest."), {})}
    return {}


def draw_sample(audit: Audit, *, zone: str, now: datetime) -> tuple[dict[str, Any], AuditFrame]:
    """Freeze the frame and draw from it; the audit's document then names the cases. The caller records it.

    Raises Invalid when no case fits the filter.
    """
    doc = vault.read(audit)
    wanted = doc["sampling"]
    lines = queries.frame_lines(audit.organisation_id, wanted, zone=zone)
    if not lines:
        raise Invalid({"": (N_("No case fits this filter now. Refuse the audit and say so."), {})})
    text = sampling.write_frame(lines)
    drawn = sampling.draw([line.case_id for line in lines], seed=wanted["seed"], size=wanted["size"])
    frozen = {"cases": len(lines), "sha256": sampling.frame_digest(text), "frozen_at": now.isoformat()}
    kept = {**doc, "case_ids": [str(one) for one in drawn], "sampling": {**wanted, **frozen}}
    vault.write(audit, kept, rv=audit.rv)
    frame = AuditFrame(id=audit.id)
    vault.write(frame, {"text": text}, rv=0)
    session().add(frame)
    return {"frame": len(lines), "sha256": frozen["sha256"]}, frame


def check_open(actor: Actor, view: queries.AuditView) -> None:
    """What an audit holds is its auditor's while it runs; data protection keeps the record of what it approved.

    Raises Refused for the auditor of an audit that is not running.
    """
    if actor.user_id == view.audit.auditor_id and view.state is not AuditState.RUNNING:
        raise Refused(N_("This audit is not open now, so its cases are closed."))


def read_frame(*, actor: Actor, audit_id: UUID, today: date, now: datetime) -> str:
    """The frozen frame as text, exactly the bytes that were hashed; that it was taken is recorded.

    Raises NotFound without a frame, Refused for the auditor when the audit is over, SealBroken.
    """
    audit = queries.get_audit(audit_id)
    require(actor, Action.Audit.READ, audit)
    check_open(actor, queries.view_of(audit, today=today))
    frame = queries.frame_of(audit_id)
    detail = {"sha256": frame.digest}
    trail.record(Tag.FRAME_READ, actor=actor, now=now, obj=("audit", audit_id), detail=detail)
    return frame.text
