"""The canvas of `core.charts`: the only place that writes SVG, and where every text that comes from outside is escaped.

Nothing but presentation attributes, so a drawing lives under a strict content policy and in WeasyPrint alike.
"""

import hashlib
import math
from collections.abc import Iterable, Sequence
from enum import StrEnum
from html import escape
from typing import Any

INK, MUTED, GRID, NAVY, ACCENT, BAND, EDGE = "#1b2432", "#55606f", "#d9dee5", "#13233f", "#1a5fb4", "#e4edf7", "#7f9cc4"
BAD, WARN, PAPER = "#a61b26", "#8a5300", "#ffffff"
WIDTH = 880
SIZE = 13
LETTER = 6.9

Box = tuple[float, float, float, float]
Point = tuple[float, float]


class Look(StrEnum):
    """How a filled shape is told from its neighbour without colour."""

    SOLID = "solid"
    HATCHED = "hatched"
    FAINT = "faint"


class Canvas:
    def __init__(self, title: str, description: str) -> None:
        self.title = title
        self.description = description
        self.key = "c" + hashlib.sha256(f"{title}\n{description}".encode()).hexdigest()[:10]
        self.marks: list[str] = []

    def add(self, name: str, content: str = "", **attributes: object) -> None:
        """One element; `content` is markup already escaped, empty attributes are left out."""
        said = "".join(
            f' {key.rstrip("_").replace("_", "-")}="{plain(value)}"'
            for key, value in attributes.items()
            if value not in ("", None)
        )
        self.marks.append(f"<{name}{said}>{content}</{name}>" if content else f"<{name}{said}/>")

    def rect(self, box: Box, *, fill: str, name: str, stroke: str = "", dashes: str = "", tip: str = "") -> None:
        x, y, width, height = box
        size: dict[str, Any] = {"x": x, "y": y, "width": width, "height": height}
        self.add("rect", _tip(tip), **size, fill=fill, class_=name, stroke=stroke, stroke_dasharray=dashes)

    def bar(self, box: Box, look: Look, tip: str = "") -> None:
        if look is Look.SOLID:
            self.rect(box, fill=NAVY, name="solid", tip=tip)
            return
        x, y, width, height = box
        inner = (x + 0.75, y + 0.75, max(width - 1.5, 1.0), max(height - 1.5, 1.0))
        if look is Look.HATCHED:
            self.rect(inner, fill=PAPER, name="ground")
            self.rect(inner, fill=f"url(#{self.key}h)", name="hatched", stroke=NAVY, tip=tip)
        else:
            self.rect(inner, fill="#eef1f5", name="faint", stroke=MUTED, dashes="3 2", tip=tip)

    def unseen(self, box: Box, tip: str) -> None:
        """A place that only says something when it is pointed at."""
        x, y, width, height = box
        self.add("rect", _tip(tip), x=x, y=y, width=width, height=height, fill=PAPER, fill_opacity=0)

    def line(self, start: Point, end: Point, *, stroke: str, width: float = 1, dashes: str = "") -> None:
        ends: dict[str, Any] = {"x1": start[0], "y1": start[1], "x2": end[0], "y2": end[1]}
        self.add("line", **ends, stroke=stroke, stroke_width=width, stroke_dasharray=dashes)

    def path(self, d: str, *, stroke: str = "none", fill: str = "none", width: float = 1, dashes: str = "") -> None:
        self.add("path", d=d, stroke=stroke, fill=fill, stroke_width=width, stroke_dasharray=dashes)

    def dot(self, at: Point, colour: str, tip: str, *, hollow: bool = False) -> None:
        fill = PAPER if hollow else colour
        self.add("circle", _tip(tip), cx=at[0], cy=at[1], r=3.5, fill=fill, stroke=colour, stroke_width=1.5)

    def text(
        self,
        at: Point,
        words: str,
        *,
        anchor: str = "start",
        fill: str = INK,
        bold: bool = False,
        room: float = math.inf,
    ) -> None:
        """Words at a place, cut to the room there is; the whole is said when they are pointed at."""
        shown = _cut(words, room)
        place: dict[str, Any] = {"x": at[0], "y": at[1], "text_anchor": anchor, "font_weight": "600" if bold else ""}
        self.add("text", _tip(words if shown != words else "") + escape(shown), **place, fill=fill)

    def noted(self, at: Point, words: str, *, anchor: str = "start", fill: str = INK, bold: bool = False) -> None:
        """Words over lines, kept readable by a white rim."""
        place: dict[str, Any] = {"x": at[0], "y": at[1], "text_anchor": anchor, "font_weight": "600" if bold else ""}
        rim: dict[str, Any] = {
            "fill": PAPER,
            "stroke": PAPER,
            "stroke_width": 4,
            "stroke_linejoin": "round",
            "aria_hidden": "true",
        }
        self.add("text", escape(words), **place, **rim)
        self.add("text", escape(words), **place, fill=fill)

    def grid(self, ticks: Sequence[int], left: float, right: float, at: "Scale") -> None:
        for tick in ticks:
            self.line((left, at(tick)), (right, at(tick)), stroke=GRID if tick else NAVY)
            self.text((left - 8, at(tick) + 4), str(tick), anchor="end", fill=MUTED)

    def labels(self, labels: Sequence[str], places: Sequence[float], y: float, room: float) -> None:
        """As many as fit under the axis, the last one always."""
        every = max(1, math.ceil(max([width_of(one) for one in labels] + [1.0]) / max(room - 8, 1)))
        last = len(labels) - 1
        for i, (label, x) in enumerate(zip(labels, places, strict=True)):
            if i == last or (i % every == 0 and last - i >= every):
                self.text((x, y), label, anchor="middle", fill=MUTED)

    def legend(self, keys: Iterable[tuple[str, str]], left: float) -> float:
        """Shapes with their words in one or more lines; returns where it ends."""
        x, y = left, 4.0
        for shape, name in keys:
            if x > left and x + 30 + width_of(name) > WIDTH:
                x, y = left, y + 20
            self._key(shape, x, y)
            self.text((x + 22, y + 11), name, fill=MUTED)
            x += width_of(name) + 46
        return y + 16

    def _key(self, shape: str, x: float, y: float) -> None:
        if shape in set(Look):
            self.bar((x, y, 16, 14), Look(shape))
        elif shape == "ticks":
            self.line((x + 5, y), (x + 5, y + 14), stroke=NAVY, width=2)
            self.line((x + 11, y), (x + 11, y + 14), stroke=NAVY, width=2)
        elif shape == "band":
            self.rect((x, y, 16, 14), fill=BAND, name="band", stroke=EDGE, dashes="2 3")
        else:
            self.path(f"M{plain(x)} {plain(y + 11)}h6v-8h10", stroke=ACCENT, width=2)

    def svg(self, height: float) -> str:
        key = self.key
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" class="chart" viewBox="0 0 {WIDTH} {plain(height)}" width="{WIDTH}"'
            f' height="{plain(height)}" role="img" aria-labelledby="{key}t {key}d"'
            f' font-family="system-ui, Noto Sans, DejaVu Sans, sans-serif" font-size="{SIZE}">'
            f'<title id="{key}t">{escape(self.title)}</title><desc id="{key}d">{escape(self.description)}</desc>'
            f'<defs><pattern id="{key}h" width="6" height="6" patternUnits="userSpaceOnUse">'
            f'<path d="M0 6L6 0M-1 1L1 -1M5 7L7 5" stroke="{NAVY}" stroke-width="1.2" fill="none"/></pattern></defs>'
            f"{''.join(self.marks)}</svg>"
        )


