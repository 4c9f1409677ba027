"""The duty roster; and an index that finds emergency issues without a decision."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.create_table(
        "duty",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("rv", sa.Integer(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("role", sa.String(length=32), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_duty_organisation_id_organisation")),
        sa.ForeignKeyConstraint(["user_id"], ["staff.id"], name=op.f("fk_duty_user_id_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_duty")),
    )
    op.create_index("ix_duty_organisation_id_ends_at", "duty", ["organisation_id", "ends_at"], unique=False)
    op.create_index("ix_referral_approver_id_state", "referral", ["approver_id", "state"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_referral_approver_id_state", table_name="referral")
    op.drop_index("ix_duty_organisation_id_ends_at", table_name="duty")
    op.drop_table("duty")
