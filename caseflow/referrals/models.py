"""Referrals, their line of events, the frozen snapshots and the letter register."""

import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, LargeBinary, String, UniqueConstraint, Uuid, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from caseflow.cases.models import Case
from caseflow.core import vault
from caseflow.core.db import Base, UtcDateTime, new_id
from caseflow.core.vault import Sealed


class Referral(Sealed, Base):
    """A referral to one recipient for one purpose. Sealed: recipient, services, urgency, data groups, reasons,
    comments, and who wrote or edited it (`hands`) or took the consents it rests on (`takers`)."""

    __tablename__ = "referral"
    __table_args__ = (
        Index("ix_referral_state_due_at", "state", "due_at"),
        Index("ix_referral_author_id_state", "author_id", "state"),
        Index("ix_referral_case_id_state_due_at_state_since", "case_id", "state", "due_at", "state_since"),
        # Emergencies that nobody decided on; nothing else stands in their states without an approver.
        Index(
            "ix_referral_state_undecided",
            "state",
            sqlite_where=text("approver_id IS NULL"),
            postgresql_where=text("approver_id IS NULL"),
        ),
    )
    SLOT = "referral"

    number: Mapped[str] = mapped_column(String(16), unique=True)  # random, printed as the referral's name
    case_id: Mapped[uuid.UUID] = mapped_column(Uuid, ForeignKey("case_file.id"))
    author_id: Mapped[uuid.UUID] = mapped_column(Uuid, ForeignKey("staff.id"))
    state: Mapped[str] = mapped_column(String(24))
    state_since: Mapped[datetime] = mapped_column(UtcDateTime)
    due_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  # the clock of the present state
    snapshot_id: Mapped[uuid.UUID | None] = mapped_column(Uuid)  # what was submitted last
    approver_id: Mapped[uuid.UUID | None] = mapped_column(Uuid)
    approved_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    document_id: Mapped[uuid.UUID | None] = mapped_column(Uuid)  # the issued letter
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)

    case: Mapped[Case] = relationship(lazy="joined", viewonly=True)

    @property
    def organisation_id(self) -> uuid.UUID:
        """The case's organisation: a referral belongs where its case belongs."""
        return self.case.organisation_id

    @property
    def team_id(self) -> uuid.UUID:
        """The case's team."""
        return self.case.team_id

    @property
    def assignee_id(self) -> uuid.UUID | None:
        """The case's caseworker."""
        return self.case.assignee_id

    @property
    def emergency(self) -> bool:
        """Whether it left as an emergency issue: with a letter first and the supervisor's word after."""
        return bool(vault.read(self).get("emergency"))

    @property
    def involved(self) -> frozenset[uuid.UUID]:
        """Who wrote or edited it, or took a consent it rests on: none of them may approve it."""
        return involved_in(self.author_id, vault.read(self))


def involved_in(author_id: uuid.UUID, doc: Mapping[str, Any]) -> frozenset[uuid.UUID]:
    """The author, and whom the document of a referral names as hands and takers."""
    return frozenset(uuid.UUID(one) for one in (*doc.get("hands", ()), *doc.get("takers", ()))) | {author_id}


class ReferralEvent(Sealed, Base):
    """One event on the line of a referral. Sealed: who answered, reasons, dates agreed, words."""

    __tablename__ = "referral_event"
    __table_args__ = (Index("ix_referral_event_referral_id_recorded_at", "referral_id", "recorded_at"),)
    SLOT = "event"

    referral_id: Mapped[uuid.UUID] = mapped_column(Uuid, ForeignKey("referral.id"))
    case_id: Mapped[uuid.UUID] = mapped_column(Uuid, ForeignKey("case_file.id"), index=True)
    verb: Mapped[str] = mapped_column(String(32))
    happened_at: Mapped[datetime] = mapped_column(UtcDateTime)
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    actor_id: Mapped[uuid.UUID | None] = mapped_column(Uuid)


class Snapshot(Sealed, Base):
    """The canonical content of one submission. `digest` (SHA-256, over a sealed salt too) is approved and printed."""

    __tablename__ = "referral_snapshot"
    SLOT = "snapshot"

    referral_id: Mapped[uuid.UUID] = mapped_column(Uuid, ForeignKey("referral.id"), index=True)
    case_id: Mapped[uuid.UUID] = mapped_column(Uuid, ForeignKey("case_file.id"), index=True)
    digest: Mapped[bytes] = mapped_column(LargeBinary(32))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


class RegisterEntry(Base):
    """The letter register: numbers without gaps per organisation and year; cancelled ones stay listed."""

    __tablename__ = "letter_register"
    __table_args__ = (UniqueConstraint("organisation_id", "year", "seq"),)

    id: Mapped[uuid.UUID] = mapped_column(Uuid, primary_key=True, default=new_id)
    organisation_id: Mapped[uuid.UUID] = mapped_column(Uuid, ForeignKey("organisation.id"))
    year: Mapped[int] = mapped_column()
    seq: Mapped[int] = mapped_column()
    referral_id: Mapped[uuid.UUID] = mapped_column(Uuid, ForeignKey("referral.id"), unique=True)
    state: Mapped[str] = mapped_column(String(16))  # reserved | issued | cancelled
    reserved_at: Mapped[datetime] = mapped_column(UtcDateTime)
    issued_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
