"""The directory of people, asked about thousands of them at once: words, free days, the last mission, days left of the cap."""

import datetime as dt
import uuid
from collections.abc import Iterator
from typing import Any

from django.db.models import F, Max, Min, Q, QuerySet, Subquery
from django.db.models.expressions import OuterRef
from django.db.models.functions import Greatest

from experts import cap, ledger
from experts.enums import ServiceState
from experts.models import Accreditation, Area, Category, Expert, ExpertLanguage, ServicePeriod, Unavailability
from experts.queries.pool import area_answers_to
from members.enums import Subregion

Period = tuple[dt.date, dt.date]


def with_words(
    people: QuerySet[Expert], words: str, *, held: QuerySet[Any], in_register: bool = False
) -> QuerySet[Expert]:
    """Whom every word fits somewhere: the name, the administration or its sub-region, a language, or an area or category
    that they hold among `held`, by any of its words (pitfall P4). `in_register` looks at ACE references and addresses too.
    """
    typed = words.split()
    areas = list(Area.objects.all()) if typed else []
    categories = list(Category.objects.all()) if typed else []
    for word in typed:
        fitting = [area.pk for area in areas if area_answers_to(area, word)]
        kinds = [kind.pk for kind in categories if _category_answers_to(kind, word)]
        holding = held.filter(Q(area__in=fitting) | Q(category__in=kinds)).order_by().values("expert_id")
        begin = word.casefold()
        regions = [region for region in Subregion if any(w.startswith(begin) for w in region.casefold().split())]
        some = (
            Q(family_name__icontains=word)
            | Q(given_name__icontains=word)
            | Q(administration__name__icontains=word)
            | Q(administration__subregion__in=regions)
            | Q(pk__in=ExpertLanguage.objects.filter(language__istartswith=word).values("expert_id"))
            | Q(pk__in=holding)
        )
        if in_register:
            some |= Q(email__icontains=word) if "@" in word else Q(ace_reference__icontains=word)
        people = people.filter(some)
    return people


def _category_answers_to(category: Category, word: str) -> bool:
    """The code itself, or the beginning of a word of its other names; "expert" alone names nobody."""
    typed = word.casefold()
    names = " ".join([category.name, *category.synonyms]).casefold().split()
    known = {name for name in names if name.rstrip("s") not in {"expert", "adviser", "advisor"} and len(name) > 3}
    return typed == category.code.casefold() or (len(typed) > 3 and any(name.startswith(typed) for name in known))


def free_between(people: QuerySet[Expert], first: dt.date, last: dt.date) -> QuerySet[Expert]:
    """Who is neither unavailable nor reserved or serving on any day from `first` to `last`."""
    overlap = Q(first_day__lte=last, last_day__gte=first)
    return people.exclude(pk__in=Unavailability.objects.filter(overlap).order_by().values("expert_id")).exclude(
        pk__in=ServicePeriod.objects.alive().filter(overlap).order_by().values("expert_id")
    )


def _served(until: dt.date) -> QuerySet[ServicePeriod]:
    return ServicePeriod.objects.filter(state=ServiceState.USED, last_day__lte=until).order_by()


def served_since(people: QuerySet[Expert], since: dt.date, until: dt.date) -> QuerySet[Expert]:
    """Whose last service ended after `since`, and not later than `until`."""
    return people.filter(pk__in=_served(until).filter(last_day__gt=since).values("expert_id"))


def not_served_since(people: QuerySet[Expert], since: dt.date, until: dt.date) -> QuerySet[Expert]:
    """Who served before, but not after `since`."""
    before = _served(until)
    return people.filter(pk__in=before.values("expert_id")).exclude(
        pk__in=before.filter(last_day__gt=since).values("expert_id")
    )


def never_served(people: QuerySet[Expert], until: dt.date) -> QuerySet[Expert]:
    return people.exclude(pk__in=_served(until).values("expert_id"))


def with_last_served(people: QuerySet[Expert], until: dt.date) -> QuerySet[Expert]:
    """With `last_served`, the last day of service that was used up by then."""
    own = _served(until).filter(expert=OuterRef("pk")).values("expert")
    return people.annotate(last_served=Subquery(own.annotate(last=Max("last_day")).values("last")))


