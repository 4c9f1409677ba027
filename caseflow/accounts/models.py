"""Organisations, teams, staff, memberships, invitations, requests, deputies, sessions.

Names, contacts and devices are sealed under the org key.
"""

import uuid
from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, Index, LargeBinary, String, Text, UniqueConstraint, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from caseflow.core.db import Base, UtcDateTime, new_id
from caseflow.core.vault import Sealed


class Organisation(Sealed, Base):
    """An organisation of this installation. Sealed: names, address, phone, e-mail (the letterhead), code, zone."""

    __tablename__ = "organisation"
    SLOT = "organisation"

    state: Mapped[str] = mapped_column(String(16), default="active")
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Team(Sealed, Base):
    """A team. Sealed: its name in both languages."""

    __tablename__ = "team"
    SLOT = "team"

    organisation_id: Mapped[uuid.UUID] = mapped_column(Uuid, ForeignKey("organisation.id"), index=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Staff(Sealed, Base):
    """A member of staff. Sealed: name, post, phone, e-mail, sign-in name, language; TOTP seed, and hashes of
    recovery codes and PIN."""

    __tablename__ = "staff"
    SLOT = "staff"
    UNTRAILED = ("totp_step",)

    organisation_id: Mapped[uuid.UUID] = mapped_column(Uuid, ForeignKey("organisation.id"), index=True)
    sign_in_token: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    password_hash: Mapped[str] = mapped_column(Text, default="")
    state: Mapped[str] = mapped_column(String(16), default="invited")  # invited | active | disabled
    totp_step: Mapped[int] = mapped_column(BigInteger, default=0)  # the last time step used: a code works once
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    created_by: Mapped[uuid.UUID | None] = mapped_column(Uuid)


class StaffMembership(Base):
    """Membership is user x team x role; roles of the whole organisation have no team."""

    __tablename__ = "membership"
    __table_args__ = (Index("ix_membership_staff_id", "staff_id"), Index("ix_membership_team_id", "team_id"))

    id: Mapped[uuid.UUID] = mapped_column(Uuid, primary_key=True, default=new_id)
    staff_id: Mapped[uuid.UUID] = mapped_column(Uuid, ForeignKey("staff.id"))
    organisation_id: Mapped[uuid.UUID] = mapped_column(Uuid, ForeignKey("organisation.id"))
    team_id: Mapped[uuid.UUID | None] = mapped_column(Uuid, ForeignKey("team.id"))
    role: Mapped[str] = mapped_column(String(32))
    valid_from: Mapped[datetime] = mapped_column(UtcDateTime)
    valid_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    granted_by: Mapped[uuid.UUID | None] = mapped_column(Uuid)


class Duty(Sealed, Base):
    """One turn on the duty roster of an organisation. Sealed: the number at which the person answers."""

    __tablename__ = "duty"
    __table_args__ = (Index("ix_duty_organisation_id_ends_at", "organisation_id", "ends_at"),)
    SLOT = "duty"

    organisation_id: Mapped[uuid.UUID] = mapped_column(Uuid, ForeignKey("organisation.id"))
    user_id: Mapped[uuid.UUID] = mapped_column(Uuid, ForeignKey("staff.id"))
    role: Mapped[str] = mapped_column(String(32))  # supervisor | data_protection
    starts_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ends_at: Mapped[datetime] = mapped_column(UtcDateTime)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Invitation(Base):
    """A one-time link with which somebody joins, or replaces a lost password or factor. Only its hash is kept."""

    __tablename__ = "invitation"

    id: Mapped[uuid.UUID] = mapped_column(Uuid, primary_key=True, default=new_id)
    staff_id: Mapped[uuid.UUID] = mapped_column(Uuid, ForeignKey("staff.id"), index=True)
    token_hash: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    created_by: Mapped[uuid.UUID | None] = mapped_column(Uuid)
    purpose: Mapped[str] = mapped_column(String(16), default="join", server_default="join")  # join | factor | password


class StaffRequest(Base):
    """What one person asked for and a second one decides: a role, or a link for a lost factor or password."""

    __tablename__ = "staff_request"
    __table_args__ = (Index("ix_staff_request_state_organisation_id", "state", "organisation_id"),)

    id: Mapped[uuid.UUID] = mapped_column(Uuid, primary_key=True, default=new_id)
    kind: Mapped[str] = mapped_column(String(16))  # role | factor | password
    staff_id: Mapped[uuid.UUID] = mapped_column(Uuid, ForeignKey("staff.id"), index=True)
    organisation_id: Mapped[uuid.UUID] = mapped_column(Uuid, ForeignKey("organisation.id"))
    team_id: Mapped[uuid.UUID | None] = mapped_column(Uuid, ForeignKey("team.id"))
    role: Mapped[str] = mapped_column(String(32), default="")
    state: Mapped[str] = mapped_column(String(16), default="asked")  # asked | approved | refused | withdrawn
    asked_by: Mapped[uuid.UUID | None] = mapped_column(Uuid)
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    decided_by: Mapped[uuid.UUID | None] = mapped_column(Uuid)
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Deputy(Base):
    """Somebody stands in for somebody else in one role, between two moments."""

    __tablename__ = "deputy"
    __table_args__ = (Index("ix_deputy_deputy_id_valid_until", "deputy_id", "valid_until"),)

    id: Mapped[uuid.UUID] = mapped_column(Uuid, primary_key=True, default=new_id)
    principal_id: Mapped[uuid.UUID] = mapped_column(Uuid, ForeignKey("staff.id"), index=True)
    deputy_id: Mapped[uuid.UUID] = mapped_column(Uuid, ForeignKey("staff.id"))
    organisation_id: Mapped[uuid.UUID] = mapped_column(Uuid, ForeignKey("organisation.id"))
    role: Mapped[str] = mapped_column(String(32))
    valid_from: Mapped[datetime] = mapped_column(UtcDateTime)
    valid_until: Mapped[datetime] = mapped_column(UtcDateTime)
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)


