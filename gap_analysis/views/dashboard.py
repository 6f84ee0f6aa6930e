"""The gap dashboard, an area and a member of it with the rows behind each figure, and stated priorities (§5.1)."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
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
from gap_analysis.queries.dashboard import Asked, Picture, Quarter, Trend
from gap_analysis.queries.demand import DAYS_A_WEEK
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
    "quarters": lambda picture, _trend: charts.quarters_chart(picture),
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
        return ShowForm(self.request.GET, as_of=self.snapshot.as_of if self.snapshot else None)

    @cached_property
    def wanted(self) -> dict[str, Any]:
        """What the address asks for; an odd answer asks for nothing."""
        self.show_form.is_valid()
        return self.show_form.cleaned_data

    def asked(self) -> Asked:
        return Asked(self.wanted.get("subregion") or "", self.wanted.get("area"), self.wanted.get("year"))

    @cached_property
    def picture(self) -> Picture | None:
        if self.snapshot is None or self.snapshot.built_at is None:
            return None
        return dashboard.picture_of(self.snapshot, self.asked())

    @cached_property
    def quarter(self) -> int | None:
        """The quarter of the address, 0 for what has no date."""
        found = self.request.GET.get("quarter", "")
        return int(found) if found in {"0", "1", "2", "3", "4"} else None

    def trend(self) -> Trend:
        areas = [line.row.area for line in self.picture.lines] if self.picture else []
        return dashboard.trend_to(self.snapshot, areas, since=self.wanted.get("since") or 0)  # type: ignore[arg-type]

    def drawn(self) -> list[tuple[str, Chart]]:
        if self.picture is None:
            return []
        trend = self.trend()
        return [
            (name, replace(draw(self.picture, trend), urls=self.behind(name, self.picture, trend)))
            for name, draw in CHARTS.items()
        ]

    def kept(self, *, area: Any = None, **more: Any) -> str:
        """The snapshot and what is shown of it, for links that stay with them; the area only where it is named."""
        asked = self.asked()
        found = {"subregion": asked.subregion, "area": area and area.code, "year": asked.year, **more}
        if self.snapshot is None:
            return ""
        return "?" + urlencode(
            {"on": self.snapshot.pk} | {name: value for name, value in found.items() if value not in {None, ""}}
        )

    def behind(self, name: str, picture: Picture, trend: Trend) -> tuple[tuple[str, ...], ...]:
        """For each cell of a chart's table the page with the rows that it counts."""
        return tuple(tuple(row) for row in BEHIND[name](self, picture, trend))

    def area_url(self, area: Any) -> str:
        return reverse("gap_analysis:area", args=[area.pk]) + self.kept()

    def member_url(self, member: Any, area: Any = None) -> str:
        return reverse("gap_analysis:member", args=[member.pk]) + self.kept(area=area or self.asked().area)

    def quarter_urls(self, quarter: Quarter) -> tuple[str, str]:
        """Of the people with free days, where they are counted, and of what is wanted."""
        kept = self.kept(area=self.asked().area, quarter=quarter.number)
        free = reverse("gap_analysis:free") + kept if quarter.number else ""
        return free, reverse("gap_analysis:demand") + kept


def _behind_heat(page: Shown, picture: Picture, _trend: Trend) -> Iterator[list[str]]:
    known = {(cell.area_id, cell.administration_id) for cell in picture.cells}
    for line in picture.lines:
        area = line.row.area
        cells = [
            page.member_url(member, area) if (area.pk, member.pk) in known else ""
            for member in (one.administration for one in picture.members)
        ]
        yield [page.area_url(area), *cells]


def _behind_trend(_page: Shown, _picture: Picture, trend: Trend) -> Iterator[list[str]]:
    for day, snapshot in zip(trend.days, trend.snapshots, strict=True):
        table = f"{reverse('experts:pool')}?on={day.isoformat()}"
        yield [
            reverse("gap_analysis:snapshot", args=[snapshot]) if snapshot else table,
            *(
                f"{reverse('gap_analysis:area', args=[area.pk])}?on={snapshot}" if snapshot else table
                for area, _values in trend.drawn
            ),
        ]


BEHIND: dict[str, Callable[[Shown, Picture, Trend], Iterable[Iterable[str]]]] = {
    "band": lambda page, picture, _trend: ([page.area_url(line.row.area)] * 5 for line in picture.lines),
    "heat": _behind_heat,
    "tiles": lambda page, picture, _trend: ([page.member_url(line.administration)] * 2 for line in picture.members),
    "trend": _behind_trend,
    "short": lambda _page, _picture, trend: (
        [reverse("gap_analysis:snapshot", args=[snapshot])] * 2 for snapshot in trend.snapshots if snapshot
    ),
    "quarters": lambda page, picture, _trend: (["", *page.quarter_urls(one)] for one in picture.quarters if one.number),
}


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
            last_try=dashboard.last_try(self.request.user),
            show_form=self.show_form,
            quarters=[
                {"quarter": quarter, "words": charts.quarter_words(quarter), "urls": self.quarter_urls(quarter)}
                for quarter in picture.quarters
            ]
            if picture
            else [],
            method=METHOD,
            kept=self.kept(),
            kept_all=self.kept(area=self.asked().area),
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
                line.free_weeks, line.members, line.weeks, _("yes") if line.row.priority else "",
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


