"""Multiply cases: every row of a case made through the services, again under a fresh key, fresh ids and new seals.

A clone is whole: it opens through the pages, its numbers and names are its own, it is found by them, and its trail
verifies. Only the files of its letters are not copied. So 100,000 cases take minutes; the services would take hours.
"""

import secrets
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import orjson
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import ColumnElement, Table, func, insert, select
from sqlalchemy.orm import Mapper

from caseflow.cases.models import Case, CaseRecord, CaseSummary
from caseflow.cases.queries import get_record
from caseflow.core import catalogue, vault
from caseflow.core.db import Base, new_id, session, writing
from caseflow.core.numbers import case_number, referral_number
from caseflow.core.trail.format import GENESIS, Written, encode, entry_hash, entry_mac, head_mac, row_digest
from caseflow.core.trail.models import TrailEntry, TrailHead, TrailWrite
from caseflow.core.vault import Sealed, keystore
from caseflow.core.vault.keyring import KEY_BYTES
from caseflow.core.vault.seal import encrypt, wrap_aad
from caseflow.referrals.letters import digest
from caseflow.referrals.models import Referral, RegisterEntry, Snapshot

BATCH = 500
SPREAD = timedelta(days=2)  # clones of one case were changed at different moments of so many days
NUMBERS: dict[str, Callable[[], str]] = {"case_file": case_number, "referral": referral_number}
TRAIL = (TrailEntry, TrailWrite, TrailHead)


@dataclass(frozen=True)
class Crew:
    """Where a clone lies and who works on it: ids of the sample -> ids of the target (team, organisation, staff)."""

    ids: dict[UUID, UUID]


@dataclass(frozen=True)
class Told:
    """What a clone can be searched by."""

    id: UUID
    number: str
    cnic: str
    name: str
    referrals: dict[str, list[UUID]]


@dataclass
class Loose:
    """A sealed row that is no mapped object: what the vault needs of a record."""

    __tablename__: str
    id: UUID
    key_case_id: UUID
    slot: str
    PAD: int
    rv: int = 0
    sealed: bytes = b""


@dataclass
class Values:
    """The columns of one row, and which of them differ in a clone: ids, and moments."""

    kept: dict[str, Any]

    def __post_init__(self) -> None:
        self.ids = [(name, one) for name, one in self.kept.items() if isinstance(one, UUID)]
        self.moments = [(name, one) for name, one in self.kept.items() if isinstance(one, datetime)]

    def cloned(self, ids: dict[UUID, UUID], earlier: timedelta) -> dict[str, Any]:
        """The columns of the clone."""
        made = dict(self.kept)
        for name, one in self.ids:
            made[name] = ids.get(one, one)
        for name, at in self.moments:
            made[name] = at - earlier
        return made


@dataclass
class Document:
    """An opened document as JSON, and the ids of the sample that occur in it."""

    text: str
    inside: list[UUID] = field(default_factory=list)

    def cloned(self, ids: dict[UUID, UUID]) -> dict[str, Any]:
        """The document of the clone."""
        text = self.text
        for one in self.inside:
            text = text.replace(str(one), str(ids[one]))
        document: dict[str, Any] = orjson.loads(text)
        return document


@dataclass
class Row:
    """One row of the sample. A row that is not sealed has no document."""

    mapper: Mapper[Any]
    values: Values
    document: Document | None = None
    slot: str = ""

    @property
    def table(self) -> str:
        return str(self.mapper.local_table.name)


@dataclass
class Entry:
    """One trail entry of the sample, opened; a write is (digest as it was, whether it is the last of its row)."""

    values: Values
    detail: Document
    writes: list[tuple[Written, bool]]


class Sample:
    """A case with everything that hangs on it."""

    def __init__(self, case_id: UUID) -> None:
        self.case_id = case_id
        self.rows = [row for mapper in Base.registry.mappers for row in _rows(mapper, case_id)]
        order = [table.name for table in Base.metadata.sorted_tables]
        self.rows.sort(key=lambda row: order.index(row.table))
        self.ids = [row.values.kept["id"] for row in self.rows if row.table != CaseSummary.__tablename__]
        self.entries = _entries(case_id)
        for document in [row.document for row in self.rows] + [entry.detail for entry in self.entries]:
            if document is not None:
                document.inside = [one for one in self.ids if str(one) in document.text]


def _rows(mapper: Mapper[Any], case_id: UUID) -> Iterator[Row]:
    link = _link(mapper, case_id)
    if link is None:
        return
    for found in session().scalars(select(mapper.class_).where(link)):
        row = Row(mapper, _values(mapper, found))
        if isinstance(found, Sealed):
            kind = get_record(case_id, found.id).kind if isinstance(found, CaseRecord) else ""
            row.slot, row.document = kind or found.slot, Document(orjson.dumps(vault.read(found)).decode())
        yield row


