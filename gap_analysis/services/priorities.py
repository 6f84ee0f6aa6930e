"""Needs stated by ROCB for an area, with reason and end; they come first in the gap table (§2.1)."""

import datetime as dt
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from core import history
from core.clock import today
from core.errors import TransitionRefused
from core.locks import lock_row
from experts.enums import PriorityKind
from experts.models import Area, AreaPriority
from experts.queries import priorities_on


@transaction.atomic
def state_priority(area: Area, *, by: Any, note: str, until: dt.date) -> AreaPriority:
    """From today on the area stands before those without a priority; refused while another one holds."""
    area, day = lock_row(area), today()
    if priorities_on(day).filter(area=area, kind=PriorityKind.NEEDED).exists():
        raise TransitionRefused(_("A priority is stated for this area already. End it first."))
    place = AreaPriority.objects.filter(since=day).aggregate(last=Max("order"))["last"] or 0
    priority, _is_new = AreaPriority.objects.update_or_create(
        area=area,
        kind=PriorityKind.NEEDED,
        since=day,
        defaults={"until": until, "note": note.strip(), "order": place + 1, "paragraph": ""},
    )
    history.record(area, "priority_stated", _("Priority stated"), by=by, note=note)
    return priority


@transaction.atomic
def end_priority(priority: AreaPriority, *, by: Any) -> AreaPriority:
    """It counts no more from today on; what was built before keeps it."""
    priority = lock_row(priority)
    if priority.until is not None and priority.until <= today():
        raise TransitionRefused(_("It has ended already."))
    priority.until = today()
    priority.save(update_fields=["until"])
    history.record(priority.area, "priority_ended", _("Priority ended"), by=by)
    return priority
