"""The one place where the office's day is read; mission days are dates without a zone."""

import calendar
import datetime as dt
from zoneinfo import ZoneInfo, available_timezones

from django.conf import settings
from django.utils import timezone
from django.utils.formats import date_format

# Asked once: each call walks through the whole folder of zones.
ZONES = available_timezones()


def now() -> dt.datetime:
    return timezone.now()


def today() -> dt.date:
    """Today's date in the office's own time zone (Bangkok)."""
    return timezone.localdate(timezone=ZoneInfo(settings.OFFICE_TIME_ZONE))


def day_of(moment: dt.datetime) -> dt.date:
    """The day of a moment in the office's own time zone."""
    return timezone.localdate(moment, ZoneInfo(settings.OFFICE_TIME_ZONE))


def begin_of(day: dt.date) -> dt.datetime:
    """The first moment of a day in the office's own time zone."""
    return dt.datetime.combine(day, dt.time.min, ZoneInfo(settings.OFFICE_TIME_ZONE))


def day_words(day: dt.date | dt.datetime) -> str:
    """3 Mar 2027; of a moment, its day in the office's own time zone."""
    return date_format(day_of(day) if isinstance(day, dt.datetime) else day, "j M Y")


def months_after(day: dt.date, months: int) -> dt.date:
    """The same day of a later month; the last one of a month that is too short."""
    years, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + years, month + 1
    return dt.date(year, month, min(day.day, calendar.monthrange(year, month)[1]))