def _link(mapper: Mapper[Any], case_id: UUID) -> ColumnElement[bool] | None:
    """The condition under which a row belongs to the case, None for tables that know no case."""
    model = mapper.class_
    if model in TRAIL:
        return None
    if model in (Case, CaseSummary):
        return model.id == case_id
    if "case_id" in mapper.columns:
        return model.case_id == case_id
    if "referral_id" in mapper.columns:
        referral = Base.metadata.tables["referral"]
        return model.referral_id.in_(select(referral.c.id).where(referral.c.case_id == case_id))
    return None


def _values(mapper: Mapper[Any], found: Any) -> Values:
    return Values({one.columns[0].name: getattr(found, one.key) for one in mapper.column_attrs})


def _entries(case_id: UUID) -> list[Entry]:
    made: list[Entry] = []
    last: dict[tuple[str, UUID], tuple[int, int, int]] = {}
    query = select(TrailEntry).where(TrailEntry.stream == case_id).order_by(TrailEntry.seq)
    for entry in session().scalars(query):
        found = select(TrailWrite).where(TrailWrite.entry_id == entry.id).order_by(TrailWrite.place)
        writes = [Written(one.table_name, one.row_id, one.rv, one.digest) for one in session().scalars(found)]
        for place, one in enumerate(writes):
            if one.rv >= last.get((one.table, one.row_id), (0, 0, 0))[0]:
                last[(one.table, one.row_id)] = one.rv, len(made), place
        detail = vault.current().open_bytes(case_id, entry.detail, "trail_entry", entry.id, "detail")
        values = _values(TrailEntry.__mapper__, entry)
        made.append(Entry(values, Document(orjson.dumps(detail).decode()), [(one, False) for one in writes]))
    for _rv, entry_at, place in last.values():
        made[entry_at].writes[place] = made[entry_at].writes[place][0], True
    return made


class Cloner:
    """Makes clones of samples in turn and writes them in batches. `plain` houses have no keys."""

    def __init__(self, samples: Sequence[Sample], *, plain: bool) -> None:
        self.samples, self.plain = samples, plain
        self.pending: dict[Table, list[dict[str, Any]]] = defaultdict(list)
        self.index: list[dict[str, Any]] = []
        self.register = _last_numbers()

    def clone(self, crews: Iterable[Crew], *, start: int) -> Iterator[Told]:
        """One clone for each crew; `start` numbers the first of them."""
        batch: list[Crew] = []
        for crew in crews:
            batch.append(crew)
            if len(batch) == BATCH:
                yield from self._batch(batch, start)
                start, batch = start + BATCH, []
        yield from self._batch(batch, start)

    def _batch(self, crews: Sequence[Crew], start: int) -> list[Told]:
        ids = [new_id() for _crew in crews]
        if not self.plain:
            _make_keys(ids)
            vault.load_keys(ids)
        told = [self._one(case_id, crew, start + at) for at, (case_id, crew) in enumerate(zip(ids, crews, strict=True))]
        with writing() as current:
            for table in Base.metadata.sorted_tables:
                if self.pending[table]:
                    current.connection().execute(insert(table), self.pending[table])
        with vault.current().store.begin() as connection:
            if self.index:
                connection.execute(insert(keystore.blind_index), self.index)
        self.pending.clear()
        self.index.clear()
        return told

    def _one(self, case_id: UUID, crew: Crew, number: int) -> Told:
        sample = self.samples[number % len(self.samples)]
        ids = {**crew.ids, **{one: new_id() for one in sample.ids}, sample.case_id: case_id}
        copy = Copy(sample, ids, case_id, number, self.register)
        for table, values in copy.rows:
            self.pending[table].append(values)
        for table, values in copy.trail():
            self.pending[table].append(values)
        found = {("code_name", copy.code[0]), ("cnic", copy.cnic), ("phone", copy.phone)}
        for name, value in found:
            token = vault.current().index_token(name, value)
            self.index.append({"field": name, "token": token, "case_id": case_id})
        return Told(case_id, copy.number, copy.cnic, copy.name, copy.referrals)


