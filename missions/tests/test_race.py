"""Two at once on PostgreSQL: one passes. With the lock taken away the same race must overshoot, or the test proves nothing."""

import contextlib
import datetime as dt
import threading

import pytest
from django.db import close_old_connections, connections

from core import numbers
from core.clock import today
from core.errors import PortalError
from experts import ledger
from experts import services as people
from experts.models import Expert, ServicePeriod
from experts.tests.factories import served
from missions import services
from missions.models import Letter
from missions.services import letters
from missions.tests import factories as make

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


def at_once(*calls):
    """Run the calls in threads of their own, started together; what each one gave or refused with."""
    barrier = threading.Barrier(len(calls))
    results = [None] * len(calls)

    def run(n, call):
        close_old_connections()
        barrier.wait()
        try:
            results[n] = call()
        except PortalError as error:
            results[n] = error
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(n, call)) for n, call in enumerate(calls)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def two_letters_that_fit_one_by_one():
    """72 days used, and two missions of 7 days away each: 79 with one of them, 86 with both."""
    who = make.people()
    served(who.expert, today() - dt.timedelta(days=200), 72)
    first = make.letter_ready(who)
    second = make.letter_ready(who, first_day=today() + dt.timedelta(days=150))
    return who, first, second


def slow_down(monkeypatch):
    """Widen the gap between judging and writing, so that a missing lock shows."""
    number = numbers.next_number
    gate = threading.Barrier(2, timeout=1)

    def slow(series):
        if series.startswith("letter"):
            with contextlib.suppress(threading.BrokenBarrierError):
                gate.wait()
        return number(series)

    monkeypatch.setattr(letters, "next_number", slow)


def send(who, letter):
    return services.send_letter(letter, by=who.secretariat, version=letter.version, signatory="Director")


def reserved(who):
    expert = Expert.objects.with_ledger().get(pk=who.expert.pk)
    return ledger.position(expert, today() + dt.timedelta(days=160)).total


def test_of_two_letters_at_once_that_do_not_fit_together_one_passes(monkeypatch):
    who, first, second = two_letters_that_fit_one_by_one()
    slow_down(monkeypatch)
    results = at_once(lambda: send(who, first), lambda: send(who, second))
    assert sorted(isinstance(r, Letter) for r in results) == [False, True]
    assert reserved(who) == 79
    assert Letter.objects.filter(sent_at__isnull=False).count() == 1


def test_without_the_lock_the_same_race_overshoots(monkeypatch):
    who, first, second = two_letters_that_fit_one_by_one()
    slow_down(monkeypatch)
    monkeypatch.setattr(people, "lock_experts", lambda *experts: list(experts))
    results = at_once(lambda: send(who, first), lambda: send(who, second))
    assert [isinstance(r, Letter) for r in results] == [True, True]
    assert reserved(who) == 86


def test_letter_numbers_under_concurrency_have_no_gap_and_no_double():
    makers = [make.people() for _ in range(6)]
    letters = [make.letter_ready(who) for who in makers]
    at_once(*[lambda w=who, x=letter: send(w, x) for who, letter in zip(makers, letters, strict=True)])
    numbers = sorted(Letter.objects.values_list("number", flat=True))
    assert [n[-4:] for n in numbers] == [f"{n:04d}" for n in range(1, 7)]


def test_of_two_answers_at_once_exactly_one_counts():
    who = make.people()
    letter = make.letter_sent(who)
    one, two = letter.invitations.get(), letter.invitations.get()
    results = at_once(
        lambda: services.answer_letter(one, by=who.home, answer="answer_yes"),
        lambda: services.answer_letter(two, by=who.home, answer="answer_no"),
    )
    assert sum(isinstance(r, PortalError) for r in results) == 1
    period = ServicePeriod.objects.get()
    assert (letter.invitations.get().state, period.state) in [("approved", "reserved"), ("refused", "released")]
