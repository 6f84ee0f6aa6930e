"""What the gap dashboard shows of a snapshot, and the rows behind each figure (§5.1)."""

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from centres.models import CentreFocus
from experts.models import Area, Expert, PoolSnapshot
from experts.queries import priorities_on
from gap_analysis.enums import Level, NeedLevel
from gap_analysis.models import Evidence, GapCell, GapRow, GapSnapshot
from members.models import Administration

WANTED = frozenset({NeedLevel.LOW, NeedLevel.MEDIUM, NeedLevel.HIGH})
SHORT = frozenset({Level.UNCOVERED, Level.BELOW_FLOOR})
FIRST_AREAS = 5


@dataclass(frozen=True, slots=True)
class Line:
    """One area: the row of the snapshot, and its figures within what was asked for."""

    row: GapRow
    full: int
    first_step: int
    candidates: int
    members: int | None
    weeks: float | None

    @property
    def is_short(self) -> bool:
        return self.row.level in SHORT

    @property
    def is_urgent(self) -> bool:
        return self.is_short or self.row.level == Level.STRETCHED


@dataclass(frozen=True, slots=True)
class MemberLine:
    """One administration: in how many areas it has a need, in how many of these no fully accredited person of its own."""

    administration: Administration
    needs: int
    uncovered: int
    areas: int
    weeks: float | None


@dataclass(frozen=True, slots=True)
class Picture:
    """A snapshot within a sub-region and an area, as far as they were asked for. Levels and ranks are always the region's."""

    snapshot: GapSnapshot
    lines: tuple[Line, ...]
    cells: tuple[GapCell, ...]
    members: tuple[MemberLine, ...]
    subregion: str = ""
    area: Area | None = None

    @property
    def floor(self) -> int:
        return int(self.snapshot.method.get("floor", 0))

    @property
    def comfort(self) -> int:
        return int(self.snapshot.method.get("comfort", 0))


def snapshot_for(user: Any) -> GapSnapshot | None:
    """ROCB works on the newest good snapshot; the Secretariat reads the newest that ROCB has published, if there is one."""
    good = GapSnapshot.objects.good().visible_to(user).select_related("published_by")
    published = None if user.is_rocb else good.filter(published_at__isnull=False).first()
    return published or good.first()


def last_try() -> GapSnapshot | None:
    """The build that was asked for last, if it is running or came to nothing."""
    newest = GapSnapshot.objects.order_by("-created_at").first()
    return newest if newest and newest.built_at is None else None


def picture_of(snapshot: GapSnapshot, *, subregion: str = "", area: Area | None = None) -> Picture:
    rows = list(snapshot.rows.select_related("area"))
    cells = list(snapshot.cells.select_related("area", "administration"))
    members = list(Administration.objects.active())
    if area:
        rows, cells = [row for row in rows if row.area_id == area.pk], [c for c in cells if c.area_id == area.pk]
    if subregion:
        members = [member for member in members if member.subregion == subregion]
        cells = [cell for cell in cells if cell.administration.subregion == subregion]
        lines = _lines_at_home(rows, {str(member.pk) for member in members})
    else:
        lines = [
            Line(
                row, row.fully_accredited, row.first_step, row.candidates, row.demand_members,
                None if row.demand_weeks is None else float(row.demand_weeks),
            )
            for row in rows
        ]  # fmt: skip
    return Picture(snapshot, tuple(lines), tuple(cells), tuple(_member_lines(members, cells)), subregion, area)


def _lines_at_home(rows: Sequence[GapRow], members: set[str]) -> list[Line]:
    keys = {key for row in rows for group in row.people.values() for key in group}
    home = {
        str(pk): str(of) for pk, of in Expert.objects.filter(pk__in=keys).order_by().values_list("pk", "administration")
    }
    lines = []
    for row in rows:
        full, first, listed = (
            sum(home.get(key) in members for key in row.people.get(group, ()))
            for group in ("full", "first_step", "candidates")
        )
        demands = [line for line in row.demands if line["member"] in members]
        weeks = [line["weeks"] for line in demands if line["weeks"] is not None]
        asking = len({line["member"] for line in demands}) or None
        lines.append(Line(row, full, first, listed, asking, round(sum(weeks), 1) if weeks else None))
    return lines


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
    """Days with the fully accredited of each area; None where the area was not in the table of the day. `short` counts areas."""

    days: tuple[dt.date, ...]
    areas: tuple[tuple[Area, tuple[int | None, ...]], ...]
    short: tuple[int | None, ...]


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


def behind(row: GapRow, user: Any) -> Behind:
    people = _people({key for group in row.people.values() for key in group}, user)

    def named(group: str) -> tuple[Expert, ...]:
        found = [people[key] for key in row.people.get(group, ()) if key in people]
        return tuple(sorted(found, key=lambda expert: (expert.administration.name, str(expert))))

    shared = frozenset(uuid.UUID(key) for key in row.people.get("shared", ()))
    return Behind(named("full"), named("first_step"), named("candidates"), shared, tuple(demand_lines([row])))


def demand_lines(rows: Iterable[GapRow]) -> list[dict[str, Any]]:
    """The merged demands of rows, each with its area and member, the largest first."""
    members = {str(member.pk): member for member in Administration.objects.all()}
    found = [
        {**line, "area": row.area, "row": row, "member": members[line["member"]]}
        for row in rows
        for line in row.demands
        if line["member"] in members
    ]
    return sorted(found, key=lambda line: (line["row"].rank, -(line["weeks"] or 0), line["member"].name))


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
    """For each area that is short: who waits after the first step, and who is listed as a candidate."""
    lines = [line for line in lines if line.row.people.get("first_step") or line.row.people.get("candidates")]
    keys = {key for line in lines for group in ("first_step", "candidates") for key in line.row.people.get(group, ())}
    people = _people(keys, user)
    return [
        {
            "row": line.row,
            "first_step": [people[key] for key in line.row.people.get("first_step", ()) if key in people],
            "candidates": [people[key] for key in line.row.people.get("candidates", ()) if key in people],
        }
        for line in lines
    ]
