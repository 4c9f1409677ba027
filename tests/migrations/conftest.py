"""Empty databases of both makes, with both chains."""

import uuid

import pytest
from sqlalchemy import create_engine

from caseflow.core.db import prepare_engine
from tests.support import database


@pytest.fixture
def empty(backend, tmp_path):
    """empty() gives the engine of a new, empty database."""
    made, names = [], []

    def new():
        if backend == "sqlite":
            url = f"sqlite:///{tmp_path / uuid.uuid4().hex}.db"
        else:
            names.append("m" + uuid.uuid4().hex[:12])
            database.execute_on_server(f"CREATE DATABASE {names[-1]}")
            url = database.postgres_url(names[-1])
        engine = create_engine(url)
        prepare_engine(engine)
        made.append(engine)
        return engine

    yield new
    for engine in made:
        engine.dispose()
    for name in names:
        database.execute_on_server(f"DROP DATABASE {name} WITH (FORCE)")
