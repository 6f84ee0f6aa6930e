"""Dated policy rows: the figures of the framework and of the house, as they stood on a day."""

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from core.clock import today
from core.models import PolicyRow


class PolicyMissing(LookupError):
    """A figure that the portal needs is not loaded; `load_framework` brings the framework's own."""


_remembered: ContextVar[dict[str, list[tuple[dt.date, Any]]] | None] = ContextVar("policy_rows", default=None)


def _rows() -> dict[str, list[tuple[dt.date, Any]]]:
    rows: dict[str, list[tuple[dt.date, Any]]] = {}
    for key, valid_from, value in PolicyRow.objects.order_by("valid_from").values_list("key", "valid_from", "value"):
        rows.setdefault(key, []).append((valid_from, value))
    return rows


@contextmanager
def read_once() -> Iterator[None]:
    """Within this block (a request, a list) the rows are read at most once."""
    token = _remembered.set(_remembered.get() or {})
    try:
        yield
    finally:
        _remembered.reset(token)


def _known(key: str) -> list[tuple[dt.date, Any]]:
    remembered = _remembered.get()
    if remembered is None:
        return _rows().get(key, [])
    if not remembered:
        remembered.update(_rows())
    return remembered.get(key, [])


def policy(key: str, on: dt.date | None = None) -> Any:
    """The value of `key` on a day (today if not given): the newest row that had begun; the first one for days before."""
    rows = _known(key)
    if not rows:
        raise PolicyMissing(key)
    day = on or today()
    begun = [value for valid_from, value in rows if valid_from <= day]
    return begun[-1] if begun else rows[0][1]


def is_demo() -> bool:
    """Whether the fictional demo region is loaded; every page and document then says so."""
    return any(value is True for _day, value in _known("portal.demo"))
