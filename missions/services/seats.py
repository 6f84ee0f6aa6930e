"""Seats and particulars of a mission; the first letter freezes its dates."""

import datetime as dt
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from core import history
from core.dated_policy import policy
from core.edits import edit
from core.errors import InvalidAnswers, TransitionRefused
from core.locks import lock_row
from experts.models import Area, Category
from missions import guards
from missions.enums import Mode
from missions.models import (
    Mission,
    Seat,
)
from missions.services.plan import plan_year_of


def default_release(mission: Mission) -> tuple[dt.date, dt.date]:
    """The days away from home: the mission's, and on site one travel day each way (house setting)."""
    away = 0 if mission.mode == Mode.REMOTE else int(policy("travel.days_each_way", mission.first_day))
    return mission.first_day - dt.timedelta(days=away), mission.last_day + dt.timedelta(days=away)


@transaction.atomic
def add_seat(
    mission: Mission, *, by: Any, area: Area | None = None, category: Category | None = None, task: str = ""
) -> Seat:
    """One more place on the mission, for its area unless said otherwise."""
    mission = lock_row(mission)
    first, last = default_release(mission)
    seat = Seat.objects.create(
        mission=mission,
        position=mission.seats.count() + 1,
        area=area or mission.area,
        category=category,
        task=task,
        release_first=first,
        release_last=last,
    )
    history.record(mission, "add_seat", _("Seat %(n)d added") % {"n": seat.position}, by=by, note=task, private=True)
    return seat


@transaction.atomic
def edit_seat(seat: Seat, *, by: Any, version: int, **fields: Any) -> Seat:
    """Task, area and days away; the days are frozen from the letter on."""
    mission = lock_row(seat.mission)
    changed = {name for name, value in fields.items() if getattr(seat, name) != value}
    if changed & {"release_first", "release_last"} and (reason := guards.days_open(seat)):
        raise TransitionRefused(reason)
    if changed & {"area", "category"} and (reason := guards.expertise_open(seat)):
        raise TransitionRefused(reason)
    if fields.get("release_last", seat.release_last) < fields.get("release_first", seat.release_first):
        raise InvalidAnswers({"release_last": _("The last day away is before the first.")})
    fresh = edit(seat, by=by, version=version, says=_("Seat edited"), private=True, **fields)
    history.record(mission, "edit_seat", _("Seat %(n)d edited") % {"n": seat.position}, by=by, private=True)
    return fresh


@transaction.atomic
def drop_seat(seat: Seat, *, by: Any) -> Seat:
    """A seat that is no longer needed; refused while somebody may still fill it or fills it."""
    mission = lock_row(seat.mission)
    fresh = lock_row(seat)
    if fresh.running() or fresh.holder():
        raise TransitionRefused(_("Somebody is still on this seat; withdraw or stand down first."))
    if len(mission.open_seats()) == 1:
        raise TransitionRefused(_("A mission has at least one seat."))
    fresh.is_dropped = True
    fresh.version += 1
    fresh.save(update_fields=["is_dropped", "version"])
    history.record(mission, "drop_seat", _("Seat %(n)d no longer needed") % {"n": fresh.position}, by=by, private=True)
    return fresh


@transaction.atomic
def shape_mission(mission: Mission, *, by: Any, version: int, **fields: Any) -> Mission:
    """Title, place, dates, mode, financing. From the first letter on the dates are frozen: cancel and write again.

    With new dates the days away of every seat are set anew.
    """
    fresh = lock_row(mission)
    moved = [k for k in ("first_day", "last_day", "mode") if k in fields and getattr(fresh, k) != fields[k]]
    if fields.get("last_day", fresh.last_day) < fields.get("first_day", fresh.first_day):
        raise InvalidAnswers({"last_day": _("The last day is before the first.")})
    if moved and (reason := guards.dates_open(fresh)):
        raise TransitionRefused(reason)
    if "first_day" in moved:
        fields["plan_year"] = plan_year_of(fields["first_day"])
    fresh = edit(fresh, by=by, version=version, says=_("Particulars edited"), **fields)
    if moved:
        first, last = default_release(fresh)
        fresh.seats.update(release_first=first, release_last=last)
    return fresh
