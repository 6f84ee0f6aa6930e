"""The region for measuring: as large as asked for, the same for one seed, true to the rules that the services hold."""

from itertools import pairwise

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from django.test import override_settings

from core.clock import today
from core.dated_policy import is_demo
from experts import cap
from experts.enums import ServiceState
from experts.models import Expert, ServicePeriod
from experts.queries import pool_table
from missions.enums import InvitationState, MissionState
from missions.models import Invitation, Mission
from rocb_portal.load.region import load_region

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module", autouse=True)
def region(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), transaction.atomic():
        yield load_region(experts=40, missions=120, seed=7)
        transaction.set_rollback(True)


def drawn(seed):
    """What one run writes, taken back afterwards."""
    with transaction.atomic():
        load_region(experts=8, missions=12, seed=seed)
        people = list(Expert.objects.order_by("pk").values_list("pk", "given_name", "family_name", "administration"))
        missions = list(Mission.objects.order_by("pk").values_list("pk", "number", "title", "first_day", "leader"))
        transaction.set_rollback(True)
    return people, missions


def test_as_many_as_asked_for_and_marked_as_fictional(region):
    assert (region.experts, region.missions) == (40, 120)
    assert (Expert.objects.count(), Mission.objects.count()) == (40, 120)
    assert is_demo()
    assert pool_table(today()).total > 20


def test_a_second_run_adds_others_beside_the_first(region):
    load_region(experts=5, missions=5, seed=7)
    assert (Expert.objects.count(), Mission.objects.count()) == (45, 125)


def test_one_seed_gives_one_region():
    first = drawn(seed=7)
    assert drawn(seed=7) == first
    assert drawn(seed=8) != first


def test_every_mission_that_was_held_has_its_leader_ledger_and_report():
    held = Mission.objects.filter(state__in=[MissionState.COMPLETED, MissionState.REPORTED, MissionState.CLOSED])
    assert held.count() > 60
    assert {m.report.mission_id for m in held.select_related("report")} == {m.pk for m in held}
    served = Invitation.objects.filter(state=InvitationState.SERVED)
    assert {m.leader_id for m in held} == set(served.values_list("pk", flat=True))
    used = ServicePeriod.objects.filter(state=ServiceState.USED, reference__isnull=False)
    assert set(used.values_list("reference", flat=True)) == set(served.values_list("pk", flat=True))


def test_nobody_is_in_two_places_or_beyond_the_cap():
    periods = {}
    for expert, first, last in ServicePeriod.objects.order_by("first_day").values_list(
        "expert", "first_day", "last_day"
    ):
        periods.setdefault(expert, []).append((first, last))
    assert max(map(len, periods.values())) > 3
    for days in periods.values():
        assert all(earlier[1] < later[0] for earlier, later in pairwise(days))
        assert cap.peak_usage(days) <= 84


def test_it_refuses_where_real_people_work():
    with override_settings(DEMO_ALLOWED=False), pytest.raises(CommandError, match="only for the embedded and the test"):
        call_command("generate_load", experts=1, missions=1)
    assert Expert.objects.count() == 40


def test_it_wants_numbers_that_make_sense():
    with pytest.raises(CommandError, match="a number cannot be below zero"):
        call_command("generate_load", "--experts=-1")
