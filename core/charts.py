"""Charts drawn on the server: the same SVG text stands in the page and in the PDF, and a table beside it says the same.

What differs, differs in shape as well as in colour. Titles say the finding; the callers write them.
"""

import datetime as dt
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import zip_longest

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.clock import day_words, months_after
from core.drawing import (
    ACCENT,
    BAD,
    BAND,
    EDGE,
    GRID,
    INK,
    MUTED,
    NAVY,
    PAPER,
    WARN,
    WIDTH,
    Box,
    Canvas,
    Look,
    Point,
    Scale,
    broken,
    plain,
    ticks_to,
    width_of,
)

__all__ = [
    "Bar",
    "Chart",
    "Look",
    "Series",
    "Stretch",
    "calendar",
    "columns",
    "ledger",
    "lines",
    "spans",
    "stacked_bars",
]

NOTHING = "–"
STROKES = ((NAVY, ""), (ACCENT, "7 4"), ("#1d6b3a", "2 3"), (WARN, "10 3 2 3"), (MUTED, "4 2"))


@dataclass(frozen=True, slots=True)
class Chart:
    """A drawing, the finding it shows as its title, and its table twin; `urls` are the pages behind the cells of the twin."""

    title: str
    description: str
    svg: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    urls: tuple[tuple[str, ...], ...] = ()

    @property
    def cells(self) -> list[list[tuple[str, str]]]:
        """The rows of the twin, each cell with the page behind it or nothing."""
        urls = self.urls or ((),) * len(self.rows)
        return [list(zip_longest(row, found, fillvalue="")) for row, found in zip(self.rows, urls, strict=True)]


@dataclass(frozen=True, slots=True)
class Bar:
    """One row of stacked bars: a solid part, a hatched part behind it, and ticks for what may yet come."""

    label: str
    solid: int = 0
    hatched: int = 0
    ticks: int = 0
    note: str = ""


@dataclass(frozen=True, slots=True)
class Stretch:
    """Some days on a time axis, both ends counted."""

    first: dt.date
    last: dt.date
    look: Look
    label: str


@dataclass(frozen=True, slots=True)
class Series:
    """One value for every label of the axis; None is a gap, not a zero."""

    name: str
    values: tuple[float | None, ...]


def stacked_bars(
    title: str,
    description: str,
    rows: Sequence[Bar],
    *,
    names: tuple[str, str, str],
    axis: str,
    band: tuple[int, int] | None = None,
    band_name: str = "",
) -> Chart:
    """Lying bars: solid, hatched, ticks; `names` are the words for the three, `axis` heads the labels, `band` is shaded."""
    canvas = Canvas(title, description)
    has_ticks = any(bar.ticks for bar in rows)
    left = min(320.0, max([width_of(bar.label) for bar in rows] + [60.0]) + 16)
    marks = ticks_to(max([bar.solid + bar.hatched + bar.ticks for bar in rows] + [band[1] if band else 1, 1]))
    unit = (WIDTH - 96 - left) / marks[-1]
    keys = [(Look.SOLID.value, names[0]), (Look.HATCHED.value, names[1])]
    keys += [("ticks", names[2])] if has_ticks else []
    keys += [("band", band_name)] if band and band_name else []
    top = canvas.legend(keys, left) + 24
    bottom = top + 24 * len(rows)
    if band:
        canvas.rect(
            (left + band[0] * unit, top - 4, (band[1] - band[0]) * unit, bottom - top + 8), fill=BAND, name="band"
        )
    for mark in marks:
        x = left + mark * unit
        canvas.line((x, top - 4), (x, bottom + 4), stroke=GRID)
        canvas.text((x, top - 8), str(mark), anchor="middle", fill=MUTED)
    for i, bar in enumerate(rows):
        _bar(canvas, bar, (left, top + 24 * i), unit, names)
    for edge in band or ():
        x = left + edge * unit
        canvas.line((x, top - 4), (x, bottom + 4), stroke=EDGE, dashes="2 3")
    canvas.line((left, top - 4), (left, bottom + 4), stroke=NAVY)
    shown = names if has_ticks else names[:2]
    table = [
        (bar.label, *map(_dash, (bar.solid, bar.hatched, bar.ticks)[: len(shown)]), _dash(bar.solid + bar.hatched))
        for bar in rows
    ]
    head = (axis, *shown, _("%(one)s and %(other)s") % {"one": names[0], "other": names[1]})
    return Chart(title, description, canvas.svg(bottom + 12), head, tuple(table))


