"""The one ledger of days: what missions reserve, use and release, and the service that staff record by hand (§3.2)."""

import datetime as dt
import uuid
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from core import history
from core.clock import today
from core.errors import InvalidAnswers, SomebodyWasFaster
from core.locks import lock_rows
from experts.enums import Role, ServiceSource, ServiceState
from experts.models import Expert, ServicePeriod
from experts.services.people import lock_experts


def reserve_days(
    expert: Expert,
    *,
    first: dt.date,
    last: dt.date,
    reference: uuid.UUID,
    place: str,
    title: str,
    role: int,
    under_scheme: bool,
    counts: bool,
    counts_reason: str = "",
    by: Any,
) -> ServicePeriod:
    """Reserve the release period of an invitation from the sending of its letter on. The caller holds the lock on the person."""
    period, _created = ServicePeriod.objects.update_or_create(
        reference=reference,
        defaults={
            "expert": expert,
            "first_day": first,
            "last_day": last,
            "state": ServiceState.RESERVED,
            "place": place,
            "title": title,
            "role": role,
            "under_scheme": under_scheme,
            "counts": counts,
            "counts_reason": counts_reason,
            "source": ServiceSource.MISSION,
            "recorded_by": by,
        },
    )
    return period


def use_days(reference: uuid.UUID, *, first: dt.date, last: dt.date) -> None:
    """Carried out: the actual days take the place of the planned ones. Never blocked by the cap (pitfall P28)."""
    _move(reference, state=ServiceState.USED, first_day=first, last_day=last)


def release_days(reference: uuid.UUID) -> None:
    """Refused, cancelled, withdrawn or not come: the days are free again; the line stays as a trace."""
    _move(reference, state=ServiceState.RELEASED)


def set_counting(reference: uuid.UUID, *, counts: bool, reason: str) -> None:
    """Whether the days of an invitation count against the cap; nothing happens while none are reserved."""
    _move(reference, counts=counts, counts_reason=reason)


def _move(reference: uuid.UUID, **values: Any) -> None:
    for period in lock_rows(ServicePeriod.objects.filter(reference=reference)):
        for name, value in values.items():
            setattr(period, name, value)
        period.version += 1
        period.save(update_fields=[*values, "version"])


def check_days_are_free(expert: Expert, *, first: dt.date, last: dt.date, without: uuid.UUID | None = None) -> None:
    """InvalidAnswers for days out of order, or that share a day with another period of the same person than `without`."""
    if last < first:
        raise InvalidAnswers({"last_day": _("The last day is before the first.")})
    others = ServicePeriod.objects.alive().exclude(pk=without) if without else ServicePeriod.objects.alive()
    clash = others.filter(expert=expert, first_day__lte=last, last_day__gte=first).first()
    if clash:
        raise InvalidAnswers({"first_day": _("These days overlap with another period: %(other)s.") % {"other": clash}})


def check_past_service(*, last: dt.date, role: int, counts: bool, counts_reason: str) -> None:
    """InvalidAnswers for service that is still to come, and for another word on counting than the role's without its reason."""
    if last >= today():
        raise InvalidAnswers({"last_day": _("Past service ended before today; what is still to come is a mission.")})
    if counts != (role in Role.counting()) and not counts_reason.strip():
        raise InvalidAnswers(
            {"counts_reason": _("Please give the reason: by its role it would be the other way round.")}
        )


@transaction.atomic
def record_past_service(
    expert: Expert,
    *,
    first: dt.date,
    last: dt.date,
    place: str,
    role: int,
    under_scheme: bool,
    source_note: str,
    by: Any,
    title: str = "",
    counts: bool | None = None,
    counts_reason: str = "",
) -> ServicePeriod:
    """Record service from before the portal; it counts like any other and is marked as recorded.

    Roles 1 and 2 of §3.1 count unless staff say otherwise with a reason. InvalidAnswers as `check_days_are_free` and
    `check_past_service`.
    """
    lock_experts(expert)
    check_days_are_free(expert, first=first, last=last)
    by_rule = role in Role.counting()
    check_past_service(last=last, role=role, counts=by_rule if counts is None else counts, counts_reason=counts_reason)
    period = ServicePeriod.objects.create(
        expert=expert,
        first_day=first,
        last_day=last,
        state=ServiceState.USED,
        place=place,
        title=title,
        role=role,
        under_scheme=under_scheme,
        counts=by_rule if counts is None else counts,
        counts_reason=counts_reason,
        source=ServiceSource.RECORDED,
        source_note=source_note,
        recorded_by=by,
    )
    history.record(expert, "past_service", _("Past service recorded"), by=by, note=str(period))
    return period


@transaction.atomic
def correct_past_service(period: ServicePeriod, *, by: Any, version: int, **fields: Any) -> ServicePeriod:
    """Correct a line recorded by hand. SomebodyWasFaster if it has changed since, is taken back, or belongs to a mission."""
    lock_experts(period.expert)
    rows = lock_rows(ServicePeriod.objects.alive().filter(pk=period.pk, source=ServiceSource.RECORDED))
    if not rows or rows[0].version != version:
        raise SomebodyWasFaster
    fresh = rows[0]
    for name, value in fields.items():
        setattr(fresh, name, value)
    check_days_are_free(fresh.expert, first=fresh.first_day, last=fresh.last_day, without=fresh.pk)
    check_past_service(last=fresh.last_day, role=fresh.role, counts=fresh.counts, counts_reason=fresh.counts_reason)
    fresh.version += 1
    fresh.save(update_fields=[*fields, "version"])
    history.record(
        fresh.expert, "past_service_corrected", _("Past service corrected"), by=by, note=str(fresh), answers=fields
    )
    return fresh


@transaction.atomic
def remove_past_service(period: ServicePeriod, *, by: Any) -> None:
    """Take back a line recorded by mistake; it stays in the ledger as released. Lines of missions follow their mission alone."""
    lock_experts(period.expert)
    rows = lock_rows(ServicePeriod.objects.alive().filter(pk=period.pk, source=ServiceSource.RECORDED))
    if not rows:
        raise SomebodyWasFaster
    rows[0].state = ServiceState.RELEASED
    rows[0].version += 1
    rows[0].save(update_fields=["state", "version"])
    history.record(period.expert, "past_service_removed", _("Past service taken back"), by=by, note=str(period))
