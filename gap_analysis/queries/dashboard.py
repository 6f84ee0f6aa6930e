"""What the gap dashboard shows of a snapshot, and the rows behind each figure (§5.1)."""

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db.models import Q

from centres.models import CentreFocus
from experts.models import Area, Expert, PoolSnapshot
from experts.queries import priorities_on
from gap_analysis.enums import Level, NeedLevel
from gap_analysis.models import Evidence, GapCell, GapRow, GapSnapshot
from gap_analysis.queries.demand import DAYS_A_WEEK
from members.models import Administration
from missions.services import plan_year_of

WANTED = frozenset({NeedLevel.LOW, NeedLevel.MEDIUM, NeedLevel.HIGH})
SHORT = frozenset({Level.UNCOVERED, Level.BELOW_FLOOR})
FIRST_AREAS = 5
# So many people of an area the dashboard names; the area's own page names all.
MOST_NAMED = 40


@dataclass(frozen=True, slots=True)
class Asked:
    """What of a snapshot is asked for; empty is everything. `year` is a plan year, of what is wanted."""

    subregion: str = ""
    area: Area | None = None
    year: int | None = None


EVERYTHING = Asked()


@dataclass(frozen=True, slots=True)
class Line:
    """One area: the row of the snapshot, its figures within what was asked for, and the people and demands behind these."""

    row: GapRow
    full: int
    first_step: int
    candidates: int
    members: int | None
    weeks: float | None
    free_weeks: float
    people: dict[str, list[str]]
    demands: tuple[dict[str, Any], ...]

    @property
    def is_short(self) -> bool:
        return self.row.level in SHORT

    @property
    def is_urgent(self) -> bool:
        return self.is_short or self.row.level == Level.STRETCHED


@dataclass(frozen=True, slots=True)
class Quarter:
    """Three of the twelve months, or with number 0 what has no date: the days free of each person, and what is wanted."""

    number: int
    first: dt.date | None
    last: dt.date | None
    days: dict[str, int]
    supply: float | None
    demand: float


@dataclass(frozen=True, slots=True)
class MemberLine:
    """One administration: in how many areas it has a need, in how many of these no fully accredited person of its own."""

    administration: Administration
    needs: int
    uncovered: int
    areas: int
    weeks: float | None


@dataclass(frozen=True)
class Picture:
    """A snapshot within what was asked for. Levels and ranks are always the region's."""

    snapshot: GapSnapshot
    lines: tuple[Line, ...]
    cells: tuple[GapCell, ...]
    members: tuple[MemberLine, ...]
    asked: Asked

    @property
    def subregion(self) -> str:
        return self.asked.subregion

    @property
    def is_cut(self) -> bool:
        """Whether people or needs are not those of the whole region."""
        return bool(self.asked.subregion or self.asked.year)

    @property
    def floor(self) -> int:
        return int(self.snapshot.method.get("floor", 0))

    @property
    def comfort(self) -> int:
        return int(self.snapshot.method.get("comfort", 0))

    def demands(self, quarter: int | None = None) -> list[tuple[GapRow, dict[str, Any]]]:
        """What is wanted, or the part of it that falls into a quarter; 0 is what is wanted without a date."""
        found = [(line.row, demand) for line in self.lines for demand in line.demands]
        if quarter is None:
            return found
        place = quarter - 1 if quarter else None
        return [(row, said) for row, said in found if said["weeks"] and said.get("quarter") == place]

    def free(self, quarter: int | None = None) -> dict[str, int]:
        """The days of each fully accredited person of the areas that are free in the 12 months, or in a quarter of them."""
        free = self.snapshot.figures.get("free", {})
        people = {key for line in self.lines for key in line.people["full"]}
        return {key: free[key][quarter or 0] for key in sorted(people) if key in free}

    @cached_property
    def quarters(self) -> list[Quarter]:
        """The quarters of the plan year that was asked for, or all four with what has no date."""
        found = []
        for number, figures in enumerate(self.snapshot.figures.get("quarters", ()), 1):
            if figures["first"] is None:
                found.append(Quarter(0, None, None, {}, None, self._wanted(0)))
                continue
            first, last = dt.date.fromisoformat(figures["first"]), dt.date.fromisoformat(figures["last"])
            if self.asked.year is None or self.asked.year in {plan_year_of(first), plan_year_of(last)}:
                days = self.free(number)
                supply = round(sum(days.values()) / DAYS_A_WEEK, 1)
                found.append(Quarter(number, first, last, days, supply, self._wanted(number)))
        return found

    def _wanted(self, quarter: int) -> float:
        return round(sum(said["weeks"] for _row, said in self.demands(quarter)), 1)


def snapshot_for(user: Any) -> GapSnapshot | None:
    """The newest good snapshot that the reader may see: ROCB works on the newest, the Secretariat reads what was published."""
    return GapSnapshot.objects.good().visible_to(user).select_related("published_by").first()


def last_try(user: Any) -> GapSnapshot | None:
    """The build that was asked for last, if it is running or came to nothing; ROCB's to know."""
    newest = GapSnapshot.objects.visible_to(user).order_by("-created_at").first()
    return newest if newest and newest.built_at is None else None


