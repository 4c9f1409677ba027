"""Audits and the files made for them."""

import uuid
from datetime import date, datetime

from sqlalchemy import Date, ForeignKey, String, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from caseflow.core.db import Base, UtcDateTime, new_id
from caseflow.core.vault import Sealed


class Audit(Sealed, Base):
    """An audit that somebody other than its auditor approves.

    Sealed: purpose, scope, case ids, reason of refusal, how a sample is drawn (filter, size, seed, frame's digest).
    """

    __tablename__ = "audit"
    SLOT = "audit"

    number: Mapped[str] = mapped_column(String(16), unique=True)
    organisation_id: Mapped[uuid.UUID] = mapped_column(Uuid, ForeignKey("organisation.id"), index=True)
    auditor_id: Mapped[uuid.UUID] = mapped_column(Uuid, ForeignKey("staff.id"), index=True)
    state: Mapped[str] = mapped_column(String(16))  # asked | running | refused | ended
    ends_on: Mapped[date] = mapped_column(Date)
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    decided_by: Mapped[uuid.UUID | None] = mapped_column(Uuid)


class AuditFrame(Sealed, Base):
    """The frame a sample was drawn from, frozen at the approval; its id is the audit's. Apart, because it is long."""

    __tablename__ = "audit_frame"
    SLOT = "frame"


class AuditFile(Base):
    """A PDF asked for inside an audit: one case's redacted file, its trail, or the trail of the audit itself.

    Made by the worker, kept sealed: under the case's key, or under the organisation's where no case can be opened.
    """

    __tablename__ = "audit_file"

    id: Mapped[uuid.UUID] = mapped_column(Uuid, primary_key=True, default=new_id)
    audit_id: Mapped[uuid.UUID] = mapped_column(Uuid, ForeignKey("audit.id"), index=True)
    case_id: Mapped[uuid.UUID | None] = mapped_column(Uuid, ForeignKey("case_file.id"), index=True)
    asked_by: Mapped[uuid.UUID | None] = mapped_column(Uuid)
    document_id: Mapped[uuid.UUID | None] = mapped_column(Uuid)
    what: Mapped[str] = mapped_column(String(16))  # file | trail | audit
    state: Mapped[str] = mapped_column(String(16), default="queued")  # queued | ready | failed
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ready_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
