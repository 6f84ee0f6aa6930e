"""From the facts of an area to its gap level and its place: a written rule, no database and no clock (§2.1, §5.1).

The rule, in words, is `METHOD`; every page and document that shows a level shows it too.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from gap_analysis.enums import Level

METHOD = (
    _("No information: nobody has told us of expertise or of a need in the area. It is unknown, not zero."),
    _("Uncovered: nobody is fully accredited."),
    _("Below floor: fewer fully accredited people than the floor of the target band."),
    _("Stretched: at the floor or above, but a priority is stated, or more expert-weeks are wanted than are free."),
    _("In band: between floor and comfort, and the wanted weeks are free. Comfortable: more than that."),
    _("Counted are distinct people, active and fully accredited; first step and candidates are the pipeline."),
    _("Stated priorities come first, in the order in which they were stated. Then the more urgent level, the more weeks missing, the "
      "more members asking, the fewer people. Areas without information come last."),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of an area on a day. People are distinct; weeks are expert-weeks; None is unknown.

    `priority` is the place of a stated need among those in force, from 1; `known` whether anybody has told us anything.
    """

    area: Any
    fully_accredited: int
    first_step: int
    candidates: int
    free_weeks: float
    demand_members: int | None = None
    demand_weeks: float | None = None
    priority: int | None = None
    known: bool = False

    @property
    def missing_weeks(self) -> float:
        return max(0.0, (self.demand_weeks or 0) - self.free_weeks)


@dataclass(frozen=True, slots=True)
class Gap:
    facts: Facts
    level: Level
    rank: int = 0


def level_of(facts: Facts, *, floor: int, comfort: int) -> Level:
    """The level of an area, by the first line of `METHOD` that holds."""
    if not facts.known:
        return Level.NO_INFORMATION
    if facts.fully_accredited == 0:
        return Level.UNCOVERED
    if facts.fully_accredited < floor:
        return Level.BELOW_FLOOR
    if facts.priority is not None or facts.missing_weeks > 0:
        return Level.STRETCHED
    return Level.IN_BAND if facts.fully_accredited <= comfort else Level.COMFORTABLE


def ranked(areas: Iterable[Facts], *, floor: int, comfort: int) -> list[Gap]:
    """Every area with its level, the most urgent first. Ties stand in the order given."""
    gaps = [Gap(facts, level_of(facts, floor=floor, comfort=comfort)) for facts in areas]
    return [Gap(gap.facts, gap.level, place) for place, gap in enumerate(sorted(gaps, key=_urgency), 1)]


def _urgency(gap: Gap) -> tuple[Any, ...]:
    facts = gap.facts
    return (
        facts.priority is None,
        facts.priority or 0,
        gap.level.place,
        -facts.missing_weeks,
        -(facts.demand_members or 0),
        facts.fully_accredited,
    )
