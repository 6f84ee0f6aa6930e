"""Edits of plain fields: under a lock, against the version the form was drawn with, with a line of history."""

from typing import Any, TypeVar

from django.db import models, transaction

from core import history
from core.errors import SomebodyWasFaster
from core.locks import lock_row

M = TypeVar("M", bound=models.Model)


@transaction.atomic
def edit(obj: M, *, by: Any, version: int, says: object, name: str = "edit", private: bool = False, **values: Any) -> M:
    """Write `values` to `obj` if it still is what the editor saw (`version`), else SomebodyWasFaster; returns the fresh row."""
    fresh: Any = lock_row(obj)
    if fresh.version != version:
        raise SomebodyWasFaster
    changed = [key for key, value in values.items() if getattr(fresh, key) != value]
    if not changed:
        return fresh
    for key in changed:
        setattr(fresh, key, values[key])
    fresh.version += 1
    fresh.save(update_fields=[*changed, "version"])
    history.record(fresh, name, says, by=by, answers={key: values[key] for key in changed}, private=private)
    return fresh
