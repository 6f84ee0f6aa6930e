"""The gap report that can be tabled at a meeting: a snapshot as a document, with charts and the method note (§5.1)."""

from typing import Any

from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from core.clock import day_of
from core.dated_policy import is_demo
from core.pdf import STYLES, pdf
from core.templatetags.portal import day
from gap_analysis import charts
from gap_analysis.levels import METHOD
from gap_analysis.models import Evidence, GapSnapshot
from gap_analysis.queries import dashboard
from gap_analysis.queries.dashboard import Picture

# What one page of the report holds of the pool.
MOST_URGENT = 8


def file_name(snapshot: GapSnapshot) -> str:
    return f"Gap report {snapshot.as_of.isoformat()}.pdf"


def report_context(snapshot: GapSnapshot) -> dict[str, Any]:
    """Everything the document states, read from the snapshot alone but for names, remarks and the trend up to its day."""
    picture = dashboard.picture_of(snapshot)
    trend = dashboard.trend_to(snapshot, [line.row.area for line in picture.lines])
    urgent = [line for line in picture.lines if line.is_urgent]
    figures = snapshot.figures
    return {
        "snapshot": snapshot,
        "picture": picture,
        "facts": [
            (_("As of"), day(snapshot.as_of)),
            (_("Built"), day(day_of(snapshot.built_at)) if snapshot.built_at else ""),
            (_("Published to the Secretariat"), day(day_of(snapshot.published_at)) if snapshot.published_at else _("not published")),
            (_("Distinct people fully accredited"), figures.get("full", 0)),
            (_("In more than one area"), figures.get("shared", 0)),
            (_("First step"), figures.get("first_step", 0)),
            (_("Candidates"), figures.get("candidates", 0)),
            (_("Target band"), _("%(floor)d to %(comfort)d in each area") % {"floor": picture.floor, "comfort": picture.comfort}),
        ],
        "contents": [
            ("glance", _("At a glance")), ("band", _("People against the band")), ("urgent", _("The most urgent areas")),
            ("members", _("Needs of members")), ("trend", _("Over the years")), ("quarters", _("The coming twelve months")),
            ("next", _("What can be done")), ("method", _("How it was counted")),
        ],
        "levels": _levels(picture),
        "urgent": [
            {
                "line": line,
                "demands": dashboard.demand_lines([line.row])[:6],
                "more": max(0, len(line.row.demands) - 6),
                "remarks": [e for e in _remarks(snapshot) if e.area_id == line.row.area_id],
            }
            for line in urgent[:MOST_URGENT]
        ],
        "remarks": _remarks(snapshot),
        "band": charts.band_chart(picture),
        "heat": charts.heat_chart(picture),
        "tiles": charts.tile_chart(picture),
        "trend": charts.trend_chart(trend),
        "short": charts.short_chart(trend),
        "quarters": charts.quarters_chart(picture),
        "centres": dashboard.helping_centres([line.row.area for line in urgent], snapshot.as_of),
        "method": METHOD,
        "demo": is_demo(),
    }  # fmt: skip


def _remarks(snapshot: GapSnapshot) -> list[Evidence]:
    return list(Evidence.objects.filter(since__lte=snapshot.as_of).select_related("area"))


def _levels(picture: Picture) -> list[tuple[str, int, str]]:
    found: dict[str, list[str]] = {}
    for line in picture.lines:
        found.setdefault(line.row.get_level_display(), []).append(str(line.row.area))
    return [(level, len(names), ", ".join(names)) for level, names in found.items()]


def report_html(snapshot: GapSnapshot) -> str:
    return render_to_string("documents/gap_report.html", report_context(snapshot))


def draw_report(snapshot: GapSnapshot) -> bytes:
    """The PDF; the same snapshot gives the same bytes while nothing else of its past is put right."""
    return pdf(
        report_html(snapshot),
        identifier=f"gap report {snapshot.pk}",
        styles=(*STYLES, "css/document-report.css", "css/document-gaps.css"),
    )
