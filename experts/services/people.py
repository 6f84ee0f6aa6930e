"""People's records: opened, locked, away for some days, their history of service confirmed."""

import datetime as dt
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from core import history
from core.clock import today
from core.errors import InvalidAnswers, SomebodyWasFaster
from core.locks import lock_rows
from experts.models import Expert, Unavailability
from members.models import Administration

YEARS_PLANNED = 10


def lock_experts(*experts: Expert) -> list[Expert]:
    """Lock people, in the order of their keys, before anything is read of their days: two letters at once, one passes (§3.2)."""
    return lock_rows(Expert.objects.filter(pk__in=[expert.pk for expert in experts]))


@transaction.atomic
def add_person(
    *, given_name: str, family_name: str, administration: Administration, by: Any, office: str = "", email: str = ""
) -> Expert:
    """Keep a record of an official who is not known here yet. InvalidAnswers for a namesake in the same administration."""
    known = Expert.objects.filter(
        administration=administration, given_name__iexact=given_name.strip(), family_name__iexact=family_name.strip()
    ).first()
    if known:
        raise InvalidAnswers(
            {"family_name": _("%(name)s of %(home)s is already known here; choose the person from the list.")
             % {"name": known, "home": administration}}
        )  # fmt: skip
    expert = Expert.objects.create(
        given_name=given_name.strip(),
        family_name=family_name.strip(),
        administration=administration,
        office=office,
        email=email,
    )
    history.record(expert, "added", _("Record opened"), by=by)
    return expert


@transaction.atomic
def confirm_history(
    expert: Expert, *, complete_from: dt.date, by: Any, note: str = "", version: int | None = None
) -> Expert:
    """Say that a person's service is known completely from a day on; until then the counter says that it is not.

    SomebodyWasFaster if the record is no longer the `version` that was looked at; InvalidAnswers for a day still to come.
    """
    fresh = lock_experts(expert)[0]
    if version is not None and fresh.version != version:
        raise SomebodyWasFaster
    if complete_from > today():
        raise InvalidAnswers({"complete_from": _("This day is still to come.")})
    fresh.history_confirmed_from = complete_from
    fresh.version += 1
    fresh.save(update_fields=["history_confirmed_from", "version"])
    history.record(fresh, "history_confirmed", _("Service history confirmed"), by=by, note=note)
    return fresh


@transaction.atomic
def add_unavailability(expert: Expert, *, first: dt.date, last: dt.date, reason: str = "", by: Any) -> Unavailability:
    """Days on which the person cannot be asked. InvalidAnswers for days out of order, over, or further away than anybody plans."""
    if last < first:
        raise InvalidAnswers({"last_day": _("The last day is before the first.")})
    if last < today():
        raise InvalidAnswers({"last_day": _("These days are over.")})
    if last.year > today().year + YEARS_PLANNED:
        raise InvalidAnswers({"last_day": _("This is too far ahead; somebody who does not come back has left.")})
    row = Unavailability.objects.create(expert=expert, first_day=first, last_day=last, reason=reason)
    history.record(expert, "unavailable", _("Not available %(days)s") % {"days": row}, by=by, private=True)
    return row


@transaction.atomic
def remove_unavailability(row: Unavailability, *, by: Any) -> None:
    history.record(row.expert, "available_again", _("Available again %(days)s") % {"days": row}, by=by, private=True)
    row.delete()
