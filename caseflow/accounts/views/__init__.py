"""Pages of accounts: the door, joining, people, requests, offices, duty roster, one's own account, rights, health."""

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
]
