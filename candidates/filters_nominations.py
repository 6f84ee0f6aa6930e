"""What the list of nominations can be narrowed to."""

from typing import Any

import django_filters
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from candidates import queries
from candidates.enums import Origin
from candidates.models import Nomination
from candidates.workflow import NOMINATION
from core.forms import SearchAsYouType
from experts.models import Area
from experts.queries import area_answers_to
from members.models import Administration


class NominationFilter(SearchAsYouType, django_filters.FilterSet):
    """Every word of `q` fits the name, the administration or an area."""

    q = django_filters.CharFilter(label=_("Name, area or administration"), method="by_words")
    state = django_filters.ChoiceFilter(
        label=_("State"), choices=[(s.value, s.label) for s in NOMINATION.states], empty_label=_("any")
    )
    area = django_filters.ModelChoiceFilter(
        label=_("Area"), field_name="areas", queryset=Area.objects.all(), to_field_name="code", empty_label=_("any")
    )
    administration = django_filters.ModelChoiceFilter(
        label=_("Administration"),
        field_name="home",
        queryset=Administration.objects.active(),
        to_field_name="code",
        empty_label=_("any"),
    )
    origin = django_filters.ChoiceFilter(label=_("Origin"), choices=Origin, empty_label=_("any"))
    mine = django_filters.ChoiceFilter(
        label=_("Mine"),
        choices=[("waits", _("waits for me")), ("begun", _("begun by me"))],
        method="by_me",
        empty_label=_("everybody's"),
    )

    class Meta:
        model = Nomination
        fields: list[str] = []

    def by_words(self, rows: QuerySet[Nomination], name: str, value: str) -> QuerySet[Nomination]:
        areas = list(Area.objects.all())
        for word in value.split():
            fitting = [area.pk for area in areas if area_answers_to(area, word)]
            in_area = Nomination.areas.through.objects.filter(area__in=fitting).values("nomination")
            rows = rows.filter(
                Q(family_name__icontains=word)
                | Q(given_name__icontains=word)
                | Q(home__name__icontains=word)
                | Q(pk__in=in_area)
            )
        return rows

    def by_me(self, rows: QuerySet[Nomination], name: str, value: str) -> Any:
        user = self.request.user
        if value == "waits":
            return rows.filter(pk__in=queries.nominations_waiting_for(user))
        return rows.filter(created_by=user)
