"""Charts as SVG text, drawn on the server: the same string stands in the page and in the PDF, and a table says the same."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Chart:
    """A drawing, the finding it shows as its title, and its table twin."""

    title: str
    description: str
    svg: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
