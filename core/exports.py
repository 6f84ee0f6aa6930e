"""Tables for spreadsheets. A cell that a spreadsheet would run as a formula begins with an apostrophe and is text."""

import csv
from collections.abc import Iterable, Sequence
from typing import Any

from django.http import HttpResponse

# The full-width signs are formulas too in some spreadsheets; blanks in front do not help.
FORMULA_SIGNS = tuple("=+-@\t\r\n＝＋－＠")


def plain_cell(value: Any) -> Any:
    """Numbers stay numbers, dates are written as ISO, a text that looks like a formula becomes plain text."""
    if value is None:
        return ""
    if isinstance(value, int | float):
        return value
    text = str(value)
    return f"'{text}" if text.startswith(FORMULA_SIGNS) or text.lstrip().startswith(FORMULA_SIGNS) else text


def csv_response(name: str, head: Sequence[object], rows: Iterable[Sequence[Any]]) -> HttpResponse:
    """A CSV file to keep; the mark in front tells spreadsheets that it is UTF-8."""
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response.write("\ufeff")
    writer = csv.writer(response)
    writer.writerow([str(cell) for cell in head])
    writer.writerows([plain_cell(cell) for cell in row] for row in rows)
    return response
