"""Background work by outbox: a service adds a job row in its own transaction; the worker claims it afterwards.

A job has a name and ids, never content. Handlers are idempotent, because a job may run again after a crash. What
wakes the worker is not this module's matter: it sees only rows.
"""

import json
import uuid
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Index, String, Text, Uuid, or_, select
from sqlalchemy.orm import Mapped, mapped_column

from caseflow.core.db import Base, UtcDateTime, new_id, session, writing

Handler = Callable[..., None]
CLAIM_FOR = timedelta(minutes=5)  # a worker that died holds a job no longer than this
MAX_ATTEMPTS = 8


class Job(Base):
    """One piece of background work. `args` is JSON of ids and codes only; `error` is an exception's class name."""

    __tablename__ = "job"
    __table_args__ = (Index("ix_job_state_run_after", "state", "run_after"),)

    id: Mapped[uuid.UUID] = mapped_column(Uuid, primary_key=True, default=new_id)
    name: Mapped[str] = mapped_column(String(64))
    args: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(String(16), default="waiting")  # waiting | claimed | done | failed
    attempts: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    run_after: Mapped[datetime] = mapped_column(UtcDateTime)
    claimed_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    done_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    error: Mapped[str] = mapped_column(String(64), default="")


class Outbox:
    """The job handlers of one application."""

    def __init__(self) -> None:
        self.handlers: dict[str, Handler] = {}
        self.failures: dict[str, Handler] = {}
        self.wake: Callable[[], None] = lambda: None

    def handle(self, name: str, handler: Handler, *, failed: Handler | None = None) -> None:
        """Register the handler of a job name. Raises ValueError when another one has it.

        `failed` is told, in the transaction that gives the job up, when its last attempt has failed.
        """
        if self.handlers.setdefault(name, handler) is not handler:
            raise ValueError(name)
        if failed:
            self.failures[name] = failed

    def run_due(self, *, clock: Callable[[], datetime], limit: int = 100) -> int:
        """Run what is due, one at a time; returns how many ran. Called by the worker and by tests."""
        ran = 0
        while ran < limit and (job_id := _claim(clock())) is not None:
            self._run(job_id, clock)
            ran += 1
        return ran

    def _run(self, job_id: uuid.UUID, clock: Callable[[], datetime]) -> None:
        job = session().get_one(Job, job_id)
        handler, args, error = self.handlers.get(job.name), json.loads(job.args), ""
        try:
            if handler is None:
                raise LookupError(job.name)
            handler(now=clock(), **_ids(args))
        except Exception as problem:
            session().rollback()
            error = type(problem).__name__[:64]
        self._finish(job_id, error, now=clock())

    def _finish(self, job_id: uuid.UUID, error: str, *, now: datetime) -> None:
        with writing() as current:
            job: Any = current.get(Job, job_id)
            job.error, job.claimed_until = error, None
            if not error:
                job.state, job.done_at = "done", now
            elif job.attempts >= MAX_ATTEMPTS:
                job.state = "failed"
                if told := self.failures.get(job.name):
                    told(now=now, **_ids(json.loads(job.args)))
            else:
                job.state, job.run_after = "waiting", now + timedelta(seconds=2**job.attempts)


def enqueue(name: str, *, now: datetime, run_after: datetime | None = None, **ids: uuid.UUID) -> Job:
    """Add a job to the caller's transaction; it runs only if that commits."""
    args = json.dumps({key: str(value) for key, value in ids.items()}, sort_keys=True)
    job = Job(name=name, args=args, created_at=now, run_after=run_after or now)
    session().add(job)
    session().flush()
    session().info["jobs"] = True  # whoever commits this session wakes the worker
    return job


def _claim(now: datetime) -> uuid.UUID | None:
    with writing() as current:
        due = or_(Job.state == "waiting", (Job.state == "claimed") & (Job.claimed_until < now))
        query = select(Job).where(due, Job.run_after <= now).order_by(Job.run_after, Job.id).limit(1)
        job = current.scalars(query.with_for_update(skip_locked=True)).first()
        if job is None:
            return None
        job.state, job.claimed_until, job.attempts = "claimed", now + CLAIM_FOR, job.attempts + 1
        return job.id


def _ids(args: dict[str, str]) -> dict[str, uuid.UUID]:
    return {key: uuid.UUID(value) for key, value in args.items()}
