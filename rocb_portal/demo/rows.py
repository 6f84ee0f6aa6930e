"""Writing rows of the past: in bulk, each with the time it would have had."""

import datetime as dt
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import models
from simple_history.utils import bulk_create_with_history

OFFICE_OPENS = dt.time(2, 30, tzinfo=dt.UTC)


def moment(day: dt.date, minutes: int = 0) -> dt.datetime:
    """A time in office hours of Bangkok on that day."""
    return dt.datetime.combine(day, OFFICE_OPENS) + dt.timedelta(minutes=minutes)


def weekday(day: dt.date) -> dt.date:
    """The day itself, or the Friday before a weekend."""
    return day - dt.timedelta(days=max(0, day.weekday() - 4))


@contextmanager
def times_as_given(model: type[models.Model]) -> Iterator[None]:
    """Within this block `auto_now_add` fields keep the value they have instead of taking the present."""
    fields: list[Any] = [f for f in model._meta.concrete_fields if getattr(f, "auto_now_add", False)]
    for field in fields:
        field.auto_now_add = False
    try:
        yield
    finally:
        for field in fields:
            field.auto_now_add = True


def keep(objects: Iterable[Any]) -> None:
    """Insert the objects of each model at once, with the first line of their record history if the model keeps one."""
    by_model: dict[type[models.Model], list[Any]] = {}
    for obj in objects:
        by_model.setdefault(type(obj), []).append(obj)
    for model, rows in by_model.items():
        with times_as_given(model):
            if hasattr(model, "history"):
                for row in rows:
                    row._history_date = row.created_at
                bulk_create_with_history(rows, model, batch_size=400)
            else:
                model._default_manager.bulk_create(rows, batch_size=400)
