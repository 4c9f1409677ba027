"""When an epoch was retired, and how new the keyring must at least be: for rolls of the key-encryption key.

On PostgreSQL a new key now locks its epoch against being retired until it is committed: otherwise a key could be
written under an epoch that is destroyed before anybody sees the key. SQLite has one writer at a time.
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

WORDS = "the epoch is not primary"
LOCKING = f"""CREATE OR REPLACE FUNCTION case_key_epoch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
IF NEW.wrapped IS NOT NULL THEN
  PERFORM 1 FROM kek_epoch WHERE epoch = NEW.epoch AND state = 'primary' FOR SHARE;
  IF NOT FOUND THEN RAISE EXCEPTION '{WORDS}'; END IF;
END IF;
RETURN NEW; END $$"""
BEFORE = f"""CREATE OR REPLACE FUNCTION case_key_epoch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN \
IF NEW.wrapped IS NOT NULL AND NOT EXISTS (SELECT 1 FROM kek_epoch WHERE epoch = NEW.epoch AND state = 'primary') \
THEN RAISE EXCEPTION '{WORDS}'; END IF; RETURN NEW; END $$"""


def upgrade() -> None:
    op.add_column("kek_epoch", sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("store_meta", sa.Column("keyring_generation", sa.BigInteger(), server_default="1", nullable=False))
    if op.get_bind().dialect.name == "postgresql":
        op.execute(LOCKING)


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute(BEFORE)
    op.drop_column("store_meta", "keyring_generation")
    op.drop_column("kek_epoch", "retired_at")
