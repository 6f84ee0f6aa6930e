"""Reads of people: who is there today to answer for an administration."""

import datetime as dt
import uuid
from dataclasses import dataclass

from core.clock import today
from members.enums import Party
from members.models import Administration, Membership, User


@dataclass(frozen=True, slots=True)
class Addressees:
    """The focal points of an administration who are there, and in copy those who are away; if all are away, all of them."""

    to: list[User]
    cc: list[User]

    @property
    def everybody(self) -> list[User]:
        return [*self.to, *self.cc]


def addressees(administration: Administration, day: dt.date | None = None) -> Addressees:
    """Whom an e-mail to the administration reaches on a day (today if not given)."""
    people = list(User.objects.focal_points(administration).prefetch_related("absences"))
    return _divided(people, day or today())


def all_addressees(day: dt.date | None = None) -> dict[uuid.UUID, Addressees]:
    """The same for every administration that has a focal point, by its key, in two queries."""
    people: dict[uuid.UUID, list[User]] = {}
    rows = Membership.objects.filter(party=Party.ADMINISTRATION, user__is_active=True).order_by("created_at")
    for row in rows.select_related("user").prefetch_related("user__absences"):
        if row.administration_id:
            people.setdefault(row.administration_id, []).append(row.user)
    return {key: _divided(found, day or today()) for key, found in people.items()}


def _divided(people: list[User], on: dt.date) -> Addressees:
    present = [user for user in people if not any(absence.covers(on) for absence in user.absences.all())]
    return Addressees(present or people, [user for user in people if present and user not in present])
