#!/usr/bin/env python3
"""Verify the trail of CaseFlow without CaseFlow: follows docs/formats/trail.md and seal.md, imports nothing of ours.

    python3 verify_trail.py caseflow.db keyring.cfk [root.key]

Reads a copy of an SQLite installation. With `root.key` (32 bytes, CASEFLOW_UNLOCK=auto) it checks the authentication
of every entry and head too; without it only the chain and the digests of rows, which a thief could have made anew.
Prints one line a finding; exit status 0 when nothing is wrong, 1 otherwise. Needs Python 3.11 and `cryptography`.
"""

import base64
import datetime
import hashlib
import hmac
import json
import sqlite3
import struct
import sys
import uuid

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

EPOCH = datetime.datetime(1970, 1, 1)  # noqa: DTZ001  SQLite holds UTC without a zone
LEFT_OUT = {("staff", "totp_step")}
SHOWN = "id stream seq tag actor_id role object_type object_id case_id happened_at recorded_at detail prev hash mac"


def lp(part, head=">I"):
    """A part with its length before it: four bytes in the trail, two (">H") in a seal."""
    return struct.pack(head, len(part)) + part


def i64(number):
    return struct.pack(">q", number)


def ident(text):
    """The 16 bytes of an id, none for none."""
    return uuid.UUID(text).bytes if text else b""


def micros(text):
    """Whole microseconds since 1970."""
    return (datetime.datetime.fromisoformat(text) - EPOCH) // datetime.timedelta(microseconds=1)


def open_keyring(raw, root):
    """(deployment, trail key or none) of a keyring file."""
    if raw[:5] != b"CFKR\x01":
        raise SystemExit("This is no keyring.")
    deployment, sealed = raw[5:21], raw[21:]
    if root is None:
        return deployment, None
    header, nothing = sealed[:6], bytes(16)
    parts = (b"caseflow/seal/1", deployment, header, b"keyring", nothing, nothing, b"keyring", struct.pack(">Q", 1))
    plain = AESGCM(root).decrypt(sealed[6:18], sealed[18:], b"".join(lp(part, ">H") for part in parts))
    (length,) = struct.unpack_from(">I", plain)
    return deployment, base64.b64decode(json.loads(plain[4 : 4 + length])["trail_mac"])


def encode(deployment, entry, writes):
    """The bytes of an entry in format 1."""
    parts = [b"caseflow/trail/1", deployment, ident(entry["stream"]), i64(entry["seq"]), entry["tag"].encode()]
    parts += [ident(entry["actor_id"]), entry["role"].encode(), entry["object_type"].encode()]
    parts += [ident(entry["object_id"]), ident(entry["case_id"])]
    parts += [i64(micros(entry["happened_at"])), i64(micros(entry["recorded_at"])), entry["detail"]]
    parts.append(struct.pack(">I", len(writes)))
    for table, row_id, rv, digest in writes:
        parts += [table.encode(), ident(row_id), i64(rv), digest]
    return b"".join(map(lp, [*parts, entry["prev"]]))


def check_entry(deployment, key, entry, writes, before):
    """What is wrong with one entry; `before` is (seq, hash) of the one before it."""
    digest = hashlib.sha256(encode(deployment, entry, writes)).digest()
    mac = hmac.digest(key, b"caseflow/trail-mac/1" + digest, "sha256") if key else entry["mac"]
    faults = {
        "gap": entry["seq"] != before[0] + 1,
        "chain": entry["prev"] != before[1],
        "altered": digest != entry["hash"],
        "forged": not hmac.compare_digest(mac, entry["mac"]),
    }
    return [what for what, wrong in faults.items() if wrong]


def head_is_right(key, stream, seq, digest, mac):
    """Whether the end of a stream is authentic."""
    if key is None:
        return True
    try:
        text = b"caseflow/trail-head/1" + ident(stream) + i64(seq) + digest
        return hmac.compare_digest(hmac.digest(key, text, "sha256"), mac)
    except (ValueError, TypeError, struct.error):
        return False


