"""Tasks. Clear: ids, who does it, the day it is due, state, versions, times. What is to be done is sealed."""

import uuid
from datetime import date, datetime

from sqlalchemy import Date, ForeignKey, Index, String, Uuid
from sqlalchemy.orm import Mapped, mapped_column, relationship

from caseflow.cases.models import Case
from caseflow.core.db import Base, UtcDateTime
from caseflow.core.vault import Sealed


class Task(Sealed, Base):
    """Something to do in a case by a day of the office. Nobody assigned: it is the team's.

    Sealed: kind, words, what it came from (`source`), how it ended (`outcome`) and who ended it (`ended_by`).
    """

    __tablename__ = "task"
    __table_args__ = (
        Index("ix_task_case_id_state", "case_id", "state"),
        Index("ix_task_assignee_id_state_due_on", "assignee_id", "state", "due_on"),
        Index("ix_task_state_due_on_id", "state", "due_on", "id"),
    )
    SLOT = "task"

    case_id: Mapped[uuid.UUID] = mapped_column(Uuid, ForeignKey("case_file.id"))
    assignee_id: Mapped[uuid.UUID | None] = mapped_column(Uuid, ForeignKey("staff.id"))
    due_on: Mapped[date] = mapped_column(Date)
    state: Mapped[str] = mapped_column(String(16))
    state_since: Mapped[datetime] = mapped_column(UtcDateTime)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    created_by: Mapped[uuid.UUID | None] = mapped_column(Uuid)  # None: the system
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)

    case: Mapped[Case] = relationship(lazy="joined", viewonly=True)

    @property
    def organisation_id(self) -> uuid.UUID:
        """The case's organisation: a task belongs where its case belongs."""
        return self.case.organisation_id

    @property
    def team_id(self) -> uuid.UUID:
        """The case's team."""
        return self.case.team_id
