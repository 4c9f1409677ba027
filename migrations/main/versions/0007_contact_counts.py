"""People who were helped once or refused the record, as counts."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    op.create_table(
        "contact_count",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("team_id", sa.Uuid(), nullable=False),
        sa.Column("office_day", sa.Date(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("rv", sa.Integer(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_contact_count_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_contact_count_team_id_team")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact_count")),
    )
    op.create_index(
        "ix_contact_count_organisation_id_office_day", "contact_count", ["organisation_id", "office_day"], unique=False
    )


def downgrade() -> None:
    op.drop_index("ix_contact_count_organisation_id_office_day", table_name="contact_count")
    op.drop_table("contact_count")
