"""The two charts of people: the pool against the target band, and one person's days against the cap."""

import datetime as dt
from collections.abc import Sequence
from itertools import pairwise

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core import charts
from core.charts import Bar, Chart, Look, Stretch
from experts import cap, ledger
from experts.enums import ServiceState
from experts.models import Expert
from experts.queries import AreaPeople

DAY = dt.timedelta(days=1)


def pool_chart(areas: Sequence[AreaPeople], *, floor: int, comfort: int, day: dt.date) -> Chart:
    """People by area against the band of §2.1, which counts the fully accredited alone (pitfall P41)."""
    return charts.stacked_bars(
        _pool_title(areas, floor),
        _("Distinct people on %(day)s, by area. The band counts the fully accredited alone; it has no ceiling.")
        % {"day": _day(day)},
        [Bar(row.area.name, row.full, row.first_step) for row in areas],
        names=(_("fully accredited"), _("first step"), ""),
        axis=_("Area"),
        band=(floor, comfort),
        band_name=_("target %(floor)d to %(comfort)d") % {"floor": floor, "comfort": comfort},
    )


def _pool_title(areas: Sequence[AreaPeople], floor: int) -> str:
    short = [row.area.name for row in areas if row.full < floor]
    if not short:
        return _("Every area has at least %(floor)d fully accredited people") % {"floor": floor}
    if len(short) == len(areas):
        return _("No area has %(floor)d fully accredited people") % {"floor": floor}
    return ngettext(
        "%(n)d area has fewer than %(floor)d fully accredited people: %(names)s",
        "%(n)d areas have fewer than %(floor)d fully accredited people: %(names)s",
        len(short),
    ) % {"n": len(short), "floor": floor, "names": ", ".join(short)}


def cap_chart(expert: Expert, *, today: dt.date) -> Chart:
    """Three years back and three ahead: periods as bars, the rolling total as steps, limit and warning as lines (§3.2)."""
    position = ledger.position(expert, today)
    years = ledger.years_on(today)
    first, last = cap.window_start(today, years=years), cap.falls_out((today, today), years=years)
    return charts.ledger(
        _cap_title(position),
        _("The total of a day counts the days of the %(years)d years that end on it.") % {"years": years},
        first=first,
        last=last,
        today=today,
        stretches=[
            Stretch(line.period.first_day, line.period.last_day, _look(line), _label(line))
            for line in ledger.lines(expert)
            if line.period.state != ServiceState.RELEASED
            and line.period.last_day >= first
            and line.period.first_day <= last
        ],
        totals=_by_day(cap.curve(ledger.counted(expert), first, last, years=years)),
        limit=position.limit,
        warn=position.warn_from,
        names=(_("used"), _("reserved"), _("not counted")),
        total_name=_("days in the last %(years)d years") % {"years": years},
        limit_name=_("limit: %(n)d days") % {"n": position.limit},
        warn_name=_("warning: %(n)d days") % {"n": position.warn_from},
    )


def _cap_title(position: ledger.CapPosition) -> str:
    figures = {"total": position.total, "limit": position.limit, "left": position.left}
    if position.total > position.limit:
        return _("%(total)d of %(limit)d days used or reserved: above the limit") % figures
    return _("%(total)d of %(limit)d days used or reserved, %(left)d left") % figures


def _look(line: ledger.LedgerLine) -> Look:
    if not line.counted:
        return Look.FAINT
    return Look.HATCHED if line.period.state == ServiceState.RESERVED else Look.SOLID


def _label(line: ledger.LedgerLine) -> str:
    return f"{line.period.place}, {line.period.get_state_display()} ({line.reason})"


def _by_day(points: Sequence[tuple[dt.date, int]]) -> list[tuple[dt.date, int]]:
    """Each day on which the total changes, with the sum that holds from then on."""
    steps = points[:1]
    for (begin, before), (end, after) in pairwise(points):
        if before == after:
            continue
        days = (end - begin).days
        steps = [*steps, *((begin + n * DAY, before + round((after - before) * n / days)) for n in range(1, days + 1))]
    return list(steps)


def _day(day: dt.date) -> str:
    return date_format(day, "j M Y")
