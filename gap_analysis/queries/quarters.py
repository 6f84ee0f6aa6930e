"""Supply and demand in expert-weeks by quarter, for the 12 months from a day."""

import datetime as dt
import itertools
from dataclasses import dataclass
from typing import Any

from core.clock import months_after
from experts import cap
from gap_analysis.enums import DemandOrigin, Half
from gap_analysis.models import AreaAnswer
from gap_analysis.queries.demand import DAYS_A_WEEK
from gap_analysis.queries.gaps import GapTable
from gap_analysis.queries.supply import Key, free_days_in
from missions.models import CapacityRequest, Mission
from missions.queries import plan_span

QUARTERS = 4


def quarters(day: dt.date) -> list[tuple[dt.date, dt.date]]:
    """The four quarters of the 12 months from a day, both ends counted."""
    begins = [months_after(day, 3 * n) for n in range(QUARTERS + 1)]
    return [(begin, end - cap.DAY) for begin, end in itertools.pairwise(begins)]


@dataclass(frozen=True, slots=True)
class Quarters:
    """The figures of each quarter with what is behind them: the days of each person, and the quarter of each demand that has one."""

    rows: list[dict[str, Any]]
    days: dict[Key, list[int]]
    places: dict[tuple[Key, Key, int], int]


def weeks_by_quarter(table: GapTable) -> Quarters:
    """For each quarter the most weeks that could be used in it and the weeks wanted; the last row is what has no date.

    The supply of one quarter may be used in another: the quarters are not to be added up.
    """
    people = {key for supply in table.supply.values() for key in supply.full}
    spans = quarters(table.as_of)
    places = _places(table, spans)
    free = free_days_in(people, table.as_of, spans)
    wanted, undated = [0.0] * len(spans), 0.0
    for demand in table.demand.values():
        for line in demand.lines:
            place = places.get((line.area, line.member, line.year))
            if place is None:
                undated += line.weeks or 0
            else:
                wanted[place] += line.weeks or 0
    rows = [
        {
            "first": first.isoformat(),
            "last": last.isoformat(),
            "supply": round(sum(days.values()) / DAYS_A_WEEK, 1),
            "demand": round(weeks, 1),
        }
        for (first, last), weeks, days in zip(spans, wanted, free, strict=True)
    ]
    rows.append({"first": None, "last": None, "supply": None, "demand": round(undated, 1)})
    return Quarters(rows, {key: [days[key] for days in free] for key in people}, places)


def _places(table: GapTable, spans: list[tuple[dt.date, dt.date]]) -> dict[tuple[Key, Key, int], int]:
    """Each merged demand falls into the quarter of its earliest dated statement; a survey's half year into its first quarter."""
    lines = [line for demand in table.demand.values() for line in demand.lines if line.weeks]
    said = {s.object_id: s.origin for line in lines for s in line.statements}
    missions = Mission.objects.filter(pk__in=_of(said, DemandOrigin.MISSION)).values_list("pk", "first_day")
    requests = CapacityRequest.objects.filter(pk__in=_of(said, DemandOrigin.REQUEST)).values_list("pk", "first_day")
    days = {key: day for rows in (missions, requests) for key, day in rows if day}
    halves = {
        (response, area): half
        for response, area, half in AreaAnswer.objects.filter(response__in=_of(said, DemandOrigin.SURVEY)).values_list(
            "response", "area", "half"
        )
    }
    begins = {year: plan_span(year)[0] for year in {line.year for line in lines}}
    places = {}
    for line in lines:
        begin = begins[line.year]
        dated = [days[s.object_id] for s in line.statements if s.object_id in days]
        dated += [
            begin if half == Half.FIRST else months_after(begin, 6)
            for s in line.statements
            if (half := halves.get((s.object_id, line.area))) in {Half.FIRST, Half.SECOND}
        ]
        place = next((n for n, (_f, last) in enumerate(spans) if dated and min(dated) <= last), None)
        if place is not None:
            places[line.area, line.member, line.year] = place
    return places


def _of(said: dict[Any, DemandOrigin], origin: DemandOrigin) -> list[Any]:
    return [key for key, where in said.items() if where == origin]
