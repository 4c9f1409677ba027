"""Case keys, epochs and the blind index."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "blind_index",
        sa.Column("field", sa.String(length=16), nullable=False),
        sa.Column("token", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("field", "token", "case_id", name=op.f("pk_blind_index")),
    )
    op.create_index("ix_blind_index_case_id", "blind_index", ["case_id"], unique=False)
    op.create_table(
        "kek_epoch",
        sa.Column("epoch", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("destroyed_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("epoch", name=op.f("pk_kek_epoch")),
    )
    op.create_table(
        "store_meta",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("deployment", sa.Uuid(), nullable=False),
        sa.Column("generation", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_store_meta")),
    )
    op.create_table(
        "case_key",
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("ver", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("epoch", sa.Integer(), nullable=False),
        sa.Column("wrapped", sa.LargeBinary(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("destroyed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["epoch"], ["kek_epoch.epoch"], name=op.f("fk_case_key_epoch_kek_epoch")),
        sa.PrimaryKeyConstraint("case_id", "ver", name=op.f("pk_case_key")),
    )


def downgrade() -> None:
    op.drop_table("case_key")
    op.drop_table("store_meta")
    op.drop_table("kek_epoch")
    op.drop_index("ix_blind_index_case_id", table_name="blind_index")
    op.drop_table("blind_index")