def picture_of(snapshot: GapSnapshot, asked: Asked = EVERYTHING) -> Picture:
    rows = list(snapshot.rows.select_related("area"))
    cells = list(snapshot.cells.select_related("area", "administration"))
    members = list(Administration.objects.active())
    if asked.area:
        rows = [row for row in rows if row.area_id == asked.area.pk]
        cells = [cell for cell in cells if cell.area_id == asked.area.pk]
    if asked.subregion:
        members = [member for member in members if member.subregion == asked.subregion]
        cells = [cell for cell in cells if cell.administration.subregion == asked.subregion]
    if asked.year is not None:
        cells = _within(cells, rows, asked.year)
    lines = _lines(rows, snapshot.figures.get("free", {}), asked)
    return Picture(snapshot, tuple(lines), tuple(cells), tuple(_member_lines(members, cells)), asked)


def _lines(rows: Sequence[GapRow], free: dict[str, list[int]], asked: Asked) -> list[Line]:
    """Each area with the people at home in the sub-region and what is wanted there in the plan year."""
    is_at_home = _at_home(rows, asked.subregion)
    lines = []
    for row in rows:
        people = {group: [key for key in row.people.get(group, ()) if is_at_home(key)] for group in GapRow.GROUPS}
        demands = tuple(
            line
            for line in row.demands
            if is_at_home(line["member"]) and (asked.year is None or line["year"] == asked.year)
        )
        weeks = [line["weeks"] for line in demands if line["weeks"] is not None]
        days = sum(free[key][0] for key in people["full"] if key in free)
        lines.append(
            Line(
                row=row,
                full=len(people["full"]),
                first_step=len(people["first_step"]),
                candidates=len(people["candidates"]),
                members=len({line["member"] for line in demands}) or None,
                weeks=round(sum(weeks), 1) if weeks else None,
                free_weeks=round(days / DAYS_A_WEEK, 1) if asked.subregion and free else float(row.free_weeks),
                people=people,
                demands=demands,
            )
        )
    return lines


def _at_home(rows: Sequence[GapRow], subregion: str) -> Callable[[str], bool]:
    """Whether a person or a member, by its key, is of a sub-region; without one everybody is."""
    if not subregion:
        return lambda _key: True
    keys = {key for row in rows for group in row.people.values() for key in group}
    people = Expert.objects.filter(administration__subregion=subregion).order_by().values_list("pk", flat=True)
    members = Administration.objects.filter(subregion=subregion).order_by().values_list("pk", flat=True)
    found = {str(pk) for pk in people if str(pk) in keys} | {str(pk) for pk in members}
    return found.__contains__


def _within(cells: Iterable[GapCell], rows: Iterable[GapRow], year: int) -> list[GapCell]:
    """The cells with what was wanted in one plan year alone; they are not written again."""
    lines = {(str(row.area_id), line["member"]): line for row in rows for line in row.demands if line["year"] == year}
    found = []
    for cell in cells:
        line = lines.get((str(cell.area_id), str(cell.administration_id)))
        if line is None and cell.need in WANTED:
            cell.need = ""
        cell.weeks = line["weeks"] if line else None
        found.append(cell)
    return found


def _member_lines(members: Iterable[Administration], cells: Iterable[GapCell]) -> list[MemberLine]:
    of: dict[uuid.UUID, list[GapCell]] = defaultdict(list)
    for cell in cells:
        of[cell.administration_id].append(cell)
    lines = []
    for member in members:
        own = of[member.pk]
        wanted = [cell for cell in own if cell.need in WANTED]
        weeks = [float(cell.weeks) for cell in own if cell.weeks is not None]
        lines.append(
            MemberLine(
                member,
                len(wanted),
                sum(not cell.fully_accredited for cell in wanted),
                sum(bool(cell.fully_accredited) for cell in own),
                round(sum(weeks), 1) if weeks else None,
            )
        )
    return lines


@dataclass(frozen=True, slots=True)
class Trend:
    """Days with the fully accredited of each area; None where the area was not in the table of the day. `short` counts areas.

    `snapshots` are those of each day; None for a printed table.
    """

    days: tuple[dt.date, ...]
    areas: tuple[tuple[Area, tuple[int | None, ...]], ...]
    short: tuple[int | None, ...]
    snapshots: tuple[uuid.UUID | None, ...] = ()

    @property
    def drawn(self) -> tuple[tuple[Area, tuple[int | None, ...]], ...]:
        """The first few areas that ever had somebody; lines at nothing would lie upon each other."""
        return tuple(row for row in self.areas if any(row[1]))[:FIRST_AREAS] or self.areas[:1]


