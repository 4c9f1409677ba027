"""What the trail of an audit and the page of a skeleton are made from."""

from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import select

from caseflow.accounts.queries import organisation_doc, staff_docs, team_names
from caseflow.audit.letters.audit_trail import AuditSources, CaseLine, SkeletonSources, StreamLine
from caseflow.audit.models import Audit, AuditFile
from caseflow.audit.queries.entries import opened_entries
from caseflow.audit.queries.framing import frame_of
from caseflow.audit.queries.gathering import aliases, head_of, named, posts
from caseflow.audit.queries.reading import files_of, get_audit, office_zone, skeletons, state_on
from caseflow.audit.states import LABELS
from caseflow.cases.models import Case
from caseflow.core import vault
from caseflow.core.db import session
from caseflow.core.errors import NotFound
from caseflow.core.trail import INSTALLATION
from caseflow.core.trail.models import TrailEntry
from caseflow.core.trail.verify import verify
from caseflow.core.words import gettext as _
from caseflow.core.words import language


def gather_audit(made: AuditFile, *, now: datetime) -> AuditSources:
    """Everything done under an audit, with its sample and how the streams verify, in the language of the moment.

    Raises SealBroken when the audit or its frame does not open.
    """
    audit = get_audit(made.audit_id)
    common, doc = _common(audit, made, now), vault.read(audit)
    cases = _cases([UUID(one) for one in doc["case_ids"]])
    files = files_of(audit.id)
    objects = [audit.id, *(one.id for one in files)]
    query = select(TrailEntry).where(TrailEntry.object_id.in_(objects))
    entries = opened_entries(query.order_by(TrailEntry.recorded_at, TrailEntry.stream, TrailEntry.seq))
    staff = {entry.actor_id for entry in entries if entry.actor_id}
    sampled = doc.get("sampling")
    today = now.astimezone(ZoneInfo(common["zone"])).date()
    return AuditSources(
        **common,
        scope=doc["scope"],
        state=_(LABELS[state_on(audit, today)]),
        last_day=audit.ends_on.isoformat(),
        sampling=sampled,
        counts=frame_of(audit.id).counts if sampled and audit.decided_by else None,
        cases=cases,
        entries=entries,
        about={audit.id: audit.number} | {one.id: _about(one, cases) for one in files},
        posts={one: named(found, "post") for one, found in staff_docs(staff).items()},
        aliases=aliases(audit.id, staff | {audit.auditor_id, audit.decided_by}),
        teams=team_names(),
        streams=[_stream(one) for one in (INSTALLATION, *cases)],
    )


def gather_skeleton(made: AuditFile, *, now: datetime) -> SkeletonSources:
    """What is left of a case. Raises NotFound for a file of no case, SealBroken when the audit does not open."""
    if made.case_id is None:
        raise NotFound()
    case = _cases([made.case_id])[made.case_id]
    common = _common(get_audit(made.audit_id), made, now)
    return SkeletonSources(**common, case_number=case.number, case=case, stream=_stream(made.case_id))


def _common(audit: Audit, made: AuditFile, now: datetime) -> dict[str, Any]:
    return {
        "language": language(),
        "zone": office_zone(audit.organisation_id),
        "made_at": now,
        "office": named(organisation_doc(audit.organisation_id), "name"),
        "audit_number": audit.number,
        "purpose": vault.read(audit)["purpose"],
        **posts(audit, made.asked_by or audit.auditor_id),
    }


def _cases(case_ids: list[UUID]) -> dict[UUID, CaseLine]:
    """The cases by id, in the order of the audit."""
    found = {case.id: case for case in session().scalars(select(Case).where(Case.id.in_(case_ids)))}
    gone = skeletons(case_ids)
    return {
        one: CaseLine(case.number, case.state, case.created_at, case.state_since, one in gone)
        for one in case_ids
        if (case := found.get(one))
    }


def _about(made: AuditFile, cases: dict[UUID, CaseLine]) -> str:
    words = {"file": _("Case file, PDF"), "trail": _("Trail, PDF")}.get(made.what, _("Trail of the audit, PDF"))
    case = cases.get(made.case_id) if made.case_id else None
    return f"{words}: {case.number}" if case else words


def _stream(stream: UUID) -> StreamLine:
    return StreamLine(stream, verify(case_id=stream), head_of(stream))
