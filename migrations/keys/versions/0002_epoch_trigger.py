"""A wrapped key is taken only under the primary epoch, and an epoch is destroyed only when no key rests on it.

A process with an old keyring is refused and reloads; without this a roll of the epoch lost cases.
"""

from alembic import op

revision = "0002"
down_revision = "0001"

NOT_PRIMARY = "NOT EXISTS (SELECT 1 FROM kek_epoch WHERE epoch = NEW.epoch AND state = 'primary')"
IN_USE = "EXISTS (SELECT 1 FROM case_key WHERE epoch = NEW.epoch AND wrapped IS NOT NULL)"
WORDS = {"case_key_epoch": "the epoch is not primary", "kek_epoch_in_use": "the epoch still holds keys"}


def upgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for act in ("INSERT ON", "UPDATE OF wrapped, epoch ON"):
            name = "case_key_epoch_" + act.split()[0].lower()
            when = f"NEW.wrapped IS NOT NULL AND {NOT_PRIMARY}"
            op.execute(
                f"CREATE TRIGGER {name} BEFORE {act} case_key WHEN {when} "
                f"BEGIN SELECT RAISE(ABORT, '{WORDS['case_key_epoch']}'); END"
            )
        op.execute(
            f"CREATE TRIGGER kek_epoch_in_use BEFORE UPDATE ON kek_epoch WHEN NEW.state = 'destroyed' AND {IN_USE} "
            f"BEGIN SELECT RAISE(ABORT, '{WORDS['kek_epoch_in_use']}'); END"
        )
        return
    op.execute(
        f"CREATE FUNCTION case_key_epoch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"IF NEW.wrapped IS NOT NULL AND {NOT_PRIMARY} THEN RAISE EXCEPTION '{WORDS['case_key_epoch']}'; END IF; "
        f"RETURN NEW; END $$"
    )
    op.execute(
        "CREATE TRIGGER case_key_epoch BEFORE INSERT OR UPDATE ON case_key "
        "FOR EACH ROW EXECUTE FUNCTION case_key_epoch()"
    )
    op.execute(
        f"CREATE FUNCTION kek_epoch_in_use() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"IF NEW.state = 'destroyed' AND {IN_USE} THEN RAISE EXCEPTION '{WORDS['kek_epoch_in_use']}'; END IF; "
        f"RETURN NEW; END $$"
    )
    op.execute(
        "CREATE TRIGGER kek_epoch_in_use BEFORE UPDATE ON kek_epoch "
        "FOR EACH ROW EXECUTE FUNCTION kek_epoch_in_use()"
    )


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for name in ("case_key_epoch_insert", "case_key_epoch_update", "kek_epoch_in_use"):
            op.execute(f"DROP TRIGGER {name}")
        return
    for name, table in (("case_key_epoch", "case_key"), ("kek_epoch_in_use", "kek_epoch")):
        op.execute(f"DROP TRIGGER {name} ON {table}")
        op.execute(f"DROP FUNCTION {name}()")
