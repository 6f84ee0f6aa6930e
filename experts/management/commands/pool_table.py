"""Print the pool table of a day (T2): as text, CSV or JSON. Nothing but the table goes to stdout."""

import csv
import io
import json
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from core.commands import a_day
from experts.queries import PoolTable, pool_table


def as_json(table: PoolTable) -> str:
    return json.dumps(table.as_dict(), indent=2)


def as_csv(table: PoolTable) -> str:
    """One line per row, then the totals; people and pending entries are not part of the table and are left out."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["category", "area", "fully_accredited", "first_step", "total"])
    for row in table.rows:
        area = row.area.code if row.area else ""
        writer.writerow([row.category.code, area, row.fully_accredited, row.first_step, row.total])
    writer.writerow(["total", "", table.fully_accredited, table.first_step, table.total])
    return text.getvalue().rstrip("\n")


def as_text(table: PoolTable) -> str:
    """In columns; zero prints as a dash (pitfall P2)."""
    lines = [("", "Fully accredited", "First step", "Total")]
    for row in table.rows:
        label = f"{row.category.code}  {row.label}" if row.area else row.label
        lines.append((label, _figure(row.fully_accredited), _figure(row.first_step), _figure(row.total)))
    lines.append(("Total", _figure(table.fully_accredited), _figure(table.first_step), _figure(table.total)))
    width = max(len(line[0]) for line in lines)
    return "\n".join(
        [
            f"Accreditations in the pool on {table.as_of}",
            *(f"{label:<{width}}  {full:>16}  {step:>10}  {total:>5}" for label, full, step, total in lines),
            f"Distinct people: {table.distinct_people}",
            f"Accredited, ACE entry pending: {table.entry_pending}",
        ]
    )


def _figure(number: int) -> str:
    return str(number) if number else "–"


FORMATS = {"text": as_text, "csv": as_csv, "json": as_json}


class Command(BaseCommand):
    help = "Print the pool table (T2) of a day."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--as-of", metavar="YYYY-MM-DD", help="the day; today if not given")
        parser.add_argument("--format", choices=FORMATS, default="text")

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(FORMATS[options["format"]](pool_table(a_day(options["as_of"]))))
