"""The annual plan's year."""

import datetime as dt

from core.dated_policy import policy


def plan_year_of(day: dt.date) -> int:
    """The year in which the plan year of a day begins (July to June, a house setting)."""
    return day.year if day.month >= int(policy("plan.first_month", day)) else day.year - 1


def plan_label(day: dt.date) -> str:
    year = plan_year_of(day)
    return f"{year}-{(year + 1) % 100:02d}"
