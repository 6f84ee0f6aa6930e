"""How complete a profile is, whose is to be confirmed, and when somebody cannot be asked."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from core.clock import begin_of, day_of, months_after
from core.dated_policy import policy
from core.models import LogEntry
from experts.models import Expert


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a profile, and whether it is there."""

    name: str
    label: Any
    is_there: bool


@dataclass(frozen=True, slots=True)
class Completeness:
    parts: tuple[Part, ...]

    @property
    def there(self) -> int:
        return sum(part.is_there for part in self.parts)

    @property
    def missing(self) -> list[Part]:
        return [part for part in self.parts if not part.is_there]

    @property
    def percent(self) -> int:
        return round(100 * self.there / len(self.parts))


def completeness(expert: Expert, day: dt.date) -> Completeness:
    """Every part weighs the same; publications are welcome and not asked for. Reads what is prefetched."""
    confirm_by = profile_confirm_by(expert)
    return Completeness(
        (
            Part("email", _("e-mail address"), bool(expert.email)),
            Part("phone", _("telephone"), bool(expert.phone)),
            Part("office", _("office"), bool(expert.office)),
            Part("languages", _("languages"), bool(expert.languages.all())),
            Part("customs_since", _("in Customs since"), expert.customs_since is not None),
            Part("specialisms", _("specialisms"), bool(expert.specialisms.strip())),
            Part("cv", _("curriculum vitae"), expert.cv_id is not None),
            Part("confirmed", _("a word that it is still right"), confirm_by is not None and confirm_by > day),
        )
    )


def profile_confirm_by(expert: Expert) -> dt.date | None:
    """Until when somebody has to say again that the profile is right; None if nobody ever has (house setting)."""
    said = expert.profile_confirmed_on
    return months_after(said, int(policy("profile.confirm_months", said))) if said else None


def due_for_confirmation(day: dt.date) -> QuerySet[Expert]:
    """People of the pool whom an e-mail can reach and whose profile was last confirmed, or opened, too long ago."""
    before = months_after(day, -int(policy("profile.confirm_months", day)))
    return (
        Expert.objects.active(day)
        .in_pool()
        .filter(~Q(email="") | Q(user__isnull=False))
        .filter(
            Q(profile_confirmed_on__lte=before)
            | Q(profile_confirmed_on__isnull=True, created_at__lt=begin_of(before + dt.timedelta(days=1)))
        )
    )


@dataclass(frozen=True, slots=True)
class Sight:
    """Somebody who looked at a person's contact data or CV, and on which day."""

    day: dt.date
    who: str
    what: str


def sights(expert: Expert, limit: int = 20) -> list[Sight]:
    """Who looked at the contact data, newest first."""
    lines: Iterable[LogEntry] = LogEntry.objects.filter(object_id=expert.pk, name="contact_seen").order_by("-at")[
        :limit
    ]
    return [Sight(day_of(line.at), line.actor, line.title) for line in lines]
