"""The worker: huey only wakes it; what is to be done stands in the outbox.

The queue holds JSON with a task's name and nothing else: huey's own serialiser is pickle, with which whoever writes
the queue file would run code beside the keys. Results and error texts are not stored.
"""

import json
import logging
from collections.abc import Callable
from typing import Any

from flask import Flask
from huey import RedisHuey, SqliteHuey, crontab
from huey.api import Huey
from huey.consumer import Consumer
from huey.registry import Message
from huey.serializer import Serializer

from caseflow.core import clock, vault
from caseflow.core.db import db
from caseflow.core.outbox import Outbox
from caseflow.operations import rounds
from config import Config

log = logging.getLogger(__name__)


class JsonSerializer(Serializer):  # type: ignore[misc]
    """Task messages as JSON lists; anything that is not plain is refused."""

    def _serialize(self, data: Any) -> bytes:
        return json.dumps(list(data) if isinstance(data, Message) else {"plain": data}).encode()

    def _deserialize(self, data: bytes) -> Any:
        read = json.loads(data)
        return Message(*read) if isinstance(read, list) else read["plain"]


def make_queue(config: Config) -> Huey:
    """The queue that wakes the worker: a SQLite file on one machine, Redis on several."""
    options: dict[str, Any] = {"results": False, "serializer": JsonSerializer(), "utc": True}
    if config.jobs_url.startswith("redis://"):
        return RedisHuey("caseflow", url=config.jobs_url, **options)
    filename = config.jobs_url.removeprefix("sqlite:///")
    return SqliteHuey("caseflow", filename=filename, fsync=False, **options)


def attach(queue: Huey, work: Callable[[], None]) -> Callable[[], None]:
    """Register the two tasks, wake and the minute's round; returns the function that wakes the worker."""
    wake = queue.task(name="wake")(work)
    queue.periodic_task(crontab(minute="*"), name="round")(work)

    def send() -> None:
        wake()

    return send


def waker(config: Config) -> Callable[[], None]:
    """What a web process calls after a post that left a job. A queue that fails only delays: see the round."""
    send = attach(make_queue(config), lambda: None)

    def safely() -> None:
        try:
            send()
        except Exception as problem:
            log.warning("The worker was not woken: %s", type(problem).__name__)

    return safely


def run_worker(app: Flask, config: Config) -> None:
    """Live as the worker until a signal: one process that renders, one that keeps the clock."""
    outbox: Outbox = app.extensions["caseflow"].outbox

    def work() -> None:
        with app.app_context():
            vault.current().refresh()
            outbox.run_due(clock=clock.now)
            rounds.destroy_epochs(now=clock.now())
            db.session.remove()

    queue = make_queue(config)
    attach(queue, work)
    Consumer(queue, workers=1, worker_type="process", periodic=True, check_worker_health=True).run()
