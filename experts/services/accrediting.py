"""The steps of an accreditation that are taken here: the first, given by a workshop, and the Secretariat's word that it is full.

Everything else about accreditations comes from ACE by its extract (§2.2(1)).
"""

import datetime as dt
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from core import history
from core.clock import today
from core.errors import InvalidAnswers, NotAllowed, SomebodyWasFaster, TransitionRefused
from core.locks import lock_row, lock_rows
from experts.enums import Stage
from experts.models import Accreditation, AccreditationWorkshop, Area, Category, Expert

OPEN_TO_CONFIRM = frozenset({Stage.FIRST_STEP, Stage.ENTRY_PENDING})


def _lock(expert_id: Any) -> Expert:
    return lock_rows(Expert.objects.filter(pk=expert_id))[0]


@transaction.atomic
def give_first_step(
    expert: Expert,
    *,
    category: Category,
    area: Area | None,
    on: dt.date,
    source: str,
    by: Any,
    workshop: AccreditationWorkshop | None = None,
) -> Accreditation:
    """The person was selected in a workshop and owes a field mission from now on (T2 note 2).

    What is known already is neither lowered nor written over (pitfall P16): whoever has this step or is further on keeps the days.
    InvalidAnswers for a day still to come, and for an accreditation that has ended: how it stands now is the Secretariat's to say.
    """
    if on > today():
        raise InvalidAnswers({"on": _("This day is still to come.")})
    person = _lock(expert.pk)
    known = Accreditation.objects.filter(expert=person, category=category, area=area).first()
    if known is None:
        row = Accreditation.objects.create(
            expert=person, category=category, area=area, first_step_on=on, workshop=workshop, source=source[:200], as_of=today()
        )  # fmt: skip
        title = _("First step: %(area)s") % {"area": area or category}
        history.record(person, "first_step", title, by=by, note=source)
        return row
    if known.stage_on(today()) == Stage.ENDED:
        raise InvalidAnswers(
            {"person": _("%(name)s was accredited in %(area)s once; how that stands now comes with the extract of ACE.")
             % {"name": person, "area": area or category}}
        )  # fmt: skip
    if known.workshop_id is None and workshop is not None:
        known.workshop, known.version = workshop, known.version + 1
        known.save(update_fields=["workshop", "version"])
    return known


@transaction.atomic
def take_back_first_step(accreditation: Accreditation, *, by: Any, note: str = "") -> None:
    """An outcome was entered wrongly: the step goes as it came. TransitionRefused once the accreditation has gone further."""
    person = _lock(accreditation.expert_id)
    fresh = lock_row(accreditation)
    if fresh.accredited_on or fresh.ended_on or fresh.ace_entered_on:
        raise TransitionRefused(
            _("%(name)s has gone further than the first step; it is not taken back.") % {"name": person}
        )
    title = _("First step taken back: %(area)s") % {"area": fresh.area or fresh.category}
    history.record(person, "first_step_back", title, by=by, note=note)
    fresh.delete()


@transaction.atomic
def confirm_full(
    accreditation: Accreditation,
    *,
    by: Any,
    version: int,
    ace_reference: str,
    accredited_on: dt.date,
    ace_entered_on: dt.date,
    note: str = "",
) -> Accreditation:
    """The Secretariat, and nobody else, says that somebody is fully accredited, with the reference and the day of the entry in ACE.

    InvalidAnswers for a reference that is another one or another person's, and for days out of order or still to come;
    TransitionRefused for what is full or has ended; SomebodyWasFaster if it is not the `version` that was looked at.
    """
    if not by.is_secretariat:
        raise NotAllowed(_("Only the WCO Secretariat confirms a full accreditation (§2.2(1))."))
    person = _lock(accreditation.expert_id)
    fresh = lock_row(accreditation)
    if fresh.version != version:
        raise SomebodyWasFaster
    if fresh.stage_on(today()) not in OPEN_TO_CONFIRM:
        raise TransitionRefused(_("There is nothing to confirm: this accreditation is full, or has ended."))
    reference = ace_reference.strip()
    wrong = _wrong_reference(person, reference) | _wrong_days(fresh, accredited_on, ace_entered_on)
    if wrong:
        raise InvalidAnswers(wrong)
    source = _("WCO Secretariat, confirmed in the portal")
    if not person.ace_reference:
        said = {"as_of": today().isoformat(), "source": source}
        person.ace_reference, person.version = reference, person.version + 1
        person.provenance = {**person.provenance, "ace_reference": said}
        person.save(update_fields=["ace_reference", "provenance", "version"])
    fresh.accredited_on, fresh.ace_entered_on = accredited_on, ace_entered_on
    fresh.source, fresh.as_of, fresh.version = source, today(), fresh.version + 1
    fresh.save(update_fields=["accredited_on", "ace_entered_on", "source", "as_of", "version"])
    title = _("Fully accredited: %(area)s") % {"area": fresh.area or fresh.category}
    history.record(person, "confirm_full", title, by=by, note=note)
    return fresh


def _wrong_reference(person: Expert, reference: str) -> dict[str, str]:
    if not reference:
        return {"ace_reference": _("Please give the reference in ACE; without it nothing is confirmed.")}
    if person.ace_reference and person.ace_reference != reference:
        return {"ace_reference": _("ACE knows this person as %(known)s.") % {"known": person.ace_reference}}
    other = Expert.objects.filter(ace_reference__iexact=reference).exclude(pk=person.pk).first()
    if other:
        who = {"name": other, "home": other.administration}
        return {"ace_reference": _("This is the reference of %(name)s of %(home)s.") % who}
    return {}


def _wrong_days(row: Accreditation, accredited_on: dt.date, ace_entered_on: dt.date) -> dict[str, str]:
    wrong = {}
    if accredited_on > today():
        wrong["accredited_on"] = _("This day is still to come.")
    elif row.first_step_on and accredited_on < row.first_step_on:
        wrong["accredited_on"] = _("This day lies before the first step.")
    if ace_entered_on > today():
        wrong["ace_entered_on"] = _("This day is still to come.")
    return wrong
