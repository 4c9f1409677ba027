"""The consent register. Everything a consent says is sealed; gates open it, they never read a clear copy."""

import uuid
from datetime import datetime

from sqlalchemy import ForeignKey, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from caseflow.core.db import Base, UtcDateTime
from caseflow.core.vault import Sealed


class Consent(Sealed, Base):
    """One consent, refusal or other basis. Sealed: scope, recipient, data groups, status, basis, method, freedom,
    dates, text version. `created_by` took it."""

    __tablename__ = "consent"
    SLOT = "consent"

    case_id: Mapped[uuid.UUID] = mapped_column(Uuid, ForeignKey("case_file.id"), index=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    created_by: Mapped[uuid.UUID] = mapped_column(Uuid)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)
