"""What the centres develop, and whom their host administrations have in these areas (§2.3)."""

import datetime as dt
import uuid
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from centres.models import Centre, CentreFocus
from experts.enums import Stage
from experts.models import Accreditation, Area, Expert
from experts.queries import IN_TABLE, accreditations_on, area_answers_to
from members.enums import Party


def focus_on(day: dt.date) -> QuerySet[CentreFocus]:
    """The focus areas that hold on a day."""
    return (
        CentreFocus.objects.filter(Q(until__isnull=True) | Q(until__gt=day), since__lte=day, centre__is_active=True)
        .select_related("area", "centre__administration")
        .order_by("area__order", "centre__administration__name")
    )


@dataclass(frozen=True, slots=True)
class CentreRow:
    """A centre with the focus areas of a day and the number of its host's people in them; None where they may not be seen."""

    centre: Centre
    focus: list[CentreFocus]
    people: int | None
    is_own: bool

    @property
    def words(self) -> str:
        """What it develops, in a sentence."""
        if not self.focus:
            return _("No area is stated yet that it develops.")
        return _("It develops %(areas)s.") % {"areas": ", ".join(str(row) for row in self.focus)}


def centre_rows(user: Any, day: dt.date, *, with_people: bool) -> list[CentreRow]:
    """Active centres, the reader's own first; a fixed number of queries."""
    focus: dict[uuid.UUID, list[CentreFocus]] = {}
    for row in focus_on(day):
        focus.setdefault(row.centre_id, []).append(row)
    people: dict[uuid.UUID, set[tuple[uuid.UUID, uuid.UUID]]] = {}
    if with_people:
        seen = accreditations_on(day).filter(stage__in=IN_TABLE, expert__in=Expert.objects.visible_to(user)).order_by()
        for home, area, expert in seen.values_list("expert__administration", "area", "expert"):
            people.setdefault(home, set()).add((area, expert))
    own = user.administration_ids(Party.CENTRE)
    rows = [
        CentreRow(
            centre,
            focus.get(centre.pk, []),
            _people_in(people.get(centre.administration_id, set()), focus.get(centre.pk, [])) if with_people else None,
            centre.administration_id in own,
        )
        for centre in Centre.objects.visible_to(user).filter(is_active=True).select_related("administration")
    ]
    return sorted(rows, key=lambda row: not row.is_own)


def _people_in(pairs: set[tuple[uuid.UUID, uuid.UUID]], focus: list[CentreFocus]) -> int:
    areas = {row.area_id for row in focus}
    return len({expert for area, expert in pairs if area in areas})


@dataclass(frozen=True, slots=True)
class FocusPeople:
    """A focus area of a centre with the host administration's people in it on a day."""

    focus: CentreFocus
    fully_accredited: list[Accreditation]
    first_step: list[Accreditation]


def host_people(centre: Centre, user: Any, day: dt.date) -> list[FocusPeople]:
    """For each focus area of the day the accreditations of the host's people whom the reader may see."""
    held = list(
        accreditations_on(day)
        .filter(
            expert__administration=centre.administration_id,
            expert__in=Expert.objects.visible_to(user),
            stage__in=IN_TABLE,
        )
        .select_related("expert", "category")
        .order_by("expert__family_name", "expert__given_name")
    )
    return [
        FocusPeople(
            focus,
            [a for a in held if a.area_id == focus.area_id and a.stage == Stage.FULL],
            [a for a in held if a.area_id == focus.area_id and a.stage == Stage.FIRST_STEP],
        )
        for focus in focus_on(day).filter(centre=centre)
    ]


def centres_by_area(day: dt.date, words: str = "") -> list[tuple[Area, list[CentreFocus]]]:
    """The centres under each area that they develop and that every word fits."""
    found: dict[Area, list[CentreFocus]] = {}
    for row in focus_on(day):
        found.setdefault(row.area, []).append(row)
    typed = words.split()
    return [(area, rows) for area, rows in found.items() if all(area_answers_to(area, word) for word in typed)]
