"""The case and its sealed records. Clear: random ids, organisation, team, assignee, state, due day, versions, times."""

import uuid
from datetime import date, datetime

from sqlalchemy import Date, ForeignKey, Index, LargeBinary, String, UniqueConstraint, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from caseflow.core.db import Base, UtcDateTime
from caseflow.core.vault import PAD_NARRATIVE, Sealed


class Case(Sealed, Base):
    """A case: a folder of sealed records. Sealed: code name, type, source and circumstances of the first contact."""

    __tablename__ = "case_file"
    __table_args__ = (
        Index("ix_case_file_team_id_updated_at_id", "team_id", "updated_at", "id"),
        Index("ix_case_file_assignee_id_updated_at_id", "assignee_id", "updated_at", "id"),
        # Counts for the homes: how many of a team or of one worker, in which state, due by which day.
        Index("ix_case_file_team_id_state_due_on_assignee_id", "team_id", "state", "due_on", "assignee_id"),
        Index("ix_case_file_assignee_id_state_due_on", "assignee_id", "state", "due_on"),
    )
    SLOT = "case"

    number: Mapped[str] = mapped_column(String(16), unique=True)  # random: no year, office or sex in it
    organisation_id: Mapped[uuid.UUID] = mapped_column(Uuid, ForeignKey("organisation.id"), index=True)
    team_id: Mapped[uuid.UUID] = mapped_column(Uuid, ForeignKey("team.id"))
    assignee_id: Mapped[uuid.UUID | None] = mapped_column(Uuid, ForeignKey("staff.id"))
    state: Mapped[str] = mapped_column(String(24))
    state_since: Mapped[datetime] = mapped_column(UtcDateTime)
    due_on: Mapped[date | None] = mapped_column(Date)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    created_by: Mapped[uuid.UUID] = mapped_column(Uuid)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)

    @property
    def case_id(self) -> uuid.UUID:
        """The case itself: policy sees a case and what hangs on it alike, and it is sealed under its own key."""
        return self.id


class CaseSummary(Sealed, Base):
    """The narrow sealed summary that feeds lists and reports; its id is the case's."""

    __tablename__ = "case_summary"
    SLOT = "summary"

    @property
    def key_case_id(self) -> uuid.UUID:
        """A summary is sealed under its case's key."""
        return self.id


class CaseRecord(Sealed, Base):
    """Form-like content. `kind_token` stands for the kind; `kind` itself is known only to who holds the case key."""

    __tablename__ = "case_record"
    __table_args__ = (
        Index("ix_case_record_case_id_kind_token", "case_id", "kind_token"),
        Index("ix_case_record_kind_token", "kind_token"),  # records of one kind in many cases
    )
    PAD = PAD_NARRATIVE

    case_id: Mapped[uuid.UUID] = mapped_column(Uuid, ForeignKey("case_file.id"))
    kind_token: Mapped[bytes] = mapped_column(LargeBinary(16))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    created_by: Mapped[uuid.UUID] = mapped_column(Uuid)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)
    updated_by: Mapped[uuid.UUID] = mapped_column(Uuid)

    kind: str = ""  # set by whoever loads or makes the record; never stored

    @property
    def slot(self) -> str:
        """The kind is the slot: a relabelled record does not open."""
        return self.kind


class Draft(Sealed, Base):
    """What somebody was writing. The case may not exist yet; `base_rv` is the version it started from."""

    __tablename__ = "draft"
    __table_args__ = (UniqueConstraint("owner_id", "record_id"),)
    SLOT = "draft"
    PAD = PAD_NARRATIVE

    owner_id: Mapped[uuid.UUID] = mapped_column(Uuid, ForeignKey("staff.id"), index=True)
    case_id: Mapped[uuid.UUID] = mapped_column(Uuid, index=True)
    record_id: Mapped[uuid.UUID] = mapped_column(Uuid)
    kind_token: Mapped[bytes] = mapped_column(LargeBinary(16))
    base_rv: Mapped[int] = mapped_column()
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Document(Sealed, Base):
    """A sealed file, of a case or (under the organisation key) of none. Sealed: name, type, size, SHA-256, own key."""

    __tablename__ = "document"
    SLOT = "document"

    case_id: Mapped[uuid.UUID | None] = mapped_column(Uuid, ForeignKey("case_file.id"), index=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    created_by: Mapped[uuid.UUID | None] = mapped_column(Uuid)


class ContactCount(Sealed, Base):
    """Somebody was helped without a case, or wanted no record: a count of that day, sealed under the org key.

    It has no time of day, no author and no case. Sealed: what was given, adult or child, gender, as far as told.
    """

    __tablename__ = "contact_count"
    __table_args__ = (Index("ix_contact_count_organisation_id_office_day", "organisation_id", "office_day"),)
    SLOT = "contact_count"

    organisation_id: Mapped[uuid.UUID] = mapped_column(Uuid, ForeignKey("organisation.id"))
    team_id: Mapped[uuid.UUID] = mapped_column(Uuid, ForeignKey("team.id"))
    office_day: Mapped[date] = mapped_column(Date)
    kind: Mapped[str] = mapped_column(String(16))  # helped_once | declined | taken_back

    @staticmethod
    def id_for(token: bytes) -> uuid.UUID:
        """The id of a count from a keyed token of its form: the same form counts once, and the row tells no form."""
        return uuid.UUID(bytes=token[:16], version=4)
