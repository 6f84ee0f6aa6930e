"""Who is put on ROCB's candidate list and who leaves it (§2.2(2)), in its smallest form."""

import datetime as dt
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from candidates.enums import Origin
from candidates.models import Listing
from centres.models import Centre
from core import history
from core.clock import today
from core.edits import edit
from core.errors import InvalidAnswers, SomebodyWasFaster
from experts.models import Area, Expert
from experts.queries import ALIVE
from experts.services import add_person, lock_experts
from members.models import Administration


@transaction.atomic
def list_candidate(
    *,
    area: Area,
    origin: str,
    by: Any,
    expert: Expert | None = None,
    person: dict[str, Any] | None = None,
    recommended_by: Administration | None = None,
    listed_on: dt.date | None = None,
    note: str = "",
) -> Listing:
    """Put a known person, or a new one (`person` as `add_person` takes it), on the list in one area.

    Recommended by the home administration, by the host of a training centre, or known to ROCB (pitfall P13). InvalidAnswers for
    somebody who has left, who is on the list or accredited in this area already, and for a centre that is none.
    """
    day = listed_on or today()
    if day > today():
        raise InvalidAnswers({"listed_on": _("This day is still to come.")})
    somebody = lock_experts(expert)[0] if expert else add_person(**(person or {}), by=by)
    _check_person(somebody, area, day)
    listing = Listing.objects.create(
        expert=somebody,
        area=area,
        origin=origin,
        recommended_by=_recommender(somebody, origin, recommended_by),
        listed_on=day,
        listed_by=by,
        note=note,
    )
    history.record(listing, "listed", _("Put on the candidate list: %(area)s") % {"area": area}, by=by, note=note)
    return listing


def _check_person(expert: Expert, area: Area, day: dt.date) -> None:
    if expert.left_on:
        raise InvalidAnswers({"expert": _("%(name)s has left.") % {"name": expert}})
    if Listing.objects.filter(expert=expert, area=area, left_on__isnull=True).exists():
        raise InvalidAnswers({"area": _("%(name)s is on the list in this area already.") % {"name": expert}})
    if any(a.stage_on(today()) in ALIVE for a in expert.accreditations.filter(area=area)):
        raise InvalidAnswers(
            {"area": _("%(name)s is accredited or on the way to it in this area; the list is for others.") % {"name": expert}}
        )  # fmt: skip


def _recommender(expert: Expert, origin: str, recommended_by: Administration | None) -> Administration | None:
    if origin == Origin.ADMINISTRATION:
        return expert.administration
    if origin == Origin.CENTRE:
        if recommended_by is None:
            raise InvalidAnswers({"recommended_by": _("Please say which centre recommends the person.")})
        if not Centre.objects.filter(administration=recommended_by, is_active=True).exists():
            raise InvalidAnswers({"recommended_by": _("%(host)s hosts no centre.") % {"host": recommended_by}})
        return recommended_by
    return None


def leave_list(listing: Listing, *, reason: str, by: Any, version: int) -> Listing:
    """Take somebody off the list from today on, with the reason; the line stays in the records.

    SomebodyWasFaster if it has changed since it was looked at, or has left already.
    """
    if listing.left_on is not None:
        raise SomebodyWasFaster
    if not reason.strip():
        raise InvalidAnswers({"reason": _("Please give the reason.")})
    return edit(
        listing,
        by=by,
        version=version,
        says=_("Left the candidate list"),
        name="left",
        left_on=today(),
        left_reason=reason.strip(),
    )
