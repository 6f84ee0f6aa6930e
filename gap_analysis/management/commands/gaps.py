"""Print the gap of every area on a day (Part V): as text, CSV or JSON. Nothing but the table goes to stdout."""

import csv
import io
import json
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from core.commands import a_day
from gap_analysis.queries import GapTable, gaps_on


def as_json(table: GapTable) -> str:
    return json.dumps(table.as_dict(), indent=2)


def as_csv(table: GapTable) -> str:
    text = io.StringIO()
    rows = table.as_dict()["areas"]
    writer = csv.DictWriter(text, rows[0] if rows else ["area"], lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().rstrip("\n")


def as_text(table: GapTable) -> str:
    """In columns; what is unknown is a question mark, zero a dash (pitfall P2)."""
    head = ("", "Area", "Level", "Fully", "First step", "Candidates", "Free weeks", "Members asking", "Weeks wanted")
    lines: list[tuple[str, ...]] = [head]
    for gap in table.gaps:
        facts = gap.facts
        figures = (facts.fully_accredited, facts.first_step, facts.candidates, facts.free_weeks)
        wanted = (facts.demand_members, facts.demand_weeks)
        name = f"{facts.area}{' *' if facts.priority else ''}"
        lines.append((str(gap.rank), name, str(gap.level.label), *map(_figure, (*figures, *wanted))))
    widths = [max(len(line[n]) for line in lines) for n in range(len(head))]
    rows = ("  ".join(_cell(text, n, widths[n]) for n, text in enumerate(line)).rstrip() for line in lines)
    return "\n".join([f"Gaps on {table.as_of}, band {table.floor} to {table.comfort}", *rows, "* stated priority"])


def _cell(text: str, column: int, width: int) -> str:
    return f"{text:<{width}}" if column in {1, 2} else f"{text:>{width}}"


def _figure(number: float | None) -> str:
    return "?" if number is None else f"{number:g}" if number else "–"


FORMATS = {"text": as_text, "csv": as_csv, "json": as_json}


class Command(BaseCommand):
    help = "Print the gap of every area on a day."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--as-of", metavar="YYYY-MM-DD", help="the day; today if not given")
        parser.add_argument("--format", choices=FORMATS, default="text")

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(FORMATS[options["format"]](gaps_on(a_day(options["as_of"]))))
