"""Verify the trail: chain, MACs, heads, and that rows still are what their last entry left."""

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from hmac import compare_digest
from typing import Any
from uuid import UUID

from sqlalchemy import select

from caseflow.core import vault
from caseflow.core.db import Base, session
from caseflow.core.trail.format import GENESIS, Written, encode, entry_hash, entry_mac, head_mac
from caseflow.core.trail.models import TrailEntry, TrailHead, TrailWrite
from caseflow.core.trail.record import digest_row


@dataclass(frozen=True)
class Finding:
    """One thing that is wrong. `what` is a code, `stream` and `seq` say where."""

    what: str
    stream: UUID
    seq: int = 0
    table: str = ""
    row_id: UUID | None = None


@dataclass
class Report:
    """The result of a verification."""

    entries: int = 0
    streams: int = 0
    rows: int = 0
    findings: list[Finding] = field(default_factory=list)

    @property
    def whole(self) -> bool:
        """True when nothing is wrong."""
        return not self.findings


def verify(*, case_id: UUID | None = None, state: bool = True) -> Report:
    """Check every stream (or one case's); with `state` also every row against its last digest.

    A value that cannot even be read (a time that is none, an id of three letters) ends it, and is a finding.
    """
    report = Report()
    try:
        _fill(report, case_id, state)
    except (ValueError, TypeError, AttributeError, struct.error):
        report.findings.append(Finding("unreadable", case_id or UUID(int=0), report.entries + 1))
    return report


def _fill(report: Report, case_id: UUID | None, state: bool) -> None:
    last: dict[tuple[str, UUID], Written] = {}
    heads = {head.stream: head for head in session().scalars(_only(select(TrailHead), TrailHead.stream, case_id))}
    seen: dict[UUID, tuple[int, bytes]] = {}
    for entry, writes in _entries(case_id):
        report.entries += 1
        report.findings += _check_entry(entry, writes, seen.get(entry.stream, (0, GENESIS)))
        seen[entry.stream] = (entry.seq, entry.hash)
        for one in writes:
            former = last.get((one.table, one.row_id))
            if former is None or one.rv >= former.rv:
                last[(one.table, one.row_id)] = one
    report.streams = len(seen)
    report.findings += _check_heads(heads, seen)
    if state:
        report.rows = len(last)
        report.findings += _check_rows(last, case_id)


def _only(query: Any, column: Any, case_id: UUID | None) -> Any:
    return query.where(column == case_id) if case_id else query


def _entries(case_id: UUID | None) -> Iterator[tuple[TrailEntry, list[Written]]]:
    query = _only(select(TrailEntry), TrailEntry.stream, case_id).order_by(TrailEntry.stream, TrailEntry.seq)
    for batch in session().scalars(query).partitions(500):
        ids = [entry.id for entry in batch]
        writes: dict[UUID, list[Written]] = {one: [] for one in ids}
        found = select(TrailWrite).where(TrailWrite.entry_id.in_(ids)).order_by(TrailWrite.entry_id, TrailWrite.place)
        for row in session().scalars(found):
            writes[row.entry_id].append(Written(row.table_name, row.row_id, row.rv, bytes(row.digest)))
        for entry in batch:
            yield entry, writes[entry.id]


def _check_entry(entry: TrailEntry, writes: list[Written], before: tuple[int, bytes]) -> list[Finding]:
    keyring, wrong = vault.current().keyring, []
    if entry.seq != before[0] + 1:
        wrong.append("gap")
    if bytes(entry.prev) != before[1]:
        wrong.append("chain")
    names = "stream seq tag actor_id role object_type object_id case_id happened_at recorded_at detail prev"
    fields = {name: getattr(entry, name) for name in names.split()}
    digest = entry_hash(encode(deployment=keyring.deployment, writes=writes, **fields))
    if digest != bytes(entry.hash):
        wrong.append("altered")
    if not compare_digest(entry_mac(keyring.trail_mac, digest), bytes(entry.mac)):
        wrong.append("forged")
    return [Finding(what, entry.stream, entry.seq) for what in wrong]


def _check_heads(heads: dict[UUID, TrailHead], seen: dict[UUID, tuple[int, bytes]]) -> list[Finding]:
    key, wrong = vault.current().keyring.trail_mac, []
    for stream, (seq, digest) in seen.items():
        head = heads.pop(stream, None)
        if head is None or (head.seq, bytes(head.hash)) != (seq, digest):
            wrong.append(Finding("cut", stream, seq))
        elif not compare_digest(bytes(head.mac), head_mac(key, stream, seq, digest)):
            wrong.append(Finding("forged_head", stream, seq))
    return wrong + [Finding("stream_gone", stream) for stream in heads]


def _check_rows(last: dict[tuple[str, UUID], Written], case_id: UUID | None) -> list[Finding]:
    models = {mapper.class_.__tablename__: mapper.class_ for mapper in Base.registry.mappers}
    wrong = []
    for (table, row_id), written in last.items():
        row = session().get(models[table], row_id) if table in models else None
        if row is None or digest_row(row).digest != written.digest:
            what = "row_gone" if row is None else "row_differs"
            wrong.append(Finding(what, case_id or UUID(int=0), 0, table, row_id))
    return wrong
