"""Write to the trail: in the function and the transaction of the change. No entry, no action."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time
from typing import Any
from uuid import UUID

from sqlalchemy import inspect, select
from sqlalchemy.dialects.postgresql import insert as postgres_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from caseflow.core import vault
from caseflow.core.db import NO_CASE, new_id, session
from caseflow.core.policy import Actor, allowed_as
from caseflow.core.trail.format import GENESIS, Written, encode, entry_hash, entry_mac, head_mac, row_digest
from caseflow.core.trail.models import TrailEntry, TrailHead, TrailWrite
from caseflow.core.trail.tags import Tag

INSTALLATION = NO_CASE  # the stream of what concerns no case


def record(
    tag: Tag,
    *,
    actor: Actor | None,
    now: datetime,
    obj: tuple[str, UUID],
    case_id: UUID | None = None,
    happened_at: datetime | None = None,
    detail: dict[str, Any] | None = None,
    writes: Sequence[Any] = (),
) -> TrailEntry:
    """Append one entry to the stream of the case, or of the installation.

    `obj` is (type, id) of what was acted on; `detail` holds only keys that the tag declares (names of fields, codes,
    counts, never values); `writes` are the mapped rows this act left behind, digested whole after a flush.
    Whoever acts as deputy is the actor; for whom is said in the detail, under `deputy_for`.
    Raises ValueError for an undeclared detail key.
    """
    role, detail = _role_of(actor, tag), dict(detail or {})
    if undeclared := detail.keys() - tag.fields:
        raise ValueError(f"{tag} does not declare {sorted(undeclared)}")
    detail |= _deputy_for(actor, role, writes)
    session().flush()
    written = [digest_row(row) for row in writes]
    head = _head(case_id or INSTALLATION)
    entry_id = new_id()
    return _append(
        head,
        entry_id,
        written,
        tag=str(tag),
        actor_id=actor.user_id if actor else None,
        role=role,
        object_type=obj[0],
        object_id=obj[1],
        case_id=case_id,
        happened_at=happened_at or now,
        recorded_at=now,
        detail=vault.current().seal_bytes(case_id or NO_CASE, detail, "trail_entry", entry_id, "detail"),
    )


def _role_of(actor: Actor | None, tag: Tag) -> str:
    """The role by which the act was allowed; of an act that needs no permission, the one that fits its tag."""
    if actor is None:
        return "system"
    return str(allowed_as(actor) or actor.acting_role(tag))


def _deputy_for(actor: Actor | None, role: str, writes: Sequence[Any]) -> dict[str, str]:
    """For whom the actor stands in, by team and caseworker of what was written, as far as its rows say them."""
    named = {name: [getattr(row, name, None) for row in writes] for name in ("team_id", "assignee_id")}
    place = {name: next((one for one in found if one), None) for name, found in named.items()}
    principal = actor.deputises(role, **place) if actor else None
    return {"deputy_for": str(principal)} if principal else {}


def _append(head: TrailHead, entry_id: UUID, written: Sequence[Written], **said: Any) -> TrailEntry:
    """Chain one entry to the end of its stream and move the end."""
    current, keyring = session(), vault.current().keyring
    fields = {"stream": head.stream, "seq": head.seq + 1, "prev": bytes(head.hash), **said}
    digest = entry_hash(encode(deployment=keyring.deployment, writes=written, **fields))
    entry = TrailEntry(id=entry_id, hash=digest, mac=entry_mac(keyring.trail_mac, digest), **fields)
    current.add(entry)
    current.flush()  # before its writes, which point at it
    for place, one in enumerate(written):
        values = {"table_name": one.table, "row_id": one.row_id, "rv": one.rv, "digest": one.digest}
        current.add(TrailWrite(entry_id=entry_id, place=place, **values))
    head.seq, head.hash = entry.seq, digest
    head.mac = head_mac(keyring.trail_mac, head.stream, head.seq, digest)
    current.flush()
    return entry


def digest_row(row: Any) -> Written:
    """The digest of a mapped row as it is in this transaction.

    A model may name columns in `UNTRAILED` that move without meaning anything (the last second-factor step).
    """
    mapper, left_out = inspect(row).mapper, getattr(row, "UNTRAILED", ())
    columns = [
        (attr.columns[0].name, getattr(row, attr.key)) for attr in mapper.column_attrs if attr.key not in left_out
    ]
    table = mapper.local_table.name
    return Written(table, row.id, getattr(row, "rv", 0) or 0, row_digest(table, columns))


def _head(stream: UUID) -> TrailHead:
    """The stream's end, locked for this transaction (SQLite has one writer, PostgreSQL locks the row).

    Every entry starts by making sure the row exists, so that two first entries cannot both begin the stream.
    """
    current = session()
    insert = sqlite_insert if current.get_bind().dialect.name == "sqlite" else postgres_insert
    start = {"stream": stream, "seq": 0, "hash": GENESIS, "mac": bytes(32)}
    query = select(TrailHead).where(TrailHead.stream == stream).with_for_update()
    head = current.scalars(query.execution_options(populate_existing=True)).first()
    if head is None:
        current.execute(insert(TrailHead).values(**start).on_conflict_do_nothing())
        head = current.scalars(query.execution_options(populate_existing=True)).one()
    return head


def moment_of(day: str, *, now: datetime) -> datetime:
    """A day (ISO) of which no hour is known, as a moment: noon UTC, which is that day from Karachi to the Americas.

    Never later than `now`: what is recorded has happened.
    """
    return min(datetime.combine(date.fromisoformat(day), time(12), tzinfo=UTC), now)
