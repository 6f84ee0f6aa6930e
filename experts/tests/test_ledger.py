"""One person's days (§3.2), by examples worked by hand; today is 25 November 2026."""

import datetime as dt
import uuid

import pytest
import time_machine

from experts import ledger
from experts.enums import ServiceSource, ServiceState
from experts.models import Expert, Unavailability
from experts.tests.factories import ExpertFactory, served

pytestmark = pytest.mark.django_db

TODAY = dt.date(2026, 11, 25)


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(dt.datetime(2026, 11, 25, 5, tzinfo=dt.UTC), tick=False):
        yield


def fresh(expert):
    return Expert.objects.with_ledger().get(pk=expert.pk)


def reserved(expert, first, days, **fields):
    return served(
        expert, first, days, state=ServiceState.RESERVED, source=ServiceSource.MISSION, reference=uuid.uuid4(), **fields
    )


@pytest.fixture
def bound():
    """Fully accredited since 1 April 2020."""
    return ExpertFactory(accredited=True)


@pytest.fixture
def busy(bound):
    """70 of 84 days: 14 in Suva that leave the window on 14 September 2027, 56 later ones."""
    served(bound, dt.date(2024, 9, 1), 14, place="Suva")
    served(bound, dt.date(2025, 8, 1), 28, place="Apia")
    served(bound, dt.date(2026, 3, 2), 28, place="Dili")
    return bound


def test_position_is_that_of_the_fullest_window_that_holds_the_day(busy):
    reserved(busy, dt.date(2027, 2, 1), 10)
    position = ledger.position(fresh(busy))
    assert (position.used, position.reserved, position.left, position.limit) == (70, 10, 4, 84)
    assert position.window_end == dt.date(2027, 2, 10)
    assert (position.binds, position.is_near, position.tone) == (True, True, "warn")


def test_left_is_never_below_zero(busy):
    served(busy, dt.date(2026, 6, 1), 28)
    position = ledger.position(fresh(busy))
    assert (position.used, position.left, position.tone) == (98, 0, "bad")


def test_the_next_room_names_what_falls_out(busy):
    room = ledger.next_room(fresh(busy))
    assert (room.left, room.day, room.period.place) == (28, dt.date(2027, 9, 14), "Suva")


def test_what_falls_out_without_more_room_is_passed_over(bound):
    """The fullest window around today holds the reserved days and no longer the five old ones."""
    served(bound, dt.date(2023, 12, 1), 5, place="Suva")
    reserved(bound, dt.date(2027, 6, 1), 40, place="Apia")
    room = ledger.next_room(fresh(bound))
    assert (room.left, room.day, room.period.place) == (84, dt.date(2030, 7, 10), "Apia")


def test_no_room_ahead_when_nothing_is_taken(bound):
    assert ledger.next_room(fresh(bound)) is None


def test_what_falls_out_stands_soonest_first_with_the_days_left_then(busy):
    found = [(line.period.place, line.falls_out, left) for line, left in ledger.leaving(fresh(busy))]
    assert found == [
        ("Suva", dt.date(2027, 9, 14), 28),
        ("Apia", dt.date(2028, 8, 28), 56),
        ("Dili", dt.date(2029, 3, 29), 84),
    ]


def test_each_line_says_what_counts_and_why(bound):
    served(bound, dt.date(2019, 5, 1), 10)
    served(bound, dt.date(2020, 3, 25), 14)
    served(bound, dt.date(2022, 1, 3), 5, role=3, counts=False)
    served(bound, dt.date(2023, 1, 3), 5, counts=False, counts_reason="half a day each")
    served(bound, dt.date(2024, 1, 3), 5, state=ServiceState.RELEASED)
    served(bound, dt.date(2025, 1, 3), 5)
    found = [
        (line.period.first_day.year, line.counted, line.reason, bool(line.falls_out))
        for line in ledger.lines(fresh(bound))
    ]
    assert found == [
        (2025, 5, "role 1 of §3.1 counts", True),
        (2024, 0, "released: these days are free again", False),
        (2023, 0, "half a day each", False),
        (2022, 0, "role 3 of §3.1 does not count", False),
        (2020, 7, "counts from the first full accreditation on (1 Apr 2020)", True),
        (2019, 0, "before the first full accreditation (1 Apr 2020): shown, not counted", False),
    ]


def test_only_a_recorded_line_that_still_stands_can_be_taken_back(bound):
    kept = served(bound, dt.date(2025, 1, 3), 5)
    gone = served(bound, dt.date(2024, 1, 3), 5, state=ServiceState.RELEASED)
    of_mission = reserved(bound, dt.date(2027, 1, 3), 5)
    found = {line.period.pk: line.can_be_taken_back for line in ledger.lines(fresh(bound))}
    assert found == {kept.pk: True, gone.pk: False, of_mission.pk: False}


def test_the_earliest_day_keeps_the_cap_and_steps_over_days_away(busy):
    assert ledger.earliest(fresh(busy), 14, TODAY) == TODAY
    reserved(busy, dt.date(2026, 12, 1), 10, counts=False)
    assert ledger.earliest(fresh(busy), 14, TODAY) == dt.date(2026, 12, 11)
    Unavailability.objects.create(expert=busy, first_day=dt.date(2026, 12, 20), last_day=dt.date(2027, 1, 5))
    assert ledger.earliest(fresh(busy), 14, TODAY) == dt.date(2027, 1, 6)


def test_more_days_than_are_left_wait_for_what_falls_out(busy):
    first = ledger.earliest(fresh(busy), 28, TODAY)
    # 14 days before the days in Suva begin to leave the other 14 can begin: the sum then stays at 84.
    assert first == dt.date(2027, 8, 18)
    assert ledger.check(fresh(busy), (first, first + dt.timedelta(days=27))).fits
    before = first - dt.timedelta(days=1)
    assert not ledger.check(fresh(busy), (before, before + dt.timedelta(days=27))).fits


def test_more_days_than_the_limit_never_fit(bound):
    assert ledger.earliest(fresh(bound), 85, TODAY) is None


@pytest.mark.parametrize(
    ("confirmed_from", "said"),
    [(None, dt.date(2026, 11, 25)), (dt.date(2025, 1, 1), dt.date(2025, 1, 1)), (dt.date(2023, 11, 26), None)],
)
def test_history_is_unconfirmed_as_far_as_the_window_reaches_back(bound, confirmed_from, said):
    bound.history_confirmed_from = confirmed_from
    bound.save()
    assert ledger.unconfirmed_before(fresh(bound)) == said


def test_nothing_is_missing_before_the_cap_began_to_bind():
    expert = ExpertFactory(
        accredited=True, accredited__accredited_on=dt.date(2026, 1, 5), accredited__ace_entered_on=dt.date(2026, 2, 1)
    )
    expert.history_confirmed_from = dt.date(2026, 2, 1)
    expert.save()
    assert ledger.unconfirmed_before(fresh(expert)) is None