class StaffSession(Base):
    """A signed-in browser. The cookie is an opaque token, its SHA-256 is here. `level` is password or full."""

    __tablename__ = "staff_session"

    id: Mapped[uuid.UUID] = mapped_column(Uuid, primary_key=True, default=new_id)
    token_hash: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    staff_id: Mapped[uuid.UUID] = mapped_column(Uuid, ForeignKey("staff.id"), index=True)
    level: Mapped[str] = mapped_column(String(16))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    last_seen_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    confirmed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    device: Mapped[bytes | None] = mapped_column(LargeBinary)  # sealed: family of the browser, platform
    data: Mapped[str] = mapped_column(Text, default="{}")  # CSRF value, language, notices without a person's data


class SignInFailure(Base):
    """Failed sign-ins by account and address together, so that nobody can shut another person out."""

    __tablename__ = "sign_in_failure"
    __table_args__ = (UniqueConstraint("account_token", "address_token"),)

    id: Mapped[uuid.UUID] = mapped_column(Uuid, primary_key=True, default=new_id)
    account_token: Mapped[bytes] = mapped_column(LargeBinary(32))
    address_token: Mapped[bytes] = mapped_column(LargeBinary(32))
    count: Mapped[int] = mapped_column(default=0)
    first_at: Mapped[datetime] = mapped_column(UtcDateTime)
    last_at: Mapped[datetime] = mapped_column(UtcDateTime)
    locked_until: Mapped[datetime | None] = mapped_column(UtcDateTime)


class ParkedPost(Base):
    """What was posted on a dead session, sealed under a key that only the browser holds."""

    __tablename__ = "parked_post"

    id: Mapped[uuid.UUID] = mapped_column(Uuid, primary_key=True, default=new_id)
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
