"""Search over everything one may see: people, missions, requests, administrations, letters. Words are ANDed."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from experts.models import Area, Expert
from experts.queries import area_answers_to
from members.models import Administration
from missions.models import CapacityRequest, Letter, Mission

MOST = 10


@dataclass(frozen=True, slots=True)
class Group:
    title: str
    rows: list[tuple[str, str, str]]
    more: str


def _all_words(queryset: QuerySet[Any], words: str, *fields: str) -> QuerySet[Any]:
    for word in words.split():
        some = Q()
        for field in fields:
            some |= Q(**{f"{field}__icontains": word})
        queryset = queryset.filter(some)
    return queryset.distinct()


def _people(user: Any, words: str) -> list[Expert]:
    """First who is called so, then who holds an accreditation in an area that is called so."""
    people = Expert.objects.visible_to(user).select_related("administration")
    named = _all_words(people, words, "family_name", "given_name", "ace_reference", "administration__name")
    areas = [area.pk for area in Area.objects.all() if area_answers_to(area, words)]
    in_areas = people.filter(accreditations__area__in=areas).exclude(pk__in=named.order_by().values("pk")).distinct()
    return [*named[: MOST + 1], *in_areas[: MOST + 1]]


def everything(user: Any, words: str) -> list[Group]:
    """Groups that found something, ten rows each; nothing for less than two letters."""
    if len(words) < 2:
        return []
    missions = _all_words(
        Mission.objects.visible_to(user).select_related("beneficiary"),
        words,
        "number",
        "title",
        "beneficiary__name",
        "place",
    )
    requests = _all_words(
        CapacityRequest.objects.visible_to(user).select_related("beneficiary"),
        words,
        "number",
        "title",
        "beneficiary__name",
    )
    letters = _all_words(
        Letter.objects.visible_to(user).select_related("administration", "mission"),
        words,
        "number",
        "administration__name",
    )
    members = _all_words(Administration.objects.visible_to(user), words, "name", "organisation")
    people = _people(user, words)
    lists: list[tuple[str, Any, Any, str]] = [
        (_("Missions"), missions, lambda m: (str(m), str(m.beneficiary), m.get_absolute_url()), "missions:missions"),
        (_("Requests"), requests, lambda r: (str(r), str(r.beneficiary), r.get_absolute_url()), "missions:requests"),
        (_("People"), people, lambda e: (e.name, str(e.administration), e.get_absolute_url()), "experts:experts"),
        (_("Letters"), letters, lambda x: (str(x), str(x.administration), x.get_absolute_url()), "missions:letters"),
        (_("Administrations"), members, lambda a: (a.name, a.organisation, _register(a)), "members:administrations"),
    ]
    groups = []
    for title, rows, line, url_name in lists:
        shown = [line(row) for row in rows[: MOST + 1]]
        if shown:
            groups.append(Group(title, shown[:MOST], reverse(url_name) if len(shown) > MOST else ""))
    return groups


def _register(administration: Administration) -> str:
    return f"{reverse('members:administrations')}?q={administration.name}"
