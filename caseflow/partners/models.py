"""The partner directory. Sealed under the org key, because it holds the posts and numbers of focal points."""

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from caseflow.core.db import Base, UtcDateTime
from caseflow.core.vault import Sealed


class Partner(Sealed, Base):
    """An organisation we refer to. Sealed: names, class, services, area, channels, hours, agreement, contacts."""

    __tablename__ = "partner"
    SLOT = "partner"

    code: Mapped[str | None] = mapped_column(String(48), unique=True)  # of organisation_pk, for seeded rows
    state: Mapped[str] = mapped_column(String(16), default="active")  # active | retired
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)
