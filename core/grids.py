"""Charts made of squares: a table of shades, and tiles set out as on a map. What differs in shade carries its figure as well."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from core.charts import Chart
from core.drawing import ACCENT, BAND, EDGE, GRID, INK, MUTED, NAVY, PAPER, WIDTH, Canvas, width_of

# From nothing to much; the text on each keeps its contrast.
SHADES = ((PAPER, MUTED), (BAND, INK), ("#9dbce6", INK), (ACCENT, PAPER), (NAVY, PAPER))


@dataclass(frozen=True, slots=True)
class Cell:
    """A square: its shade from 0 to 4, the figure in it, and what it says in full."""

    shade: int
    figure: str
    words: str


def heat(
    title: str,
    description: str,
    rows: Sequence[str],
    columns: Sequence[tuple[str, str]],
    cells: Mapping[tuple[int, int], Cell],
    *,
    keys: Sequence[tuple[int, str]],
    axis: str,
) -> Chart:
    """Rows by columns; a column is its short mark and its name, `keys` are the words for the shades, `axis` heads the rows."""
    canvas = Canvas(title, description)
    left = min(240.0, max([width_of(row) for row in rows] + [60.0]) + 16)
    side = min(40.0, (WIDTH - 8 - left) / max(len(columns), 1))
    line = 20.0
    # Marks wider than their columns stand in two lines by turns.
    turns = 2 if max([width_of(mark) for mark, _name in columns] + [0.0]) + 8 > side else 1
    head = _keys(canvas, keys, 4.0) + 8 + 16 * turns
    for number, (mark, _name) in enumerate(columns):
        canvas.text((left + (number + 0.5) * side, head - 6 - 14 * (number % turns)), mark, anchor="middle", fill=MUTED)
    for i, row in enumerate(rows):
        y = head + line * i
        canvas.text((left - 10, y + 14), row, anchor="end", room=left - 12)
        for j, (_mark, name) in enumerate(columns):
            cell = cells.get((i, j))
            fill, ink = SHADES[cell.shade if cell else 0]
            tip = f"{row}, {name}: {cell.words}" if cell else ""
            canvas.rect((left + j * side, y, side - 1, line - 1), fill=fill, name="cell", stroke=GRID, tip=tip)
            if cell and cell.figure:
                canvas.text((left + (j + 0.5) * side, y + 14), cell.figure, anchor="middle", fill=ink)
    table = tuple(
        (row, *(cells[i, j].words if (i, j) in cells else "–" for j in range(len(columns))))
        for i, row in enumerate(rows)
    )
    return Chart(
        title, description, canvas.svg(head + line * len(rows) + 4), (axis, *(name for _mark, name in columns)), table
    )


def tiles(
    title: str,
    description: str,
    places: Mapping[str, tuple[int, int]],
    found: Mapping[str, tuple[str, Cell]],
    *,
    keys: Sequence[tuple[int, str]],
    names: tuple[str, str],
) -> Chart:
    """One square for each mark in `found`, at its column and row in `places`; one without a place stands in a line below.

    `found` has the name and the cell of each mark; `names` head the table.
    """
    canvas = Canvas(title, description)
    side = 60.0
    head = _keys(canvas, keys, 4.0) + 8
    across = max([column for column, _row in places.values()] + [0]) + 1
    below = max([row for mark, (_column, row) in places.items() if mark in found] + [-1]) + 1
    spare = [mark for mark in found if mark not in places]
    at = dict(places) | {mark: (n % across, below + 1 + n // across) for n, mark in enumerate(spare)}
    bottom = head
    for mark, (name, cell) in found.items():
        x, y = 8 + at[mark][0] * side, head + at[mark][1] * side
        fill, ink = SHADES[cell.shade]
        canvas.rect((x, y, side - 4, side - 4), fill=fill, name="tile", stroke=EDGE, tip=f"{name}: {cell.words}")
        canvas.text((x + side / 2 - 2, y + 24), mark, anchor="middle", fill=ink, bold=True)
        canvas.text((x + side / 2 - 2, y + 44), cell.figure, anchor="middle", fill=ink)
        bottom = max(bottom, y + side)
    table = tuple((name, cell.words) for name, cell in found.values())
    return Chart(title, description, canvas.svg(bottom + 4), names, table)


def _keys(canvas: Canvas, keys: Sequence[tuple[int, str]], y: float) -> float:
    x = 8.0
    for shade, words in keys:
        if x > 8 and x + 30 + width_of(words) > WIDTH:
            x, y = 8.0, y + 20
        canvas.rect((x, y, 16, 14), fill=SHADES[shade][0], name="key", stroke=EDGE)
        canvas.text((x + 22, y + 11), words, fill=MUTED)
        x += width_of(words) + 46
    return y + 16
