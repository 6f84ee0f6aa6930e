from typing import Any

import django_filters
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from candidates.queries import late_before
from core.clock import today
from core.forms import SearchAsYouType
from experts.models import Accreditation, AccreditationWorkshop, Area, Category
from experts.queries import area_answers_to
from members.models import Administration

STANDINGS = [
    ("ahead", _("still to come")),
    ("open", _("outcomes to be entered")),
    ("done", _("with outcomes")),
]
WAITS = [
    ("late", _("longer than hoped for")),
    ("mission", _("for a mission")),
    ("confirm", _("for the Secretariat's word")),
]


def fitting_areas(word: str) -> list[Any]:
    return [area.pk for area in Area.objects.all() if area_answers_to(area, word)]


class WorkshopFilter(SearchAsYouType, django_filters.FilterSet):
    """Every word of `q` fits the title, the place or the area."""

    q = django_filters.CharFilter(label=_("Title, place or area"))
    category = django_filters.ModelChoiceFilter(
        label=_("Category"), queryset=Category.objects.all(), to_field_name="code", empty_label=_("any")
    )
    standing = django_filters.ChoiceFilter(label=_("Standing"), choices=STANDINGS, empty_label=_("any"))

    class Meta:
        model = AccreditationWorkshop
        fields: list[str] = []

    def filter_queryset(self, queryset: Any) -> Any:
        asked, day = self.form.cleaned_data, today()
        queryset = self.filters["category"].filter(queryset, asked.get("category"))
        ahead = Q(first_day__gt=day) | Q(first_day__isnull=True, month__gt=day)
        standing = asked.get("standing")
        if standing == "ahead":
            queryset = queryset.filter(ahead)
        elif standing == "open":
            queryset = queryset.filter(open_count__gt=0).exclude(ahead)
        elif standing == "done":
            queryset = queryset.filter(outcomes_at__isnull=False)
        for word in (asked.get("q") or "").split():
            queryset = queryset.filter(
                Q(title__icontains=word) | Q(place__icontains=word) | Q(area__in=fitting_areas(word))
            )
        return queryset


class PathFilter(SearchAsYouType, django_filters.FilterSet):
    """Every word of `q` fits the name, the administration or the area."""

    q = django_filters.CharFilter(label=_("Name, area or administration"))
    area = django_filters.ModelChoiceFilter(
        label=_("Area"), queryset=Area.objects.all(), to_field_name="code", empty_label=_("any")
    )
    administration = django_filters.ModelChoiceFilter(
        label=_("Administration"),
        field_name="expert__administration",
        queryset=Administration.objects.active(),
        to_field_name="code",
        empty_label=_("any"),
    )
    waits = django_filters.ChoiceFilter(label=_("Waits"), choices=WAITS, empty_label=_("any"))

    class Meta:
        model = Accreditation
        fields: list[str] = []

    def filter_queryset(self, queryset: Any) -> Any:
        asked = self.form.cleaned_data
        for name in ("area", "administration"):
            queryset = self.filters[name].filter(queryset, asked.get(name))
        waits = asked.get("waits")
        if waits:
            queryset = queryset.filter(has_passed=waits == "confirm")
        if waits == "late":
            queryset = queryset.filter(first_step_on__lt=late_before(today()))
        for word in (asked.get("q") or "").split():
            queryset = queryset.filter(
                Q(expert__family_name__icontains=word)
                | Q(expert__given_name__icontains=word)
                | Q(expert__administration__name__icontains=word)
                | Q(area__in=fitting_areas(word))
            )
        return queryset
