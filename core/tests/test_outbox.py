import datetime as dt
import os
import signal
import threading

import celery
import pytest
from django.db import close_old_connections, connections
from django.utils import timezone

from core import outbox
from core.enums import JobState
from core.errors import SomebodyWasFaster
from core.models import LogEntry, Message, OutboxJob
from core.outbox import MOST_ATTEMPTS, STUCK_AFTER, NothingToDo, NotStarted, PermanentFailure
from members.tests.factories import rocb

pytestmark = pytest.mark.django_db


class Work:
    """A job that counts how often it is done, and breaks in a chosen way."""

    def __init__(self):
        self.done = 0
        self.breaks_with = None

    def __call__(self, job):
        self.done += 1
        if self.breaks_with is not None:
            raise self.breaks_with


@pytest.fixture
def work(monkeypatch):
    monkeypatch.setattr(outbox, "_handlers", dict(outbox._handlers))
    work = Work()
    outbox.register("notice", work)
    outbox.register("formal", work, formal=True)
    return work


def state(job):
    job.refresh_from_db()
    return job.state


def long_ago(job):
    OutboxJob.objects.filter(pk=job.pk).update(claimed_at=timezone.now() - STUCK_AFTER - dt.timedelta(seconds=1))


def test_a_job_is_done_once(work):
    job = outbox.enqueue("notice")
    assert outbox.deliver(job.pk) == JobState.DONE
    assert outbox.deliver(job.pk) is None
    assert (work.done, outbox.sweep(), work.done) == (1, 0, 1)


def test_a_job_with_a_key_of_its_own_is_written_once(work):
    first = outbox.enqueue("notice")
    again = outbox.enqueue("notice", job_id=first.pk)
    assert (again.pk, OutboxJob.objects.count()) == (first.pk, 1)


def test_a_job_belongs_to_the_transaction_that_wants_it(work):
    from django.db import transaction

    def change_and_fail():
        with transaction.atomic():
            outbox.enqueue("notice")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        change_and_fail()
    assert OutboxJob.objects.count() == 0


def test_a_broker_that_is_away_costs_nothing_and_the_sweep_finds_the_job(
    work, monkeypatch, django_capture_on_commit_callbacks, caplog
):
    closed = celery.Celery(broker="redis://127.0.0.1:1/0", broker_connection_timeout=1, set_as_current=False)
    monkeypatch.setattr(outbox, "current_app", closed)
    with django_capture_on_commit_callbacks(execute=True):
        job = outbox.enqueue("notice")
    assert "The broker did not take" in caplog.text
    assert state(job) == JobState.QUEUED
    assert (outbox.sweep(), state(job), work.done) == (1, JobState.DONE, 1)


def test_what_has_not_started_is_tried_again_later_even_if_formal(work):
    job = outbox.enqueue("formal")
    work.breaks_with = NotStarted("no mail server")
    assert outbox.deliver(job.pk) == JobState.QUEUED
    assert outbox.sweep() == 0  # not before its time
    job.refresh_from_db()
    assert (job.error, job.due_at > timezone.now() + dt.timedelta(seconds=20)) == ("no mail server", True)
    work.breaks_with = None
    OutboxJob.objects.update(due_at=timezone.now())
    assert (outbox.sweep(), state(job), work.done) == (1, JobState.DONE, 2)


def test_trying_ends_and_staff_are_asked(work):
    job = outbox.enqueue("notice")
    work.breaks_with = NotStarted("no mail server")
    for _attempt in range(MOST_ATTEMPTS):
        OutboxJob.objects.update(due_at=timezone.now())
        outbox.sweep()
    assert (state(job), work.done) == (JobState.FAILED, MOST_ATTEMPTS)
    assert list(OutboxJob.objects.needs_eyes()) == [job]


