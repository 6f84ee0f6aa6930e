"""The charts of people: the pool against the target band; one person's days against the cap, steps over time, and year ahead."""

import datetime as dt
from collections.abc import Sequence
from itertools import pairwise

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core import charts
from core.charts import Bar, Chart, Look, Stretch
from core.clock import day_words, months_after
from experts import cap, ledger
from experts.enums import ServiceState, Stage
from experts.models import Accreditation, Expert
from experts.queries import AreaPeople

DAY = dt.timedelta(days=1)


def pool_chart(areas: Sequence[AreaPeople], *, floor: int, comfort: int, day: dt.date) -> Chart:
    """People by area against the band of §2.1, which counts the fully accredited alone (pitfall P41)."""
    return charts.stacked_bars(
        _pool_title(areas, floor),
        _("Distinct people on %(day)s, by area. The band counts the fully accredited alone; it has no ceiling.")
        % {"day": day_words(day)},
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


def steps_chart(expert: Expert, *, today: dt.date) -> Chart | None:
    """A person's accreditations over time, one line each: first step, accredited without the entry in ACE, fully accredited."""
    rows = [(_where(row), _stretches(row, today)) for row in expert.accreditations.all()]
    rows = [(label, stretches) for label, stretches in rows if stretches]
    if not rows:
        return None
    full = [row.full_from for row in expert.accreditations.all() if row.stage_on(today) == Stage.FULL and row.full_from]
    title = (
        ngettext("Fully accredited in %(n)d area, since %(day)s", "Fully accredited in %(n)d areas, the first since %(day)s", len(full))
        % {"n": len(full), "day": day_words(min(full))}
        if full
        else _("Not yet fully accredited")
    )  # fmt: skip
    begin = min(stretch.first for _label, stretches in rows for stretch in stretches)
    return charts.spans(
        title,
        _("The field mission stands between the first step and the accreditation; the entry in ACE completes it."),
        rows,
        first=dt.date(begin.year, 1, 1),
        last=dt.date(today.year, 12, 31),
        today=today,
        names=(_("fully accredited"), _("first step"), _("ACE entry pending")),
        axis=_("Area"),
    )


def _where(row: Accreditation) -> str:
    return f"{row.area.name} ({row.category.code})" if row.area else row.category.name


def _stretches(row: Accreditation, today: dt.date) -> list[Stretch]:
    """Each step from its day to the next one, to the end, or to today."""
    end = row.ended_on - DAY if row.ended_on and row.ended_on <= today else today
    begins = [
        (row.first_step_on, Look.HATCHED, _("first step")),
        (row.accredited_on, Look.FAINT, _("accredited, ACE entry pending")),
        (row.full_from, Look.SOLID, _("fully accredited")),
    ]
    known = [(day, look, words) for day, look, words in begins if day and day <= end]
    followed = [*(day for day, _look, _words in known[1:]), end + DAY]
    return [
        Stretch(day, after - DAY, look, _("%(step)s since %(day)s") % {"step": words, "day": day_words(day)})
        for (day, look, words), after in zip(known, followed, strict=True)
        if after > day
    ]


MONTHS_AHEAD = 12


def year_chart(expert: Expert, *, today: dt.date, with_service: bool) -> Chart:
    """The months ahead, day by day: when the person cannot be asked and, for those who may see the ledger, days of service."""
    first = today.replace(day=1)
    last = months_after(first, MONTHS_AHEAD) - DAY
    stretches = [
        Stretch(row.first_day, row.last_day, Look.HATCHED, _("not available")) for row in expert.unavailabilities.all()
    ]
    if with_service:
        stretches += [
            Stretch(p.first_day, p.last_day, Look.SOLID, p.place or str(p.get_state_display())) for p in ledger.alive(expert)
        ]  # fmt: skip
    shown = [s for s in stretches if s.last >= today and s.first <= last]
    taken = {s.first + n * DAY for s in shown for n in range((s.last - s.first).days + 1)}
    days = len([day for day in taken if today <= day <= last])
    title = (
        ngettext("%(n)d day of the next 12 months is taken", "%(n)d days of the next 12 months are taken", days) % {"n": days}
        if days
        else _("Nothing is noted for the next 12 months")
    )  # fmt: skip
    return charts.calendar(
        title,
        _("From %(first)s to %(last)s.") % {"first": day_words(first), "last": day_words(last)},
        first=first,
        months=MONTHS_AHEAD,
        today=today,
        stretches=shown,
        names=(_("days of service"), _("not available"), ""),
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
