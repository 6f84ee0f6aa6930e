"""Reads of people: who is there today to answer for an administration."""

import datetime as dt
from dataclasses import dataclass

from core.clock import today
from members.models import Administration, User


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
    on = day or today()
    people = list(User.objects.focal_points(administration).prefetch_related("absences"))
    present = [user for user in people if not any(absence.covers(on) for absence in user.absences.all())]
    return Addressees(present or people, [user for user in people if present and user not in present])
