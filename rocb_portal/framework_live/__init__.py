"""The framework, live: every obligation of its parts with where it stands today, cited by paragraph.

Words are the portal's own. The figure counts the rows that the reader may see, and stands there for those alone who may open the page
behind it.
"""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as lazy

from core.policies import may
from rocb_portal.framework_live.obligations import Figure, Obligation
from rocb_portal.framework_live.part_five import PART_FIVE
from rocb_portal.framework_live.part_two import PART_TWO
from rocb_portal.framework_live.reader import Reader


@dataclass(frozen=True, slots=True)
class Line:
    """An obligation as one reader sees it; without figure and `url` the page behind it is for others."""

    obligation: Obligation
    figure: str
    url: str


@dataclass(frozen=True, slots=True)
class Part:
    title: Any
    obligations: tuple[Obligation, ...]


PARTS = (
    Part(lazy("Part II: regional experts and their pool"), PART_TWO),
    Part(lazy("Part V: more experts in response to the needs of the region"), PART_FIVE),
)


def parts_for(user: Any, day: dt.date) -> list[tuple[Part, list[Line]]]:
    """What two obligations share is figured out once."""
    reader, figures = Reader(user, day), dict[Figure, str]()

    def line(row: Obligation) -> Line:
        if not may(user, row.action):
            return Line(row, "", "")
        if row.figure not in figures:
            figures[row.figure] = row.figure(reader)
        url = reverse(row.url_name)
        return Line(row, figures[row.figure], f"{url}?{row.query}" if row.query else url)

    return [(part, [line(row) for row in part.obligations]) for part in PARTS]


def lines_for(user: Any, day: dt.date) -> list[Line]:
    return [line for _part, lines in parts_for(user, day) for line in lines]
