"""The office of the home pages: people in their browsers, on a clock that a test sets."""

import pytest

from tests.referrals.front import Office


@pytest.fixture
def office(bare_app, people, monkeypatch):
    """People in their browsers."""
    return Office(bare_app, people, monkeypatch)
