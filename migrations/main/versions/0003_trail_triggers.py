"""The trail is append-only: triggers refuse UPDATE, DELETE and replacing INSERT.

They stop bugs and careless hands, not whoever owns the database: chain, MAC and outside copies do that.
"""

from alembic import op

revision = "0003"
down_revision = "0002"

APPEND_ONLY = {"trail_entry": "id = NEW.id OR (stream = NEW.stream AND seq = NEW.seq)"}
APPEND_ONLY["trail_write"] = "entry_id = NEW.entry_id AND place = NEW.place"
APPEND_ONLY["trail_leaf"] = "leaf = NEW.leaf OR entry_id = NEW.entry_id"


def upgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        _upgrade_sqlite()
    else:
        _upgrade_postgresql()


def _upgrade_sqlite() -> None:
    for table, same in APPEND_ONLY.items():
        for act in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {table}_no_{act.lower()} BEFORE {act} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, 'the trail is append-only'); END"
            )
        # INSERT OR REPLACE deletes without firing the delete trigger unless recursive_triggers is on, so ask first.
        op.execute(
            f"CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table} "
            f"WHEN EXISTS (SELECT 1 FROM {table} WHERE {same}) "
            f"BEGIN SELECT RAISE(ABORT, 'the trail is append-only'); END"
        )
    op.execute(
        "CREATE TRIGGER trail_head_no_delete BEFORE DELETE ON trail_head "
        "BEGIN SELECT RAISE(ABORT, 'the trail is append-only'); END"
    )
    op.execute(
        "CREATE TRIGGER trail_head_forward BEFORE UPDATE ON trail_head WHEN NEW.seq <> OLD.seq + 1 "
        "BEGIN SELECT RAISE(ABORT, 'the trail is append-only'); END"
    )


def _upgrade_postgresql() -> None:
    op.execute(
        "CREATE FUNCTION trail_refuse() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'the trail is append-only'; END $$"
    )
    for table in APPEND_ONLY:
        op.execute(
            f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table} "
            f"FOR EACH ROW EXECUTE FUNCTION trail_refuse()"
        )
    for table in (*APPEND_ONLY, "trail_head"):
        op.execute(
            f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} "
            f"FOR EACH STATEMENT EXECUTE FUNCTION trail_refuse()"
        )
    op.execute(
        "CREATE TRIGGER trail_head_no_delete BEFORE DELETE ON trail_head "
        "FOR EACH ROW EXECUTE FUNCTION trail_refuse()"
    )
    op.execute(
        "CREATE TRIGGER trail_head_forward BEFORE UPDATE ON trail_head FOR EACH ROW "
        "WHEN (NEW.seq <> OLD.seq + 1) EXECUTE FUNCTION trail_refuse()"
    )


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        names = [f"{table}_no_{act}" for table in APPEND_ONLY for act in ("update", "delete", "replace")]
        for name in (*names, "trail_head_no_delete", "trail_head_forward"):
            op.execute(f"DROP TRIGGER {name}")
        return
    for table in APPEND_ONLY:
        op.execute(f"DROP TRIGGER {table}_append_only ON {table}")
    for table in (*APPEND_ONLY, "trail_head"):
        op.execute(f"DROP TRIGGER {table}_no_truncate ON {table}")
    op.execute("DROP TRIGGER trail_head_no_delete ON trail_head")
    op.execute("DROP TRIGGER trail_head_forward ON trail_head")
    op.execute("DROP FUNCTION trail_refuse()")
