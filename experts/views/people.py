"""The list of experts with its filters and export, and the page of one."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.clock import day_words, today
from core.exports import Export
from core.history import history_of
from core.policies import may
from core.views import Guarded, ListPage, Page
from experts import ledger
from experts.charts import steps_chart, year_chart
from experts.filters import ExpertFilter
from experts.models import Expert
from experts.queries import (
    Ordered,
    Step,
    by_days_counted,
    mirrored_step,
    order_by_day,
    steps_on,
    with_full_since,
    with_last_served,
)
from experts.services import CONTACT_SEEN, note_contact_seen
from experts.views.frame import ExpertFrame


@dataclass(frozen=True, slots=True)
class Shown:
    """A person as a row: the steps on the day and, for those who may see it, the cap."""

    expert: Expert
    steps: list[Step]
    position: ledger.CapPosition | None
    is_private: bool
    has_left: bool

    @property
    def left_words(self) -> str:
        left_on = self.expert.left_on
        return _("left %(day)s") % {"day": day_words(left_on)} if self.has_left and left_on else ""

    @property
    def last_served(self) -> dt.date | None:
        return getattr(self.expert, "last_served", None)

    @property
    def full_since(self) -> dt.date | None:
        return None if self.has_left else getattr(self.expert, "full_since", None)


def shown(expert: Expert, user: Any, day: dt.date) -> Shown:
    private = bool(may(user, "experts.see_private", expert))
    alive = [step for step in steps_on(expert, day) if step.is_alive]
    has_left = expert.left_on is not None and expert.left_on <= day
    position = ledger.position(expert, day) if private else None
    return Shown(expert, [] if has_left else alive, position, private, has_left)


@dataclass(frozen=True, slots=True)
class Column:
    """A column that may be chosen; `sort` is the word of the address that orders by it."""

    name: str
    label: Any
    sort: str = ""
    private: bool = False
    figures: bool = False
    preset: bool = False


COLUMNS = (
    Column("administration", gettext_lazy("Administration"), "administration", preset=True),
    Column("subregion", gettext_lazy("Sub-region"), "subregion"),
    Column("held", gettext_lazy("Accredited in"), preset=True),
    Column("since", gettext_lazy("Fully accredited since"), "since"),
    Column("languages", gettext_lazy("Languages"), preset=True),
    Column("last", gettext_lazy("Last mission"), "last", preset=True),
    Column("days", gettext_lazy("Days of the cap"), "days", figures=True, preset=True),
    Column("email", gettext_lazy("E-mail address"), private=True),
    Column("ace", gettext_lazy("ACE reference"), private=True),
)
NAME = ("family_name", "given_name", "pk")


class ExpertsPage(ListPage):
    """People one may see; accreditations are counted beside them when the question is about accreditations."""

    action = "experts.list"
    model = Expert
    template_name = "experts/experts.html"
    results_template = "experts/_experts.html"
    filterset_class = ExpertFilter
    sorts = {
        "name": NAME,
        "administration": ("administration__name", *NAME),
        "subregion": ("administration__subregion", "administration__name", *NAME),
        "since": (),
        "last": (),
        "days": (),
    }

    def rows(self) -> Any:
        return super().rows().with_ledger()

    def sorted(self, rows: Any) -> Any:
        """By days that some do not have, or that only some may be asked about: they come last either way."""
        word, backwards, day = self.sort.lstrip("-"), self.sort.startswith("-"), self.filterset.day
        rows = with_full_since(with_last_served(rows, day), day)
        if word == "since":
            return order_by_day(rows, "full_since", latest_first=backwards, then=NAME)
        if word == "last":
            return order_by_day(rows, "last_served", latest_first=backwards, then=NAME)
        if word == "days":
            known = self.filterset.with_known_days(rows)
            return by_days_counted(rows.order_by(*NAME), day, known=known, most_first=backwards)
        return super().sorted(rows)

    @cached_property
    def columns(self) -> list[Column]:
        """The chosen ones in their own order; contact data are a choice only for those who see somebody's."""
        wanted = set(self.request.GET.getlist("columns"))
        chosen = [column for column in self.possible_columns if column.name in wanted]
        return chosen or [column for column in self.possible_columns if column.preset]

    @cached_property
    def possible_columns(self) -> list[Column]:
        user = self.request.user
        sees_private = user.is_office or bool(user.administration_ids())
        return [column for column in COLUMNS if sees_private or not column.private]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        day, filters = self.filterset.day, self.filterset
        people = [shown(expert, self.request.user, day) for expert in context["rows"]]
        counted = filters.accreditations().filter(expert__in=filters.qs.order_by().values("pk"))
        return {
            **context,
            "day": day,
            "is_today": day == today(),
            "people": people,
            "accreditations": counted.count() if filters.names_accreditations else None,
            "columns": self.columns,
            "column_choices": [(column, column in self.columns) for column in self.possible_columns],
            "looser": [] if people else list(self.looser()),
        }

    def looser(self) -> Iterator[tuple[str, str, int]]:
        """For an empty answer: each question that alone is in the way, the address without it, and who is found then."""
        for field in self.filterset.form:
            query, name = self.request.GET.copy(), field.html_name
            for key in (name, f"{name}_after", f"{name}_before", "page"):
                query.pop(key, None)
            if len(query) < len(self.request.GET):
                number = self.filterset_class(query, queryset=self.rows(), request=self.request).qs.count()
                if number:
                    yield str(field.label), f"?{query.urlencode()}", number


