"""Snapshots: built once, the same facts the same digest, one at a time, never changed, a failure leaves the last good one."""

import datetime as dt

import pytest
from django.utils import timezone

from core import outbox
from core.clock import today
from core.errors import InvalidAnswers, TransitionRefused
from core.models import OutboxJob
from experts.tests.factories import ExpertFactory, area, served
from gap_analysis import queries, services
from gap_analysis.enums import Level
from gap_analysis.models import GapCell, GapRow, GapSnapshot
from gap_analysis.services import snapshots
from members.tests.factories import administration, rocb
from missions.tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def pool():
    return [ExpertFactory(accredited=True) for _n in range(3)]


def built(day=None):
    return services.build(services.start_build(by=rocb(), as_of=day))


def test_a_snapshot_says_what_the_table_of_its_day_says(pool):
    snapshot = built()
    row = snapshot.rows.get(area=area("AEO"))
    assert (row.level, row.fully_accredited, float(row.free_weeks)) == (Level.STRETCHED, 3, 36.0)
    assert set(row.people["full"]) == {str(expert.pk) for expert in pool}
    assert [r.area.code for r in snapshot.rows.all()[:3]] == ["AEO", "PCA", "IPR"]
    assert (snapshot.is_building, snapshot.done, snapshot.figures["full"]) == (False, snapshots.STEPS, 3)
    cell = snapshot.cells.get(area=area("AEO"))
    assert (cell.administration, cell.fully_accredited, cell.need) == (administration("JP"), 3, "")


def test_a_cell_sets_the_need_of_a_member_against_its_own_experts(pool):
    mission = make.planned(make.people())
    cell = built().cells.get(area=mission.area, administration=mission.beneficiary)
    assert (cell.fully_accredited, cell.need, cell.weeks > 0) == (0, "medium", True)


def test_built_twice_from_the_same_facts_it_is_one(pool):
    first = built()
    assert built() == first
    assert GapSnapshot.objects.count() == 1
    served(pool[0], today() - dt.timedelta(days=40), 7)
    assert built() != first
    assert GapSnapshot.objects.good().count() == 2


def test_one_is_built_at_a_time():
    services.start_build(by=None)
    with pytest.raises(TransitionRefused, match="being built"):
        services.start_build(by=None)
    GapSnapshot.objects.update(created_at=timezone.now() - snapshots.LOST_AFTER - dt.timedelta(seconds=1))
    assert services.start_build(by=None).is_building
    lost = GapSnapshot.objects.get(failed_at__isnull=False)
    assert "worker was lost" in lost.message


def test_no_day_to_come():
    with pytest.raises(InvalidAnswers):
        services.start_build(by=None, as_of=today() + dt.timedelta(days=1))


def test_a_failed_build_says_so_and_leaves_the_last_good_one(pool, monkeypatch):
    good = built()
    served(pool[0], today() - dt.timedelta(days=40), 7)
    asked = services.start_build(by=None)
    monkeypatch.setattr(snapshots, "weeks_by_quarter", lambda _table: 1 / 0)
    job = OutboxJob.objects.get(kind="gap_build", payload__object_id=str(asked.pk))
    outbox.deliver(job.pk)
    asked.refresh_from_db()
    assert (asked.is_building, asked.built_at, "ZeroDivisionError" in asked.message) == (False, None, True)
    assert (asked.rows.count(), GapSnapshot.objects.good().first()) == (0, good)
    assert services.start_build(by=None).is_building


def test_a_build_begun_again_after_its_worker_died_ends_the_same(pool, monkeypatch):
    asked = services.start_build(by=None)

    def die(*_args):
        raise KeyboardInterrupt

    with monkeypatch.context() as context:
        context.setattr(snapshots, "_digest", die)
        with pytest.raises(KeyboardInterrupt):
            services.build(asked)
    assert (GapRow.objects.count(), GapCell.objects.count(), GapSnapshot.objects.good().count()) == (0, 0, 0)
    assert services.build(asked).rows.count() == len(queries.gaps_on(today()).gaps)


def test_what_is_built_is_not_changed(pool):
    row = built().rows.first()
    row.rank = 99
    with pytest.raises(TypeError, match="not changed"):
        row.save()


def test_it_is_published_once_with_a_note():
    snapshot = services.publish(built(), note="For the regional meeting.", by=rocb())
    assert (snapshot.note, snapshot.published_at is not None) == ("For the regional meeting.", True)
    assert OutboxJob.objects.filter(kind="gap_published").count() == 1
    with pytest.raises(TransitionRefused, match="already"):
        services.publish(snapshot, note="", by=rocb())


def test_nothing_unbuilt_is_published():
    with pytest.raises(TransitionRefused, match="not been built"):
        services.publish(services.start_build(by=None), note="", by=rocb())


def test_the_quarters_hold_what_is_wanted_when(pool):
    mission = make.planned(make.people())
    rows = queries.weeks_by_quarter(queries.gaps_on(today())).rows
    spans = queries.quarters(today())
    place = next(n for n, (first, last) in enumerate(spans) if mission.first_day <= last)
    wanted = round(sum(seat.release_days for seat in mission.seats.all()) / 7, 1)
    assert [row["demand"] for row in rows] == [wanted if n == place else 0 for n in range(5)]
    assert [row["supply"] for row in rows[:4]] == [48.0] * 4  # three of the pool and the one of the mission's party
