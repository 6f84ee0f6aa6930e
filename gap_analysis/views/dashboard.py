"""The gap dashboard, an area and a member of it with the rows behind each figure, and stated priorities (§5.1)."""

from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import NoReverseMatch, reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.charts import Chart
from core.clock import today
from core.exports import Export
from core.history import history_of
from core.views import FormPage, Page
from experts.models import Area, AreaPriority
from gap_analysis import charts, services
from gap_analysis.enums import DemandOrigin, Level
from gap_analysis.forms_gaps import PriorityForm, ShowForm
from gap_analysis.forms_survey import PlainForm
from gap_analysis.levels import METHOD
from gap_analysis.models import GapSnapshot
from gap_analysis.queries import dashboard, proposals
from gap_analysis.queries.dashboard import FIRST_AREAS, Picture, Trend
from members.models import Administration
from missions.models import plan_label

TONES = {
    Level.UNCOVERED: "bad",
    Level.BELOW_FLOOR: "bad",
    Level.STRETCHED: "warn",
    Level.IN_BAND: "good",
    Level.COMFORTABLE: "good",
    Level.NO_INFORMATION: "neutral",
}
ORIGINS = {
    DemandOrigin.SURVEY: "gap_analysis:response",
    DemandOrigin.REQUEST: "missions:request",
    DemandOrigin.MISSION: "missions:mission",
    DemandOrigin.REPORT: "missions:mission",
}
CHARTS: dict[str, Callable[[Picture, Trend], Chart]] = {
    "band": lambda picture, _trend: charts.band_chart(picture),
    "heat": lambda picture, _trend: charts.heat_chart(picture),
    "tiles": lambda picture, _trend: charts.tile_chart(picture),
    "trend": lambda _picture, trend: charts.trend_chart(trend),
    "short": lambda _picture, trend: charts.short_chart(trend),
    "quarters": lambda picture, _trend: charts.quarters_chart(picture.snapshot),
}


class Shown(Page):
    """A page about the snapshot of the address, or about the one that the person works on; `?on=` names another one."""

    action = "gap_analysis.see_gaps"

    @cached_property
    def snapshot(self) -> GapSnapshot | None:
        if isinstance(self.object, GapSnapshot):
            return self.object
        wanted = self.request.GET.get("on", "")
        if not wanted:
            return dashboard.snapshot_for(self.request.user)
        good = GapSnapshot.objects.good().visible_to(self.request.user)
        try:
            found = good.filter(pk=wanted).first()
        except (ValueError, TypeError):
            found = None
        return found or dashboard.snapshot_for(self.request.user)

    @cached_property
    def show_form(self) -> ShowForm:
        return ShowForm(self.request.GET)

    @cached_property
    def asked(self) -> dict[str, Any]:
        self.show_form.is_valid()
        return {name: self.show_form.cleaned_data.get(name) for name in ("subregion", "area", "since")}

    @cached_property
    def picture(self) -> Picture | None:
        if self.snapshot is None or self.snapshot.built_at is None:
            return None
        return dashboard.picture_of(self.snapshot, subregion=self.asked["subregion"] or "", area=self.asked["area"])

    def trend(self) -> Trend:
        areas = [line.row.area for line in self.picture.lines[:FIRST_AREAS]] if self.picture else []
        return dashboard.trend_to(self.snapshot, areas, since=self.asked["since"] or 0)  # type: ignore[arg-type]

    def drawn(self) -> list[tuple[str, Chart]]:
        if self.picture is None:
            return []
        trend = self.trend()
        return [(name, draw(self.picture, trend)) for name, draw in CHARTS.items()]

    def kept(self) -> str:
        """The snapshot named in the address, for links that stay with it."""
        return f"?on={self.snapshot.pk}" if self.snapshot else ""


class Overview(Shown):
    template_name = "gap_analysis/dashboard.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        picture = self.picture
        urgent = [line for line in picture.lines if line.is_urgent] if picture else []
        return super().get_context_data(
            snapshot=self.snapshot,
            picture=picture,
            lines=[{"line": line, "tone": TONES[Level(line.row.level)]} for line in picture.lines] if picture else [],
            levels=[
                (level.label, TONES[level], sum(line.row.level == level for line in picture.lines)) for level in Level
            ]
            if picture
            else [],
            charts=self.drawn(),
            centres=dashboard.helping_centres([line.row.area for line in urgent], self.snapshot.as_of)
            if picture and self.snapshot
            else [],
            next_people=dashboard.next_people(urgent, self.request.user),
            last_try=dashboard.last_try(),
            show_form=self.show_form,
            method=METHOD,
            kept=self.kept(),
            is_latest=self.object is None,
            **kwargs,
        )


class DashboardPage(Overview):
    """The first answer to "where are we short, and why?"."""


class GapsExport(Export, Shown):
    """The areas with all their figures."""

    def table(self) -> Any:
        head = [
            _("Rank"), _("Area"), _("Level"), _("Fully accredited"), _("First step"), _("Candidates"), _("Free expert-weeks"),
            _("Members asking"), _("Expert-weeks wanted"), _("Stated priority"), _("As of"),
        ]  # fmt: skip
        lines = self.picture.lines if self.picture else ()
        rows = [
            [
                line.row.rank, line.row.area.name, line.row.get_level_display(), line.full, line.first_step, line.candidates,
                float(line.row.free_weeks), line.members, line.weeks, _("yes") if line.row.priority else "",
                self.snapshot.as_of if self.snapshot else None,
            ]
            for line in lines
        ]  # fmt: skip
        return f"gaps-{today().isoformat()}", head, rows


