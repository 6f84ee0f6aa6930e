"""The only place that takes row locks.

Locks are always taken in this order, or two paths deadlock: experts, mission, invitations, letter, counter; several rows of one
kind by primary key. SQLite serialises writers by itself (immediate transactions) and ignores the lock.
"""

from typing import TypeVar

from django.db import OperationalError, models

from core.errors import SomebodyIsAtIt

LOCK_NOT_AVAILABLE = "55P03"  # PostgreSQL gave up waiting (lock_timeout)

M = TypeVar("M", bound=models.Model)


def lock_rows(queryset: models.QuerySet[M]) -> list[M]:
    """Fresh copies of the rows, locked until the transaction ends, in the order of their keys."""
    try:
        return list(queryset.order_by("pk").select_for_update(of=("self",), no_key=True))
    except OperationalError as error:
        if getattr(error.__cause__, "pgcode", None) == LOCK_NOT_AVAILABLE:
            raise SomebodyIsAtIt from error
        raise


def lock_row(obj: M) -> M:
    """A fresh, locked copy of one row; the model's DoesNotExist if it has gone."""
    rows = lock_rows(type(obj)._default_manager.filter(pk=obj.pk))
    if not rows:
        raise type(obj).DoesNotExist  # type: ignore[attr-defined]
    return rows[0]
