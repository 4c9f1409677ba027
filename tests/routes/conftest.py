"""The prepared house, made once a process: each test gets it back as it was."""

import pytest

from caseflow.core import clock, vault
from caseflow.core.words import set_language
from caseflow.factory import create_app
from tests.conftest import close
from tests.routes.house import Books, Furnished, House, sign_in
from tests.routes.scene import NOW, build
from tests.support import database


@pytest.fixture(scope="package")
def furnished(templates, tmp_path_factory):
    """An installation with the scene in it, made once a process."""
    home, people = templates("sqlite")
    config = database.copy_sqlite(home, tmp_path_factory.mktemp("routes") / "home")
    app = create_app(config)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(clock, "now", lambda: NOW)
        with app.app_context():
            ids = build(app, people)
        keys, tokens = sign_in(app, people)
    with app.app_context():
        close(app)
    vault.install(None)
    return Furnished(config, people, ids, keys, tokens)


@pytest.fixture
def still(monkeypatch):
    """The clock stands."""
    monkeypatch.setattr(clock, "now", lambda: NOW)


@pytest.fixture
def house(furnished, tmp_path, still):
    """A fresh copy of it, with everybody's browser."""
    config = database.copy_sqlite(furnished.config.home, tmp_path / "house")
    app = create_app(config)
    books = Books(config.home)
    yield House(app, furnished, books)
    books.close()
    with app.app_context():
        close(app)
    vault.install(None)
    set_language("en")
