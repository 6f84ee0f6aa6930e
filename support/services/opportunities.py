"""Opportunities: drafted, told to those concerned, closed (§5.1, §5.3)."""

import datetime as dt
import uuid
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from core.workflow import start
from experts.models import AccreditationWorkshop, Area
from support.models import Opportunity


@transaction.atomic
def draft(
    *,
    by: Any,
    kind: str,
    title: str,
    area: Area | None = None,
    workshop: AccreditationWorkshop | None = None,
    reference: uuid.UUID | None = None,
    decided_on: dt.date | None = None,
    first_day: dt.date | None = None,
    deadline: dt.date | None = None,
    url: str = "",
    region_text: str = "",
    experts_text: str = "",
) -> Opportunity:
    """An opportunity as a draft of ROCB's; nobody is told before it is read over and sent."""
    written = Opportunity(
        kind=kind,
        title=title,
        area=area,
        workshop=workshop,
        reference=reference,
        decided_on=decided_on,
        first_day=first_day,
        deadline=deadline,
        url=url,
        region_text=region_text,
        experts_text=experts_text,
        created_by=by,
    )
    opportunity: Opportunity = start(written, by=by, title=_("Draft begun"), private=True)
    return opportunity
