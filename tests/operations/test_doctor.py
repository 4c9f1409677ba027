"""The doctor: what is bad is said, with the one command that mends it."""

import json
import os
import shutil
from collections import namedtuple
from datetime import UTC, datetime

import pytest
from click.testing import CliRunner

from caseflow.cli import caseflow
from caseflow.operations import assets, doctor
from config import Config

NOW = datetime(2026, 11, 24, tzinfo=UTC)


@pytest.fixture
def home(tmp_path):
    folder = tmp_path / "instance"
    folder.mkdir(mode=0o700)
    return folder


def by_name(home, **changes):
    config = Config.from_environ({"CASEFLOW_HOME": str(home)})
    return {check.name: check for check in doctor.examine(config, now=changes.get("now", NOW))}


class TestExamine:
    def test_a_machine_that_was_set_up_is_well(self, home):
        assert [check for check in by_name(home).values() if not check.good] == []

    def test_a_good_check_asks_for_nothing(self, home):
        assert {check.mend for check in by_name(home).values() if check.good} == {""}

    def test_a_home_that_is_not_made_yet_is_fine(self, tmp_path):
        assert by_name(tmp_path / "later")["Data folder"].good

    def test_a_missing_library_names_the_packages(self, home, monkeypatch):
        monkeypatch.setattr(doctor, "pango_missing", lambda: ["libpango-1.0.so.0"])
        check = by_name(home)["Pango"]
        assert not check.good
        assert "apt-get install -y libpango-1.0-0" in check.mend

    def test_an_old_python_is_noticed(self, home, monkeypatch):
        monkeypatch.setattr(doctor.sys, "version_info", (3, 10, 1))
        assert not by_name(home)["Python"].good

    def test_altered_files_are_told_apart_from_altered_fonts(self, home, monkeypatch):
        monkeypatch.setattr(assets, "broken", lambda *, dev: ["vazirmatn-arabic-400-normal.woff2"])
        checks = by_name(home)
        assert checks["Front-end files"].good
        assert (checks["Fonts"].good, checks["Fonts"].mend) == (False, "make setup")

    def test_a_file_open_to_others_is_named(self, home):
        (home / "keys.db").touch(mode=0o644)
        check = by_name(home)["File modes"]
        assert not check.good
        assert "keys.db" in check.found
        assert check.mend == f"chmod -R go-rwx {home}"

    def test_a_folder_that_cannot_be_written_is_named(self, home, monkeypatch):
        monkeypatch.setattr(os, "access", lambda path, mode: mode == os.R_OK)
        assert not by_name(home)["Data folder"].good

    def test_a_full_disk_is_noticed(self, home, monkeypatch):
        usage = namedtuple("usage", "total used free")
        monkeypatch.setattr(shutil, "disk_usage", lambda path: usage(10, 9, 1))
        assert not by_name(home)["Free disk"].good

    def test_a_clock_before_the_release_is_wrong(self, home):
        check = by_name(home, now=datetime(2020, 1, 1, tzinfo=UTC))["Clock"]
        assert (check.good, check.mend) == (False, "sudo timedatectl set-ntp true")


class TestCommand:
    def test_json_lists_every_check(self, home):
        result = CliRunner().invoke(caseflow, ["doctor", "--json"], env={"CASEFLOW_HOME": str(home)})
        assert result.exit_code == 0
        assert {"name", "good", "found", "mend"} == set(json.loads(result.output)[0])

    def test_one_bad_check_gives_exit_status_1_and_its_remedy(self, home):
        (home / "keys.db").touch(mode=0o644)
        result = CliRunner().invoke(caseflow, ["doctor"], env={"CASEFLOW_HOME": str(home), "COLUMNS": "200"})
        assert result.exit_code == 1
        assert "chmod -R go-rwx" in result.output
