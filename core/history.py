"""Histories: written by the workflow engine and by services, read by every record page."""

import uuid
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from core.models import LogEntry, plain


def record(
    obj: Any,
    name: str,
    title: object,
    *,
    by: Any,
    party: str = "",
    on_behalf_of: str = "",
    note: str = "",
    answers: dict[str, Any] | None = None,
    from_state: str = "",
    to_state: str = "",
    private: bool = False,
) -> LogEntry:
    """One line in the history of `obj`. `by` is a user, or whoever came by a signed link; the true actor is always named."""
    is_user = hasattr(by, "pk")
    return LogEntry.objects.create(
        kind=obj._meta.label_lower,
        object_id=obj.pk,
        parent_id=getattr(obj, "history_parent_id", None),
        name=name,
        title=str(title),
        from_state=from_state,
        to_state=to_state,
        by=by if is_user else None,
        actor=str(by) if by is not None else str(_("the portal itself")),
        party=party,
        on_behalf_of=on_behalf_of,
        note=note,
        answers=plain(answers or {}),
        private=private,
    )


def history_of(*object_ids: uuid.UUID) -> QuerySet[LogEntry]:
    """Newest first; the lines of the objects themselves and of what hangs on them."""
    return LogEntry.objects.filter(object_id__in=object_ids) | LogEntry.objects.filter(parent_id__in=object_ids)