@pytest.mark.parametrize(
    ("kind", "error", "expected"),
    [
        ("notice", RuntimeError("x"), JobState.QUEUED),
        ("formal", RuntimeError("x"), JobState.UNCERTAIN),
        ("notice", PermanentFailure("no such address"), JobState.FAILED),
        ("formal", PermanentFailure("no such address"), JobState.FAILED),
        ("notice", NothingToDo("moved on"), JobState.DONE),
    ],
)
def test_how_a_broken_job_ends(work, kind, error, expected):
    job = outbox.enqueue(kind)
    work.breaks_with = error
    assert outbox.deliver(job.pk) == expected
    assert job.pk not in {j.pk for j in OutboxJob.objects.due(timezone.now())}


def test_a_formal_job_that_broke_is_never_repeated_by_itself(work):
    job = outbox.enqueue("formal")
    work.breaks_with = RuntimeError("connection lost in the middle")
    outbox.deliver(job.pk)
    work.breaks_with = None
    for _minute in range(5):
        OutboxJob.objects.update(due_at=timezone.now())
        outbox.sweep()
    assert (state(job), work.done) == (JobState.UNCERTAIN, 1)


@pytest.mark.parametrize(
    ("kind", "expected", "times"), [("formal", JobState.UNCERTAIN, 1), ("notice", JobState.DONE, 2)]
)
def test_what_a_dead_worker_left_behind_is_settled_after_ten_minutes(work, kind, expected, times):
    job = outbox.enqueue(kind)
    work.breaks_with = SystemExit()  # the worker dies inside the job
    with pytest.raises(SystemExit):
        outbox.deliver(job.pk)
    work.breaks_with = None
    outbox.sweep()
    assert state(job) == JobState.INFLIGHT  # it may still be at work
    long_ago(job)
    outbox.sweep()
    assert (state(job), work.done) == (expected, times)


@pytest.mark.parametrize("kind", ["formal", "notice"])
def test_a_worker_that_died_after_the_message_was_kept_has_sent_it(work, kind):
    job = outbox.enqueue(kind)
    work.breaks_with = SystemExit()
    with pytest.raises(SystemExit):
        outbox.deliver(job.pk)
    Message.objects.create(job=job, to=["a@b.example"], subject="Sent", text="x", sent_at=timezone.now())
    long_ago(job)
    work.breaks_with = None
    outbox.sweep()
    assert (state(job), work.done) == (JobState.DONE, 1)


def test_a_person_decides_on_an_uncertain_job_once(work):
    job = outbox.enqueue("formal")
    work.breaks_with = RuntimeError("x")
    outbox.deliver(job.pk)
    work.breaks_with = None
    person = rocb()
    outbox.settle(job, again=True, by=person, note="They did not get it.")
    with pytest.raises(SomebodyWasFaster):
        outbox.settle(job, again=True, by=person)
    outbox.sweep()
    assert (state(job), work.done) == (JobState.DONE, 2)
    line = LogEntry.objects.get(object_id=job.pk)
    assert (line.by, line.title, line.note) == (person, "Send it again", "They did not get it.")


def test_a_person_may_let_it_be(work):
    job = outbox.enqueue("formal")
    work.breaks_with = RuntimeError("x")
    outbox.deliver(job.pk)
    outbox.settle(job, again=False, by=rocb())
    outbox.sweep()
    assert (state(job), work.done) == (JobState.DROPPED, 1)


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_do_a_job_once(work):
    jobs = [outbox.enqueue("formal") for _n in range(20)]
    barrier = threading.Barrier(4)

    def drain():
        close_old_connections()
        barrier.wait()
        try:
            for job in jobs:
                outbox.deliver(job.pk)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=drain) for _n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (work.done, set(OutboxJob.objects.values_list("state", flat=True))) == (20, {JobState.DONE})


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_a_killed_worker_leaves_a_formal_job_uncertain_and_unrepeated(work):
    job = outbox.enqueue("formal")
    connections.close_all()
    child = os.fork()
    if child == 0:
        outbox.register("formal", lambda _job: os.kill(os.getpid(), signal.SIGKILL), formal=True)
        outbox.deliver(job.pk)
        os._exit(0)
    _pid, status = os.waitpid(child, 0)
    assert os.WTERMSIG(status) == signal.SIGKILL
    assert state(job) == JobState.INFLIGHT
    long_ago(job)
    outbox.sweep()
    assert (state(job), work.done) == (JobState.UNCERTAIN, 0)
