import datetime as dt
from typing import Any

import django_filters
from django.db.models import Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from candidates.enums import CallState, Origin, Strength
from candidates.models import Call, Listing
from candidates.queries import DAYS_AHEAD, somebody_busy
from core.clock import months_after, today
from core.dated_policy import policy
from core.forms import SearchAsYouType
from experts.models import Area
from experts.queries import area_answers_to
from members.models import Administration

STANDING = [("left", _("has left the list")), ("all", _("on the list or not"))]
COVERED = [("no", _("nobody accredited yet")), ("yes", _("somebody is accredited"))]
FREE = [("yes", _("free for the next %(n)d days") % {"n": DAYS_AHEAD}), ("no", _("away or serving on some of them"))]
CONTACT = [("year", _("not for a year, or never")), ("never", _("never"))]
WAITS = [
    ("confirm", _("to be confirmed")),
    ("close", _("accredited by now, or has left")),
]


class ListingFilter(SearchAsYouType, django_filters.FilterSet):
    """Who is on the list today, unless asked otherwise; every word of `q` fits the name, the administration or the area.

    People's days and ROCB's contacts are asked about by the offices alone.
    """

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
    covered = django_filters.ChoiceFilter(label=_("Area is covered"), choices=COVERED, empty_label=_("any"))
    strength = django_filters.ChoiceFilter(label=_("Evidence"), choices=Strength, empty_label=_("any"))
    free = django_filters.ChoiceFilter(label=_("Available"), choices=FREE, empty_label=_("any"))
    contact = django_filters.ChoiceFilter(label=_("Last contact"), choices=CONTACT, empty_label=_("any"))
    waits = django_filters.ChoiceFilter(label=_("Waits"), choices=WAITS, empty_label=_("any"))
    standing = django_filters.ChoiceFilter(label=_("Standing"), choices=STANDING, empty_label=_("on the list"))

    class Meta:
        model = Listing
        fields: list[str] = []

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.request.user.is_office:
            for name in ("free", "contact"):
                self.form.fields.pop(name)

    def filter_queryset(self, queryset: QuerySet[Listing]) -> QuerySet[Listing]:
        asked = self.form.cleaned_data
        for name in ("area", "administration", "origin"):
            queryset = self.filters[name].filter(queryset, asked.get(name))
        standing = asked.get("standing")
        if standing == "left":
            queryset = queryset.filter(left_on__lte=today())
        elif standing != "all":
            queryset = queryset.open(today())  # type: ignore[attr-defined]
        queryset = self._by_standing(queryset, asked)
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

    @staticmethod
    def _by_standing(queryset: Any, asked: dict[str, Any]) -> Any:
        day = today()
        if covered := asked.get("covered"):
            queryset = queryset.filter(is_covered=covered == "yes")
        if strength := asked.get("strength"):
            queryset = queryset.filter(strength=strength)
        if free := asked.get("free"):
            busy = somebody_busy(day, day + dt.timedelta(days=DAYS_AHEAD))
            queryset = queryset.exclude(busy) if free == "yes" else queryset.filter(busy)
        if contact := asked.get("contact"):
            long_ago = Q(contacted_on__isnull=True)
            if contact == "year":
                long_ago |= Q(contacted_on__lte=months_after(day, -12))
            queryset = queryset.filter(long_ago)
        waits = asked.get("waits")
        if waits == "confirm":
            before = months_after(day, -int(policy("listing.confirm_months")))
            queryset = queryset.annotate(word=Coalesce("confirmed_on", "listed_on")).filter(
                word__lte=before, left_on__isnull=True
            )
        elif waits == "close":
            queryset = queryset.filter(Q(is_accredited=True) | Q(expert__left_on__lte=day), left_on__isnull=True)
        return queryset


class CallFilter(SearchAsYouType, django_filters.FilterSet):
    """Every word of `q` fits the title or the text."""

    q = django_filters.CharFilter(label=_("Words"))
    area = django_filters.ModelChoiceFilter(
        label=_("Area"), field_name="areas", queryset=Area.objects.all(), to_field_name="code", empty_label=_("any")
    )
    state = django_filters.ChoiceFilter(label=_("State"), choices=CallState, empty_label=_("any"))

    class Meta:
        model = Call
        fields: list[str] = []

    def filter_queryset(self, queryset: QuerySet[Call]) -> QuerySet[Call]:
        asked = self.form.cleaned_data
        for name in ("area", "state"):
            queryset = self.filters[name].filter(queryset, asked.get(name))
        for word in (asked.get("q") or "").split():
            queryset = queryset.filter(Q(title__icontains=word) | Q(text__icontains=word))
        return queryset
