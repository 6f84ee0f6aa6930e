import datetime as dt

import pytest

from core.clock import today
from core.errors import InvalidAnswers, SomebodyWasFaster
from core.models import LogEntry
from experts import services
from experts.enums import ServiceState
from experts.models import Expert, ServicePeriod, Unavailability
from experts.tests.factories import ExpertFactory, served
from members.tests.factories import administration, rocb

pytestmark = pytest.mark.django_db

DAY = dt.timedelta(days=1)


@pytest.fixture
def expert():
    return ExpertFactory(accredited=True)


@pytest.fixture
def staff():
    return rocb()


def record(expert, staff, **fields):
    answers = {
        "first": dt.date(2025, 3, 3),
        "last": dt.date(2025, 3, 14),
        "place": "Suva",
        "role": 1,
        "under_scheme": True,
        "source_note": "Letter of 2025",
        **fields,
    }
    return services.record_past_service(expert, by=staff, **answers)


@pytest.mark.parametrize(("role", "counts"), [(1, True), (2, True), (3, False), (4, False), (5, False)])
def test_past_service_counts_as_its_role_says(expert, staff, role, counts):
    period = record(expert, staff, role=role)
    assert (period.counts, period.state, period.recorded_by) == (counts, ServiceState.USED, staff)


@pytest.mark.parametrize(("role", "counts"), [(1, False), (4, True)])
def test_another_word_on_counting_needs_its_reason(expert, staff, role, counts):
    with pytest.raises(InvalidAnswers) as refused:
        record(expert, staff, role=role, counts=counts, counts_reason="  ")
    assert list(refused.value.fields) == ["counts_reason"]
    assert record(expert, staff, role=role, counts=counts, counts_reason="Half days only").counts is counts


def test_past_service_is_recorded_above_the_cap_too(expert, staff):
    served(expert, dt.date(2024, 5, 1), 84)
    assert record(expert, staff).days == 12


def test_past_service_has_ended_before_today(expert, staff):
    with pytest.raises(InvalidAnswers) as refused:
        record(expert, staff, first=today() - 3 * DAY, last=today())
    assert list(refused.value.fields) == ["last_day"]
    assert record(expert, staff, first=today() - 3 * DAY, last=today() - DAY).days == 3


def test_past_service_does_not_share_a_day_with_other_service(expert, staff):
    served(expert, dt.date(2025, 3, 14), 3)
    with pytest.raises(InvalidAnswers):
        record(expert, staff)
    assert record(expert, staff, last=dt.date(2025, 3, 13)).days == 11


def test_taking_back_frees_the_days_keeps_the_line_and_happens_once(expert, staff):
    period = record(expert, staff)
    services.remove_past_service(period, by=staff)
    period.refresh_from_db()
    assert period.state == ServiceState.RELEASED
    assert list(LogEntry.objects.filter(object_id=expert.pk).values_list("name", flat=True)) == [
        "past_service_removed",
        "past_service",
    ]
    with pytest.raises(SomebodyWasFaster):
        services.remove_past_service(period, by=staff)


def test_confirming_the_history_is_refused_to_whoever_saw_an_older_record(expert, staff):
    services.confirm_history(expert, complete_from=dt.date(2024, 1, 1), by=staff, version=0)
    with pytest.raises(SomebodyWasFaster):
        services.confirm_history(expert, complete_from=dt.date(2020, 1, 1), by=staff, version=0)
    assert Expert.objects.get(pk=expert.pk).history_confirmed_from == dt.date(2024, 1, 1)


def test_a_history_is_not_confirmed_ahead(expert, staff):
    with pytest.raises(InvalidAnswers):
        services.confirm_history(expert, complete_from=today() + DAY, by=staff)


@pytest.mark.parametrize(("first", "last"), [(5, 3), (-9, -1), (0, 366 * 12)])
def test_days_of_unavailability_are_in_order_ahead_and_near(expert, staff, first, last):
    with pytest.raises(InvalidAnswers) as refused:
        services.add_unavailability(expert, first=today() + first * DAY, last=today() + last * DAY, by=staff)
    assert list(refused.value.fields) == ["last_day"]
    assert not Unavailability.objects.exists()


def test_a_namesake_in_the_same_administration_is_the_same_person(staff):
    known = services.add_person(given_name="An", family_name="Example", administration=administration("FJ"), by=staff)
    with pytest.raises(InvalidAnswers) as refused:
        services.add_person(given_name=" AN ", family_name="example", administration=administration("FJ"), by=staff)
    assert list(refused.value.fields) == ["family_name"]
    other = services.add_person(given_name="An", family_name="Example", administration=administration("JP"), by=staff)
    assert {known.pk, other.pk} == set(Expert.objects.values_list("pk", flat=True))
    assert not ServicePeriod.objects.exists()
