"""Compose the redacted case file: every section in words, in the language of the moment."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from hashlib import sha256
from typing import Any, cast
from uuid import UUID
from zoneinfo import ZoneInfo

import orjson

from caseflow.audit.letters.access import access_log
from caseflow.audit.letters.checking import checks_of
from caseflow.audit.letters.redacting import (
    Line,
    label,
    labels,
    recipient_in_words,
    redacted_lines,
    services_in_words,
)
from caseflow.audit.letters.sources import DocumentView, RecordView, ReferralView, Sources, unopened
from caseflow.audit.letters.tag_words import tag_in_words
from caseflow.consent.queries import ConsentView
from caseflow.consent.states import STATUS_WORDS
from caseflow.core.press.case_file import Answers, CaseFile, Chain, ConsentRow, Cover, Note, Paper, ReferralPart, Step
from caseflow.core.trail import Tag
from caseflow.core.words import N_, ngettext
from caseflow.core.words import gettext as _
from caseflow.referrals.queries import EventView
from caseflow.referrals.states import EVENT_LABELS

PROGRAM_VERSION = "0.1"
# Files that this program makes and that are no type of document.
OWN_PAPERS = {"case_file": N_("Case file, PDF"), "trail": N_("Trail, PDF")}
_MOVES = frozenset({Tag.CASE_OPENED, Tag.CASE_MOVED, Tag.CASE_ASSIGNED})


def compose_case_file(sources: Sources) -> CaseFile:
    """The file of one case at level 1; its cover carries the SHA-256 of all the rest."""
    content = {
        "cover": cover_of(sources),
        "chronology": chronology(sources),
        "screenings": [_screening(sources, one) for one in sources.screenings],
        "consents": [_consent(sources, one) for one in reversed(sources.consents)],
        "referrals": [_referral(sources, one) for one in sources.referrals],
        "notes": [_note(sources, one) for one in sources.notes],
        "documents": [_document(sources, one) for one in sources.documents],
        "access": access_log(sources),
        "checks": checks_of(sources),
        "chain": chain_of(sources),
    }
    return cast(CaseFile, sealed(content))


def sealed(content: dict[str, Any]) -> dict[str, Any]:
    """The content with its digest on the cover: SHA-256 of the canonical JSON of everything but the digest itself."""
    bare = {name: part for name, part in content["cover"].items() if name != "digest"}
    canonical = orjson.dumps({**content, "cover": bare}, option=orjson.OPT_SORT_KEYS)
    return {**content, "cover": {**bare, "digest": sha256(canonical).hexdigest()}}


def cover_of(sources: Sources) -> Cover:
    """Who made it and who approved it by post, why, when; the digest is added last."""
    return {
        "office": sources.office,
        "case_number": sources.case_number,
        "code_name": sources.code_name,
        "made_by": sources.made_by,
        "approved_by": sources.approved_by,
        "audit_number": sources.audit_number,
        "purpose": sources.purpose,
        "made_at": sources.made_at,
        "zone": sources.zone,
        "digest": "",
        "version": PROGRAM_VERSION,
    }


def chain_of(sources: Sources) -> Chain:
    """How the chain of this case stood when the document was made."""
    seq, digest = sources.head
    return {"entries": sources.report.entries, "head": seq, "digest": digest, "verified": sources.report.whole}


def chronology(sources: Sources) -> list[Step]:
    """The case's own moves, from its trail."""
    return [
        {
            "at": entry.happened_at,
            "what": _move(entry.tag, entry.detail),
            "actor": sources.who(entry.actor_id, entry.role),
            "detail": unopened() if entry.error else _from(entry.detail),
        }
        for entry in sources.entries
        if entry.tag in _MOVES
    ]


def _move(tag: str, detail: Mapping[str, Any]) -> str:
    return label("case_status", detail.get("to", "")) or tag_in_words(tag)


def _from(detail: Mapping[str, Any]) -> str:
    return _("Before: %(state)s", state=label("case_status", detail["from"])) if detail.get("from") else ""


def _screening(sources: Sources, one: RecordView) -> Answers:
    broken: list[Line] = [(_("This screening"), unopened())]
    lines = broken if one.data is None else redacted_lines("screening", one.data)
    return {"at": one.at, "actor": sources.who(one.author_id), "lines": lines}


def _note(sources: Sources, one: RecordView) -> Note:
    """Subjects are of class S: a note stands here by its day and its author alone."""
    title = unopened() if one.data is None else _("Note (its subject is withheld at level 1)")
    return {"at": one.at, "actor": sources.who(one.author_id), "title": title}


def _document(sources: Sources, one: DocumentView) -> Paper:
    """A file by what it is and by its hash; its name may hold a name, and is left out."""
    doc = one.doc or {}
    what = OWN_PAPERS.get(doc.get("what", ""))
    title = _(what) if what else label("document_type", doc.get("what", "")) or _("File")
    return {
        "at": one.at,
        "actor": sources.who(one.made_by),
        "title": title if one.doc is not None else unopened(),
        "size": int(doc.get("size", 0)),
        "digest": str(doc.get("sha256", "")),
    }


def _consent(sources: Sources, view: ConsentView) -> ConsentRow:
    doc = view.doc
    if view.broken:
        blank = dict.fromkeys(("recipient", "basis", "method", "status", "text_version"), "")
        dates = {"given_at": view.created_at, "until": None, "withdrawn_at": None}
        return cast(ConsentRow, {"scope": unopened(), **blank, **dates})
    return {
        "scope": label("consent_scope", doc["scope"]),
        "recipient": _recipient(sources, doc.get("recipient_id", ""), doc.get("recipient_class", "")),
        "basis": label("consent_basis", doc.get("basis", "")) or _("basis not recorded"),
        "method": label("consent_method", doc.get("method", "")) or _("method not recorded"),
        "status": _(STATUS_WORDS[view.status]),
        "given_at": _noon(sources, doc.get("given_on", "")),
        "until": _noon(sources, doc.get("valid_until", "")),
        "withdrawn_at": _withdrawn(sources, view),
        "text_version": doc.get("text_version", ""),
    }


