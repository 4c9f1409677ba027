"""Tasks with the day they are due."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.create_table(
        "task",
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("assignee_id", sa.Uuid(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("state_since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("rv", sa.Integer(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["assignee_id"], ["staff.id"], name=op.f("fk_task_assignee_id_staff")),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_task_case_id_case_file")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_task")),
    )
    op.create_index("ix_task_case_id_state", "task", ["case_id", "state"], unique=False)
    op.create_index("ix_task_assignee_id_state_due_on", "task", ["assignee_id", "state", "due_on"], unique=False)
    op.create_index("ix_task_state_due_on_id", "task", ["state", "due_on", "id"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_task_state_due_on_id", table_name="task")
    op.drop_index("ix_task_assignee_id_state_due_on", table_name="task")
    op.drop_index("ix_task_case_id_state", table_name="task")
    op.drop_table("task")
