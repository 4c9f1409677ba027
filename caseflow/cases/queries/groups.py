"""A group list that somebody is working on: a draft of their own, and of nobody else."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal, overload
from uuid import UUID

from sqlalchemy import select

from caseflow.cases.models import Case
from caseflow.cases.queries.caseload import CaseRow, rows_of, visible_to
from caseflow.cases.queries.drafts import draft_of
from caseflow.cases.queries.records import get_case
from caseflow.core import vault
from caseflow.core.db import session
from caseflow.core.errors import NotFound
from caseflow.core.policy import Actor

# What a list keeps beside the answers that all share: ids of lines, of pastes and of cases made, and a count.
_OWN = ("lines", "pasted", "made", "declined")


@dataclass(frozen=True)
class Group:
    """An opened list. `fields` are those of its draft: the common answers as posted, and the cells of the lines."""

    id: UUID
    draft_id: UUID
    fields: dict[str, list[str]]

    @property
    def line_ids(self) -> list[UUID]:
        """The lines that are not made yet, in order."""
        return [UUID(one) for one in self.fields.get("lines", [])]

    @property
    def made(self) -> list[UUID]:
        """The cases that were made of it, in order."""
        return [UUID(one) for one in self.fields.get("made", [])]

    @property
    def declined(self) -> int:
        """How many of the list wanted no record."""
        return int(self.fields.get("declined", ["0"])[0])

    @property
    def known(self) -> int:
        """How many people the list has had."""
        return len(self.line_ids) + len(self.made) + self.declined

    @property
    def common(self) -> dict[str, list[str]]:
        """What all share, as it was posted."""
        return {name: values for name, values in self.fields.items() if ":" not in name and name not in _OWN}

    @property
    def of_lines(self) -> dict[str, list[str]]:
        """Everything else."""
        return {name: values for name, values in self.fields.items() if ":" in name or name in _OWN}

    def with_cells(self, typed: Mapping[UUID, Mapping[str, str]]) -> "Group":
        """The same list with other words in some cells; nothing is kept."""
        cells = {f"{line_id}:{code}": [text] for line_id, line in typed.items() for code, text in line.items()}
        return replace(self, fields={**self.fields, **cells})

    def cells(self, line_id: UUID) -> dict[str, str]:
        """What stands in a line, by column."""
        start = f"{line_id}:"
        return {name[len(start) :]: values[0] for name, values in self.fields.items() if name.startswith(start)}


@overload
def group_of(actor: Actor, group_id: UUID) -> Group | None: ...
@overload
def group_of(actor: Actor, group_id: UUID, *, needed: Literal[True]) -> Group: ...
def group_of(actor: Actor, group_id: UUID, *, needed: bool = False) -> Group | None:
    """One's own list. Raises SealBroken, and NotFound when it is `needed` and there is none."""
    draft = draft_of(actor, group_id)
    if draft is not None and draft.error is not None:
        raise draft.error
    if draft is None or draft.kind != "group" or draft.fields is None:
        if needed:
            raise NotFound()
        return None
    return Group(group_id, draft.id, draft.fields)


def visible_rows(actor: Actor, case_ids: list[UUID]) -> list[CaseRow]:
    """Those of the cases that the actor may see, in the same order."""
    found = {case.id: case for case in session().scalars(select(Case).where(Case.id.in_(case_ids), visible_to(actor)))}
    return rows_of([found[one] for one in case_ids if one in found])


def group_mark(case_id: UUID) -> str:
    """The mark that the person of a case had on the list, "" without one. Raises SealBroken."""
    return str((vault.read(get_case(case_id)).get("group") or {}).get("label", ""))
