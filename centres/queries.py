"""What the centres develop, and whom their host administrations have in these areas (§2.3)."""

import datetime as dt
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from centres.models import Centre, CentreFocus, Resource, Training, TrainingPerson
from core.clock import today
from core.inbox import InboxItem
from experts.enums import Stage
from experts.models import Accreditation, Area, Expert
from experts.queries import IN_TABLE, accreditations_on, area_answers_to, people_by_area
from members.enums import Party


def focus_on(day: dt.date) -> QuerySet[CentreFocus]:
    """The focus areas that hold on a day."""
    return (
        CentreFocus.objects.filter(Q(until__isnull=True) | Q(until__gt=day), since__lte=day, centre__is_active=True)
        .select_related("area", "centre__administration")
        .order_by("area__order", "centre__administration__name")
    )


def focus_of(centre: Centre, day: dt.date) -> set[uuid.UUID]:
    """The keys of the areas that one centre develops on a day."""
    return set(focus_on(day).filter(centre=centre).values_list("area", flat=True))


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


@dataclass(frozen=True, slots=True)
class CoverageRow:
    """An area with its centres and its distinct people on a day: which of the two is missing."""

    area: Area
    centres: list[CentreFocus]
    full: int
    first_step: int

    @property
    def kind(self) -> str:
        if self.centres and not self.full:
            return "no_people"
        if self.full and not self.centres:
            return "no_centre"
        return "both"

    @property
    def words(self) -> str:
        if self.kind == "no_people":
            return _("a centre develops it, nobody is fully accredited")
        return _("people are accredited, no centre develops it") if self.kind == "no_centre" else _("both")


def coverage(day: dt.date) -> list[CoverageRow]:
    """Areas that a centre develops or in which somebody is accredited, those lacking one of the two first."""
    focus: dict[uuid.UUID, list[CentreFocus]] = {}
    areas: dict[uuid.UUID, Area] = {}
    for row in focus_on(day):
        focus.setdefault(row.area_id, []).append(row)
        areas[row.area_id] = row.area
    people = {row.area.pk: row for row in people_by_area(day) if row.full or row.first_step}
    areas |= {row.area.pk: row.area for row in people.values()}
    rows = [
        CoverageRow(
            area,
            focus.get(key, []),
            people[key].full if key in people else 0,
            people[key].first_step if key in people else 0,
        )
        for key, area in areas.items()
    ]
    order = ["no_people", "no_centre", "both"]
    return sorted(rows, key=lambda row: (order.index(row.kind), row.area.order, row.area.name))


def people_named(user: Any, words: list[str]) -> QuerySet[Expert]:
    """Of the people one may see, those of whom every word is in the name or the administration's."""
    people = Expert.objects.visible_to(user).filter(left_on__isnull=True).select_related("administration")
    for word in words:
        people = people.filter(
            Q(family_name__icontains=word) | Q(given_name__icontains=word) | Q(administration__name__icontains=word)
        )
    return people.order_by("family_name", "given_name")


def trainings_with_people(rows: Iterable[Training], user: Any) -> list[tuple[Training, list[TrainingPerson]]]:
    """Each training with its people as far as the reader may see each, in one query more."""
    listed = list(rows)
    lines: dict[uuid.UUID, list[TrainingPerson]] = {}
    seen = TrainingPerson.objects.visible_to(user).filter(training__in=listed).select_related("expert__administration")
    for line in seen.order_by("-role", "expert__family_name"):
        lines.setdefault(line.training_id, []).append(line)
    return [(training, lines.get(training.pk, [])) for training in listed]


def material_missing(user: Any, party: str) -> Iterable[InboxItem]:
    """A centre is asked for material in each area it develops and has nothing for yet (§2.3, IV)."""
    if party != Party.CENTRE:
        return
    own = user.administration_ids(Party.CENTRE)
    rows = focus_on(today()).filter(centre__administration__in=own)
    there = set(
        Resource.objects.present().filter(centre__administration__in=own).values_list("centre", "area").distinct()
    )
    for row in rows:
        if (row.centre_id, row.area_id) not in there:
            address = reverse("centres:resource-add", args=[row.centre_id])
            yield InboxItem(
                sentence=_("Add material on %(area)s: experts find nothing of your centre yet") % {"area": row.area},
                since=row.created_at,
                url=f"{address}?area={row.area.code}",
                button=_("Add material"),
                object_id=row.pk,
            )
