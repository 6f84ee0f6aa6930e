"""The candidate list as it is read: which areas nobody is accredited in, how strong the evidence is, who is free, what waits."""

import datetime as dt
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Case, CharField, Exists, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from candidates.enums import Origin, Strength
from candidates.models import Listing
from centres.models import Centre
from centres.queries import focus_on
from core.policies import may
from experts.enums import ServiceState, Stage
from experts.models import Accreditation, Area, Expert, ServicePeriod, Unavailability
from experts.queries import accreditations_on, steps_on
from members.enums import Party
from members.models import Administration

DAYS_AHEAD = 90
ACCREDITED = frozenset({Stage.FULL, Stage.ENTRY_PENDING})


def covered_areas(day: dt.date) -> frozenset[uuid.UUID]:
    """The areas in which somebody is fully accredited on a day; the list looks first for people in the others (§2.2(2))."""
    rows = accreditations_on(day).filter(stage=Stage.FULL, area__isnull=False)
    return frozenset(rows.order_by().values_list("area", flat=True).distinct())


def with_standing(rows: Any, day: dt.date) -> Any:
    """With what the list sorts and filters by: whether the area is covered, the strength of the evidence, accredited meanwhile."""
    full = Accreditation.objects.filter(
        Q(ended_on__isnull=True) | Q(ended_on__gt=day),
        area=OuterRef("area"),
        accredited_on__lte=day,
        ace_entered_on__lte=day,
        expert__in=Expert.objects.active(day),
    )
    own = Accreditation.objects.filter(
        Q(ended_on__isnull=True) | Q(ended_on__gt=day),
        area=OuterRef("area"),
        expert=OuterRef("expert"),
        accredited_on__lte=day,
    )
    strength = Case(
        When(nomination__isnull=True, then=Value(Strength.BEFORE)),
        When(~Q(nomination__waiver=""), then=Value(Strength.WAIVER)),
        default=Value(Strength.FOUR_MET),
        output_field=CharField(),
    )
    return rows.annotate(is_covered=Exists(full), is_accredited=Exists(own), strength=strength)


def busy_between(expert: Any, first: dt.date, last: dt.date) -> list[tuple[dt.date, dt.date]]:
    """The days of a span on which a person is away or serves, in order; reads what is prefetched."""
    taken = [(row.first_day, row.last_day) for row in expert.unavailabilities.all()]
    taken += [
        (row.first_day, row.last_day) for row in expert.service_periods.all() if row.state != ServiceState.RELEASED
    ]
    return sorted({(max(a, first), min(b, last)) for a, b in taken if a <= last and b >= first})


def somebody_busy(first: dt.date, last: dt.date) -> Q:
    """Lines of people with such days."""
    away = Unavailability.objects.filter(first_day__lte=last, last_day__gte=first)
    serving = ServicePeriod.objects.filter(first_day__lte=last, last_day__gte=first).exclude(
        state=ServiceState.RELEASED
    )
    return Q(expert__in=away.values("expert")) | Q(expert__in=serving.values("expert"))


@dataclass(frozen=True, slots=True)
class ListedPerson:
    """A line with what stands beside it for this reader; `busy` is None for whoever may not know a person's days."""

    listing: Listing
    is_open: bool
    strength: str
    busy: list[tuple[dt.date, dt.date]] | None
    to_confirm: bool
    first_step_since: dt.date | None

    @property
    def strength_words(self) -> str:
        return str(Strength(self.strength).label)

    @property
    def tone(self) -> str:
        return {Strength.FOUR_MET: "good", Strength.WAIVER: "info"}.get(Strength(self.strength), "")


def listed_people(rows: Iterable[Any], user: Any, day: dt.date) -> list[ListedPerson]:
    """`rows` from `with_standing`, with people, their days and accreditations prefetched."""
    until = day + dt.timedelta(days=DAYS_AHEAD)
    found = []
    for line in rows:
        is_open = line.is_open(day)
        knows = is_open and bool(may(user, "experts.see_private", line.expert))
        step = next(
            (
                s
                for s in steps_on(line.expert, day)
                if s.accreditation.area_id == line.area_id and s.stage == Stage.FIRST_STEP
            ),
            None,
        )
        found.append(
            ListedPerson(
                listing=line,
                is_open=is_open,
                strength=line.strength,
                busy=busy_between(line.expert, day, until) if knows else None,
                to_confirm=is_open and line.confirm_by <= day,
                first_step_since=step.since if step else None,
            )
        )
    return found


