"""Step 1: the request, and its entry in the annual plan (§3.4)."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from core.clock import today
from core.edits import edit
from core.errors import NotAllowed, SomebodyWasFaster
from core.files import keep
from core.locks import lock_row
from core.numbers import next_number
from core.workflow import perform, start
from missions.enums import RequestOrigin
from missions.models import (
    CapacityRequest,
    Mission,
)
from missions.services.plan import plan_label, plan_year_of
from missions.services.seats import add_seat


@transaction.atomic
def draft_request(*, by: Any, beneficiary: Any, origin: str = RequestOrigin.AD_HOC, **fields: Any) -> CapacityRequest:
    """A request as a draft of the beneficiary's. NotAllowed for whoever does not speak for that administration."""
    if beneficiary.pk not in by.administration_ids():
        raise NotAllowed(_("Requests are filed by the administration itself."))
    year = today().year
    number = f"R-{year}-{next_number(f'request-{year}'):03d}"
    request = CapacityRequest(number=number, beneficiary=beneficiary, origin=origin, created_by=by, **fields)
    return start(request, by=by, title=_("Draft begun"))


def edit_request(request: CapacityRequest, *, by: Any, version: int, **fields: Any) -> CapacityRequest:
    """The beneficiary corrects a draft or a returned request."""
    return edit(request, by=by, version=version, says=_("Request edited"), **fields)


@transaction.atomic
def file_request(request: CapacityRequest, *, by: Any, version: int) -> CapacityRequest:
    """The beneficiary sends what it has just read over; SomebodyWasFaster if it is no longer the same."""
    if lock_row(request).version != version:
        raise SomebodyWasFaster
    return perform(request, "file", by=by)


@transaction.atomic
def enter_in_plan(request: CapacityRequest, *, by: Any, seats: int = 1, **fields: Any) -> Mission:
    """The Secretariat enters the request in the annual plan and so opens the mission, with its seats (§3.4 step 1).

    Every mission says from here on: scheme or not, who finances it, role 1 or 2 of §3.1, mode, plan year.
    """
    perform(request, "enter_in_plan", by=by)
    first = fields["first_day"]
    label = plan_label(first)
    mission = Mission(
        number=f"M-{label}-{next_number(f'mission-{label}'):03d}",
        request=request,
        beneficiary=request.beneficiary,
        area=request.area,
        **{"objective": request.objective, "audience": request.audience, "plan_year": plan_year_of(first), **fields},
    )
    start(mission, by=by, title=_("Entered in the annual plan"))
    for _position in range(seats):
        add_seat(mission, by=by)
    return mission


@transaction.atomic
def keep_request_letter(request: CapacityRequest, data: bytes) -> CapacityRequest:
    """Keep the PDF of a request as it was sent, once for each sending; an earlier one stays as it was."""
    fresh = lock_row(request)
    if fresh.filed_at and (fresh.letter_pdf is None or fresh.letter_pdf.created_at < fresh.filed_at):
        fresh.letter_pdf = keep(
            data, name=f"Request {fresh.number}.pdf", content_type="application/pdf", by=fresh.created_by
        )
        fresh.save(update_fields=["letter_pdf"])
    return fresh
