"""The filters of the list of experts; those about accreditation speak of one and the same accreditation on one day."""

import datetime as dt
from typing import Any

import django_filters
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from core.clock import today
from core.forms import DateInput, SearchAsYouType
from experts.enums import Stage
from experts.models import Accreditation, Area, Category, Expert, ExpertLanguage
from experts.queries import IN_TABLE, accreditations_on, area_answers_to, languages_known
from members.enums import Subregion
from members.models import Administration

STAGES = [
    ("pool", _("fully accredited or first step")),
    (Stage.FULL.value, _("fully accredited")),
    (Stage.FIRST_STEP.value, _("first step")),
    (Stage.ENTRY_PENDING.value, _("accredited, ACE entry pending")),
    ("none", _("no accreditation")),
    ("left", _("has left")),
]


class ExpertFilter(SearchAsYouType, django_filters.FilterSet):
    """Every word of `q` fits the name, the administration, or an area the person is accredited in, by any of its words.

    `on` is the day on which all is judged, today if not given; who had left by then is shown only when asked for.
    """

    q = django_filters.CharFilter(label=_("Name, area or administration"))
    category = django_filters.ModelChoiceFilter(
        label=_("Category"), queryset=Category.objects.all(), to_field_name="code", empty_label=_("any")
    )
    area = django_filters.ModelChoiceFilter(
        label=_("Area"), queryset=Area.objects.all(), to_field_name="code", empty_label=_("any")
    )
    stage = django_filters.ChoiceFilter(label=_("Step"), choices=STAGES, empty_label=_("any"))
    on = django_filters.DateFilter(label=_("On the day"), widget=DateInput)
    administration = django_filters.ModelChoiceFilter(
        label=_("Administration"), queryset=Administration.objects.active(), to_field_name="code", empty_label=_("any")
    )
    subregion = django_filters.ChoiceFilter(label=_("Sub-region"), choices=Subregion, empty_label=_("any"))
    language = django_filters.ChoiceFilter(
        label=_("Language"), choices=lambda: [(name, name) for name in languages_known()], empty_label=_("any")
    )

    class Meta:
        model = Expert
        fields: list[str] = []

    @property
    def given(self) -> dict[str, Any]:
        """What was asked for and made sense; the form says what did not."""
        self.form.is_valid()
        return self.form.cleaned_data

    @property
    def day(self) -> dt.date:
        return self.given.get("on") or today()

    @property
    def names_accreditations(self) -> bool:
        """Whether the answer is about accreditations, so that they are counted beside the people."""
        asked = self.given
        if asked.get("stage") in {"none", "left"}:
            return False
        return any(asked.get(name) for name in ("category", "area", "stage"))

    def accreditations(self) -> QuerySet[Any]:
        """Those alive on the day that fit category, area and step together; each row of the pool table is one of these."""
        rows, asked = accreditations_on(self.day), self.given
        if asked.get("category"):
            rows = rows.filter(category=asked["category"])
        if asked.get("area"):
            rows = rows.filter(area=asked["area"])
        if asked.get("stage"):
            rows = rows.filter(stage__in=IN_TABLE if asked["stage"] == "pool" else [asked["stage"]])
        return rows

    def filter_queryset(self, queryset: QuerySet[Expert]) -> QuerySet[Expert]:
        asked = self.given
        if asked.get("administration"):
            queryset = queryset.filter(administration=asked["administration"])
        if asked.get("subregion"):
            queryset = queryset.filter(administration__subregion=asked["subregion"])
        if asked.get("language"):
            queryset = queryset.filter(
                pk__in=ExpertLanguage.objects.filter(language=asked["language"]).values("expert_id")
            )
        return self._with_words(self._with_standing(queryset))

    def _with_standing(self, queryset: QuerySet[Expert]) -> QuerySet[Expert]:
        stage = self.given.get("stage")
        if stage == "left":
            return queryset.filter(left_on__lte=self.day)
        present = queryset.filter(Q(left_on__isnull=True) | Q(left_on__gt=self.day))
        if stage == "none":
            return present.exclude(pk__in=accreditations_on(self.day).values("expert_id"))
        if self.names_accreditations:
            return present.filter(pk__in=self.accreditations().values("expert_id"))
        return present

    def _with_words(self, queryset: QuerySet[Expert]) -> QuerySet[Expert]:
        words = (self.given.get("q") or "").split()
        if not words:
            return queryset
        areas = list(Area.objects.all())
        held = Accreditation.objects.all() if self.given.get("stage") == "left" else accreditations_on(self.day)
        for word in words:
            fitting = [area.pk for area in areas if area_answers_to(area, word)]
            in_area = held.filter(Q(area__in=fitting) | Q(category__code__iexact=word))
            queryset = queryset.filter(
                Q(family_name__icontains=word)
                | Q(given_name__icontains=word)
                | Q(administration__name__icontains=word)
                | Q(pk__in=in_area.values("expert_id"))
            )
        return queryset