def people_named(people: QuerySet[Expert], words: list[str]) -> QuerySet[Expert]:
    """Those of whom every word is in the name or the administration's."""
    for word in words:
        people = people.filter(
            Q(family_name__icontains=word) | Q(given_name__icontains=word) | Q(administration__name__icontains=word)
        )
    return people.order_by("family_name", "given_name")


def candidates_of_centre(centre: Centre, user: Any, day: dt.date) -> list[tuple[Area, list[Listing]]]:
    """Under each area the centre develops, the open lines of the host's people and of those it recommended; who may be seen."""
    areas = list(Area.objects.filter(pk__in=focus_on(day).filter(centre=centre).order_by().values("area")))
    seen = Listing.objects.visible_to(user).open(day).filter(left_on__isnull=True, area__in=areas)
    rows = seen.filter(
        Q(expert__administration=centre.administration_id)
        | Q(origin=Origin.CENTRE, recommended_by=centre.administration_id)
    ).select_related("expert__administration")
    found: dict[uuid.UUID, list[Listing]] = {}
    for row in rows.order_by("expert__family_name"):
        found.setdefault(row.area_id, []).append(row)
    return [(area, found.get(area.pk, [])) for area in areas]


# What waits


@dataclass(frozen=True, slots=True)
class Scope:
    """Whose lines somebody answers for: those of an administration's people, or the own ones."""

    whose: Administration | Expert

    @property
    def is_person(self) -> bool:
        return isinstance(self.whose, Expert)

    @property
    def key(self) -> uuid.UUID:
        """What a signed link is bound to."""
        return self.whose.pk

    def lines(self, day: dt.date) -> QuerySet[Listing]:
        rows = Listing.objects.open(day).filter(left_on__isnull=True).select_related("expert__administration", "area")
        if isinstance(self.whose, Expert):
            return rows.filter(expert=self.whose)
        return rows.filter(expert__administration=self.whose)

    def due(self, day: dt.date) -> list[Listing]:
        """The lines whose year is over, the oldest word first."""
        return sorted((line for line in self.lines(day) if line.confirm_by <= day), key=lambda line: line.confirm_by)

    def __str__(self) -> str:
        return str(self.whose)


def scope_of_link(key: uuid.UUID) -> Scope | None:
    """Whose lines a signed link is about."""
    whose = Administration.objects.filter(pk=key).first() or Expert.objects.filter(pk=key).first()
    return Scope(whose) if whose else None


def scopes_of(user: Any, *parties: str) -> list[Scope]:
    """The administrations a focal point speaks for, and the own record of a person; of the parties named, or all."""
    found: list[Scope] = []
    if not parties or Party.ADMINISTRATION in parties:
        homes = Administration.objects.filter(pk__in=user.administration_ids())
        found += [Scope(home) for home in homes]
    if not parties or Party.EXPERT in parties:
        found += [Scope(person) for person in Expert.objects.filter(user=user).select_related("administration")]
    return found


def lines_to_close(day: dt.date) -> QuerySet[Any]:
    """Open lines of people who are accredited in the area by now, or have left: proposed to ROCB, ended by nobody else."""
    rows = with_standing(Listing.objects.open(day), day).filter(left_on__isnull=True)
    accredited = Accreditation.objects.filter(
        area=OuterRef("area"), expert=OuterRef("expert"), accredited_on__lte=day
    ).order_by("accredited_on")
    return (
        rows.filter(Q(is_accredited=True) | Q(expert__left_on__lte=day))
        .annotate(since=Coalesce("expert__left_on", Subquery(accredited.values("accredited_on")[:1])))
        .select_related("expert", "area")
    )


def is_to_close(line: Any, day: dt.date) -> bool:
    """Whether an open line of `with_standing` is one of these."""
    left = line.expert.left_on
    return line.is_open(day) and (line.is_accredited or (left is not None and left <= day))


def why_close(line: Any) -> str:
    """The sentence of the proposal, for a line of `lines_to_close`."""
    if line.is_accredited:
        return _("%(name)s is accredited in %(area)s now: take the line off the candidate list")  % {
            "name": line.expert, "area": line.area,
        }  # fmt: skip
    return _("%(name)s has left: take the line in %(area)s off the candidate list") % {
        "name": line.expert,
        "area": line.area,
    }


def overdue_lines(day: dt.date) -> list[Listing]:
    rows = Listing.objects.open(day).filter(left_on__isnull=True).select_related("expert__administration")
    return [line for line in rows if line.confirm_by <= day]
