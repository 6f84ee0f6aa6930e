"""The filters of the directory of people; those about accreditation speak of one and the same accreditation on one day."""

import datetime as dt
from typing import Any

import django_filters
from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from core.clock import months_after, today
from core.forms import DateInput, SearchAsYouType
from experts.enums import Stage
from experts.models import Accreditation, Area, Category, Expert, ExpertLanguage
from experts.queries import (
    IN_TABLE,
    accreditations_on,
    free_between,
    languages_known,
    never_served,
    not_served_since,
    served_since,
    with_days_left,
    with_words,
)
from members.enums import Subregion
from members.models import Administration

STAGES = [
    ("pool", _("fully accredited or first step")),
    (Stage.FULL.value, _("fully accredited")),
    (Stage.FIRST_STEP.value, _("first step (pre-accredited)")),
    (Stage.ENTRY_PENDING.value, _("accredited, ACE entry pending")),
    ("none", _("no accreditation")),
    ("left", _("has left")),
]
LAST_MISSIONS = [
    ("never", _("none known")),
    ("12", _("in the last 12 months")),
    ("not12", _("before, but not for 12 months")),
    ("not24", _("before, but not for 2 years")),
    ("not36", _("before, but not for 3 years")),
]


class FreeRange(django_filters.widgets.DateRangeWidget):
    """The browser's own calendars."""

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs)
        self.widgets = [DateInput(attrs), DateInput(attrs)]


class WholeNumberFilter(django_filters.NumberFilter):
    field_class = forms.IntegerField


class ExpertFilter(SearchAsYouType, django_filters.FilterSet):
    """Every word of `q` fits the name, the administration, a language, or an area the person is accredited in.

    `on` is the day on which all is judged, today if not given; who had left by then is shown only when asked for. Days left of
    the cap are a question for the offices, and for an administration about its own people: the answer then holds these alone.
    """

    q = django_filters.CharFilter(label=_("Name, area, language or administration"))
    area = django_filters.ModelMultipleChoiceFilter(
        label=_("Areas"),
        queryset=Area.objects.all(),
        to_field_name="code",
        widget=forms.CheckboxSelectMultiple(attrs={"class": "choices-scroll"}),
    )
    category = django_filters.ModelChoiceFilter(
        label=_("Category"), queryset=Category.objects.all(), to_field_name="code", empty_label=_("any")
    )
    stage = django_filters.ChoiceFilter(label=_("Step"), choices=STAGES, empty_label=_("any"))
    administration = django_filters.ModelChoiceFilter(
        label=_("Administration"), queryset=Administration.objects.active(), to_field_name="code", empty_label=_("any")
    )
    subregion = django_filters.ChoiceFilter(label=_("Sub-region"), choices=Subregion, empty_label=_("any"))
    language = django_filters.ChoiceFilter(label=_("Language"), choices=[], empty_label=_("any"))
    free = django_filters.DateFromToRangeFilter(label=_("Free on all days"), widget=FreeRange)
    last = django_filters.ChoiceFilter(label=_("Last mission"), choices=LAST_MISSIONS, empty_label=_("any"))
    days = WholeNumberFilter(
        label=_("Days of the cap left, at least"),
        min_value=1,
        widget=forms.NumberInput(attrs={"min": "1", "inputmode": "numeric"}),
    )
    on = django_filters.DateFilter(label=_("As of the day"), widget=DateInput)

    class Meta:
        model = Expert
        fields: list[str] = []

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.form.fields["language"].choices = [(name, name) for name in languages_known()]
        if not (self.asker.is_office or self.asker.administration_ids()):
            del self.form.fields["days"]

    @property
    def asker(self) -> Any:
        return self.request.user

    @property
    def given(self) -> dict[str, Any]:
        """What was asked for and made sense; the form says what did not."""
        self.form.is_valid()
        return self.form.cleaned_data

    @property
    def day(self) -> dt.date:
        return self.given.get("on") or today()

    @property
    def free_days(self) -> tuple[dt.date, dt.date] | None:
        """From the earlier to the later of both; one alone is a single day."""
        days = self.given.get("free")
        both = [moment.date() for moment in ((days.start, days.stop) if days else ()) if moment]
        return (min(both), max(both)) if both else None

    @property
    def own_people_only(self) -> bool:
        """Whether the answer is cut to the own people, since nobody else's days may be asked about."""
        return bool(self.given.get("days")) and not self.asker.is_office

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
            rows = rows.filter(area__in=asked["area"])
        if asked.get("stage"):
            rows = rows.filter(stage__in=IN_TABLE if asked["stage"] == "pool" else [asked["stage"]])
        return rows

    def with_known_days(self, queryset: QuerySet[Expert]) -> QuerySet[Expert]:
        """Those about whose days one may ask."""
        if self.asker.is_office:
            return queryset
        return queryset.filter(administration__in=self.asker.administration_ids())

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
        queryset = self._with_standing(queryset)
        held = Accreditation.objects.all() if asked.get("stage") == "left" else accreditations_on(self.day)
        queryset = with_words(queryset, asked.get("q") or "", held=held, in_register=self.asker.is_office)
        return self._with_days(self._with_last_mission(queryset))

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

    def _with_last_mission(self, queryset: QuerySet[Expert]) -> QuerySet[Expert]:
        asked = self.given.get("last")
        if not asked:
            return queryset
        if asked == "never":
            return never_served(queryset, self.day)
        since = months_after(self.day, -int(asked.removeprefix("not")))
        narrowed = not_served_since if asked.startswith("not") else served_since
        return narrowed(queryset, since, self.day)

    def _with_days(self, queryset: QuerySet[Expert]) -> QuerySet[Expert]:
        if self.free_days:
            queryset = free_between(queryset, *self.free_days)
        if least := self.given.get("days"):
            queryset = with_days_left(self.with_known_days(queryset), least, self.day)
        return queryset
