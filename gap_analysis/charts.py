"""The charts of the gap dashboard and of the gap report; each title says the finding."""

from collections import Counter
from collections.abc import Sequence
from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core import charts, grids
from core.charts import Bar, Chart, Series
from core.clock import day_words
from core.grids import Cell
from gap_analysis.enums import NeedLevel
from gap_analysis.models import GapCell
from gap_analysis.queries.dashboard import WANTED, Picture, Quarter, Trend
from gap_analysis.queries.scenarios import Change

SHADE = {NeedLevel.NONE: 0, "": 0, NeedLevel.LOW: 1, NeedLevel.MEDIUM: 2, NeedLevel.HIGH: 4}
# Areas before and after in one chart.
MOST_PAIRS = 12
# Where a member's square stands, column and row: roughly as on a map, and nothing is said of borders.
PLACES = {
    "MN": (6, 0), "KR": (8, 0), "JP": (9, 0), "IR": (0, 1), "AF": (1, 1), "NP": (3, 1), "BT": (4, 1), "CN": (6, 1), "HK": (7, 1),
    "PK": (1, 2), "IN": (3, 2), "BD": (4, 2), "MM": (5, 2), "LA": (6, 2), "MO": (7, 2), "MV": (2, 3), "LK": (3, 3), "TH": (5, 3),
    "KH": (6, 3), "VN": (7, 3), "PH": (9, 3), "PW": (10, 3), "MY": (5, 4), "SG": (6, 4), "BN": (7, 4), "ID": (6, 5), "TL": (8, 5),
    "PG": (10, 5), "SB": (11, 5), "WS": (13, 5), "AU": (9, 6), "VU": (12, 6), "FJ": (13, 6), "TO": (13, 7), "NZ": (11, 7),
}  # fmt: skip


def band_chart(picture: Picture) -> Chart:
    """People by area against the band, the most urgent first; the band counts the fully accredited alone (pitfall P41)."""
    short = [line for line in picture.lines if line.is_short]
    names = [str(line.row.area) for line in short[:3]]
    title = (
        ngettext(
            "%(n)d area is short of fully accredited people, first of all %(names)s",
            "%(n)d areas are short of fully accredited people, first of all %(names)s",
            len(short),
        )
        % {"n": len(short), "names": ", ".join(names)}
        if short
        else _("Every area of which something is known has the people of the floor")
    )
    if picture.subregion:
        description = _("People at home in %(where)s, by area. The band is that of the whole region.") % {
            "where": picture.subregion
        }
    else:
        description = _("Distinct people by area, the most urgent area first. The band counts the fully accredited.")
    return charts.stacked_bars(
        title,
        description,
        [Bar(str(line.row.area), line.full, line.first_step, line.candidates) for line in picture.lines],
        names=(_("fully accredited"), _("first step"), _("candidates")),
        axis=_("Area"),
        band=(picture.floor, picture.comfort),
        band_name=_("target %(floor)d to %(comfort)d") % {"floor": picture.floor, "comfort": picture.comfort},
    )


def heat_chart(picture: Picture) -> Chart:
    """What each member needs in each area against the fully accredited people of its own."""
    areas = [line.row.area for line in picture.lines]
    members = [line.administration for line in picture.members]
    row_of = {area.pk: n for n, area in enumerate(areas)}
    column_of = {member.pk: n for n, member in enumerate(members)}
    cells = {
        (row_of[cell.area_id], column_of[cell.administration_id]): _cell(cell)
        for cell in picture.cells
        if cell.area_id in row_of and cell.administration_id in column_of
    }
    alone = sum(cell.need in WANTED and not cell.fully_accredited for cell in picture.cells)
    return grids.heat(
        ngettext(
            "%(n)d need is stated where the member has nobody fully accredited of its own",
            "%(n)d needs are stated where the member has nobody fully accredited of its own",
            alone,
        )
        % {"n": alone},
        _("The shade is the strongest need that was stated, the figure the member's own fully accredited people."),
        [str(area) for area in areas],
        [(member.code, member.name) for member in members],
        cells,
        keys=[(shade, _("need: %(level)s") % {"level": words}) for shade, words in _needs()],
        axis=_("Area"),
    )


def _needs() -> list[tuple[int, str]]:
    return [(4, _("high")), (2, _("medium")), (1, _("low")), (0, _("none, or nothing said"))]


