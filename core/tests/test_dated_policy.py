import datetime as dt

import pytest

from core.dated_policy import PolicyMissing, policy, read_once
from core.models import PolicyRow

pytestmark = pytest.mark.django_db


def row(value, day):
    return PolicyRow.objects.create(key="test.days", value=value, valid_from=day, origin="house")


def test_a_decision_is_judged_by_the_policy_of_its_day():
    row(84, dt.date(2012, 5, 1))
    row(70, dt.date(2027, 1, 1))
    assert [policy("test.days", day) for day in (dt.date(2026, 12, 31), dt.date(2027, 1, 1))] == [84, 70]


def test_days_before_the_first_row_are_judged_by_it():
    row(84, dt.date(2012, 5, 1))
    assert policy("test.days", dt.date(2000, 1, 1)) == 84


def test_a_figure_that_is_not_loaded_is_named():
    with pytest.raises(PolicyMissing, match=r"no\.such"):
        policy("no.such")


def test_within_a_request_the_rows_are_read_once(django_assert_num_queries):
    row(84, dt.date(2012, 5, 1))
    with django_assert_num_queries(1), read_once():
        assert [policy("test.days") for _ in range(3)] == [84, 84, 84]
