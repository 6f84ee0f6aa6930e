"""Opportunities as tests need them."""

import datetime as dt
from typing import Any

from core.clock import today
from experts.tests.factories import area
from support import services
from support.enums import OpportunityKind
from support.models import Notice, Opportunity


def drafted(by: Any, **fields: Any) -> Opportunity:
    """A decided mechanism in NII, written for both audiences."""
    written = {
        "kind": OpportunityKind.MECHANISM,
        "title": "Scanning",
        "area": area("NII"),
        "decided_on": today() - dt.timedelta(days=9),
        "deadline": today() + dt.timedelta(days=30),
        "region_text": "Words for the region.",
        "experts_text": "Words for the experts.",
    }
    return services.draft(by=by, **{**written, **fields})


def told(by: Any, **fields: Any) -> Opportunity:
    return services.tell(drafted(by, **fields), by=by)


def notice_to(opportunity: Opportunity, reader: Any) -> Notice:
    """The notice of an expert, or of an administration by its code."""
    if isinstance(reader, str):
        return opportunity.notices.get(administration__code=reader)
    return opportunity.notices.get(expert=reader)
