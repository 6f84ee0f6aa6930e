"""The written rule by hand: one case for each line of the method, and the order."""

import pytest

from gap_analysis.enums import Level
from gap_analysis.levels import Facts, level_of, ranked


def facts(area="X", full=4, *, free=50.0, known=True, **fields):
    return Facts(area, full, fields.pop("first_step", 0), fields.pop("candidates", 0), free, known=known, **fields)


@pytest.mark.parametrize(
    ("known", "level"),
    [
        (facts(full=9, known=False), Level.NO_INFORMATION),
        (facts(full=0, first_step=9, candidates=9), Level.UNCOVERED),
        (facts(full=2, first_step=7), Level.BELOW_FLOOR),
        (facts(full=3), Level.IN_BAND),
        (facts(full=5), Level.IN_BAND),
        (facts(full=6), Level.COMFORTABLE),
        (facts(full=6, priority=1), Level.STRETCHED),
        (facts(full=6, free=10.0, demand_weeks=10.0), Level.COMFORTABLE),
        (facts(full=6, free=10.0, demand_weeks=10.1), Level.STRETCHED),
        (facts(full=2, priority=1), Level.BELOW_FLOOR),
    ],
)
def test_each_line_of_the_method(known, level):
    assert level_of(known, floor=3, comfort=5) == level


def test_the_order():
    areas = [
        facts("unknown", known=False),
        facts("comfortable", 9),
        facts("in band", 3),
        facts("more weeks missing", 4, free=0, demand_weeks=9.0, demand_members=1),
        facts("more members", 4, free=0, demand_weeks=2.0, demand_members=3),
        facts("fewer people", 3, free=0, demand_weeks=2.0, demand_members=1),
        facts("more people", 4, free=0, demand_weeks=2.0, demand_members=1),
        facts("below", 2),
        facts("uncovered", 0),
        facts("second need", 9, priority=2),
        facts("first need", 9, priority=1),
    ]
    found = ranked(areas, floor=3, comfort=5)
    assert [gap.facts.area for gap in found] == [
        "first need", "second need", "uncovered", "below", "more weeks missing", "more members", "fewer people", "more people",
        "in band", "comfortable", "unknown",
    ]  # fmt: skip
    assert [gap.rank for gap in found] == list(range(1, 12))
