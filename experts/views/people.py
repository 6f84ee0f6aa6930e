"""The list of experts with its filters and export, and the page of one."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from core.clock import today
from core.exports import Export
from core.history import history_of
from core.policies import may
from core.views import Guarded, ListPage, Page
from experts import ledger
from experts.filters import ExpertFilter
from experts.models import Expert
from experts.queries import Step, steps_on
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
        return _("left %(day)s") % {"day": date_format(left_on, "j M Y")} if self.has_left and left_on else ""


def shown(expert: Expert, user: Any, day: dt.date) -> Shown:
    private = bool(may(user, "experts.see_private", expert))
    alive = [step for step in steps_on(expert, day) if step.is_alive]
    has_left = expert.left_on is not None and expert.left_on <= day
    return Shown(expert, [] if has_left else alive, ledger.position(expert) if private else None, private, has_left)


class ExpertsPage(ListPage):
    """People one may see; accreditations are counted beside them when the question is about accreditations."""

    action = "experts.list"
    model = Expert
    template_name = "experts/experts.html"
    results_template = "experts/_experts.html"
    filterset_class = ExpertFilter
    sorts = {
        "name": ("family_name", "given_name", "pk"),
        "administration": ("administration__name", "family_name", "given_name", "pk"),
        "subregion": ("administration__subregion", "administration__name", "family_name", "pk"),
    }

    def rows(self) -> Any:
        return super().rows().with_ledger()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        day = self.filterset.day
        context["day"], context["is_today"] = day, day == today()
        context["people"] = [shown(expert, self.request.user, day) for expert in context["rows"]]
        context["accreditations"] = (
            self.filterset.accreditations().filter(expert__in=self.found().order_by()).count()
            if self.filterset.names_accreditations
            else None
        )
        return context


class ExpertsExport(Export, ExpertsPage):
    """The same rows, one line an accreditation; what is private stays empty where it may not be seen."""

    def table(self) -> Any:
        day = self.filterset.day
        head = (
            "Family name", "Given name", "Administration", "Sub-region", "Category", "Area", "Step", "Since", "Source",
            "As of", "Languages", "ACE reference", "E-mail", "Telephone", "Days used", "Days reserved", "Days left",
        )  # fmt: skip
        people = [shown(expert, self.request.user, day) for expert in self.found()]
        rows = [row for person in people for row in sheet_rows(person)]
        return f"experts-{day.isoformat()}", head, rows


def sheet_rows(person: Shown) -> list[tuple[Any, ...]]:
    expert, position = person.expert, person.position
    who = (expert.family_name, expert.given_name, expert.administration.name, expert.administration.subregion)
    languages = "; ".join(row.language for row in expert.languages.all())
    private: tuple[Any, ...] = ("",) * 6
    if person.is_private and position:
        private = (expert.ace_reference, expert.email, expert.phone, position.used, position.reserved, position.left)
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
        expert, day = self.object, today()
        return super().get_context_data(
            steps=steps_on(expert, day),
            away=[row for row in expert.unavailabilities.all() if row.last_day >= day],
            panels=[
                ("", reverse("candidates:of-expert", args=[expert.pk]), _("On the candidate list")),
                (_("Missions"), reverse("missions:of-expert", args=[expert.pk]), _("Missions of this person")),
            ],
            entries=history_of(expert.pk) if self.request.user.is_office else [],
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
