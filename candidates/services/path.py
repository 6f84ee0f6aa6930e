"""The way from the first step to full accreditation: the owed field mission with its assessor, and the Secretariat's word (T2 note 2)."""

import datetime as dt
import uuid
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from candidates.enums import Assessment
from candidates.models import FieldMission
from core import history, outbox
from core.clock import today
from core.errors import InvalidAnswers, SomebodyWasFaster
from core.locks import lock_row
from experts.enums import Stage
from experts.models import Accreditation, Expert
from experts.services import confirm_full, lock_experts


@transaction.atomic
def record_field_mission(
    accreditation: Accreditation,
    *,
    by: Any,
    first_day: dt.date,
    last_day: dt.date,
    place: str,
    assessor: Expert | None = None,
    assessor_name: str = "",
    assessment: str = "",
    note: str = "",
    reference: uuid.UUID | None = None,
) -> FieldMission:
    """Keep the field mission that somebody owes, with who assessed it and the word on it, which may come later.

    InvalidAnswers for days out of order, still to come or before the first step, for an assessor who is not fully accredited there,
    and for a mission that is kept already.
    """
    lock_experts(accreditation.expert)
    row = FieldMission(
        accreditation=accreditation, first_day=first_day, last_day=last_day, place=place.strip(), assessor=assessor,
        assessor_name="" if assessor else assessor_name.strip(), assessment=assessment, note=note.strip(), reference=reference,
        recorded_by=by,
    )  # fmt: skip
    _check(row)
    row.save(force_insert=True)
    title = _("Field mission recorded: %(area)s") % {"area": accreditation.area or accreditation.category}
    _trace(row, title, by)
    _tell(row)
    return row


@transaction.atomic
def edit_field_mission(row: FieldMission, *, by: Any, version: int, **fields: Any) -> FieldMission:
    """Put a field mission right, or add the assessor's word. SomebodyWasFaster if it is not the `version` that was looked at."""
    lock_experts(row.accreditation.expert)
    fresh = lock_row(row)
    if fresh.version != version:
        raise SomebodyWasFaster
    before = fresh.assessment
    for name, value in fields.items():
        setattr(fresh, name, value)
    if fresh.assessor:
        fresh.assessor_name = ""
    _check(fresh)
    fresh.version += 1
    fresh.save()
    _trace(fresh, _("Field mission changed"), by)
    if fresh.assessment != before:
        _tell(fresh)
    return fresh


@transaction.atomic
def remove_field_mission(row: FieldMission, *, by: Any, version: int) -> None:
    """Take away what was recorded by mistake."""
    lock_experts(row.accreditation.expert)
    fresh = lock_row(row)
    if fresh.version != version:
        raise SomebodyWasFaster
    _trace(fresh, _("Field mission taken away"), by)
    fresh.delete()


def _trace(row: FieldMission, title: str, by: Any) -> None:
    words = f"{row.place}, {row.first_day.isoformat()} – {row.last_day.isoformat()}"
    said = row.get_assessment_display() if row.assessment else ""
    history.record(row.accreditation.expert, "field_mission", title, by=by, note=": ".join(filter(None, [words, said])))


def _tell(row: FieldMission) -> None:
    """The person and the home administration read the assessor's word, once it is there."""
    if row.assessment:
        outbox.enqueue("field_mission_assessed", about=row.accreditation, object_id=row.pk)


def _check(row: FieldMission) -> None:
    wrong: dict[str, str] = {}
    step = row.accreditation.first_step_on
    if row.last_day < row.first_day:
        wrong["last_day"] = _("The last day is before the first.")
    elif row.last_day > today():
        wrong["last_day"] = _("The mission is not over yet.")
    if step and row.first_day < step:
        wrong["first_day"] = _("This day lies before the first step.")
    if row.assessment and not (row.assessor or row.assessor_name):
        wrong["assessor"] = _("Please say who assessed the mission.")
    if row.assessor and (reason := _no_assessor(row.assessor, row)):
        wrong["assessor"] = reason
    twice = FieldMission.objects.filter(accreditation=row.accreditation, first_day=row.first_day).exclude(pk=row.pk)
    if twice.exists():
        wrong["first_day"] = _("A field mission that begins on this day is recorded already.")
    if wrong:
        raise InvalidAnswers(wrong)


def _no_assessor(assessor: Expert, row: FieldMission) -> str:
    where = row.accreditation
    if assessor.pk == where.expert_id:
        return _("Nobody assesses the own mission.")
    held = assessor.accreditations.filter(category=where.category, area=where.area)
    if not any(other.stage_on(row.last_day) == Stage.FULL for other in held):
        return _("%(name)s was not fully accredited in %(area)s at the time; another assessor is given by name.") % {
            "name": assessor,
            "area": where.area or where.category,
        }
    return ""


@transaction.atomic
def confirm_accreditation(
    accreditation: Accreditation, *, by: Any, version: int, reason: str = "", **answers: Any
) -> Accreditation:
    """Confirm somebody as fully accredited (`experts.services.confirm_full`), after a field mission that was passed, or with the
    `reason` for which it counts without one. The home administration and the person are told.
    """
    lock_experts(accreditation.expert)
    passed = accreditation.field_missions.filter(assessment=Assessment.PASSED).exists()
    if not passed and not reason.strip():
        raise InvalidAnswers(
            {"reason": _("No field mission that was passed is recorded here. Please say from where it is known.")}
        )
    confirmed = confirm_full(accreditation, by=by, version=version, note=reason.strip(), **answers)
    outbox.enqueue("accreditation_confirmed", about=confirmed, object_id=confirmed.pk)
    return confirmed