def trend_to(snapshot: GapSnapshot, areas: Sequence[Area], *, since: int = 0) -> Trend:
    """Every published pool table and published snapshot up to the one shown, from a year on; the newest of each day."""
    counts: dict[dt.date, dict[uuid.UUID, int]] = {}
    short: dict[dt.date, int | None] = {}
    for table in PoolSnapshot.objects.filter(as_of__lte=snapshot.as_of).prefetch_related("rows"):
        counts[table.as_of] = defaultdict(int)
        short[table.as_of] = None
        for row in table.rows.all():
            if row.area_id:
                counts[table.as_of][row.area_id] += row.fully_accredited
    shown = GapSnapshot.objects.good().filter(as_of__lte=snapshot.as_of)
    shown = shown.filter(Q(published_at__isnull=False) | Q(pk=snapshot.pk)).order_by("as_of", "created_at")
    keys = dict(shown.values_list("pk", "as_of"))
    newest = {day: pk for pk, day in keys.items()} | {snapshot.as_of: snapshot.pk}
    for day in newest:
        counts[day], short[day] = {}, 0
    lines = GapRow.objects.filter(snapshot__in=newest.values()).order_by()
    for pk, area, level, full in lines.values_list("snapshot", "area", "level", "fully_accredited"):
        counts[keys[pk]][area] = full
        short[keys[pk]] = (short[keys[pk]] or 0) + (level in SHORT)
    days = tuple(day for day in sorted(counts) if day.year >= since)
    return Trend(
        days,
        tuple((area, tuple(counts[day].get(area.pk) for day in days)) for area in areas),
        tuple(short[day] for day in days),
        tuple(newest.get(day) for day in days),
    )


@dataclass(frozen=True, slots=True)
class Behind:
    """The people and demands behind one row, as they were on the day; only those that may still be read are named."""

    full: tuple[Expert, ...]
    first_step: tuple[Expert, ...]
    candidates: tuple[Expert, ...]
    shared: frozenset[uuid.UUID]
    demands: tuple[dict[str, Any], ...]


def _people(keys: Iterable[str], user: Any) -> dict[str, Expert]:
    """By their keys, those whom the reader may see."""
    found = Expert.objects.visible_to(user).filter(pk__in=keys).select_related("administration")
    return {str(expert.pk): expert for expert in found}


def behind(line: Line, user: Any) -> Behind:
    """The rows of one line of the picture."""
    people = _people({key for group in line.people.values() for key in group}, user)

    def named(group: str) -> tuple[Expert, ...]:
        found = [people[key] for key in line.people[group] if key in people]
        return tuple(sorted(found, key=lambda expert: (expert.administration.name, str(expert))))

    shared = frozenset(uuid.UUID(key) for key in line.people["shared"])
    demands = said_lines((line.row, demand) for demand in line.demands)
    return Behind(named("full"), named("first_step"), named("candidates"), shared, tuple(demands))


def demand_lines(rows: Iterable[GapRow]) -> list[dict[str, Any]]:
    """All merged demands of rows, as `said_lines` gives them."""
    return said_lines((row, line) for row in rows for line in row.demands)


def said_lines(found: Iterable[tuple[GapRow, dict[str, Any]]]) -> list[dict[str, Any]]:
    """Merged demands, each with its area and member, the largest first."""
    members = {str(member.pk): member for member in Administration.objects.all()}
    lines = [
        {**line, "area": row.area, "row": row, "member": members[line["member"]]}
        for row, line in found
        if line["member"] in members
    ]
    return sorted(lines, key=lambda line: (line["row"].rank, -(line["weeks"] or 0), line["member"].name))


def free_people(days: dict[str, int], user: Any) -> list[tuple[Expert, int]]:
    """People with their free days, those with most first."""
    people = _people(days, user)
    return sorted(
        ((people[key], n) for key, n in days.items() if key in people), key=lambda one: (-one[1], str(one[0]))
    )


def remarks_on(area: Area, day: dt.date) -> list[Evidence]:
    return list(Evidence.objects.filter(area=area, since__lte=day))


def stated_on(area: Area, day: dt.date) -> list[Any]:
    return list(priorities_on(day).filter(area=area))


def helping_centres(areas: Iterable[Area], day: dt.date) -> list[CentreFocus]:
    """The centres that develop one of the areas on a day."""
    holds = Q(until__isnull=True) | Q(until__gt=day)
    return list(
        CentreFocus.objects.filter(holds, area__in=areas, since__lte=day)
        .select_related("centre", "centre__administration", "area")
        .order_by("area__order", "centre__administration__name")
    )


def next_people(lines: Iterable[Line], user: Any) -> list[dict[str, Any]]:
    """For each area that is short: who waits after the first step, and who is listed as a candidate; the first of them by name."""
    lines = [line for line in lines if line.first_step or line.candidates]
    shown = {
        line.row.pk: {group: line.people[group][:MOST_NAMED] for group in ("first_step", "candidates")}
        for line in lines
    }
    people = _people({key for groups in shown.values() for keys in groups.values() for key in keys}, user)
    return [
        {
            "line": line,
            "first_step": [people[key] for key in shown[line.row.pk]["first_step"] if key in people],
            "candidates": [people[key] for key in shown[line.row.pk]["candidates"] if key in people],
            "is_cut": max(line.first_step, line.candidates) > MOST_NAMED,
        }
        for line in lines
    ]
