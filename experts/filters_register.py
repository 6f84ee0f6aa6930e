"""What the lists about the register can be narrowed to: corrections, and what is missing or odd in people's records."""

from typing import Any

import django_filters
from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from core.forms import SearchAsYouType
from experts import queries
from experts.models import CorrectionRequest, Expert
from experts.workflow import CORRECTION
from members.models import Administration


def with_name(queryset: QuerySet[Any], words: str, prefix: str = "") -> QuerySet[Any]:
    """Every word is in the name, the administration or the ACE reference."""
    for word in words.split():
        queryset = queryset.filter(
            Q(**{f"{prefix}family_name__icontains": word})
            | Q(**{f"{prefix}given_name__icontains": word})
            | Q(**{f"{prefix}administration__name__icontains": word})
            | Q(**{f"{prefix}ace_reference__icontains": word})
        )
    return queryset


class CorrectionFilter(SearchAsYouType, django_filters.FilterSet):
    q = django_filters.CharFilter(label=_("Name, administration or reference"), method="named")
    state = django_filters.MultipleChoiceFilter(
        label=_("State"), choices=[(s.value, s.label) for s in CORRECTION.states], widget=forms.CheckboxSelectMultiple
    )
    administration = django_filters.ModelChoiceFilter(
        label=_("Administration"), queryset=Administration.objects.active(), to_field_name="code", empty_label=_("any"),
        field_name="expert__administration",
    )  # fmt: skip

    class Meta:
        model = CorrectionRequest
        fields: list[str] = []

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.request.user.is_office:
            del self.filters["administration"], self.form.fields["administration"]

    def named(self, queryset: QuerySet[Any], _name: str, value: str) -> QuerySet[Any]:
        return with_name(queryset, value, "expert__")


class QualityFilter(SearchAsYouType, django_filters.FilterSet):
    q = django_filters.CharFilter(label=_("Name or reference"), method="named")
    check = django_filters.ChoiceFilter(
        label=_("Missing or odd"), choices=lambda: [(c.code, c.label) for c in queries.checks()], method="left_to_the_page",
        empty_label=_("anything"),
    )  # fmt: skip
    administration = django_filters.ModelChoiceFilter(
        label=_("Administration"), queryset=Administration.objects.active(), to_field_name="code", empty_label=_("any")
    )

    class Meta:
        model = Expert
        fields: list[str] = []

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.request.user.is_office:
            del self.filters["administration"], self.form.fields["administration"]

    def named(self, queryset: QuerySet[Any], _name: str, value: str) -> QuerySet[Any]:
        return with_name(queryset, value)

    def left_to_the_page(self, queryset: QuerySet[Any], _name: str, _value: str) -> QuerySet[Any]:
        """The page has looked at everybody once and picks whom it needs."""
        return queryset

    @property
    def code(self) -> str:
        return self.form.cleaned_data.get("check") or "" if self.form.is_valid() else ""
