"""Serving: two processes with one key, started again when they die, stopped by one signal."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from dataclasses import replace
from pathlib import Path

import pytest

from caseflow.core.errors import SetupError
from caseflow.operations import control
from caseflow.operations.serve import ServeError, check_address, gunicorn_options
from config import Config
from tests.house.tree import TOP

PROGRAM = """
import os, pathlib, sys, time
from config import Config
from caseflow.operations import serve as served

served.prepare_assets = lambda: None
home, port = pathlib.Path(sys.argv[1]), sys.argv[2]
keys = []

def create_app(config):
    def answer(environ, start_response):
        if environ["PATH_INFO"] == "/die":
            os.kill(os.getppid(), 9)
        start_response("200 OK", [("Content-Type", "text/plain")])
        return [keys[0]]
    return answer

def worker():
    (home / "worker").write_text(f"{os.getpid()} {keys[0].decode()}")
    while True:
        time.sleep(1)

def unlock():
    with (home / "unlocked").open("a") as log:
        log.write("x")
    return b"" if (home / "sealed").exists() else b"k" * 32

def sealed_app(page):
    def answer(environ, start_response):
        if environ["PATH_INFO"] == "/unlock":
            page.put(b"u" * 32)
        start_response("200 OK", [("Content-Type", "text/plain")])
        return [b"sealed"]
    return answer

served.serve(
    create_app,
    config=Config.from_environ({"CASEFLOW_HOME": str(home), "CASEFLOW_PORT": port}),
    unlock=unlock,
    install_root=keys.append,
    run_worker=worker,
    sealed_app=sealed_app,
)
"""


@pytest.fixture
def port():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


@pytest.fixture
def server(tmp_path, port):
    command = [sys.executable, "-c", PROGRAM, str(tmp_path), str(port)]
    process = subprocess.Popen(command, cwd=TOP, stderr=subprocess.PIPE, text=True)
    yield process
    process.kill()
    process.communicate()


def until(question, *, seconds=20):
    """Ask again until there is an answer."""
    limit = time.monotonic() + seconds
    while time.monotonic() < limit:
        try:
            if answer := question():
                return answer
        except OSError:
            pass
        time.sleep(0.1)
    raise AssertionError("no answer in time")


def ask(port, path="/"):
    with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=2) as answer:
        return answer.read()


def alive(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


class TestServe:
    def test_web_and_worker_get_the_key_of_one_unlock(self, server, tmp_path, port):
        assert until(lambda: ask(port)) == b"k" * 32
        assert until(lambda: (tmp_path / "worker").read_text()).endswith("k" * 32)
        assert (tmp_path / "unlocked").read_text() == "x"

    def test_a_worker_that_dies_is_started_again(self, server, tmp_path):
        first = until(lambda: (tmp_path / "worker").read_text()).split()[0]
        os.kill(int(first), signal.SIGKILL)
        assert until(lambda: (tmp_path / "worker").read_text().split()[0] != first)

    def test_a_web_process_that_dies_is_started_again(self, server, port):
        until(lambda: ask(port))
        try:
            ask(port, "/die")
        except OSError:
            pass
        assert until(lambda: ask(port)) == b"k" * 32

    @pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
    def test_one_signal_stops_everything(self, server, tmp_path, port, number):
        until(lambda: ask(port))
        worker = int(until(lambda: (tmp_path / "worker").read_text()).split()[0])
        server.send_signal(number)
        assert server.wait(20) == 0
        with pytest.raises(ProcessLookupError):
            os.kill(worker, 0)
        with pytest.raises(OSError, match="refused"):
            ask(port)

    def test_one_place_is_served_once(self, server, tmp_path, port):
        until(lambda: ask(port))
        assert control.is_serving(tmp_path)
        with pytest.raises(SetupError, match="served already"), control.serving(tmp_path):
            pass
        server.send_signal(signal.SIGTERM)
        server.wait(20)
        assert not control.is_serving(tmp_path) and not control.ask(tmp_path, control.SEAL)

    def test_sealed_at_the_start_it_serves_one_page_until_it_is_unlocked(self, tmp_path, port, request):
        (tmp_path / "sealed").touch()
        request.getfixturevalue("server")
        assert until(lambda: ask(port)) == b"sealed"
        time.sleep(0.5)
        assert not (tmp_path / "worker").exists()  # no job runs without a key
        assert ask(port, "/unlock") == b"sealed" and ask(port) == b"u" * 32
        assert until(lambda: (tmp_path / "worker").read_text()).endswith("u" * 32)

    def test_seal_now_empties_every_process_and_starts_them_sealed(self, server, tmp_path, port):
        until(lambda: ask(port))
        worker = int(until(lambda: (tmp_path / "worker").read_text()).split()[0])
        (tmp_path / "worker").unlink()
        assert control.ask(tmp_path, control.SEAL)
        assert until(lambda: ask(port) == b"sealed")
        until(lambda: not alive(worker))
        assert server.poll() is None and not (tmp_path / "worker").exists()
        assert ask(port, "/unlock") and until(lambda: ask(port)) == b"u" * 32

    def test_a_changed_root_key_is_read_again(self, server, tmp_path, port):
        until(lambda: ask(port))
        assert control.ask(tmp_path, control.REOPEN)
        assert until(lambda: (tmp_path / "unlocked").read_text() == "xx")
        assert until(lambda: ask(port)) == b"k" * 32

    def test_children_end_with_a_parent_that_was_killed(self, server, tmp_path, port):
        until(lambda: ask(port))
        worker = int(until(lambda: (tmp_path / "worker").read_text()).split()[0])
        server.kill()
        server.wait(20)
        assert until(lambda: not _lives(worker))


class TestCheckAddress:
    @pytest.mark.parametrize("host", ["0.0.0.0", "192.168.1.2", "caseflow.example.org"])
    def test_another_address_without_tls_is_refused_in_one_sentence(self, host):
        config = replace(Config.from_environ({}), host=host)
        with pytest.raises(ServeError) as refusal:
            check_address(config)
        assert host in refusal.value.text
        assert refusal.value.text.endswith(".")

    def test_another_address_behind_tls_is_served(self):
        check_address(replace(Config.from_environ({}), host="0.0.0.0", public_url="https://caseflow.example.org"))


def test_the_web_server_logs_no_address_and_opens_no_control_socket():
    options = gunicorn_options(Config.from_environ({}), 1, 4)
    assert options["accesslog"] is None
    assert options["control_socket_disable"] is True


def _lives(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    # A process that ended but was not collected yet is gone for our purpose.
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
