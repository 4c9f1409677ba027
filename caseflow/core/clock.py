"""The one clock. Only views, jobs and commands read it; everything below gets `now` passed in."""

from datetime import UTC, datetime


def now() -> datetime:
    """The present moment, aware, in UTC, cut to microseconds as both databases keep them."""
    return datetime.now(UTC)
