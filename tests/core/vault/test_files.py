"""Sealed files: whole or not at all."""

import os
import uuid

import pytest

from caseflow.core.vault.files import CHUNK, new_file_key, read_file, write_file
from caseflow.core.vault.seal import SealBroken

IDS = {"deployment": uuid.uuid4(), "file_id": uuid.uuid4(), "case_id": uuid.uuid4()}


@pytest.mark.parametrize("size", [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK])
def test_every_size_comes_back(tmp_path, size):
    key, content = new_file_key(), bytes(i % 251 for i in range(size))
    write_file(tmp_path / "f", content, key=key, **IDS)
    assert read_file(tmp_path / "f", key=key, **IDS) == content
    assert size < 9 or content[:9] not in (tmp_path / "f").read_bytes()


def test_cut_reordered_altered_moved_and_missing_files_are_refused(tmp_path):
    key, path = new_file_key(), tmp_path / "f"
    write_file(path, bytes(2 * CHUNK) + b"end", key=key, **IDS)
    whole, step = path.read_bytes(), 12 + CHUNK + 16
    first, second, rest = whole[5 : 5 + step], whole[5 + step : 5 + 2 * step], whole[5 + 2 * step :]
    path.chmod(0o600)
    for damaged in (whole[: 5 + step], whole[:5] + second + first + rest, whole[:-1], whole[:5], b"", first):
        path.write_bytes(damaged)
        with pytest.raises(SealBroken):
            read_file(path, key=key, **IDS)
    path.write_bytes(whole)
    with pytest.raises(SealBroken):
        read_file(path, key=key, **{**IDS, "case_id": uuid.uuid4()})
    with pytest.raises(SealBroken):
        read_file(tmp_path / "missing", key=key, **IDS)


def test_a_disk_that_takes_little_at_a_time_gets_the_whole(tmp_path, monkeypatch):
    key, content, real = new_file_key(), bytes(range(256)) * 40, os.write
    monkeypatch.setattr(os, "write", lambda handle, data: real(handle, bytes(data[:1000])))
    write_file(tmp_path / "f", content, key=key, **IDS)
    assert read_file(tmp_path / "f", key=key, **IDS) == content