class ExpertsExport(Export, ExpertsPage):
    """The same rows, one line an accreditation; what is private stays empty where it may not be seen."""

    def table(self) -> Any:
        day = self.filterset.day
        head = (
            "Family name", "Given name", "Administration", "Sub-region", "Category", "Area", "Step", "Since", "Source",
            "As of", "Languages", "ACE reference", "E-mail", "Telephone", "Days used", "Days reserved", "Days left",
            "Last mission",
        )  # fmt: skip
        people = (shown(expert, self.request.user, day) for expert in self.in_parts())
        return f"experts-{day.isoformat()}", head, (row for person in people for row in sheet_rows(person))

    def in_parts(self) -> Iterator[Expert]:
        """Some hundreds at a time, so that a sheet of thousands needs little memory."""
        found = self.found()
        return iter(found) if isinstance(found, Ordered) else found.iterator(chunk_size=500)


def sheet_rows(person: Shown) -> list[tuple[Any, ...]]:
    expert, position = person.expert, person.position
    who = (expert.family_name, expert.given_name, expert.administration.name, expert.administration.subregion)
    languages = "; ".join(row.language for row in expert.languages.all())
    private: tuple[Any, ...] = ("",) * 7
    if person.is_private and position:
        days = (position.used, position.reserved, position.left, person.last_served)
        private = (expert.ace_reference, expert.email, expert.phone, *days)
    held = [step.cells for step in person.steps] or [("",) * 6]
    return [(*who, *cells, languages, *private) for cells in held]


class ExpertPage(ExpertFrame, Page):
    """One person: what everybody of the pool may know; contact, days and reasons for those who may see them.

    What the apps above know of the person is loaded as panels by the names of their pages.
    """

    action = "experts.see"
    template_name = "experts/expert.html"
    tab = "record"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        expert, user, day = self.object, self.request.user, today()
        private = may(user, "experts.see_private", expert)
        if private:
            note_contact_seen(expert, by=user)
        return super().get_context_data(
            steps=[(step, mirrored_step(step.accreditation)) for step in steps_on(expert, day)],
            steps_chart=steps_chart(expert, today=day),
            year_chart=year_chart(expert, today=day, with_service=bool(private)),
            away=[row for row in expert.unavailabilities.all() if row.last_day >= day],
            ace_url=settings.ACE_URL,
            panels=[
                *(
                    [("", reverse("candidates:path-of", args=[expert.pk]), _("The path to accreditation"))]
                    if private
                    else []
                ),
                ("", reverse("candidates:of-expert", args=[expert.pk]), _("On the candidate list")),
                (_("Missions"), reverse("missions:of-expert", args=[expert.pk]), _("Missions of this person")),
                ("", reverse("centres:of-expert", args=[expert.pk]), _("Trainings at the centres")),
            ],
            entries=history_of(expert.pk).exclude(name=CONTACT_SEEN) if user.is_office else [],
            **kwargs,
        )


class OwnRecord(Guarded):
    """The way of an expert to the own record; for everybody else there is none."""

    action = "experts.see"
    model = Expert

    @cached_property
    def object(self) -> Expert:
        return get_object_or_404(self.rows(), user=self.request.user)

    def get(self, request: HttpRequest) -> HttpResponseRedirect:
        return HttpResponseRedirect(self.object.get_absolute_url())
