"""What if: a snapshot with steps taken on it, the picture before and after, and what the smallest mix is looked for among (§5.1)."""

import dataclasses
import datetime as dt
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from candidates.models import Listing
from core.dated_policy import policy, read_once
from experts.models import Accreditation, Expert
from gap_analysis import whatif
from gap_analysis.enums import Level
from gap_analysis.levels import Facts, Gap, ranked
from gap_analysis.models import GapRow, GapSnapshot
from gap_analysis.queries.dashboard import SHORT
from gap_analysis.queries.supply import free_days
from gap_analysis.whatif import Group, Mix, Mover, Outcome, Place, Steps, Weights


@dataclass(frozen=True, slots=True)
class Side:
    """One area before or after, as it is shown and kept."""

    code: str
    name: str
    rank: int
    level: str
    full: int
    first_step: int
    candidates: int
    free_weeks: float
    members: int | None
    weeks: float | None
    priority: bool

    @property
    def is_short(self) -> bool:
        return self.level in SHORT

    @property
    def level_words(self) -> str:
        return str(Level(self.level).label)


@dataclass(frozen=True, slots=True)
class Change:
    before: Side
    after: Side

    @property
    def is_one(self) -> bool:
        """Whether anything but its place has changed: that moves with the others."""
        return dataclasses.replace(self.before, rank=0) != dataclasses.replace(self.after, rank=0)


@dataclass(frozen=True, slots=True)
class WhatIf:
    """A snapshot, the steps taken on it and what came of them; areas in the order after the steps."""

    snapshot: GapSnapshot
    steps: Steps
    pool: whatif.Pool
    outcome: Outcome
    changes: tuple[Change, ...]

    @property
    def band(self) -> tuple[int, int]:
        return band_of(self.snapshot)


def band_of(snapshot: GapSnapshot) -> tuple[int, int]:
    """Floor and comfort as they were when it was built."""
    return int(snapshot.method.get("floor", 0)), int(snapshot.method.get("comfort", 0))


@read_once()
def what_if(snapshot: GapSnapshot, steps: Steps) -> WhatIf:
    """Take steps on the people of a snapshot. Levels and places come about by the same rule; demand and priorities stay."""
    rows = list(snapshot.rows.select_related("area"))
    pool = {row.area.code: _group(row) for row in rows}
    order = _listed(snapshot.as_of, {*steps.workshops, *(area for _person, area in steps.seats)})
    outcome = whatif.take(pool, steps, order=order, lapsing=_lapsing(snapshot.as_of, steps.until))
    days = _days(snapshot.as_of, pool, outcome.pool)
    before = _facts(rows)
    after = [
        whatif.facts_after(facts, pool[row.area.code], outcome.pool[row.area.code], days)
        for facts, row in zip(before, rows, strict=True)
    ]
    floor, comfort = band_of(snapshot)
    sides = {gap.facts.area: _side(gap) for gap in ranked(before, floor=floor, comfort=comfort)}
    changes = [Change(sides[gap.facts.area], _side(gap)) for gap in ranked(after, floor=floor, comfort=comfort)]
    return WhatIf(snapshot, steps, pool, outcome, tuple(changes))


def _group(row: GapRow) -> Group:
    return Group(*(frozenset(row.people.get(name, ())) for name in GapRow.PEOPLE))


def _facts(rows: Sequence[GapRow]) -> list[Facts]:
    """The facts behind the rows of a snapshot. Stated priorities come first and in their order, so their place is their rank."""
    return [
        Facts(
            area=row.area,
            fully_accredited=row.fully_accredited,
            first_step=row.first_step,
            candidates=row.candidates,
            free_weeks=float(row.free_weeks),
            demand_members=row.demand_members,
            demand_weeks=None if row.demand_weeks is None else float(row.demand_weeks),
            priority=row.rank if row.priority else None,
            known=row.level != Level.NO_INFORMATION,
        )
        for row in rows
    ]


def _side(gap: Gap) -> Side:
    facts = gap.facts
    return Side(
        facts.area.code, facts.area.name, gap.rank, str(gap.level), facts.fully_accredited, facts.first_step,
        facts.candidates, facts.free_weeks, facts.demand_members, facts.demand_weeks, facts.priority is not None,
    )  # fmt: skip


