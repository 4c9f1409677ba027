"""Frames of samples; files of an audit that belong to no case that can be opened, and who asked for a file."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    op.create_table(
        "audit_frame",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("rv", sa.Integer(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_frame")),
    )
    with op.batch_alter_table("audit_file") as table:
        table.alter_column("case_id", existing_type=sa.Uuid(), nullable=True)
        table.add_column(sa.Column("asked_by", sa.Uuid(), nullable=True))
    with op.batch_alter_table("document") as table:
        table.alter_column("case_id", existing_type=sa.Uuid(), nullable=True)


def downgrade() -> None:
    # What the older release has no place for; the sealed files of these documents stay until they are swept.
    op.execute("DELETE FROM audit_file WHERE case_id IS NULL")
    op.execute("DELETE FROM document WHERE case_id IS NULL")
    with op.batch_alter_table("document") as table:
        table.alter_column("case_id", existing_type=sa.Uuid(), nullable=False)
    with op.batch_alter_table("audit_file") as table:
        table.drop_column("asked_by")
        table.alter_column("case_id", existing_type=sa.Uuid(), nullable=False)
    op.drop_table("audit_frame")