class Behind(Shown):
    """A page of rows behind figures; it says what of the snapshot it shows."""

    def filters(self) -> list[str]:
        """What is asked for, in words."""
        asked, words = self.asked(), []
        if asked.subregion:
            words.append(asked.subregion)
        if asked.area:
            words.append(str(asked.area))
        if asked.year:
            words.append(_("wanted in %(year)s") % {"year": plan_label(asked.year)})
        if self.picture and self.quarter is not None:
            words += [charts.quarter_words(one) for one in self.picture.quarters if one.number == self.quarter]
        return words

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        everything = f"?on={self.snapshot.pk}" if self.snapshot else ""
        return super().get_context_data(
            snapshot=self.snapshot, filters=self.filters(), everything=everything, kept=self.kept(), **kwargs
        )


class DemandPage(Behind):
    """Every merged demand of the snapshot with its origins, or those of a quarter."""

    template_name = "gap_analysis/demand.html"

    def demands(self) -> list[dict[str, Any]]:
        return dashboard.said_lines(self.picture.demands(self.quarter)) if self.picture else []

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        demands = self.demands()
        weeks = round(sum(line["weeks"] or 0 for line in demands), 1)
        found = Paginator(demands, 100).get_page(self.request.GET.get("page"))
        return super().get_context_data(page_obj=found, demands=linked(found.object_list), weeks=weeks, **kwargs)


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


class FreePage(Behind):
    """The fully accredited with the days that are still free of each, in the 12 months or in a quarter of them."""

    template_name = "gap_analysis/free.html"

    def people(self) -> list[tuple[Any, int]]:
        return dashboard.free_people(self.picture.free(self.quarter), self.request.user) if self.picture else []

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        people = self.people()
        days = sum(days for _person, days in people)
        return super().get_context_data(
            page_obj=Paginator(people, 50).get_page(self.request.GET.get("page")),
            days=days, weeks=round(days / DAYS_A_WEEK, 1), **kwargs,
        )  # fmt: skip


class FreeExport(Export, FreePage):
    def table(self) -> Any:
        rows = [[str(person), person.administration.name, days] for person, days in self.people()]
        return f"free-days-{today().isoformat()}", [_("Name"), _("Administration"), _("Free days")], rows


class OfficesOnly(Behind):
    """About something everybody may know; what is said of it here is for the offices."""

    def rows(self) -> Any:
        rows = self.model._default_manager.all()
        return rows if self.request.user.is_office else rows.none()


class AreaPage(OfficesOnly):
    """One area: its figures and the people, demands, remarks and priorities behind them."""

    model = Area
    template_name = "gap_analysis/area.html"

    def asked(self) -> Asked:
        return replace(super().asked(), area=self.object)

    def filters(self) -> list[str]:
        return [words for words in super().filters() if words != str(self.object)]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        area, snapshot = self.object, self.snapshot
        line = next(iter(self.picture.lines), None) if self.picture else None
        row = line.row if line else None
        trend = dashboard.trend_to(snapshot, [area]) if snapshot else None
        behind = dashboard.behind(line, self.request.user) if line else None
        return super().get_context_data(
            line=line,
            row=row,
            tone=TONES[Level(row.level)] if row else "",
            behind=behind,
            groups=[
                (_("Fully accredited"), line.full, behind.full),
                (_("First step"), line.first_step, behind.first_step),
                (_("Candidates"), line.candidates, behind.candidates),
            ]
            if line and behind
            else [],
            demands=linked(behind.demands) if behind else [],
            remarks=dashboard.remarks_on(area, snapshot.as_of if snapshot else today()),
            stated=dashboard.stated_on(area, today()),
            centres=dashboard.helping_centres([area], today()),
            chart=charts.area_chart(trend, self.picture.floor) if trend and self.picture else None,
            area=area,
            steps=proposals.steps_for(area, self.request.user),
            entries=history_of(area.pk),
            method=METHOD,
            free_url=reverse("gap_analysis:free") + self.kept(area=area),
            **kwargs,
        )


class MemberPage(OfficesOnly):
    """One administration: what it needs in each area, and who it has."""

    model = Administration
    template_name = "gap_analysis/member.html"

    def asked(self) -> Asked:
        """A member is of one sub-region: that of the address adds nothing."""
        return replace(super().asked(), subregion="")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        member, picture = self.object, self.picture
        demands = dashboard.said_lines(picture.demands()) if picture else []
        return super().get_context_data(
            cells=[cell for cell in picture.cells if cell.administration_id == member.pk] if picture else [],
            demands=linked(line for line in demands if line["member"] == member),
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
