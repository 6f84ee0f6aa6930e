"""What the lists of requests and missions can be narrowed to. Administrations are a question for the offices alone."""

from typing import Any

import django_filters as filters
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from core.clock import today
from experts.models import Area
from members.models import Administration
from missions import queries
from missions.models import CapacityRequest, Letter, LetterQuerySet, Mission, Report, ReportQuerySet, plan_label
from missions.workflow import MISSION, REQUEST

OPEN = "open"  # no state of a table: everything that something can still follow on


class StateFilter(filters.ChoiceFilter):
    """By the states of a table, in its order and words, or by all from which something can still follow."""

    def __init__(self, machine: Any, *, open_label: Any, **kwargs: Any) -> None:
        self.machine = machine
        choices = [(OPEN, open_label), *((state.value, state.label) for state in machine.states)]
        super().__init__(label=_("State"), choices=choices, empty_label=_("All"), **kwargs)

    def filter(self, qs: QuerySet[Any], value: str) -> QuerySet[Any]:
        return qs.filter(state__in=self.machine.values(final=False)) if value == OPEN else super().filter(qs, value)


class WordsFilter(filters.CharFilter):
    """Every word has to be found in one of the fields (wish W8)."""

    def __init__(self, *fields: str, **kwargs: Any) -> None:
        self.fields = fields
        super().__init__(**kwargs)

    def filter(self, qs: QuerySet[Any], value: str) -> QuerySet[Any]:
        return queries.with_words(qs, value, self.fields)


class ForOffices(filters.FilterSet):
    """Takes the question about the beneficiary away from those who see only their own."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.request.user.is_office:
            del self.filters["beneficiary"]


class RequestFilter(ForOffices):
    q = WordsFilter("number", "title", "objective", label=_("Words"))
    state = StateFilter(REQUEST, open_label=_("open"))
    area = filters.ModelChoiceFilter(
        label=_("Area"), queryset=Area.objects.active(), to_field_name="code", empty_label=_("All")
    )
    beneficiary = filters.ModelChoiceFilter(
        label=_("Beneficiary"), queryset=Administration.objects.active(), to_field_name="code", empty_label=_("All")
    )

    class Meta:
        model = CapacityRequest
        fields: list[str] = []


class MissionFilter(ForOffices):
    q = WordsFilter("number", "title", "place", "beneficiary__name", label=_("Words"))
    state = StateFilter(MISSION, open_label=_("running"))
    plan_year = filters.ChoiceFilter(label=_("Plan year"), choices=[], empty_label=_("All"))
    area = filters.ModelChoiceFilter(
        label=_("Area"), queryset=Area.objects.active(), to_field_name="code", empty_label=_("All")
    )
    beneficiary = filters.ModelChoiceFilter(
        label=_("Beneficiary"), queryset=Administration.objects.active(), to_field_name="code", empty_label=_("All")
    )
    waits = filters.ChoiceFilter(
        label=_("Waits for"), choices=[("me", _("me"))], method="waits_for_me", empty_label=_("anybody")
    )

    class Meta:
        model = Mission
        fields: list[str] = []

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        years = queries.plan_years(self.queryset)
        self.filters["plan_year"].extra["choices"] = [(y, plan_label(y)) for y in years]

    def waits_for_me(self, qs: QuerySet[Mission], name: str, value: str) -> QuerySet[Mission]:
        return qs.filter(pk__in=queries.missions_waiting_for(self.request.user)) if value else qs


class ReportFilter(ForOffices):
    q = WordsFilter("mission__number", "mission__title", "mission__beneficiary__name", label=_("Words"))
    stands = filters.ChoiceFilter(
        label=_("Which reports"),
        choices=[
            ("due", _("still to come")),
            ("overdue", _("overdue")),
            ("submitted", _("to be read")),
            ("accepted", _("accepted")),
        ],
        method="where_it_stands",
        empty_label=_("All"),
    )
    area = filters.ModelChoiceFilter(
        field_name="mission__area",
        label=_("Area"),
        queryset=Area.objects.active(),
        to_field_name="code",
        empty_label=_("All"),
    )
    beneficiary = filters.ModelChoiceFilter(
        field_name="mission__beneficiary",
        label=_("Beneficiary"),
        queryset=Administration.objects.active(),
        to_field_name="code",
        empty_label=_("All"),
    )

    class Meta:
        model = Report
        fields: list[str] = []

    def where_it_stands(self, qs: ReportQuerySet, name: str, value: str) -> ReportQuerySet:
        found = {"due": qs.due, "submitted": qs.submitted, "accepted": qs.accepted}
        return qs.overdue(today()) if value == "overdue" else found[value]()


class LetterFilter(filters.FilterSet):
    """Whose letters, and how they stand; the home administration is a question for the offices alone."""

    q = WordsFilter("number", "mission__number", "mission__title", "invitations__expert__family_name", label=_("Words"))
    stands = filters.ChoiceFilter(
        label=_("Which letters"),
        choices=[
            ("draft", _("not sent yet")),
            ("open", _("no answer yet")),
            ("overdue", _("overdue")),
            ("answered", _("answered")),
            ("revoked", _("withdrawn")),
        ],
        method="where_it_stands",
        empty_label=_("All"),
    )
    administration = filters.ModelChoiceFilter(
        label=_("Home administration"),
        queryset=Administration.objects.active(),
        to_field_name="code",
        empty_label=_("All"),
    )

    class Meta:
        model = Letter
        fields: list[str] = []

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.request.user.is_office:
            del self.filters["administration"]
            del self.filters["stands"].extra["choices"][0]

    def where_it_stands(self, qs: LetterQuerySet, name: str, value: str) -> LetterQuerySet:
        found = {"draft": qs.drafts, "open": qs.unanswered, "answered": qs.answered, "revoked": qs.revoked}
        return qs.overdue(today()) if value == "overdue" else found[value]()

    @property
    def qs(self) -> Any:
        """The words look at several people of a letter, who must not show it several times."""
        return super().qs.distinct() if self.data.get("q") else super().qs
