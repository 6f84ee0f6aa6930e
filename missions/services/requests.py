"""Step 1: the request, and its entry in the annual plan (§3.4)."""

import uuid
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from core import history
from core.clock import today
from core.errors import InvalidAnswers, NotAllowed, SomebodyWasFaster, TransitionRefused
from core.files import keep
from core.locks import lock_row
from core.numbers import next_number
from core.workflow import binding_of, in_reach, perform, start
from missions import guards
from missions.enums import RequestOrigin
from missions.models import (
    CapacityRequest,
    Mission,
)
from missions.services.plan import plan_label, plan_year_of
from missions.services.seats import add_seat


@transaction.atomic
def draft_request(
    *, by: Any, beneficiary: Any, origin: str = RequestOrigin.AD_HOC, key: uuid.UUID | None = None, **fields: Any
) -> CapacityRequest:
    """A request as a draft of the beneficiary's, with whatever has been answered. NotAllowed for whoever does not speak for it.

    ROCB may draft what the member itself has stated in the needs survey (§5.2); the member completes and sends it.
    `key` is the one its page gave it, so that a page saved twice on a slow line begins one draft.
    """
    from_survey = origin == RequestOrigin.SURVEY and by.is_rocb
    if beneficiary.pk not in by.administration_ids() and not from_survey:
        raise NotAllowed(_("Requests are filed by the administration itself."))
    if key and CapacityRequest.objects.filter(pk=key).exists():
        raise NotAllowed(_("This draft is somebody else's."))
    year = today().year
    number = f"R-{year}-{next_number(f'request-{year}'):03d}"
    request = CapacityRequest(number=number, beneficiary=beneficiary, origin=origin, created_by=by, **fields)
    request.id = key or request.id
    return start(request, by=by, title=_("Draft begun"))


@transaction.atomic
def edit_request(
    request: CapacityRequest, *, by: Any, version: int, keeps_trace: bool = True, **fields: Any
) -> CapacityRequest:
    """The beneficiary writes on a draft or corrects a returned request; gaps are for the sending to find.

    NotAllowed for an administration that is not the writer's own.
    What was sent once keeps an area and days in their order, which others count by: InvalidAnswers without. Text that is saved
    while it is typed leaves no trace of its own (`keeps_trace`): the next saving by hand does. That a draft is being written is
    no line of its history.
    """
    fresh = lock_row(request)
    if fresh.version != version:
        raise SomebodyWasFaster
    if not in_reach(fresh, binding_of(fresh).machine.transition("write")):
        raise TransitionRefused(_("The request has been sent; ROCB can return it if something has to change."))
    if "beneficiary" in fields and fields["beneficiary"].pk not in by.administration_ids():
        raise NotAllowed(_("Requests are filed by the administration itself."))
    changed = [name for name, value in fields.items() if getattr(fresh, name) != value]
    for name in changed:
        setattr(fresh, name, fields[name])
    if fresh.filed_at:
        _check_counted(fresh)
    traced = fresh.history.first() or request
    untold = [name for name, value in fields.items() if getattr(traced, name) != value] if keeps_trace else []
    if not changed and not untold:
        return fresh
    fresh.version += 1 if changed else 0
    if not keeps_trace:
        fresh.skip_history_when_saving = True  # type: ignore[attr-defined]
    fresh.save(update_fields=[*changed, "version"])
    if keeps_trace and fresh.filed_at:
        history.record(
            fresh, "edit", _("Request edited"), by=by, answers={name: fields[name] for name in {*changed, *untold}}
        )
    return fresh


def _check_counted(request: CapacityRequest) -> None:
    """Both days are named when one of them is wrong: neither stands without the other."""
    days = ("first_day", "last_day")
    still = guards.open_questions(request)
    wrong = {name: still[name] for name in ("area", *days) if name in still}
    if wrong.keys() & set(days):
        wrong = {**dict.fromkeys(days, _("Please give both days, in their order.")), **wrong}
    if wrong:
        raise InvalidAnswers(wrong)


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
