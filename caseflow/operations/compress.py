"""Compressed twins (`.br`, `.gz`) of static text files, made ahead so that no request waits for them."""

import gzip
from pathlib import Path

import brotli


def compress(path: Path) -> None:
    """Make or renew both twins of a file; one that still opens to the same bytes is left alone."""
    content = path.read_bytes()
    brotli_twin = path.with_name(path.name + ".br")
    gzip_twin = path.with_name(path.name + ".gz")
    if not _opens_to(brotli_twin, content):
        brotli_twin.write_bytes(brotli.compress(content, quality=11))
        gzip_twin.unlink(missing_ok=True)
    if not gzip_twin.exists():
        gzip_twin.write_bytes(gzip.compress(content, 9, mtime=0))


def _opens_to(twin: Path, content: bytes) -> bool:
    try:
        return twin.exists() and brotli.decompress(twin.read_bytes()) == content
    except brotli.error:
        return False
