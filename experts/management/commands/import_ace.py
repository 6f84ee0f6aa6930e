"""Bring an extract of ACE from the command line: what nobody has to decide is applied (§2.2(1))."""

import datetime as dt
import json
import sys
from collections import Counter
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from core import imports
from core.clock import today
from core.commands import a_day
from core.enums import ImportState, RowVerdict
from core.exports import XLSX
from core.models import ImportRow
from core.workbooks import SheetRefused
from experts.services.ace import KIND

COUNTED = (RowVerdict.NEW, RowVerdict.CHANGED, RowVerdict.UNCHANGED, RowVerdict.GONE, RowVerdict.AMBIGUOUS)


class Command(BaseCommand):
    help = (
        "Reads an extract of ACE (CSV or XLSX) and applies what is new or changed. What is ambiguous, or gone from the extract, "
        "waits for a person. With a row that cannot be read nothing is applied, and the command ends with 1."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--as-of", metavar="YYYY-MM-DD", help="the day of the extract; today if not given")
        parser.add_argument("--dry-run", action="store_true", help="say what would happen, and write nothing")
        parser.add_argument("--skip-invalid", action="store_true", help="apply the rest if rows cannot be read")
        parser.add_argument("--format", choices=["text", "json"], default="text")

    def handle(self, *args: Any, **options: Any) -> None:
        path, as_of = options["file"], _day(options["as_of"])
        try:
            data = path.read_bytes()
        except OSError as error:
            raise CommandError(f"{path}: {error.strerror}") from error
        try:
            rows, remarks = imports.dry_run(KIND, data, as_of)
        except SheetRefused as error:
            self.say(dict.fromkeys(COUNTED, 0), [_line(None, "", str(error.sentence))], options["format"])
            sys.exit(1)
        for remark in remarks:
            self.stderr.write(remark)
        invalid = [
            _line(row.number, row.column, row.reason, row.sheet) for row in rows if row.verdict == RowVerdict.INVALID
        ]
        counts = _counts(rows)
        del rows
        may_apply = options["skip_invalid"] or not invalid
        if may_apply and not options["dry_run"]:
            bring(path.name, data, as_of)
        self.say(counts, invalid, options["format"])
        if not may_apply:
            sys.exit(1)

    def say(self, counts: dict[Any, int], invalid: list[dict[str, Any]], how: str) -> None:
        if how == "json":
            self.stdout.write(json.dumps({**{str(v.value): n for v, n in counts.items()}, "invalid": invalid}))
            return
        for verdict, number in counts.items():
            self.stdout.write(f"{verdict.label}: {number}")
        self.stdout.write(f"{RowVerdict.INVALID.label}: {len(invalid)}")
        for line in invalid:
            self.stdout.write(f"  row {line['row']}, {line['column'] or 'the row'}: {line['reason']}")


def _day(text: str | None) -> dt.date:
    day = a_day(text)
    if day > today():
        raise CommandError(f"{day} is still to come.")
    return day


def _counts(rows: list[ImportRow]) -> dict[Any, int]:
    found = Counter(row.verdict for row in rows)
    return {verdict: found.get(verdict, 0) for verdict in COUNTED}


def _line(row: int | None, column: str, reason: str, sheet: str = "") -> dict[str, Any]:
    line = {"row": row, "column": column, "reason": str(reason)}
    return {"sheet": sheet, **line} if sheet else line


@transaction.atomic
def bring(name: str, data: bytes, as_of: dt.date) -> None:
    """Through the same steps as a sheet on the pages, all at once, by nobody in particular."""
    kind = XLSX if data.startswith(b"PK") else "text/csv"
    sheet = imports.bring(KIND, data=data, name=name, content_type=kind, as_of=as_of, by=None, queue=False)
    imports.stage(sheet.pk)
    imports.ask_to_apply(sheet, by=None, queue=False)
    done = imports.apply(sheet.pk)
    if done.state != ImportState.APPLIED:
        raise CommandError(done.message)
