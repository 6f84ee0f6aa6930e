"""The demo region of another day: it moves with the calendar."""

import datetime as dt

import pytest

from core.models import LogEntry
from experts import ledger
from experts.models import Expert
from experts.queries import pool_table
from missions.enums import MissionState
from missions.models import Mission
from rocb_portal.demo import clock
from rocb_portal.demo.loading import load_demo
from rocb_portal.demo.rows import moment

LEAP_DAY = dt.date(2028, 2, 29)


@pytest.mark.django_db
def test_it_moves_with_the_day():
    with clock.at(moment(LEAP_DAY)):
        assert load_demo()
        table = pool_table(LEAP_DAY)
        assert (table.fully_accredited, table.first_step, table.distinct_people) == (99, 19, 106)
        assert set(Mission.objects.values_list("state", flat=True)) == set(MissionState.values)
        assert not LogEntry.objects.filter(at__gt=moment(LEAP_DAY)).exists()
        assert 84 in {ledger.position(expert).used for expert in Expert.objects.with_ledger()}
