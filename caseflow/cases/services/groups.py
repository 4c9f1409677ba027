"""A group list: kept as a sealed draft under a key of its own until its cases are made, a few in one transaction.

The id of each line is fixed when the line is, and is the id of its case: whatever is posted twice makes nothing twice.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from caseflow.cases.models import Case, Draft
from caseflow.cases.queries import facts, office_day, record_id_for
from caseflow.cases.queries.groups import Group, group_of
from caseflow.cases.services.checks import checked, one_at_a_time, organisation_of
from caseflow.cases.services.contacts import count_declined
from caseflow.cases.services.drafts import keep_draft
from caseflow.cases.services.group_lines import COLUMNS, Line, read_line, with_twins
from caseflow.cases.services.group_table import MOST_LINES, TOO_MANY, scrub
from caseflow.cases.services.keys import reserve
from caseflow.cases.services.opening import open_case
from caseflow.cases.services.records import save_record
from caseflow.core import catalogue, trail
from caseflow.core.db import new_id
from caseflow.core.errors import Invalid
from caseflow.core.policy import Actor
from caseflow.core.trail import Tag

AT_ONCE = 10  # cases in one transaction: others may write in between


def keep_common(
    *, actor: Actor, group_id: UUID, fields: dict[str, list[str]], answers: dict[str, Any] | None, now: datetime
) -> Draft:
    """Keep what all of the group share, as it was posted; the lines stay. The key must be there (`reserve`).

    `answers` are the fields as read, None when they are left half-way and checked later. Raises Invalid.
    """
    if answers is not None:
        today, type_of = office_day(actor.organisation_id, now).isoformat(), answers.get("case_type", "")
        elsewhere = {"group": ("group_size",), "smuggling": ("route",)}
        for kind, codes in elsewhere.items():
            own = {code: answers[code] for code in codes if code in answers}
            checked(kind, own, {"today": today, "case_type": type_of})
        rest = {code: answers[code] for code in answers if code not in {"group_size", "route"}}
        checked("screening", rest, {"today": today})
    one_at_a_time(actor)
    found = group_of(actor, group_id)
    kept = found.of_lines if found else {}
    return _keep(actor, group_id, {**fields, **kept}, now)


def add_lines(
    *, actor: Actor, group_id: UUID, rows: Sequence[Mapping[str, str]], paste_id: UUID, now: datetime
) -> Draft:
    """Add lines to the list. The same paste again adds nothing. Raises Invalid when there is no room, NotFound."""
    one_at_a_time(actor)
    group = group_of(actor, group_id, needed=True)
    fields = {name: list(values) for name, values in group.fields.items()}
    if str(paste_id) in fields.get("pasted", []):
        return _keep(actor, group_id, fields, now)
    if len(rows) + len(group.line_ids) > MOST_LINES:
        params = {"count": len(rows) + len(group.line_ids), "most": MOST_LINES}
        raise Invalid({"paste": (TOO_MANY, params)})
    fields["pasted"] = [*fields.get("pasted", []), str(paste_id)]
    for row in rows:
        line_id = new_id()
        fields["lines"] = [*fields.get("lines", []), str(line_id)]
        fields |= {_name(line_id, code): [text] for code, text in row.items() if text}
    return _keep(actor, group_id, fields, now)


def keep_cells(
    *, actor: Actor, group_id: UUID, cells: Mapping[UUID, Mapping[str, str]], gone: Iterable[UUID], now: datetime
) -> int:
    """Keep what was written into the lines, and take lines off; returns how many numbers of people were left out."""
    one_at_a_time(actor)
    group = group_of(actor, group_id, needed=True)
    fields, numbers, off = dict(group.fields), 0, set(gone)
    for line_id, typed in cells.items():
        if line_id in group.line_ids:
            for code in (one for one in COLUMNS if one in typed):
                text, found = scrub(typed[code])
                fields[_name(line_id, code)], numbers = [text], numbers + found
    _keep(actor, group_id, _without(fields, off), now)
    return numbers


def lines_of(group: Group, *, team_id: UUID, common: Mapping[str, Any], now: datetime, actor: Actor) -> list[Line]:
    """The lines with their answers and problems, as they would be made into cases now."""
    today = office_day(organisation_of(actor, team_id), now).isoformat()
    rows = [(UUID(one), group.cells(UUID(one))) for one in group.fields.get("lines", [])]
    return with_twins([read_line(one, number, cells, common, today) for number, (one, cells) in enumerate(rows, 1)])


def batches(lines: Sequence[Line], *, now: datetime) -> list[list[Line]]:
    """The lines that are ready, a few at a time, each with the key of its case: key first on create."""
    ready = [line for line in lines if line.ready]
    for line in ready:
        if not line.declined:
            reserve(line.id, now=now)
    return [ready[start : start + AT_ONCE] for start in range(0, len(ready), AT_ONCE)]


def make_cases(
    *, actor: Actor, group_id: UUID, team_id: UUID, lines: Sequence[Line], size: int, now: datetime,
    route: Sequence[str] = (),
) -> list[Case]:  # fmt: skip
    """Make the cases of some lines, count those who want no record, and take both off the list.

    The `route` that all came by goes into the smuggling record of each who said yes to a record.

    A line that is off the list already was made by an earlier post. Raises NotFound, Invalid.
    """
    one_at_a_time(actor)
    group = group_of(actor, group_id, needed=True)
    waiting = [line for line in lines if line.id in group.line_ids]
    made = [_open(actor, group_id, team_id, line, size, now) for line in waiting if not line.declined]
    for case in made if route else ():
        _keep_route(actor, case, route, now)
    for line in waiting:
        if line.declined:
            count_declined(actor=actor, case_id=line.id, team_id=team_id, now=now)
    fields = _without(group.fields, {line.id for line in waiting})
    fields["made"] = [*fields.get("made", []), *(str(case.id) for case in made)]
    fields["declined"] = [str(group.declined + len(waiting) - len(made))]
    draft = _keep(actor, group_id, fields, now)
    trail.record(Tag.GROUP_MADE, actor=actor, now=now, obj=("draft", draft.id), detail={"count": len(made)})
    return made


def _open(actor: Actor, group_id: UUID, team_id: UUID, line: Line, size: int, now: datetime) -> Case:
    together = {"id": str(group_id), "size": size, "label": line.cells.get("line_label", "")}
    return open_case(actor=actor, case_id=line.id, team_id=team_id, data=line.answers, now=now, group=together)


def _keep_route(actor: Actor, case: Case, route: Sequence[str], now: datetime) -> None:
    """The route of the group, in the smuggling record of one person; a case of another type does not ask it."""
    its_id, today = record_id_for(case.id, "smuggling"), office_day(case.organisation_id, now)
    if catalogue.is_asked(catalogue.load().kind("smuggling"), facts(case.id, "smuggling", today=today)):
        said: dict[str, Any] = {"kind": "smuggling", "record_id": its_id, "data": {"route": list(route)}, "rv": 0}
        save_record(actor=actor, case_id=case.id, now=now, **said)


def _keep(actor: Actor, group_id: UUID, fields: dict[str, list[str]], now: datetime) -> Draft:
    return keep_draft(actor=actor, case_id=group_id, record_id=group_id, kind="group", fields=fields, now=now)


def _name(line_id: UUID, code: str) -> str:
    return f"{line_id}:{code}"


def _without(fields: Mapping[str, list[str]], gone: Iterable[UUID]) -> dict[str, list[str]]:
    """The fields of a list without some of its lines."""
    off = {str(one) for one in gone}
    kept = {name: values for name, values in fields.items() if name.partition(":")[0] not in off}
    return {**kept, "lines": [one for one in fields.get("lines", []) if one not in off]}
