"""Pages of accounts: the door, joining, people, offices, one's own account and sessions, the PIN, rights and health."""

from caseflow.accounts.views import (
    account,
    door,
    duty,
    joining,
    leaving,
    offices,
    open_pages,
    own,
    parking,
    people,
    pin,
)
from caseflow.accounts.views.base import blueprint

__all__ = [
    "account",
    "blueprint",
    "door",
    "duty",
    "joining",
    "leaving",
    "offices",
    "open_pages",
    "own",
    "parking",
    "people",
    "pin",
]