def with_full_since(people: QuerySet[Expert], day: dt.date) -> QuerySet[Expert]:
    """With `full_since`, the day of the oldest full accreditation that holds on the day."""
    own = Accreditation.objects.filter(
        Q(ended_on__isnull=True) | Q(ended_on__gt=day),
        expert=OuterRef("pk"),
        accredited_on__lte=day,
        ace_entered_on__lte=day,
    )
    first = own.order_by().values("expert").annotate(first=Min(Greatest("accredited_on", "ace_entered_on")))
    return people.annotate(full_since=Subquery(first.values("first")))


def days_counted(people: QuerySet[Expert], day: dt.date) -> dict[uuid.UUID, int]:
    """The days in the fullest window that holds the day, of everybody who has any; in two queries for any number of people.

    For one person `ledger.position` says the same, and more.
    """
    years = ledger.years_on(day)
    first, last = cap.window_start(day, years=years), cap.falls_out((day, day), years=years)
    lines = ServicePeriod.objects.alive().filter(
        counts=True, last_day__gte=first, first_day__lt=last, expert__in=people.order_by().values("pk")
    )
    periods: dict[uuid.UUID, list[Period]] = {}
    for expert, begin, end in lines.order_by().values_list("expert_id", "first_day", "last_day"):
        periods.setdefault(expert, []).append((begin, end))
    bound = (
        Accreditation.objects.filter(accredited_on__isnull=False, ace_entered_on__isnull=False)
        .filter(expert__in=lines.order_by().values("expert_id"))
        .order_by()
        .values_list("expert_id")
        .annotate(since=Min(Greatest("accredited_on", "ace_entered_on")))
    )
    binding = dict(bound)
    counted = {}
    for expert, own in periods.items():
        since = binding.get(expert)
        if kept := cap.clip(own, since) if since else own:
            counted[expert] = _fullest(kept, day, years)
    return {expert: days for expert, days in counted.items() if days}


def _fullest(periods: list[Period], day: dt.date, years: int) -> int:
    """All of them if one window that holds the day holds them all, as it mostly does."""
    first, last = min(min(periods)[0], day), max(day, *(end for _begin, end in periods))
    if first >= cap.window_start(last, years=years):
        return cap.usage_on(periods, last, years=years)
    return cap.fullest_window(periods, day, years=years)[1]


def with_days_left(people: QuerySet[Expert], least: int, day: dt.date) -> QuerySet[Expert]:
    """Who could still be away for at least `least` days of the limit in the fullest window that holds the day."""
    limit = ledger.limit_on(day)
    if least > limit:
        return people.none()
    too_full = [expert for expert, days in days_counted(people, day).items() if max(0, limit - days) < least]
    return people.exclude(pk__in=too_full)


class Ordered:
    """People in an order that the database does not know; only the page that is looked at is read in full."""

    def __init__(self, people: QuerySet[Expert], keys: list[uuid.UUID]) -> None:
        self.people, self.keys = people, keys

    def __len__(self) -> int:
        return len(self.keys)

    def __getitem__(self, places: slice) -> list[Expert]:
        return self._read(self.keys[places])

    def __iter__(self) -> Iterator[Expert]:
        for start in range(0, len(self.keys), 500):
            yield from self._read(self.keys[start : start + 500])

    def _read(self, keys: list[uuid.UUID]) -> list[Expert]:
        found = {expert.pk: expert for expert in self.people.order_by().filter(pk__in=keys)}
        return [found[key] for key in keys if key in found]


def by_days_counted(
    people: QuerySet[Expert], day: dt.date, *, known: QuerySet[Expert], most_first: bool = False
) -> Ordered:
    """`people` in their order, sorted by the days counted against the cap; those who are not among `known` come last."""
    counted = days_counted(known, day)
    asked = set(known.order_by().values_list("pk", flat=True))
    sign = -1 if most_first else 1

    def place(expert: uuid.UUID) -> tuple[bool, int]:
        return expert not in asked, sign * counted.get(expert, 0) if expert in asked else 0

    return Ordered(people, sorted(people.values_list("pk", flat=True), key=place))


def order_by_day(
    people: QuerySet[Expert], field: str, *, latest_first: bool, then: tuple[str, ...]
) -> QuerySet[Expert]:
    """By a day that some do not have; these come last either way."""
    days = F(field).desc(nulls_last=True) if latest_first else F(field).asc(nulls_last=True)
    return people.order_by(days, *then)
