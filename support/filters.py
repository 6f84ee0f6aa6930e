from typing import Any

import django_filters
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from core.forms import SearchAsYouType
from experts.models import Area
from support.enums import Audience, OpportunityKind, OpportunityState, Standing
from support.models import Notice, Opportunity
from support.queries import by_standing


class OpportunityFilter(SearchAsYouType, django_filters.FilterSet):
    """Every word of `q` fits the title or the text that one may read."""

    q = django_filters.CharFilter(label=_("Words"))
    kind = django_filters.ChoiceFilter(label=_("Kind"), choices=OpportunityKind, empty_label=_("any"))
    area = django_filters.ModelChoiceFilter(
        label=_("Area"), queryset=Area.objects.all(), to_field_name="code", empty_label=_("any")
    )
    state = django_filters.ChoiceFilter(label=_("State"), choices=OpportunityState, empty_label=_("any"))

    class Meta:
        model = Opportunity
        fields: list[str] = []

    def filter_queryset(self, queryset: QuerySet[Opportunity]) -> QuerySet[Opportunity]:
        asked = self.form.cleaned_data
        for name in ("kind", "area", "state"):
            queryset = self.filters[name].filter(queryset, asked.get(name))
        office = self.request.user.is_office
        for word in (asked.get("q") or "").split():
            found = Q(title__icontains=word)
            if office:
                found |= Q(region_text__icontains=word) | Q(experts_text__icontains=word)
            queryset = queryset.filter(found)
        return queryset


class NoticeFilter(SearchAsYouType, django_filters.FilterSet):
    """Every word of `q` fits the person or the administration."""

    q = django_filters.CharFilter(label=_("Name or administration"))
    audience = django_filters.ChoiceFilter(label=_("Told as"), choices=Audience, empty_label=_("any"))
    standing = django_filters.ChoiceFilter(label=_("Standing"), choices=Standing, empty_label=_("any"))

    class Meta:
        model = Notice
        fields: list[str] = []

    def filter_queryset(self, queryset: QuerySet[Notice]) -> QuerySet[Notice]:
        asked: dict[str, Any] = self.form.cleaned_data
        queryset = self.filters["audience"].filter(queryset, asked.get("audience"))
        if standing := asked.get("standing"):
            queryset = queryset.filter(by_standing(standing))
        for word in (asked.get("q") or "").split():
            queryset = queryset.filter(
                Q(home__icontains=word) | Q(expert__family_name__icontains=word) | Q(expert__given_name__icontains=word)
            )
        return queryset
