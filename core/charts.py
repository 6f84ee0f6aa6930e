"""Charts as SVG text, drawn on the server: the same string stands in the page and in the PDF, and a table says the same.

Attributes are presentation attributes, never style, so that pages need no inline style.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.html import escape

Number = float | int

NAVY = "#13233f"
ACCENT = "#1a5fb4"
MUTED = "#55606f"
LINE = "#d9dee5"
WASH = "#e6eef8"
PAPER = "#ffffff"
WARN = "#8a5300"
BAD = "#a61b26"


@dataclass(frozen=True, slots=True)
class Chart:
    """A drawing, the finding it shows as its title, and its table twin."""

    title: str
    description: str
    svg: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


class Drawing:
    """Shapes on a sheet of `width` by `height`. Every text and every value that comes in is escaped.

    `tip` is what a pointer reads on a shape. The names of attributes are written with _ for -.
    """

    def __init__(self, width: Number, height: Number, *, title: str) -> None:
        self.width, self.height, self.title = width, height, title
        self._parts: list[str] = []

    def rect(self, x: Number, y: Number, width: Number, height: Number, *, tip: str = "", **attributes: object) -> None:
        self._add("rect", tip, x=_n(x), y=_n(y), width=_n(max(width, 0)), height=_n(max(height, 0)), **attributes)

    def line(self, x1: Number, y1: Number, x2: Number, y2: Number, **attributes: object) -> None:
        self._add("line", "", x1=_n(x1), y1=_n(y1), x2=_n(x2), y2=_n(y2), **attributes)

    def path(self, points: Iterable[tuple[Number, Number]], **attributes: object) -> None:
        """Straight from point to point."""
        d = " ".join(f"{'L' if index else 'M'}{_n(x)} {_n(y)}" for index, (x, y) in enumerate(points))
        self._add("path", "", d=d, **{"fill": "none", **attributes})

    def text(self, x: Number, y: Number, words: object, **attributes: object) -> None:
        shown = {"font_size": 12, "fill": MUTED, **attributes}
        self._parts.append(f"<text{_written(x=_n(x), y=_n(y), **shown)}>{escape(words)}</text>")

    def hatch(self, name: str, colour: str) -> str:
        """A hatched fill that can be told from a plain one in a black-and-white print; returns what `fill` takes."""
        self._parts.append(
            f'<defs><pattern id="{escape(name)}" width="5" height="5" patternUnits="userSpaceOnUse" '
            f'patternTransform="rotate(45)"><rect width="5" height="5" fill="{PAPER}"/>'
            f'<line x1="0" y1="0" x2="0" y2="5" stroke="{escape(colour)}" stroke-width="3"/></pattern></defs>'
        )
        return f"url(#{name})"

    def svg(self) -> str:
        size = f"{_n(self.width)} {_n(self.height)}"
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size}" width="{_n(self.width)}" '
            f'height="{_n(self.height)}" role="img"><title>{escape(self.title)}</title>{"".join(self._parts)}</svg>'
        )

    def _add(self, shape: str, tip: str, **attributes: object) -> None:
        inside = f"<title>{escape(tip)}</title></{shape}>" if tip else ""
        self._parts.append(f"<{shape}{_written(**attributes)}{'>' if tip else '/>'}{inside}")


def _n(number: Number) -> str:
    return f"{number:.1f}".removesuffix(".0")


def _written(**attributes: object) -> str:
    return "".join(f' {name.replace("_", "-")}="{escape(value)}"' for name, value in attributes.items())
