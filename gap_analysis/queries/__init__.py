"""Reads for the gap analysis: supply, demand, gaps."""

from gap_analysis.queries.demand import AreaDemand, Demand, Statement, demand_on, needs_stated
from gap_analysis.queries.gaps import GapTable, gaps_on
from gap_analysis.queries.quarters import quarters, weeks_by_quarter
from gap_analysis.queries.supply import AreaSupply, free_days, months_ahead, supply_on

__all__ = [
    "AreaDemand", "AreaSupply", "Demand", "GapTable", "Statement", "demand_on", "free_days", "gaps_on", "months_ahead",
    "needs_stated", "quarters", "supply_on", "weeks_by_quarter",
]  # fmt: skip
