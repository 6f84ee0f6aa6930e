"""Days as the search and the step bar say them."""

import datetime as dt

from core.clock import day_words


def span_words(first: dt.date, last: dt.date) -> str:
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day}–{day_words(last)}"
    return f"{day_words(first)} – {day_words(last)}"
