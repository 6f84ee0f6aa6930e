"""The gap of every area on a day: supply and demand together, by the written rule (§2.1, §5.1)."""

import datetime as dt
import uuid
from dataclasses import dataclass
from typing import Any

from core.dated_policy import policy, read_once
from experts.enums import PriorityKind
from experts.models import Area
from experts.queries import accreditations_on, priorities_on
from gap_analysis.levels import Facts, Gap, ranked
from gap_analysis.queries.demand import AreaDemand, demand_on, submitted_answers
from gap_analysis.queries.supply import AreaSupply, supply_on

NOTHING = AreaSupply()


@dataclass(frozen=True, slots=True)
class GapTable:
    """Every active area with its level and rank, and the people and demands behind the figures."""

    as_of: dt.date
    floor: int
    comfort: int
    gaps: tuple[Gap, ...]
    supply: dict[uuid.UUID, AreaSupply]
    demand: dict[uuid.UUID, AreaDemand]

    def as_dict(self) -> dict[str, Any]:
        """As others read it; null is unknown."""
        return {
            "as_of": self.as_of.isoformat(),
            "areas": [
                {
                    "area": gap.facts.area.code,
                    "rank": gap.rank,
                    "level": str(gap.level),
                    "fully_accredited": gap.facts.fully_accredited,
                    "first_step": gap.facts.first_step,
                    "candidates": gap.facts.candidates,
                    "free_weeks": gap.facts.free_weeks,
                    "demand_members": gap.facts.demand_members,
                    "demand_weeks": gap.facts.demand_weeks,
                    "priority": gap.facts.priority is not None,
                }
                for gap in self.gaps
            ],
        }


@read_once()
def gaps_on(day: dt.date) -> GapTable:
    """The gap table of a day. The band is the policy of that day; an area that nobody has told us about is unknown.

    Told is: somebody accredited in it, a demand, a stated need, or what a member answered in a survey. A candidate alone tells
    neither what the region has nor what it needs.
    """
    supply, demand = supply_on(day), demand_on(day)
    needed = [row.area_id for row in priorities_on(day) if row.kind == PriorityKind.NEEDED]
    places = {area: place for place, area in enumerate(dict.fromkeys(needed), 1)}
    told = _told(day) | demand.keys() | places.keys()
    facts = [
        Facts(
            area=area,
            fully_accredited=len(have.full),
            first_step=len(have.first_step),
            candidates=len(have.candidates),
            free_weeks=have.free_weeks,
            demand_members=want.members if want else None,
            demand_weeks=want.weeks if want else None,
            priority=places.get(area.pk),
            known=area.pk in told,
        )
        for area in Area.objects.active()
        for have, want in [(supply.get(area.pk, NOTHING), demand.get(area.pk))]
    ]
    floor, comfort = int(policy("pool.floor", day)), int(policy("pool.comfort", day))
    return GapTable(day, floor, comfort, tuple(ranked(facts, floor=floor, comfort=comfort)), supply, demand)


def _told(day: dt.date) -> set[uuid.UUID]:
    accredited = accreditations_on(day).filter(area__isnull=False).order_by().values_list("area", flat=True).distinct()
    answered = submitted_answers(day).exclude(need__in=["", "unknown"], experts__isnull=True)
    return {*accredited, *answered.order_by().values_list("area", flat=True).distinct()}
