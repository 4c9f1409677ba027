"""What was posted on a dead session."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.create_table(
        "parked_post",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_parked_post")),
    )
    op.create_index(op.f("ix_parked_post_expires_at"), "parked_post", ["expires_at"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_parked_post_expires_at"), table_name="parked_post")
    op.drop_table("parked_post")
