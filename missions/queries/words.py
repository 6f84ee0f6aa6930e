"""Days as the search and the step bar say them."""

import datetime as dt

from django.utils.formats import date_format

from core.clock import day_of


def day_words(day: dt.date | dt.datetime) -> str:
    return date_format(day_of(day) if isinstance(day, dt.datetime) else day, "j M Y")


def span_words(first: dt.date, last: dt.date) -> str:
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day}–{day_words(last)}"
    return f"{day_words(first)} – {day_words(last)}"
