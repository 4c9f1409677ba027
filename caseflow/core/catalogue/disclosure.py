"""Which group of data may go to which class of recipient: the matrix, and the fields that feed each group."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType
from typing import Final

from caseflow.core.catalogue.loader import MATRIX, RELEASE, UnknownVersion, load, matrix_rows
from caseflow.core.catalogue.model import Kind

DEFAULT: Final = "Y"
WITH_OWN_CONSENT: Final = "C"
NEVER: Final = "N"
AGGREGATE: Final = "A"
GROUPS: Final = "disclosure_group"
CLASSES: Final = "recipient_class"
_GROUP_COLUMN: Final = "field_group"


@dataclass(frozen=True)
class DisclosureMatrix:
    """The groups of data down, the classes of recipient across. An unknown pair is never disclosed."""

    version: str
    groups: tuple[str, ...]
    classes: tuple[str, ...]
    cells: Mapping[tuple[str, str], str]

    def cell(self, group: str, recipient_class: str) -> str:
        """Y by default, C with an own consent and reason, N never, A only as an aggregate."""
        return self.cells.get((group, recipient_class), NEVER)


@lru_cache
def matrix(version: str = MATRIX) -> DisclosureMatrix:
    """The disclosure matrix of one version; raises UnknownVersion."""
    if version != MATRIX:
        raise UnknownVersion
    catalogue = load()
    rows = {row[_GROUP_COLUMN]: row for row in matrix_rows()}
    classes = catalogue.list(CLASSES).codes
    cells = {(group, column): row[column] for group, row in rows.items() for column in classes}
    return DisclosureMatrix(version, tuple(rows), classes, MappingProxyType(cells))


def groups_of(kind: Kind) -> dict[str, list[str]]:
    """The groups that a kind feeds, each with its field codes; a field without a group stays inside."""
    fed: dict[str, list[str]] = {}
    for field in kind.fields:
        if field.group is not None:
            fed.setdefault(field.group, []).append(field.code)
    return fed


def system_groups(version: str = RELEASE) -> tuple[str, ...]:
    """The groups that CaseFlow fills itself: reference, service asked, statement of consent."""
    return tuple(row.code for row in load(version).list(GROUPS).rows if row.extra["fed_by"] == "system")
