"""The regional training centres as centres of excellence: areas, people, material, trainings, and where one is missing (§2.3, T4)."""

import datetime as dt
from typing import Any

from django.db.models import Min
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from centres import policies, queries, services
from centres.forms import EndFocusForm, FocusForm
from centres.models import Centre, CentreFocus, Resource
from core.clock import today
from core.exports import Export
from core.history import history_of
from core.policies import may
from core.views import FormPage, Page, Panel


class CentresPage(Page):
    """The centres, the reader's own on top; on an earlier day, as published, with what they developed then."""

    action = "centres.list"
    template_name = "centres/centres.html"

    @cached_property
    def published(self) -> dt.date | None:
        """The day of the printed table: that of the oldest focus areas."""
        return CentreFocus.objects.visible_to(self.request.user).aggregate(day=Min("since"))["day"]

    @cached_property
    def day(self) -> dt.date:
        try:
            return min(dt.date.fromisoformat(self.request.GET.get("day", "")), today())
        except ValueError:
            return today()

    @cached_property
    def opens_people(self) -> bool:
        return bool(may(self.request.user, "experts.list"))

    @cached_property
    def centres(self) -> list[queries.CentreRow]:
        found = queries.centre_rows(self.request.user, self.day, with_people=self.opens_people)
        return found if self.day == today() else [row for row in found if row.focus]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            rows=self.centres,
            opens_people=self.opens_people,
            day=self.day,
            is_today=self.day == today(),
            published=self.published,
            **kwargs,
        )


class CentresExport(Export, CentresPage):
    """One line a focus area; a centre without any has one line."""

    def table(self) -> Any:
        head = [_("Host administration"), _("Centre since"), _("Area"), _("As printed"), _("Since"), _("Source")]
        rows: list[tuple[Any, ...]] = []
        for row in self.centres:
            host = (row.centre.administration, row.centre.since)
            rows += [(*host, f.area.name, f.label, f.since, f.source) for f in row.focus] or [(*host, "", "", "", "")]
        return f"centres-{self.day.isoformat()}", head, rows


class CentrePage(Page):
    """One centre: what it develops and by which source, the host's people in these areas, its material and trainings.

    The listed candidates come as a panel of the app above.
    """

    action = "centres.see"
    model = Centre
    template_name = "centres/centre.html"
    MOST = 10

    def rows(self) -> Any:
        return super().rows().select_related("administration")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        day, user, centre = today(), self.request.user, self.object
        keeps = bool(may(user, "centres.add_resource", centre))
        resources = Resource.objects.visible_to(user).present().filter(centre=centre).select_related("area", "file")
        trainings = centre.trainings.select_related("area")
        own = queries.focus_of(centre, day)
        missing = own - set(resources.values_list("area", flat=True)) if keeps else set()
        people = queries.host_people(centre, user, day)
        return super().get_context_data(
            people=people,
            missing=[row.focus.area for row in people if row.focus.area_id in missing],
            earlier=[row for row in centre.focus.select_related("area") if row.until and row.until <= day],
            opens_people=bool(may(user, "experts.list")),
            keeps=keeps,
            is_own=policies.runs(user, centre),
            resources=resources[: self.MOST],
            trainings=queries.trainings_with_people(trainings[: self.MOST], user),
            most=self.MOST,
            panel=reverse("candidates:of-centre", args=[centre.pk])
            if may(user, "candidates.of_centre", centre)
            else "",
            entries=history_of(centre.pk) if user.is_office else [],
            **kwargs,
        )


class ByArea(Panel):
    """Centres under the areas they develop; on the page of areas each goes to the cell of its area."""

    action = "centres.list"
    template_name = "centres/by_area.html"
    panel = "centres/_by_area.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        areas = queries.centres_by_area(today(), self.request.GET.get("q", ""))
        return super().get_context_data(areas=areas, **kwargs)


class CoveragePage(Page):
    """Areas with a centre but no accredited expert, and the reverse."""

    action = "centres.coverage"
    template_name = "centres/coverage.html"

    @cached_property
    def areas(self) -> list[queries.CoverageRow]:
        return queries.coverage(today())

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            rows=self.areas,
            no_people=sum(row.kind == "no_people" for row in self.areas),
            no_centre=sum(row.kind == "no_centre" for row in self.areas),
            **kwargs,
        )


class CoverageExport(Export, CoveragePage):
    def table(self) -> Any:
        head = [_("Area"), _("Centres"), _("Fully accredited people"), _("First step"), _("What is missing")]
        rows = [
            (row.area.name, "; ".join(str(f.centre) for f in row.centres), row.full, row.first_step, row.words)
            for row in self.areas
        ]
        return f"centres-coverage-{today().isoformat()}", head, rows


class FocusAdd(FormPage):
    action = "centres.edit_focus"
    model = Centre
    form_class = FocusForm
    template_name = "centres/focus_add.html"
    success_message = gettext_lazy("The area stands on the page of the centre from its day on.")

    def save(self, form: Any) -> str:
        services.add_focus(self.object, by=self.request.user, **form.cleaned_data)
        return self.object.get_absolute_url()


class FocusEnd(FormPage):
    """The row stays in the records; earlier days read as they were."""

    action = "centres.edit_focus"
    model = CentreFocus
    form_class = EndFocusForm
    template_name = "centres/focus_end.html"

    def rows(self) -> Any:
        return super().rows().select_related("centre__administration", "area")

    def save(self, form: Any) -> str:
        services.end_focus(self.object, by=self.request.user, until=form.cleaned_data["until"])
        return self.object.get_absolute_url()