class Copy:
    """One clone: its rows and its trail."""

    def __init__(self, sample: Sample, ids: dict[UUID, UUID], case_id: UUID, number: int, register: dict) -> None:
        self.sample, self.ids, self.case_id, self.register = sample, ids, case_id, register
        self.earlier = timedelta(seconds=number * 7919 % int(SPREAD.total_seconds()))
        self.code = catalogue.draw_code_name(secrets.token_bytes(16))
        self.name = f"Fictional{number:06}"
        self.cnic, self.phone = f"35202-{number:07}-{number % 10}", f"+9230{number % 10}{number:07}"
        self.number, self.referrals = "", defaultdict(list)
        self.digests: dict[tuple[str, UUID], Callable[[], bytes]] = {}
        self.rows = [self._row(row) for row in sample.rows]

    def _row(self, row: Row) -> tuple[Table, dict[str, Any]]:
        table = row.mapper.local_table
        values = row.values.cloned(self.ids, self.earlier)
        if row.document is not None:
            self._seal(row, values, self._personal(row, row.document.cloned(self.ids)))
        if "number" in values and table.c.number.unique:
            values["number"] = NUMBERS[row.table]()
        if row.table == Case.__tablename__:
            self.number = values["number"]
        elif row.table == RegisterEntry.__tablename__:
            year = (values["organisation_id"], values["year"])
            values["seq"] = self.register[year] = self.register.get(year, 0) + 1
        elif row.table == Referral.__tablename__:
            self.referrals[values["state"]].append(values["id"])
        self.digests[(row.table, values["id"])] = lambda: _row_digest(row, values)
        return table, values

    def _seal(self, row: Row, values: dict[str, Any], document: dict[str, Any]) -> None:
        if "kind_token" in values:
            values["kind_token"] = vault.kind_token(self.case_id, document.get("kind") or row.slot)
        if row.table == Snapshot.__tablename__:
            values["digest"] = digest(document)
        rv = values["rv"] - 1
        sealed = Loose(row.table, values["id"], self.case_id, row.slot, row.mapper.class_.PAD, rv)
        vault.write(sealed, document, rv=rv)
        values["sealed"] = sealed.sealed

    def _personal(self, row: Row, document: dict[str, Any]) -> dict[str, Any]:
        """The document with a code name, a name and numbers of the clone's own."""
        if "code_en" in document:
            document["code_en"], document["code_ur"] = self.code
        if row.slot == "identity":
            document["data"] |= {"first_name": self.name, "cnic": self.cnic, "phone_mobile": self.phone}
        if row.slot == "safety" and "safe_phone" in document["data"]:
            document["data"]["safe_phone"] = self.phone
        return document

    def trail(self) -> Iterator[tuple[Table, dict[str, Any]]]:
        """Entries, their writes and the head, chained and authenticated anew."""
        keyring, seq, end = vault.current().keyring, 0, GENESIS
        for entry in self.sample.entries:
            values = entry.values.cloned(self.ids, self.earlier)
            values["id"], values["prev"] = new_id(), end
            detail = entry.detail.cloned(self.ids)
            values["detail"] = vault.current().seal_bytes(self.case_id, detail, "trail_entry", values["id"], "detail")
            writes = [self._written(one, is_last) for one, is_last in entry.writes]
            signed = {name: one for name, one in values.items() if name not in ("id", "hash", "mac")}
            end = entry_hash(encode(deployment=keyring.deployment, writes=writes, **signed))
            seq = values["seq"]
            yield TrailEntry.__table__, {**values, "hash": end, "mac": entry_mac(keyring.trail_mac, end)}
            for place, one in enumerate(writes):
                said = {"table_name": one.table, "row_id": one.row_id, "rv": one.rv, "digest": one.digest}
                yield TrailWrite.__table__, {"entry_id": values["id"], "place": place, **said}
        mac = head_mac(keyring.trail_mac, self.case_id, seq, end)
        yield TrailHead.__table__, {"stream": self.case_id, "seq": seq, "hash": end, "mac": mac}

    def _written(self, one: Written, is_last: bool) -> Written:
        row_id = self.ids.get(one.row_id, one.row_id)
        made = self.digests.get((one.table, row_id))
        # Of a former version only the digest is left: it stays, and nothing can be compared with it.
        return Written(one.table, row_id, one.rv, made() if is_last and made else one.digest)


def _row_digest(row: Row, values: dict[str, Any]) -> bytes:
    left_out = getattr(row.mapper.class_, "UNTRAILED", ())
    return row_digest(row.table, [pair for pair in values.items() if pair[0] not in left_out])


def _last_numbers() -> dict[tuple[UUID, int], int]:
    """The last letter number of each office and year."""
    office, year = RegisterEntry.organisation_id, RegisterEntry.year
    found = session().execute(select(office, year, func.max(RegisterEntry.seq)).group_by(office, year))
    return {(row[0], row[1]): row[2] for row in found}


def _make_keys(ids: Iterable[UUID]) -> None:
    """A fresh wrapped key for each case, in one transaction of the key store."""
    opened = vault.current()
    ring, epoch = opened.keyring, opened.keyring.primary_epoch
    kek, now = AESGCM(ring.kek[epoch]), datetime.now().astimezone()
    rows = []
    for case_id in ids:
        wrapped = encrypt(kek, epoch, secrets.token_bytes(KEY_BYTES), wrap_aad(ring.deployment, case_id, 1))
        rows.append({"case_id": case_id, "ver": 1, "epoch": epoch, "wrapped": wrapped, "created_at": now})
    with opened.store.begin() as connection:
        if rows:
            connection.execute(insert(keystore.case_keys), rows)
