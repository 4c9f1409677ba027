"""Front-end assets: locked byte for byte, trimmed without loss, compressed ahead."""

import base64
import gzip
import hashlib
import io
import tarfile

import brotli
import pytest

from caseflow.operations import assets, compress, lean
from caseflow.operations.system import SetupError

CONTENT = b"body{color:red}"


def package(folder, content=CONTENT):
    """An npm archive with one file."""
    path = folder / "thing.tgz"
    with tarfile.open(path, "w:gz") as archive:
        entry = tarfile.TarInfo("package/dist/thing.css")
        entry.size = len(content)
        archive.addfile(entry, io.BytesIO(content))
    return path


def lock(path, *, sha256=None, integrity=None):
    """The lock entry that fits the archive, unless told otherwise."""
    whole = "sha512-" + base64.b64encode(hashlib.sha512(path.read_bytes()).digest()).decode()
    entry = ("dist/thing.css", "thing.css", sha256 or hashlib.sha256(CONTENT).hexdigest())
    return assets.Asset(name="thing", version="1.0.0", dev=False, integrity=integrity or whole, files=(entry,))


class TestUnpack:
    def test_a_package_that_fits_its_lock_is_taken(self, tmp_path):
        archive = package(tmp_path)
        assets.unpack(lock(archive), archive, tmp_path)
        assert (tmp_path / "thing.css").read_bytes() == CONTENT

    def test_another_package_is_refused_and_nothing_is_written(self, tmp_path):
        archive = package(tmp_path)
        with pytest.raises(SetupError, match=r"thing 1\.0\.0 is not the one"):
            assets.unpack(lock(archive, integrity="sha512-x"), archive, tmp_path)
        assert not (tmp_path / "thing.css").exists()

    def test_another_file_is_refused_and_not_written(self, tmp_path):
        archive = package(tmp_path)
        with pytest.raises(SetupError, match=r"thing\.css of thing"):
            assets.unpack(lock(archive, sha256="0" * 64), archive, tmp_path)
        assert not (tmp_path / "thing.css").exists()


class TestLock:
    def test_every_package_names_version_and_both_checksums(self):
        for asset in assets.locked(dev=True):
            assert asset.version[0].isdigit()
            assert asset.integrity.startswith("sha512-")
            assert all(len(sha256) == 64 for _, _, sha256 in asset.files)

    def test_what_only_tests_use_is_not_served(self):
        assert "axe-core" in {asset.name for asset in assets.locked(dev=True)}
        assert "axe-core" not in {asset.name for asset in assets.locked(dev=False)}
        assert not (assets.VENDOR / "axe.min.js").exists()

    def test_the_fetched_files_are_the_locked_ones(self):
        assert assets.broken(dev=True) == []

    def test_an_altered_file_is_noticed(self, tmp_path, monkeypatch):
        monkeypatch.setattr(assets, "FETCHED", tmp_path)
        assert "bootstrap.min.css" in assets.broken(dev=False)


class TestCompress:
    def test_both_twins_open_to_the_file(self, tmp_path):
        path = tmp_path / "own.css"
        path.write_bytes(CONTENT)
        compress.compress(path)
        assert brotli.decompress((tmp_path / "own.css.br").read_bytes()) == CONTENT
        assert gzip.decompress((tmp_path / "own.css.gz").read_bytes()) == CONTENT

    def test_an_edit_renews_both_twins(self, tmp_path):
        path = tmp_path / "own.css"
        path.write_bytes(b"old")
        compress.compress(path)
        path.write_bytes(CONTENT)
        compress.compress(path)
        assert brotli.decompress((tmp_path / "own.css.br").read_bytes()) == CONTENT
        assert gzip.decompress((tmp_path / "own.css.gz").read_bytes()) == CONTENT

    def test_a_damaged_twin_is_made_again(self, tmp_path):
        path = tmp_path / "own.css"
        path.write_bytes(CONTENT)
        (tmp_path / "own.css.br").write_bytes(b"damaged")
        compress.compress(path)
        assert brotli.decompress((tmp_path / "own.css.br").read_bytes()) == CONTENT


class TestTrim:
    @pytest.mark.parametrize(
        ("css", "expected"),
        [
            (".used{a:b}", ".used{a:b}"),
            (".unused{a:b}", ""),
            (".used,.unused{a:b}", ".used{a:b}"),
            (".used .unused{a:b}", ""),
            ("h1,.unused{a:b}", "h1{a:b}"),
            (":root{--x:1}", ":root{--x:1}"),
            (".used:not(.unused){a:b}", ".used:not(.unused){a:b}"),
            (".unused:not(.used){a:b}", ""),
            ("[dir=rtl] .used{a:b}", "[dir=rtl] .used{a:b}"),
            (".start-me{a:b}", ".start-me{a:b}"),
            ("@media print{.used{a:b}.unused{a:b}}", "@media print{.used{a:b}}"),
            ("@media print{.unused{a:b}}", ""),
            ("@keyframes k{from{a:b}}", "@keyframes k{from{a:b}}"),
            ("/*! licence */", "/*! licence */"),
            (r".mt-1\.5{a:b}", ""),
            (".used{background:url(\"data:image/svg+xml,%3csvg a='.x{}'/%3e\")}",) * 2,
        ],
    )
    def test_only_rules_that_can_apply_stay(self, css, expected):
        assert lean.trim(css, frozenset({"used", "start-"})) == expected

    def test_nothing_goes_when_every_class_is_used(self):
        css = (assets.FETCHED / "bootstrap.min.css").read_text()
        every = frozenset(lean.CLASS.findall(css))
        assert len(lean.trim(css, every)) >= len(css) - 200

    def test_bootstrap_keeps_what_pages_use_and_loses_most(self):
        for name in ("bootstrap.min.css", "bootstrap.rtl.min.css"):
            css = (assets.FETCHED / name).read_text()
            kept = lean.trim(css, lean.words())
            assert ".btn{" in kept
            assert len(kept) < len(css) / 2
