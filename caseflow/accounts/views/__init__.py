"""Pages of accounts: the door, joining, lost passwords and phones, people, requests, offices, duty, one's account."""

from caseflow.accounts.views import (
    account,
    deputies,
    door,
    duty,
    factor,
    joining,
    leaving,
    offices,
    open_pages,
    own,
    parking,
    people,
    pin,
    requests,
    resetting,
)
from caseflow.accounts.views.base import blueprint

__all__ = [
    "account",
    "blueprint",
    "deputies",
    "door",
    "duty",
    "factor",
    "joining",
    "leaving",
    "offices",
    "open_pages",
    "own",
    "parking",
    "people",
    "pin",
    "requests",
    "resetting",
]
