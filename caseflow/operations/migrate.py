"""Bring both databases to the newest schema, or back: plain Alembic with two chains, called from the commands."""

from pathlib import Path

from alembic import command
from alembic.config import Config as AlembicConfig
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy.engine import Engine

CHAINS = Path(__file__).resolve().parents[2] / "migrations"
LOOKED_AT = 1000  # rows of each index that SQLite looks at to guess the rest


def _config(chain: str) -> AlembicConfig:
    config = AlembicConfig()
    config.set_main_option("script_location", str(CHAINS / chain))
    return config


def upgrade(engine: Engine, chain: str, revision: str = "head") -> None:
    """Run the migrations of `chain` (main or keys) up to `revision`, in one transaction."""
    _run(engine, chain, revision, command.upgrade)


def downgrade(engine: Engine, chain: str, revision: str = "base") -> None:
    """Run the migrations of `chain` down to `revision`."""
    _run(engine, chain, revision, command.downgrade)


def _run(engine: Engine, chain: str, revision: str, act: object) -> None:
    config = _config(chain)
    with engine.execution_options(caseflow_write=True).begin() as connection:
        config.attributes["connection"] = connection
        act(config, revision)  # type: ignore[operator]


def count_rows(engine: Engine) -> None:
    """Let SQLite look at what its tables hold, so that it chooses the index that reads least.

    PostgreSQL does so by itself.
    """
    if engine.dialect.name == "sqlite":
        with engine.execution_options(caseflow_write=True).begin() as connection:
            connection.exec_driver_sql(f"PRAGMA analysis_limit={LOOKED_AT}")
            connection.exec_driver_sql("ANALYZE")


def current(engine: Engine) -> str | None:
    """The revision a database is at, None for an empty one."""
    with engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def newest(chain: str) -> str | None:
    """The newest revision this release knows."""
    return ScriptDirectory.from_config(_config(chain)).get_current_head()
