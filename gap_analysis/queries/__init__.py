"""Reads for the gap analysis: supply, demand, gaps."""

from gap_analysis.queries.demand import AreaDemand, Demand, Statement, demand_on, needs_stated
from gap_analysis.queries.gaps import GapTable, gaps_on
from gap_analysis.queries.quarters import Quarters, quarters, weeks_by_quarter
from gap_analysis.queries.supply import AreaSupply, free_days, months_ahead, supply_on
from gap_analysis.queries.survey import (
    AREA_FIELDS,
    AreaLine,
    BoardRow,
    Progress,
    QuestionLine,
    area_field,
    area_lines,
    as_text,
    asked_now,
    board,
    due_reminder,
    figures_of,
    latest_summary,
    progress_of,
    question_field,
    question_lines,
    response_before,
    round_before,
    rounds,
    rounds_running,
    sum_lines,
    told,
    words_of,
)

__all__ = [
    "AREA_FIELDS", "AreaDemand", "AreaLine", "AreaSupply", "BoardRow", "Demand", "GapTable", "Progress", "Quarters", "QuestionLine",
    "Statement", "area_field", "area_lines", "as_text", "asked_now", "board", "demand_on", "due_reminder", "figures_of", "free_days",
    "gaps_on", "latest_summary", "months_ahead", "needs_stated", "progress_of", "quarters", "question_field",
    "question_lines", "response_before", "round_before", "rounds", "rounds_running", "sum_lines", "supply_on", "told",
    "weeks_by_quarter", "words_of",
]  # fmt: skip
