"""The outbox: a side effect is a row in the same transaction, done by a worker, swept if stuck.

Each app registers its jobs by name when it is ready, so that services never import tasks and no request needs the broker.
"""

import datetime as dt
import logging
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

from celery import current_app
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core import history
from core.enums import JobState
from core.errors import SomebodyWasFaster
from core.locks import lock_rows
from core.models import OutboxJob, plain

logger = logging.getLogger(__name__)

STUCK_AFTER = dt.timedelta(minutes=10)
MOST_ATTEMPTS = 8


@dataclass(frozen=True, slots=True)
class Handler:
    """`run(job)` does the work. A formal one is claimed once and never repeated by itself."""

    run: Callable[[OutboxJob], None]
    formal: bool


_handlers: dict[str, Handler] = {}
_asleep: ContextVar[bool] = ContextVar("no worker is woken", default=False)


class PermanentFailure(Exception):
    """Trying again would not help."""


class NotStarted(Exception):
    """Nothing has left the house yet; even a formal job may be tried again."""


class NothingToDo(Exception):
    """The world has moved on; the job is done without an effect."""


def register(kind: str, run: Callable[[OutboxJob], None], *, formal: bool = False) -> None:
    _handlers[kind] = Handler(run, formal)


def registered() -> set[str]:
    return set(_handlers)


def enqueue(
    kind: str, *, about: object = "", due_at: dt.datetime | None = None, job_id: uuid.UUID | None = None, **payload: Any
) -> OutboxJob:
    """Write the job and, once the transaction holds, try to wake a worker; a broker that is away costs nothing but time.

    `about` is what staff read of a job that has not become an e-mail.
    With a `job_id` of its own the job is written once, however often it is asked for.
    """
    handler = _handlers[kind]
    values = {
        "kind": kind,
        "payload": plain({"about": str(about), **payload}),
        "formal": handler.formal,
        "due_at": due_at or timezone.now(),
    }
    if job_id is None:
        job, is_new = OutboxJob.objects.create(**values), True
    else:
        job, is_new = OutboxJob.objects.get_or_create(pk=job_id, defaults=values)
    if is_new and not _asleep.get():
        transaction.on_commit(lambda: _wake(job), robust=True)
    return job


@contextmanager
def waking_nobody() -> Iterator[None]:
    """Within this block jobs are only written, for loading many at once; the sweep finds those that are still waiting."""
    token = _asleep.set(True)
    try:
        yield
    finally:
        _asleep.reset(token)


def _wake(job: OutboxJob) -> None:
    try:
        current_app.send_task("core.deliver", kwargs={"job_id": str(job.pk)}, retry=False)
    except Exception:
        logger.warning("The broker did not take %s; the sweep will.", job, exc_info=True)


def deliver(job_id: Any) -> JobState | None:
    """Claim the job, do it, and say how it ended; None when somebody else has it or it is no longer waiting."""
    with transaction.atomic():
        claimed = lock_rows(OutboxJob.objects.filter(pk=job_id, state=JobState.QUEUED))
        if not claimed:
            return None
        job = claimed[0]
        job.state, job.claimed_at, job.attempts = JobState.INFLIGHT, timezone.now(), job.attempts + 1
        job.save(update_fields=["state", "claimed_at", "attempts"])
    try:
        _handlers[job.kind].run(job)
    except NothingToDo as reason:
        return _end(job, JobState.DONE, str(reason))
    except PermanentFailure as reason:
        return _end(job, JobState.FAILED, str(reason))
    except NotStarted as reason:
        return _again(job, str(reason))
    except Exception as error:
        logger.exception("%s failed", job)
        if job.formal:
            return _end(job, JobState.UNCERTAIN, repr(error))
        return _again(job, repr(error))
    return _end(job, JobState.DONE)


def _end(job: OutboxJob, state: JobState, error: str = "") -> JobState:
    job.state, job.error = state, error
    job.done_at = timezone.now()
    job.save(update_fields=["state", "error", "done_at"])
    return state


def _again(job: OutboxJob, error: str) -> JobState:
    if job.attempts >= MOST_ATTEMPTS:
        return _end(job, JobState.FAILED, error)
    job.state, job.error = JobState.QUEUED, error
    job.due_at = timezone.now() + dt.timedelta(seconds=15 * 2**job.attempts)
    job.save(update_fields=["state", "error", "due_at"])
    return JobState.QUEUED


def sweep() -> int:
    """Deliver what waits and is due; settle what a dead worker left in flight. Returns how many jobs were taken up.

    A job whose e-mail is on record has left: the worker died between that and the last line.
    """
    stuck = OutboxJob.objects.filter(state=JobState.INFLIGHT, claimed_at__lt=timezone.now() - STUCK_AFTER)
    stuck.filter(message__isnull=False).update(state=JobState.DONE, done_at=timezone.now())
    stuck.filter(formal=True).update(state=JobState.UNCERTAIN, error="The worker was lost while this was being sent.")
    stuck.filter(formal=False).update(state=JobState.QUEUED)
    waiting = list(OutboxJob.objects.due(timezone.now()).order_by("due_at").values_list("pk", flat=True)[:200])
    return sum(deliver(pk) is not None for pk in waiting)


def settle(job: OutboxJob, *, again: bool, by: Any = None, note: str = "") -> OutboxJob:
    """A person's word on a job that no machine may settle: send it again, or let it be. SomebodyWasFaster if it is settled."""
    with transaction.atomic():
        rows = lock_rows(OutboxJob.objects.needs_eyes().filter(pk=job.pk))
        if not rows:
            raise SomebodyWasFaster
        fresh = rows[0]
        fresh.state = JobState.QUEUED if again else JobState.DROPPED
        fresh.due_at, fresh.attempts = timezone.now(), 0
        fresh.save(update_fields=["state", "due_at", "attempts"])
        history.record(fresh, "settle", _("Send it again") if again else _("Let it be"), by=by, note=note)
        if again:
            transaction.on_commit(lambda: _wake(fresh), robust=True)
    return fresh
