"""What commands share."""

import datetime as dt

from django.core.management.base import CommandError

from core.clock import today


def a_day(typed: str | None) -> dt.date:
    """The day of an option, today if it is not given; CommandError for what is no day."""
    try:
        return dt.date.fromisoformat(typed) if typed else today()
    except ValueError as error:
        raise CommandError(f"Not a day: {typed}. Write it as YYYY-MM-DD.") from error
