import django_filters
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from centres.enums import TrainingKind
from centres.models import Resource, Training
from core.forms import SearchAsYouType
from experts.models import Area
from experts.queries import area_answers_to
from members.models import Administration


class OfCentres(SearchAsYouType, django_filters.FilterSet):
    """Every word of `q` fits the title, what it is about, the area by any of its words, or the host."""

    q = django_filters.CharFilter(label=_("Words"))
    area = django_filters.ModelChoiceFilter(
        label=_("Area"), queryset=Area.objects.all(), to_field_name="code", empty_label=_("any")
    )
    centre = django_filters.ModelChoiceFilter(
        label=_("Centre"),
        field_name="centre__administration",
        queryset=Administration.objects.filter(centre__isnull=False),
        to_field_name="code",
        empty_label=_("any"),
    )

    def filter_queryset(self, queryset: QuerySet) -> QuerySet:
        asked = self.form.cleaned_data
        for name in self.filters:
            if name != "q":
                queryset = self.filters[name].filter(queryset, asked.get(name))
        words = (asked.get("q") or "").split()
        areas = list(Area.objects.all()) if words else []
        for word in words:
            fitting = [area.pk for area in areas if area_answers_to(area, word)]
            queryset = queryset.filter(
                Q(title__icontains=word)
                | Q(note__icontains=word)
                | Q(area__in=fitting)
                | Q(centre__administration__name__icontains=word)
            )
        return queryset


class ResourceFilter(OfCentres):
    class Meta:
        model = Resource
        fields: list[str] = []


class TrainingFilter(OfCentres):
    kind = django_filters.ChoiceFilter(label=_("Kind"), choices=TrainingKind, empty_label=_("any"))

    class Meta:
        model = Training
        fields: list[str] = []
