"""The office of the page tests."""

import pytest

from tests.referrals.front import Office


@pytest.fixture
def office(bare_app, people, monkeypatch):
    """People in their browsers."""
    return Office(bare_app, people, monkeypatch)
