"""Reads across missions: where each stands, the search that explains itself, lists for pages."""

from missions.queries.carriers import Carrier, Served, carriers_for, served_since_first_step
from missions.queries.lists import (
    absent_from,
    annual_plan,
    answers_for,
    answers_that_stand,
    missing_before_start,
    mission_row,
    missions_waiting_for,
    plan_span,
    plan_years,
    ready_for_letter,
    seats_for,
    with_words,
    without_letter,
)
from missions.queries.progress import (
    Move,
    StepView,
    current_step,
    history_for,
    history_of_one,
    moves,
    progress,
    request_moves,
    what_blocks,
    who_acts,
    who_must_act,
)
from missions.queries.reports import (
    expects_report,
    is_being_written,
    may_submit,
    overdue_reports,
    report_counts,
    report_of,
)
from missions.queries.search import Exclusion, Match, Search, by_standing, find_experts

__all__ = [
    "Carrier", "Exclusion", "Match", "Move", "Search", "Served", "StepView",
    "absent_from", "annual_plan", "answers_for", "answers_that_stand",
    "by_standing", "carriers_for", "current_step",
    "expects_report", "find_experts", "history_for", "history_of_one", "is_being_written", "may_submit",
    "missing_before_start", "mission_row", "missions_waiting_for", "moves", "overdue_reports", "plan_span", "plan_years",
    "progress", "ready_for_letter", "report_counts", "report_of", "request_moves", "seats_for", "served_since_first_step",
    "what_blocks", "who_acts",
    "who_must_act", "with_words", "without_letter",
]  # fmt: skip
