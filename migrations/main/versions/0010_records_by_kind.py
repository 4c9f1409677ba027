"""Indexes that find the records of one kind in many cases, and the referrals that left without an approver."""

from alembic import op

revision = "0010"
down_revision = "0008"


def upgrade() -> None:
    op.create_index("ix_case_record_kind_token", "case_record", ["kind_token"], unique=False)
    op.create_index("ix_referral_approver_id_state", "referral", ["approver_id", "state"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_referral_approver_id_state", table_name="referral")
    op.drop_index("ix_case_record_kind_token", table_name="case_record")
