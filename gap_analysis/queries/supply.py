"""Supply: who there is in each area on a day, and how many expert-weeks are really free in the 12 months from it (§3.2, §5.1)."""

import datetime as dt
import uuid
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.db.models import Min
from django.db.models.functions import Greatest

from candidates.models import Listing
from core.clock import months_after
from experts import cap
from experts.enums import Stage
from experts.ledger import limit_on, years_on
from experts.models import Accreditation, ServicePeriod, Unavailability
from experts.queries import accreditations_on

MONTHS_AHEAD = 12
FEW = 500  # people named one by one in a query; of more the whole ledger is read
Key = uuid.UUID


@dataclass
class AreaSupply:
    """The people of one area by their keys; `shared` are the fully accredited of another area too, `days` those still free of each."""

    full: set[Key] = field(default_factory=set)
    first_step: set[Key] = field(default_factory=set)
    candidates: set[Key] = field(default_factory=set)
    shared: set[Key] = field(default_factory=set)
    days: dict[Key, int] = field(default_factory=dict)

    @property
    def free_days(self) -> int:
        return sum(self.days.values())

    @property
    def free_weeks(self) -> float:
        return round(self.free_days / 7, 1)


def months_ahead(day: dt.date) -> tuple[dt.date, dt.date]:
    """The 12 months from a day, both ends counted."""
    return day, months_after(day, MONTHS_AHEAD) - cap.DAY


def supply_on(day: dt.date) -> dict[Key, AreaSupply]:
    """For every area that has people: who, and the free weeks of its fully accredited people.

    A person counts once in each of the own areas. First step means without being full in the area; candidate without either.
    """
    areas: dict[Key, AreaSupply] = defaultdict(AreaSupply)
    alive = accreditations_on(day).filter(area__isnull=False, stage__in=[Stage.FULL, Stage.FIRST_STEP]).order_by()
    for area, expert, stage in alive.values_list("area", "expert", "stage"):
        (areas[area].full if stage == Stage.FULL else areas[area].first_step).add(expert)
    for area, expert in Listing.objects.open(day).order_by().values_list("area", "expert"):
        areas[area].candidates.add(expert)
    in_areas = Counter(expert for supply in areas.values() for expert in supply.full)
    days = free_days(in_areas, day)
    for supply in areas.values():
        supply.first_step -= supply.full
        supply.candidates -= supply.full | supply.first_step
        supply.shared = {expert for expert in supply.full if in_areas[expert] > 1}
        supply.days = {expert: days[expert] for expert in supply.full}
    return dict(areas)


def free_days(experts: Iterable[Key], day: dt.date, *, newly: Iterable[Key] = ()) -> dict[Key, int]:
    """For each person the most days that could still be used in the 12 months from a day, under cap and unavailability.

    `newly` are taken as fully accredited from that day on: the cap binds them from then, and what they served before is not counted.
    """
    return free_days_in(experts, day, [months_ahead(day)], newly=newly)[0]


def free_days_in(
    experts: Iterable[Key], day: dt.date, spans: Sequence[cap.Period], *, newly: Iterable[Key] = ()
) -> list[dict[Key, int]]:
    """The same for each of some spans in order of time, judged by the policy of the day; in three queries, however many people."""
    people, years, limit = list(experts), years_on(day), limit_on(day)
    these = {"expert__in": people} if len(people) <= FEW else {}
    begin, end = spans[0][0], spans[-1][1]
    windows = cap.window_start(begin, years=years), cap.falls_out((end, end), years=years)
    binding = _binding_from(these)
    for expert in newly:
        binding[expert] = min(binding.get(expert, day), day)
    counted: dict[Key, list[cap.Period]] = defaultdict(list)
    away: dict[Key, list[cap.Period]] = defaultdict(list)
    lines = (
        ServicePeriod.objects.alive().filter(last_day__gte=windows[0], first_day__lte=windows[1], **these).order_by()
    )
    for expert, start, stop, counts in lines.values_list("expert", "first_day", "last_day", "counts"):
        away[expert].append((start, stop))
        if counts:
            counted[expert] += cap.clip([(start, stop)], binding.get(expert, start))
    blocked = Unavailability.objects.filter(last_day__gte=begin, first_day__lte=end, **these).order_by()
    for expert, start, stop in blocked.values_list("expert", "first_day", "last_day"):
        away[expert].append((start, stop))
    return [
        {
            expert: cap.most_days(counted[expert], first, last, blocked=away[expert], limit=limit, years=years)
            if expert in away
            else min(limit, (last - first).days + 1)
            for expert in people
        }
        for first, last in spans
    ]


def _binding_from(these: dict[str, list[Key]]) -> dict[Key, dt.date]:
    """The day of each person's first full accreditation: earlier days do not count (pitfall P27)."""
    full = Accreditation.objects.filter(accredited_on__isnull=False, ace_entered_on__isnull=False, **these).order_by()
    return dict(
        full.values("expert")
        .annotate(day=Min(Greatest("accredited_on", "ace_entered_on")))
        .values_list("expert", "day")
    )