def _recipient(sources: Sources, partner_id: str, recipient_class: str) -> str:
    if not partner_id:
        return _("This office")
    return recipient_in_words(sources.partners.get(UUID(partner_id), ""), recipient_class)


def _noon(sources: Sources, day: str) -> datetime | None:
    """A day without an hour, as a moment that lies on it in the office's zone."""
    return datetime.combine(date.fromisoformat(day), time(12), ZoneInfo(sources.zone)).astimezone(UTC) if day else None


def _withdrawn(sources: Sources, view: ConsentView) -> datetime | None:
    """When the withdrawal was recorded: from that moment on it counts."""
    if not view.doc.get("withdrawn_on"):
        return None
    told = [one for one in sources.entries if one.tag == Tag.CONSENT_WITHDRAWN and one.object_id == view.id]
    return told[-1].recorded_at if told else _noon(sources, view.doc["withdrawn_on"])


def _referral(sources: Sources, one: ReferralView) -> ReferralPart:
    row = one.row
    return {
        "number": row.number,
        "service": "" if row.broken else services_in_words(row.doc.get("services", [])),
        "state": label("referral_status", str(row.state)),
        "digest": one.digest,
        "facts": [(_("This referral"), unopened())] if row.broken else _facts(sources, one),
        "events": [_event(sources, event) for event in sorted(one.events, key=_order)],
    }


def _facts(sources: Sources, one: ReferralView) -> list[Line]:
    doc, snapshot = one.row.doc, one.snapshot
    groups = snapshot["groups"] if snapshot else doc.get("groups", [])
    told = _("Data disclosed") if one.issued_at else _("Data chosen, not disclosed")
    lines: list[Line] = [
        (_("Recipient"), _recipient(sources, doc["partner_id"], doc["recipient_class"])),
        (_("Urgency"), label("referral_urgency", doc.get("urgency", ""))),
        (_("Basis"), _basis(doc)),
        (_("Written by"), sources.who(one.row.author_id)),
        (_("Approved by"), _approved(sources, one)),
        (_("Letter number"), one.letter_number or _("none")),
        (told, labels("disclosure_group", groups)),
        (_("Time from issue to receipt"), _between(one.issued_at, one.when("acknowledge"))),
        (_("Time from issue to service"), _between(one.issued_at, one.when("start_service"))),
        (_("Letter (SHA-256)"), one.letter_sha256 or _("no letter was issued")),
        (_("Words of the request and its reasons"), None),
    ]
    return [(_("A part of this referral"), unopened()), *lines] if one.unreadable else lines


def _basis(doc: Mapping[str, Any]) -> str:
    basis = doc.get("basis", "")
    return _("Consent") if basis == "consent" else label("consent_basis", basis)


def _approved(sources: Sources, one: ReferralView) -> str:
    if one.row.approver_id is None:
        return _("nobody")
    who = sources.who(one.row.approver_id)
    if one.row.emergency:
        return _ratified(one, who)
    submitted = one.when("submit")
    if submitted is None or one.approved_at is None:
        return who
    return _("%(who)s, %(span)s after it was submitted", who=who, span=span(one.approved_at - submitted))


def _ratified(one: ReferralView, who: str) -> str:
    """Who decided on an emergency issue, and how long after it; who did not ratify it has not approved it."""
    decided = one.approved_at or one.when("recall")
    took = span(decided - one.issued_at) if decided and one.issued_at else _("not recorded")
    if one.approved_at:
        return _("%(who)s, who ratified it %(span)s after the emergency issue", who=who, span=took)
    return _("nobody: %(who)s did not ratify it, %(span)s after the emergency issue", who=who, span=took)


def _between(start: datetime | None, end: datetime | None) -> str:
    if start is None:
        return _("not issued")
    return span(max(end - start, timedelta())) if end else _("not recorded")


def span(length: timedelta) -> str:
    """A length in its largest whole unit: seconds, minutes, hours or days."""
    seconds = int(length.total_seconds())
    if seconds < 120:
        return ngettext("%(num)s second", "%(num)s seconds", seconds)
    if seconds < 2 * 3600:
        return ngettext("%(num)s minute", "%(num)s minutes", seconds // 60)
    if seconds < 48 * 3600:
        return ngettext("%(num)s hour", "%(num)s hours", seconds // 3600)
    return ngettext("%(num)s day", "%(num)s days", seconds // 86400)


def _order(event: EventView) -> tuple[datetime, int]:
    """As recorded; events of one moment in the order of the life cycle."""
    verbs = list(EVENT_LABELS)
    return event.recorded_at, verbs.index(event.verb) if event.verb in verbs else len(verbs)


def _event(sources: Sources, event: EventView) -> Step:
    words = EVENT_LABELS.get(event.verb)
    return {
        "at": event.happened_at,
        "what": _(words) if words else event.verb,
        "actor": sources.who(event.actor_id),
        "detail": unopened() if event.broken else _said(sources, event),
    }


def _said(sources: Sources, event: EventView) -> str:
    """The coded part of an event: how it came, the reason, and when it was recorded if that was another day."""
    doc = event.doc
    parts = [label("answer_channel", doc.get("how", "")), label("referral_refusal_reason", doc.get("reason", ""))]
    if sources.day_of(event.recorded_at) != sources.day_of(event.happened_at):
        parts.append(_("recorded later"))
    return "; ".join(part for part in parts if part)
