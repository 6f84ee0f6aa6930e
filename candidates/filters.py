import django_filters
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from candidates.enums import Origin
from candidates.models import Listing
from core.clock import today
from core.forms import SearchAsYouType
from experts.models import Area
from experts.queries import area_answers_to
from members.models import Administration

STANDING = [("left", _("has left the list")), ("all", _("on the list or not"))]


class ListingFilter(SearchAsYouType, django_filters.FilterSet):
    """Who is on the list today, unless asked otherwise; every word of `q` fits the name, the administration or the area."""

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
    origin = django_filters.ChoiceFilter(label=_("Origin"), choices=Origin, empty_label=_("any"))
    standing = django_filters.ChoiceFilter(label=_("Standing"), choices=STANDING, empty_label=_("on the list"))

    class Meta:
        model = Listing
        fields: list[str] = []

    def filter_queryset(self, queryset: QuerySet[Listing]) -> QuerySet[Listing]:
        asked = self.form.cleaned_data
        for name in ("area", "administration", "origin"):
            queryset = self.filters[name].filter(queryset, asked.get(name))
        standing = asked.get("standing")
        if standing == "left":
            queryset = queryset.filter(left_on__lte=today())
        elif standing != "all":
            queryset = queryset.open(today())  # type: ignore[attr-defined]
        words = (asked.get("q") or "").split()
        areas = list(Area.objects.all()) if words else []
        for word in words:
            fitting = [area.pk for area in areas if area_answers_to(area, word)]
            queryset = queryset.filter(
                Q(expert__family_name__icontains=word)
                | Q(expert__given_name__icontains=word)
                | Q(expert__administration__name__icontains=word)
                | Q(area__in=fitting)
            )
        return queryset