def _bar(canvas: Canvas, bar: Bar, start: Point, unit: float, names: Sequence[str]) -> None:
    left, y = start
    canvas.text((left - 12, y + 16), bar.label, anchor="end", room=left - 16)
    x = left
    for count, look, name in ((bar.solid, Look.SOLID, names[0]), (bar.hatched, Look.HATCHED, names[1])):
        if count:
            canvas.bar((x, y + 4, count * unit, 16), look, f"{bar.label}: {count} {name}")
            x += count * unit
    for number in range(bar.ticks):
        at = x + (number + 0.5) * unit
        canvas.line((at, y + 5), (at, y + 19), stroke=NAVY, width=2)
    total = bar.solid + bar.hatched
    canvas.text((x + bar.ticks * unit + 8, y + 16), bar.note or _dash(total), fill=INK if total else MUTED)


def ledger(
    title: str,
    description: str,
    *,
    first: dt.date,
    last: dt.date,
    today: dt.date,
    stretches: Sequence[Stretch],
    totals: Sequence[tuple[dt.date, int]],
    limit: int,
    warn: int,
    names: tuple[str, str, str],
    total_name: str,
    limit_name: str,
    warn_name: str,
) -> Chart:
    """Stretches of days on a time axis and, above them, a running total as steps under its limit.

    `totals` are pairs (day, sum): the sum holds from that day until the next pair. `names` are the words for solid, hatched
    and faint stretches; those that do not occur are left out.
    """
    canvas = Canvas(title, description)
    left, right = 48.0, WIDTH - 16.0
    whole = (last - first).days + 1

    def at(day: dt.date) -> float:
        return left + (right - left) * min(max((day - first).days, 0), whole) / whole

    seen = {stretch.look for stretch in stretches}
    keys = [(look.value, name) for look, name in zip(Look, names, strict=True) if look in seen]
    head = canvas.legend([*keys, ("steps", total_name)], left) + 20
    marks = ticks_to(max([limit, *(number for _day, number in totals)]))
    height = Scale(head + 200, head, marks[-1])
    lanes = _lanes(stretches)
    strip = height.floor + 12
    base = strip + 20 * max([lane for _stretch, lane in lanes] + [0]) + 24

    canvas.grid(marks, left, right, height)
    _years(canvas, (first, last), at, (head, base))
    canvas.line((left, base), (right, base), stroke=NAVY)
    shown = _holding(totals, first, last)
    _steps(canvas, shown, at, height, total_name)
    for value, name, colour, dashes in ((limit, limit_name, BAD, ""), (warn, warn_name, WARN, "6 4")):
        canvas.line((left, height(value)), (right, height(value)), stroke=colour, width=1.5, dashes=dashes)
        canvas.noted((left + 6, height(value) - 5), name, fill=colour)
    for stretch, lane in lanes:
        begin = at(stretch.first)
        box: Box = (begin, strip + 20 * lane, max(at(stretch.last + dt.timedelta(days=1)) - begin, 3.0), 16)
        canvas.bar(box, stretch.look, f"{stretch.label}: {_days(stretch.first, stretch.last)}")
    if first <= today <= last:
        held = next((number for begin, end, number in shown if begin <= today < end), None)
        _today(
            canvas,
            at(today),
            (head, base),
            None if held is None else (held, height(held)),
            near_end=at(today) > right - 60,
        )
    table = tuple((day_words(day), str(number)) for day, number in totals)
    return Chart(title, description, canvas.svg(base + 28), (_("From"), total_name), table)