class ChartExport(Export, Shown):
    """The table twin of one chart."""

    def table(self) -> Any:
        if self.kwargs["name"] not in CHARTS or self.picture is None:
            raise Http404
        chart = CHARTS[self.kwargs["name"]](self.picture, self.trend())
        return f"gaps-{self.kwargs['name']}-{today().isoformat()}", chart.columns, chart.rows


def linked(demands: Any) -> list[dict[str, Any]]:
    """Demand lines with words for each mouth and the page of what was said."""
    found = []
    for line in demands:
        statements = []
        for said in line["statements"]:
            origin = DemandOrigin(said["origin"])
            try:
                url = reverse(ORIGINS[origin], args=[said["object"]])
            except NoReverseMatch:
                url = ""
            statements.append({**said, "origin": origin.label, "url": url})
        found.append({**line, "plan": plan_label(line["year"]), "statements": statements})
    return found


class DemandPage(Shown):
    """Every merged demand of the snapshot with its origins."""

    template_name = "gap_analysis/demand.html"

    def demands(self) -> list[dict[str, Any]]:
        return dashboard.demand_lines([line.row for line in self.picture.lines]) if self.picture else []

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            snapshot=self.snapshot, demands=linked(self.demands()), kept=self.kept(), **kwargs
        )


class DemandExport(Export, DemandPage):
    def table(self) -> Any:
        head = [
            _("Area"),
            _("Member"),
            _("Plan year"),
            _("Expert-weeks"),
            _("Origin"),
            _("What was said"),
            _("Weeks said"),
        ]
        rows = [
            [line["area"].name, line["member"].name, line["plan"], line["weeks"], s["origin"], s["words"], s["weeks"]]
            for line in linked(self.demands())
            for s in line["statements"]
        ]
        return f"demand-{today().isoformat()}", head, rows


class OfficesOnly(Shown):
    """About something everybody may know; what is said of it here is for the offices."""

    def rows(self) -> Any:
        rows = self.model._default_manager.all()
        return rows if self.request.user.is_office else rows.none()


class AreaPage(OfficesOnly):
    """One area: its figures and the people, demands, remarks and priorities behind them."""

    model = Area
    template_name = "gap_analysis/area.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        area, snapshot = self.object, self.snapshot
        row = snapshot.rows.select_related("area").filter(area=area).first() if snapshot else None
        trend = dashboard.trend_to(snapshot, [area]) if snapshot else None
        behind = dashboard.behind(row, self.request.user) if row else None
        return super().get_context_data(
            snapshot=snapshot,
            row=row,
            tone=TONES[Level(row.level)] if row else "",
            behind=behind,
            groups=[
                (_("Fully accredited"), row.fully_accredited, behind.full),
                (_("First step"), row.first_step, behind.first_step),
                (_("Candidates"), row.candidates, behind.candidates),
            ]
            if row and behind
            else [],
            demands=linked(behind.demands) if behind else [],
            remarks=dashboard.remarks_on(area, snapshot.as_of if snapshot else today()),
            stated=dashboard.stated_on(area, today()),
            centres=dashboard.helping_centres([area], today()),
            chart=charts.trend_chart(trend) if trend else None,
            area=area,
            steps=proposals.steps_for(area, self.request.user),
            entries=history_of(area.pk),
            method=METHOD,
            kept=self.kept(),
            **kwargs,
        )


class MemberPage(OfficesOnly):
    """One administration: what it needs in each area, and who it has."""

    model = Administration
    template_name = "gap_analysis/member.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        member, snapshot = self.object, self.snapshot
        rows = [
            row for row in (snapshot.rows.select_related("area") if snapshot else [])
            if any(line["member"] == str(member.pk) for line in row.demands)
        ]  # fmt: skip
        demands = [line for line in dashboard.demand_lines(rows) if line["member"] == member]
        return super().get_context_data(
            snapshot=snapshot,
            cells=list(snapshot.cells.filter(administration=member).select_related("area")) if snapshot else [],
            demands=linked(demands),
            kept=self.kept(),
            **kwargs,
        )


class StatePriority(FormPage):
    """A need stated for an area, with reason and end."""

    action = "gap_analysis.state_priority"
    model = Area
    form_class = PriorityForm
    template_name = "gap_analysis/priority.html"
    success_message = gettext_lazy("The priority is stated; it counts from the next snapshot on.")

    def rows(self) -> Any:
        return Area.objects.all() if self.request.user.is_office else Area.objects.none()

    def cancel_url(self) -> str:
        return reverse("gap_analysis:area", args=[self.object.pk])

    def save(self, form: Any) -> str:
        services.state_priority(self.object, by=self.request.user, **form.cleaned_data)
        return self.cancel_url()


class EndPriority(FormPage):
    """A button of the area's page."""

    action = "gap_analysis.state_priority"
    model = AreaPriority
    form_class = PlainForm
    success_message = gettext_lazy("The priority has ended; it counts no more from the next snapshot on.")

    def rows(self) -> Any:
        return AreaPriority.objects.all() if self.request.user.is_office else AreaPriority.objects.none()

    def cancel_url(self) -> str:
        return reverse("gap_analysis:area", args=[self.object.area_id])

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return redirect(self.cancel_url())

    def save(self, form: Any) -> str:
        services.end_priority(self.object, by=self.request.user)
        return self.cancel_url()
