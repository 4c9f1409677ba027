"""How long a consent holds when nobody named a day."""

from datetime import date, timedelta

from caseflow.consent import states

LONGEST_DAYS = 2 * 366


def default_until(scope: str, given_on: str) -> str:
    """The last day: 90 days after for a sharing, twelve months after for everything else (domain model, consent)."""
    given = date.fromisoformat(given_on)
    if scope in states.SHARING:
        return (given + timedelta(days=states.SHARING_DAYS)).isoformat()
    if (given.month, given.day) == (2, 29):
        return date(given.year + 1, 2, 28).isoformat()
    return given.replace(year=given.year + 1).isoformat()


def latest_until(given_on: str) -> str:
    """The furthest day that may be named: two years, since a consent to something forgotten is none."""
    return (date.fromisoformat(given_on) + timedelta(days=LONGEST_DAYS)).isoformat()