def _years(
    canvas: Canvas,
    axis: tuple[dt.date, dt.date],
    at: Callable[[dt.date], float],
    ends: tuple[float, float],
) -> None:
    (first, last), (head, base) = axis, ends
    for year in range(first.year, last.year + 1):
        begin, end = max(dt.date(year, 1, 1), first), min(dt.date(year, 12, 31), last)
        if begin > first:
            canvas.line((at(begin), head), (at(begin), base + 6), stroke=GRID)
        if at(end) - at(begin) > 40:
            canvas.text(((at(begin) + at(end)) / 2, base + 20), str(year), anchor="middle", fill=MUTED)


def _holding(
    totals: Sequence[tuple[dt.date, int]], first: dt.date, last: dt.date
) -> list[tuple[dt.date, dt.date, int]]:
    """Each sum with the days from which and before which it holds, within the axis."""
    after = last + dt.timedelta(days=1)
    ends = [*(day for day, _number in totals[1:]), after]
    return [
        (max(day, first), min(end, after), number)
        for (day, number), end in zip(totals, ends, strict=False)
        if end > first and day <= last
    ]


def _steps(
    canvas: Canvas,
    shown: Sequence[tuple[dt.date, dt.date, int]],
    at: Callable[[dt.date], float],
    height: Scale,
    name: str,
) -> None:
    if not shown:
        return
    steps = [f"{plain(at(begin))} {plain(height(number))}H{plain(at(end))}" for begin, end, number in shown]
    outline = "L".join(steps)
    floor = plain(height.floor)
    canvas.path(f"M{plain(at(shown[0][0]))} {floor}L{outline}V{floor}Z", fill=BAND)
    canvas.path(f"M{outline}", stroke=ACCENT, width=2)
    for begin, end, number in shown:
        box = (at(begin), height(number), max(at(end) - at(begin), 1.0), max(height.floor - height(number), 1.0))
        canvas.unseen(box, f"{day_words(begin)} – {day_words(end - dt.timedelta(days=1))}: {number} ({name})")


def _today(
    canvas: Canvas, x: float, ends: tuple[float, float], held: tuple[int, float] | None, *, near_end: bool
) -> None:
    head, base = ends
    canvas.line((x, head - 4), (x, base + 6), stroke=INK, width=1.5)
    canvas.noted((x + (-6 if near_end else 6), head + 6), _("today"), anchor="end" if near_end else "start", bold=True)
    if held:
        canvas.dot((x, held[1]), ACCENT, f"{_('today')}: {held[0]}")
        canvas.noted((x - 8, held[1] - 6), str(held[0]), anchor="end", bold=True)


def _lanes(stretches: Sequence[Stretch]) -> list[tuple[Stretch, int]]:
    """Each stretch with the first lane that is free on its days."""
    free: list[dt.date] = []
    placed = []
    for one in sorted(stretches, key=lambda stretch: (stretch.first, stretch.last)):
        lane = next((i for i, day in enumerate(free) if day < one.first), len(free))
        free[lane : lane + 1] = [one.last]
        placed.append((one, lane))
    return placed