def value(kind, stored):
    """A column's value in the encoding of a row digest."""
    if stored is None:
        return b"0"
    if kind == "CHAR(32)":
        return b"u" + uuid.UUID(stored).bytes
    if kind == "DATETIME":
        return b"t" + i64(micros(stored))
    if kind == "DATE":
        return b"d" + stored.encode()
    if kind == "BOOLEAN":
        return b"b1" if stored else b"b0"
    if isinstance(stored, bytes):
        return b"x" + stored
    return b"i" + str(stored).encode() if isinstance(stored, int) else b"s" + stored.encode()


def row_digest(database, table, row_id):
    """SHA-256 of a row as it is now, or none when it is gone."""
    known = {name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    if table not in known:
        return None
    kinds = {row["name"]: row["type"] for row in database.execute(f'PRAGMA table_info("{table}")')}
    row = database.execute(f'SELECT * FROM "{table}" WHERE id = ?', (row_id,)).fetchone()  # noqa: S608  a known table
    if row is None:
        return None
    parts = [b"caseflow/row/1", table.encode()]
    for name in sorted(kinds):
        if (table, name) not in LEFT_OUT:
            parts += [name.encode(), value(kinds[name], row[name])]
    return hashlib.sha256(b"".join(map(lp, parts))).digest()


def verify(database, deployment, key):
    """Every finding as (what, stream, seq or table and row)."""
    database.row_factory = sqlite3.Row
    found, ends, last = [], {}, {}
    for entry in database.execute(f"SELECT {SHOWN.replace(' ', ', ')} FROM trail_entry ORDER BY stream, seq"):  # noqa: S608
        query = "SELECT table_name, row_id, rv, digest FROM trail_write WHERE entry_id = ? ORDER BY place"
        writes = [tuple(row) for row in database.execute(query, (entry["id"],))]
        stream = entry["stream"]
        try:
            wrong = check_entry(deployment, key, entry, writes, ends.get(stream, (0, bytes(32))))
        except (ValueError, TypeError, AttributeError, struct.error):
            wrong = ["altered"]
        found += [(what, stream, entry["seq"]) for what in wrong]
        ends[stream] = (entry["seq"], entry["hash"])
        for table, row_id, rv, digest in writes:
            if (table, row_id) not in last or rv >= last[table, row_id][0]:
                last[table, row_id] = (rv, digest)
    heads = {row["stream"]: row for row in database.execute("SELECT stream, seq, hash, mac FROM trail_head")}
    for stream, (seq, digest) in ends.items():
        head = heads.pop(stream, None)
        if head is None or (head["seq"], head["hash"]) != (seq, digest):
            found.append(("cut", stream, seq))
        elif not head_is_right(key, stream, seq, digest, head["mac"]):
            found.append(("forged_head", stream, seq))
    found += [("stream_gone", stream, 0) for stream in heads]
    for (table, row_id), (_rv, digest) in last.items():
        try:
            now = row_digest(database, table, row_id)
        except (ValueError, TypeError, struct.error):
            now = b""
        if now != digest:
            found.append(("row_gone" if now is None else "row_differs", table, row_id))
    return found


def read(path):
    with open(path, "rb") as file:
        return file.read()


def main(database_path, keyring_path, root_path=None):
    """Verify and print; returns the exit status."""
    deployment, key = open_keyring(read(keyring_path), read(root_path) if root_path else None)
    database = sqlite3.connect(f"file:{database_path}?mode=ro", uri=True)
    try:
        found = verify(database, deployment, key)
    finally:
        database.close()
    for one in found:
        print(*one)
    print("nothing is wrong" if not found else f"{len(found)} findings", "" if key else "(authentication not checked)")
    return 1 if found else 0


if __name__ == "__main__":
    raise SystemExit(main(*sys.argv[1:4]) if 3 <= len(sys.argv) <= 4 else __doc__)
