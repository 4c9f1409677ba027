"""An index that finds the records of one kind in many cases."""

from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    op.create_index("ix_case_record_kind_token", "case_record", ["kind_token"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_case_record_kind_token", table_name="case_record")