def _cell(cell: GapCell) -> Cell:
    need = NeedLevel(cell.need).label if cell.need else _("no need stated")
    words = _("%(need)s; own: %(full)d fully accredited, %(pipeline)d on the way") % {
        "need": need, "full": cell.fully_accredited, "pipeline": cell.pipeline,
    }  # fmt: skip
    if cell.weeks is not None:
        words += "; " + _("%(n)g expert-weeks") % {"n": float(cell.weeks)}
    figure = str(cell.fully_accredited) if cell.fully_accredited or cell.need in WANTED else ""
    return Cell(SHADE.get(cell.need, 0), figure, words)


def tile_chart(picture: Picture) -> Chart:
    """One square an administration: in how many areas it has a need and nobody fully accredited of its own."""
    top = max([line.uncovered for line in picture.members] + [1])
    found = {
        line.administration.code: (
            line.administration.name,
            Cell(
                -(-4 * line.uncovered // top),
                str(line.uncovered),
                ngettext("%(n)d area without own expert", "%(n)d areas without own expert", line.uncovered)
                % {"n": line.uncovered}
                + "; "
                + _("needs in %(needs)d, own experts in %(own)d") % {"needs": line.needs, "own": line.areas},
            ),
        )
        for line in picture.members
    }
    most = max(picture.members, key=lambda line: line.uncovered, default=None)
    title = (
        _("%(member)s has most areas with a need and nobody of its own: %(n)d")
        % {"member": most.administration, "n": most.uncovered}
        if most and most.uncovered
        else _("No member has stated a need in an area without an expert of its own")
    )
    shades = {n: -(-4 * n // top) for n in range(1, top + 1)}
    steps = [[n for n, shade in shades.items() if shade == wanted] for wanted in (1, 2, 3, 4)]
    return grids.tiles(
        title,
        _("One square for each administration, roughly where it lies; nothing is said of borders or sizes."),
        PLACES,
        found,
        keys=[
            (0, _("no area")),
            *((shades[numbers[0]], _area_words(numbers[0], numbers[-1])) for numbers in steps if numbers),
        ],
        names=(_("Administration"), _("Areas with a need")),
    )


def _area_words(first: int, last: int) -> str:
    if first == last:
        return ngettext("%(n)d area", "%(n)d areas", last) % {"n": last}
    return _("%(first)d–%(last)d areas") % {"first": first, "last": last}


def trend_chart(trend: Trend) -> Chart:
    """The fully accredited of the most urgent areas that ever had somebody, from the first published table on."""
    areas = trend.drawn
    counts = [said for _area, values in areas if len(said := [v for v in values if v is not None]) > 1]
    figures = {
        "grown": sum(said[-1] > said[0] for said in counts),
        "fallen": sum(said[-1] < said[0] for said in counts),
        "low": sum(min(said) < said[-1] for said in counts),
        "all": len(counts),
    }
    if figures["grown"] or figures["fallen"]:
        title = _(
            "%(grown)d of %(all)d areas have more fully accredited people than when first counted, %(fallen)d have fewer"
        )
    elif figures["low"]:
        title = _(
            "%(low)d of %(all)d areas had lost people and are back where they were first counted; none is beyond that"
        )
    else:
        title = _("None of %(all)d areas has more or fewer fully accredited people than when first counted")
    title %= figures
    return charts.lines(
        title,
        _(
            "Fully accredited people at each published count; the first is the printed table of March 2012. Days are not evenly spaced."
        ),
        _days(trend.days),
        [Series(str(area), tuple(None if v is None else float(v) for v in values)) for area, values in areas],
        axis=_("Day"),
    )


def short_chart(trend: Trend) -> Chart:
    """How many areas were uncovered or below floor in each snapshot."""
    known = [(day, n) for day, n in zip(trend.days, trend.short, strict=True) if n is not None]
    said = [n for _day_of, n in known]
    if len(said) > 1:
        title = _("%(now)d areas are uncovered or below floor; at the first snapshot shown it was %(then)d") % {
            "now": said[-1], "then": said[0],
        }  # fmt: skip
    else:
        title = _("%(now)d areas are uncovered or below floor") % {"now": said[-1] if said else 0}
    return charts.columns(
        title,
        _("Areas at each published snapshot."),
        _days([day for day, _n in known]),
        [Series(_("areas that are short"), tuple(float(n) for n in said))],
        axis=_("Day"),
    )


def quarters_chart(picture: Picture) -> Chart:
    """Weeks that could be used and weeks wanted, quarter by quarter."""
    quarters = picture.quarters
    dated = [quarter for quarter in quarters if quarter.number]
    rest = sum(quarter.demand for quarter in quarters if not quarter.number)
    over = [quarter for quarter in dated if quarter.demand > (quarter.supply or 0)]
    title = (
        ngettext("In %(n)d quarter more weeks are wanted than are free", "In %(n)d quarters more weeks are wanted than are free", len(over))
        % {"n": len(over)}
        if over
        else _("In every quarter the free weeks of the area are enough")
        if picture.asked.area
        else _("In every quarter the free weeks of all areas together are enough; area by area they may not be")
    )  # fmt: skip
    return charts.columns(
        title,
        _("Expert-weeks of the 12 months from the day. %(rest)g weeks are wanted without a date. Free weeks of one quarter may be "
          "used in another: they are not to be added up.") % {"rest": rest},
        [quarter_words(quarter) for quarter in dated],
        [
            Series(_("free"), tuple(quarter.supply for quarter in dated)),
            Series(_("wanted"), tuple(quarter.demand for quarter in dated)),
        ],
        axis=_("Quarter"),
    )  # fmt: skip


def quarter_words(quarter: Quarter) -> str:
    """From which month to which; what has no date says so."""
    if quarter.first is None or quarter.last is None:
        return _("without a date")
    return f"{_day(quarter.first)} – {_day(quarter.last)}"


def before_and_after_chart(changes: Sequence[Change], band: tuple[int, int]) -> Chart:
    """What steps do to the areas that they touch, two bars each; the title counts the short areas of the whole table."""
    before, after = (sum(getattr(change, side).is_short for change in changes) for side in ("before", "after"))
    moved = [change for change in changes if change.is_one]
    shown = moved[:MOST_PAIRS]
    words = {"before": before, "after": after}
    if after < before:
        title = _("%(after)d areas stay short of fully accredited people, instead of %(before)d") % words
    elif after > before:
        title = _("%(after)d areas would be short of fully accredited people, instead of %(before)d") % words
    else:
        title = _("As many areas as before are short of fully accredited people: %(after)d") % words
    description = _("Distinct people by area, before and after the steps. The band counts the fully accredited.")
    if len(moved) > len(shown):
        description += " " + _("The most urgent %(n)d areas that change; the table has all.") % {"n": len(shown)}
    bars = [
        Bar(_("%(area)s, %(when)s") % {"area": side.name, "when": when}, side.full, side.first_step, side.candidates)
        for change in shown
        for side, when in ((change.before, _("before")), (change.after, _("after")))
    ]
    return charts.stacked_bars(
        title,
        description,
        bars,
        names=(_("fully accredited"), _("first step"), _("candidates")),
        axis=_("Area"),
        band=band,
        band_name=_("target %(floor)d to %(comfort)d") % {"floor": band[0], "comfort": band[1]},
    )


def _day(day: date) -> str:
    return date_format(day, "M Y")


def area_chart(trend: Trend, floor: int) -> Chart:
    """The fully accredited of one area, count by count, against the floor."""
    area, values = trend.areas[0]
    known = [(day, value) for day, value in zip(trend.days, values, strict=True) if value is not None]
    (first, then), (_last, now) = (known[0], known[-1]) if known else ((trend.days[0], 0), (trend.days[-1], 0))
    words = {"area": area, "now": now, "then": then, "day": _day(first)}
    return charts.columns(
        _("%(area)s: %(now)d fully accredited, %(then)d when first counted, %(day)s") % words,
        _("Fully accredited people at each published count. Days are not evenly spaced."),
        _days(trend.days),
        [Series(str(area), tuple(None if v is None else float(v) for v in values))],
        axis=_("Day"),
        limit=(float(floor), _("floor")),
    )


def _days(days: Sequence[date]) -> list[str]:
    """The month of each; the day too, where a month has several."""
    months = Counter(map(_day, days))
    return [_day(day) if months[_day(day)] == 1 else day_words(day) for day in days]
