"""Writing to a database behind the application's back, as whoever owns it could: no triggers, no foreign keys."""

from contextlib import contextmanager

from sqlalchemy import create_engine, select, text

from caseflow.core.db import Base
from caseflow.core.vault import Sealed


def sealed_models():
    """{table: model} of every table with a sealed document: asked of the mappers, so that a new one is never missed."""
    found = [mapper.class_ for mapper in Base.registry.mappers if issubclass(mapper.class_, Sealed)]
    return {model.__tablename__: model for model in sorted(found, key=lambda one: one.__tablename__)}


class Thief:
    """A second connection to one database."""

    def __init__(self, url):
        self.engine = create_engine(url)
        if self.engine.dialect.name == "sqlite":
            with self.engine.begin() as connection:
                triggers = connection.execute(text("SELECT name FROM sqlite_master WHERE type = 'trigger'")).scalars()
                for name in list(triggers):
                    connection.exec_driver_sql(f"DROP TRIGGER {name}")

    def close(self):
        self.engine.dispose()

    @contextmanager
    def hand(self):
        """A transaction in which nothing of the database's own guards runs."""
        with self.engine.begin() as connection:
            if self.engine.dialect.name == "postgresql":
                connection.execute(text("SET session_replication_role = replica"))
            yield connection
            if self.engine.dialect.name == "postgresql":
                connection.execute(text("SET session_replication_role = origin"))

    def rows(self, table):
        """Every row of a table, in the order of ids."""
        with self.engine.connect() as connection:
            return connection.execute(select(table).order_by(*table.primary_key)).all()

    def change(self, table, row, **values):
        with self.hand() as connection:
            connection.execute(table.update().where(*_is(table, row)).values(**values))

    def remove(self, table, row):
        with self.hand() as connection:
            connection.execute(table.delete().where(*_is(table, row)))

    def insert(self, table, values):
        with self.hand() as connection:
            connection.execute(table.insert().values(**values))

    def restore(self, table, row):
        """Put a row back as it was, whatever became of it."""
        self.remove(table, row)
        self.insert(table, row._mapping)


def _is(table, row):
    return [column == row._mapping[column.name] for column in table.primary_key]
