"""Indexes for the home pages: counts of a team or of one worker must not read every case and referral there is."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"

ADDED = {
    "ix_case_file_team_id_state_due_on_assignee_id": ("case_file", ["team_id", "state", "due_on", "assignee_id"]),
    "ix_case_file_assignee_id_state_due_on": ("case_file", ["assignee_id", "state", "due_on"]),
    "ix_referral_author_id_state": ("referral", ["author_id", "state"]),
    "ix_referral_case_id_state_due_at_state_since": ("referral", ["case_id", "state", "due_at", "state_since"]),
}


def upgrade() -> None:
    for name, (table, columns) in ADDED.items():
        op.create_index(name, table, columns, unique=False)
    undecided = sa.text("approver_id IS NULL")
    op.create_index(
        "ix_referral_state_undecided", "referral", ["state"], sqlite_where=undecided, postgresql_where=undecided
    )
    op.drop_index("ix_referral_approver_id_state", table_name="referral")
    op.drop_index("ix_referral_case_id", table_name="referral")  # the last one begins with the same column


def downgrade() -> None:
    op.drop_index("ix_referral_state_undecided", table_name="referral")
    op.create_index("ix_referral_approver_id_state", "referral", ["approver_id", "state"], unique=False)
    op.create_index("ix_referral_case_id", "referral", ["case_id"], unique=False)
    for name, (table, _columns) in reversed(ADDED.items()):
        op.drop_index(name, table_name=table)
