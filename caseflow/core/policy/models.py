"""The one table of access beyond team membership: audit, break-glass, restricted, deputy."""

import uuid
from datetime import datetime

from sqlalchemy import Index, String, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from caseflow.core.db import Base, UtcDateTime, new_id


class AccessGrant(Base):
    """One person's access to one case for a while; `source` is the audit, request or note it rests on."""

    __tablename__ = "access_grant"
    __table_args__ = (Index("ix_access_grant_user_id_valid_until", "user_id", "valid_until"),)

    id: Mapped[uuid.UUID] = mapped_column(Uuid, primary_key=True, default=new_id)
    user_id: Mapped[uuid.UUID] = mapped_column(Uuid)
    case_id: Mapped[uuid.UUID] = mapped_column(Uuid, index=True)
    reason_kind: Mapped[str] = mapped_column(String(16))
    valid_from: Mapped[datetime] = mapped_column(UtcDateTime)
    valid_until: Mapped[datetime] = mapped_column(UtcDateTime)
    source: Mapped[uuid.UUID] = mapped_column(Uuid)
