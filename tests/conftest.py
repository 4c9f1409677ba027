"""Rules for every test, and the installations they run on.

A test that asks for `app` gets a fresh copy of one prepared installation. Files marked `both_databases` run twice: on
SQLite and on a real PostgreSQL.
"""

import gc
import os
import uuid

import pytest

from caseflow.core import vault
from caseflow.core.db import db
from caseflow.core.words import set_language
from caseflow.factory import create_app
from tests.support import database, world

UNDER_CI = os.environ.get("CI") == "true"


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    """Under CI a missing tool is a failure: a suite that quietly skips proves nothing."""
    return _forbid_skip((yield))


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(collector):
    """The same for a file that skips itself as a whole."""
    return _forbid_skip((yield))


def _forbid_skip(report):
    if UNDER_CI and report.skipped and not hasattr(report, "wasxfail"):
        reason = report.longrepr[-1] if isinstance(report.longrepr, tuple) else report.longrepr
        report.outcome = "failed"
        report.longrepr = f"no test may be skipped under CI: {reason}"
    return report


def pytest_generate_tests(metafunc):
    """Run a test on both databases where its file or class asks for it."""
    if "backend" in metafunc.fixturenames:
        both = metafunc.definition.get_closest_marker("both_databases")
        metafunc.parametrize("backend", ["sqlite", "postgresql"] if both else ["sqlite"], scope="function")


@pytest.fixture(autouse=True)
def english():
    """Every test starts in English: a page asked for in Urdu leaves its language in this thread."""
    set_language("en")


@pytest.fixture(scope="session")
def templates(tmp_path_factory):
    """Prepared installations, made once a process and database: {backend: (home, world)}."""
    made = {}

    def get(backend):
        if backend not in made:
            home = tmp_path_factory.mktemp("template") / backend
            made[backend] = (home, _prepare(backend, home))
        return made[backend]

    return get


def _prepare(backend, home):
    if backend == "sqlite":
        config = database.sqlite_config(home)
    else:
        for name in ("template_main", "template_keys"):
            database.execute_on_server(f"CREATE DATABASE {name}")
        config = database.postgres_config(home, "template")
    database.found(config)
    app = create_app(config)
    with app.app_context():
        people = world.build()
        close(app)
    return people


def close(app):
    """Let go of both databases."""
    db.session.remove()
    db.engine.dispose()
    app.extensions["caseflow"].store.engine.dispose()


@pytest.fixture
def installation(backend, templates, tmp_path):
    """(config, world) of a fresh installation."""
    home, people = templates(backend)
    if backend == "sqlite":
        yield database.copy_sqlite(home, tmp_path / "home"), people
        return
    label = "t" + uuid.uuid4().hex[:12]
    database.copy_sqlite(home, tmp_path / "home")
    for part in ("main", "keys"):
        database.execute_on_server(f"CREATE DATABASE {label}_{part} TEMPLATE template_{part}")
    yield database.postgres_config(tmp_path / "home", label), people
    for part in ("main", "keys"):
        database.execute_on_server(f"DROP DATABASE {label}_{part} WITH (FORCE)")


@pytest.fixture
def bare_app(installation):
    """The application, no context pushed: for tests that go through the front door."""
    config, _people = installation
    made = create_app(config)
    yield made
    with made.app_context():
        close(made)
    vault.install(None)
    set_language("en")
    gc.collect(0)


@pytest.fixture
def app(bare_app):
    """The application with its context pushed: for tests of services and queries."""
    with bare_app.app_context():
        yield bare_app


@pytest.fixture
def people(installation):
    """The fictional staff (tests/support/world.py)."""
    return installation[1]


@pytest.fixture
def browser_of(bare_app, people):
    """browser_of("worker") is a client in which that person is signed in."""

    def sign_in(key=None):
        client = bare_app.test_client()
        if key:
            with bare_app.app_context():
                token = people.token(key)
            client.set_cookie("cf", token)
        return client

    return sign_in