def spans(
    title: str,
    description: str,
    rows: Sequence[tuple[str, Sequence[Stretch]]],
    *,
    first: dt.date,
    last: dt.date,
    today: dt.date,
    names: tuple[str, str, str],
    axis: str,
) -> Chart:
    """One line a row on a common time axis; `names` are the words for solid, hatched and faint stretches, `axis` heads the labels."""
    canvas = Canvas(title, description)
    left = min(320.0, max([width_of(label) for label, _parts in rows] + [60.0]) + 24)
    right = WIDTH - 16.0
    whole = max((last - first).days + 1, 1)

    def at(day: dt.date) -> float:
        return left + (right - left) * min(max((day - first).days, 0), whole) / whole

    seen = {stretch.look for _label, stretches in rows for stretch in stretches}
    head = (
        canvas.legend([(look.value, name) for look, name in zip(Look, names, strict=True) if look in seen], left) + 16
    )
    base = head + 28 * len(rows) + 8
    _years(canvas, (first, last), at, (head, base))
    canvas.line((left, base), (right, base), stroke=NAVY)
    for i, (label, stretches) in enumerate(rows):
        y = head + 28 * i + 8
        canvas.text((left - 12, y + 14), label, anchor="end", room=left - 16)
        for stretch in stretches:
            begin = at(stretch.first)
            box: Box = (begin, y, max(at(stretch.last + dt.timedelta(days=1)) - begin, 3.0), 18)
            canvas.bar(box, stretch.look, f"{label}: {stretch.label}")
    if first <= today <= last:
        _today(canvas, at(today), (head, base), None, near_end=at(today) > right - 60)
    table = tuple(
        (label, day_words(stretch.first), stretch.label) for label, stretches in rows for stretch in stretches
    )
    return Chart(title, description, canvas.svg(base + 28), (axis, _("From"), _("What")), table)


def calendar(
    title: str,
    description: str,
    *,
    first: dt.date,
    months: int,
    today: dt.date,
    stretches: Sequence[Stretch],
    names: tuple[str, str, str],
) -> Chart:
    """Months as rows, days as columns, from the month of `first` on; `names` are the words for solid, hatched and faint stretches."""
    canvas = Canvas(title, description)
    left, cell, line = 88.0, (WIDTH - 16.0 - 88.0) / 31, 24.0
    seen = {stretch.look for stretch in stretches}
    head = (
        canvas.legend([(look.value, name) for look, name in zip(Look, names, strict=True) if look in seen], left) + 20
    )
    for number in range(1, 32):
        canvas.text((left + (number - 0.5) * cell, head - 4), str(number), anchor="middle", fill=MUTED)
    begins = [months_after(first.replace(day=1), n) for n in range(months)]
    for i, begin in enumerate(begins):
        end = months_after(begin, 1) - dt.timedelta(days=1)
        y = head + line * i
        canvas.text((left - 10, y + 16), date_format(begin, "M Y"), anchor="end")
        canvas.rect((left, y + 2, end.day * cell, line - 4), fill=PAPER, name="month", stroke=GRID)
        for number in range(1, end.day):
            canvas.line((left + number * cell, y + 2), (left + number * cell, y + line - 2), stroke=GRID)
        for stretch in stretches:
            start, stop = max(stretch.first, begin), min(stretch.last, end)
            if start <= stop:
                box: Box = (left + (start.day - 1) * cell, y + 4, (stop - start).days * cell + cell, line - 8)
                canvas.bar(box, stretch.look, f"{stretch.label}: {_days(stretch.first, stretch.last)}")
        if begin <= today <= end:
            x = left + (today.day - 1) * cell
            canvas.line((x, y), (x, y + line), stroke=INK, width=2)
    table = tuple((_days(one.first, one.last), one.label) for one in sorted(stretches, key=lambda one: one.first))
    return Chart(title, description, canvas.svg(head + line * months + 4), (_("Days"), _("What")), table)