class Scale:
    """From a value to its height on the canvas; the floor is zero."""

    def __init__(self, floor: float, head: float, top: float) -> None:
        self.floor = floor
        self.unit = (floor - head) / top

    def __call__(self, value: float) -> float:
        return self.floor - value * self.unit


def ticks_to(top: float) -> list[int]:
    """Round figures from 0 to the first one at or above `top`, about five of them."""
    rough = max(top / 5, 1)
    power = 10 ** math.floor(math.log10(rough))
    step = next(int(power * n) for n in (1, 2, 5, 10) if power * n >= rough)
    return list(range(0, math.ceil(top / step) * step + 1, step))


def broken(points: Sequence[Point | None]) -> str:
    """A path that leaves a gap where there is no point."""
    d, pen = "", "M"
    for point in points:
        if point is not None:
            d += f"{pen}{plain(point[0])} {plain(point[1])}"
        pen = "L" if point is not None else "M"
    return d


def width_of(words: str) -> float:
    """About as wide as the words print; letters of East Asia are square."""
    return sum(SIZE if ord(letter) > 0x2E7F else LETTER for letter in words)


def plain(value: object) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".") if isinstance(value, float) else escape(str(value))


def _cut(words: str, room: float) -> str:
    if width_of(words) <= room:
        return words
    kept = words
    while kept and width_of(kept) + LETTER > room:
        kept = kept[:-1]
    return kept.rstrip() + "…"


def _tip(words: str) -> str:
    return f"<title>{escape(words)}</title>" if words else ""