def _days(day: dt.date, before: whatif.Pool, after: whatif.Pool) -> dict[str, int]:
    """The free days of everybody who joins or goes; whoever was nowhere fully accredited is so from the day on (pitfall P27)."""
    moved = {person for area, group in before.items() for person in group.full ^ after[area].full}
    old = {person for group in before.values() for person in group.full}
    if not moved:
        return {}
    newly = [uuid.UUID(person) for person in moved - old]
    return {str(key): days for key, days in free_days(map(uuid.UUID, moved), day, newly=newly).items()}


def _listed(day: dt.date, areas: Iterable[str]) -> list[Place]:
    """The candidate list in some areas, its oldest line first."""
    areas = set(areas)
    if not areas:
        return []
    lines = Listing.objects.open(day).filter(area__code__in=areas).order_by("listed_on", "pk")
    return [(str(person), area) for person, area in lines.values_list("expert", "area__code")]


def _lapsing(day: dt.date, until: str) -> frozenset[Place]:
    """The lines that end until a day if nobody confirms them."""
    try:
        last = dt.date.fromisoformat(until)
    except ValueError:
        return frozenset()
    lines = Listing.objects.open(day).select_related("area").order_by()
    return frozenset((str(line.expert_id), line.area.code) for line in lines if line.lapses_on <= last)


def weights_on(day: dt.date) -> Weights:
    return Weights(*(float(policy(f"whatif.weight.{kind}", day)) for kind in ("workshop", "seat", "accreditation")))


def mix_for(found: WhatIf, aims: Iterable[str], *, goal: int, weights: Weights) -> Mix:
    """The smallest mix of further steps that brings each of some areas to so many fully accredited people."""
    aims = {code for code in aims if code in found.outcome.pool}
    pool = found.outcome.pool
    needed = {code: max(0, goal - len(pool[code].full)) for code in sorted(aims)}
    held = frozenset(code for code, people in found.outcome.seated.items() if people)
    return whatif.smallest_mix(needed, _movers(found, aims), weights, held=held)


def _movers(found: WhatIf, areas: set[str]) -> list[Mover]:
    """Who waits or is listed in some areas after the steps, whoever has waited longest first."""
    pool = found.outcome.pool
    waits = {area: pool[area].first_step for area in areas}
    listed = {area: pool[area].candidates for area in areas}
    since: dict[str, dt.date] = {}
    steps = Accreditation.objects.filter(area__code__in=areas, accredited_on=None, first_step_on__isnull=False)
    lines = Listing.objects.open(found.snapshot.as_of).filter(area__code__in=areas)
    for rows in (steps.values_list("expert", "first_step_on"), lines.values_list("expert", "listed_on")):
        for person, day in rows.order_by():
            since[str(person)] = min(since.get(str(person), dt.date.max), day or dt.date.max)
    people = {person for groups in (waits, listed) for group in groups.values() for person in group}
    return [
        Mover(
            person,
            frozenset(area for area in areas if person in waits[area]),
            frozenset(area for area in areas if person in listed[area]),
        )
        for person in sorted(people, key=lambda person: (since.get(person, dt.date.max), person))
    ]


def with_mix(found: WhatIf, mix: Mix) -> Steps:
    """The steps with those of the mix added: a seat for each of the list who comes, and everybody fully accredited."""
    steps, seats = found.steps, [(move.person, area) for move in mix.moves for area in sorted(move.seats)]
    workshops = dict(steps.workshops)
    for area in dict.fromkeys(area for _person, area in seats):
        workshops[area] = len(found.outcome.seated.get(area, ())) + sum(where == area for _person, where in seats)
    accredit = [(move.person, area) for move in mix.moves for area in sorted(move.areas)]
    return dataclasses.replace(
        steps, workshops=workshops, seats=(*steps.seats, *seats), accredit=(*steps.accredit, *accredit)
    )


def people_named(keys: Iterable[str], user: Any) -> Mapping[str, Expert]:
    """By their keys, those whom the reader may see; a key that is none names nobody."""
    found = []
    for key in set(keys):
        try:
            found.append(uuid.UUID(key))
        except ValueError:
            continue
    people = Expert.objects.visible_to(user).filter(pk__in=found).select_related("administration")
    return {str(expert.pk): expert for expert in people}