def lines(title: str, description: str, labels: Sequence[str], series: Sequence[Series], *, axis: str) -> Chart:
    """One line a series over the labels, each with its own stroke and with its name at its end; `axis` heads the labels."""
    canvas = Canvas(title, description)
    left, floor = 48.0, 260.0
    right = WIDTH - min(240.0, max([width_of(one.name) for one in series] + [40.0]) + 24)
    marks = ticks_to(_top(series))
    height = Scale(floor, 20.0, marks[-1])
    step = (right - left) / max(len(labels) - 1, 1)
    places = [left + i * step for i in range(len(labels))]
    canvas.grid(marks, left, right, height)
    canvas.labels(labels, places, floor + 20, step)
    ends: list[tuple[float, str, str]] = []
    for index, one in enumerate(series):
        colour, dashes = STROKES[index % len(STROKES)]
        points = [None if v is None else (x, height(v)) for x, v in zip(places, one.values, strict=True)]
        canvas.path(broken(points), stroke=colour, width=2, dashes=dashes)
        for label, point, value in zip(labels, points, one.values, strict=True):
            if point:
                canvas.dot(point, colour, f"{one.name}, {label}: {_number(value)}", hollow=bool(index % 2))
        ends += [(point[1], one.name, colour) for point in points[::-1] if point][:1]
    y = -math.inf
    for wanted, name, colour in sorted(ends):
        y = max(wanted, y + 16)
        canvas.text((right + 12, y + 4), name, fill=colour, room=WIDTH - right - 12)
    return Chart(
        title, description, canvas.svg(floor + 32), (axis, *(s.name for s in series)), _crossed(labels, series)
    )


def columns(
    title: str,
    description: str,
    labels: Sequence[str],
    series: Sequence[Series],
    *,
    axis: str,
    limit: tuple[float, str] | None = None,
) -> Chart:
    """Standing columns, side by side for two or three series; `limit` is a line with its name."""
    canvas = Canvas(title, description)
    left, right = 48.0, WIDTH - 16.0
    looks = list(Look)
    keys = [(looks[i % len(looks)].value, one.name) for i, one in enumerate(series)]
    head = canvas.legend(keys, left) + 24 if len(series) > 1 else 20.0
    marks = ticks_to(max(_top(series), limit[0] if limit else 1))
    height = Scale(head + 240, head, marks[-1])
    step = (right - left) / max(len(labels), 1)
    wide = min(step * 0.7 / max(len(series), 1), 56)
    canvas.grid(marks, left, right, height)
    for i, label in enumerate(labels):
        for j, one in enumerate(series):
            value = one.values[i]
            x = left + (i + 0.5) * step + (j - len(series) / 2) * wide
            y = height(value or 0)
            if value:
                look = looks[j % len(looks)]
                canvas.bar((x + 1, y, wide - 2, height.floor - y), look, f"{one.name}, {label}: {_number(value)}")
            if wide > 18:
                canvas.noted((x + wide / 2, y - 5), _number(value), anchor="middle")
    canvas.line((left, height.floor), (right, height.floor), stroke=NAVY)
    canvas.labels(labels, [left + (i + 0.5) * step for i in range(len(labels))], height.floor + 20, step)
    if limit:
        canvas.line((left, height(limit[0])), (right, height(limit[0])), stroke=BAD, width=1.5)
        canvas.noted((right, height(limit[0]) - 5), limit[1], anchor="end", fill=BAD)
    svg = canvas.svg(height.floor + 32)
    return Chart(title, description, svg, (axis, *(s.name for s in series)), _crossed(labels, series))


def _top(series: Sequence[Series]) -> float:
    return max([value for one in series for value in one.values if value is not None] + [1])


def _crossed(labels: Sequence[str], series: Sequence[Series]) -> tuple[tuple[str, ...], ...]:
    return tuple((label, *(_number(one.values[i]) for one in series)) for i, label in enumerate(labels))


def _days(first: dt.date, last: dt.date) -> str:
    number = (last - first).days + 1
    count = ngettext("%(n)d day", "%(n)d days", number) % {"n": number}
    return f"{day_words(first)} – {day_words(last)} ({count})" if number > 1 else f"{day_words(first)} ({count})"


def _number(value: float | None) -> str:
    return NOTHING if value is None else f"{value:g}"


def _dash(number: int) -> str:
    return str(number) if number else NOTHING
