"""Tables for spreadsheets. A cell that a spreadsheet would run as a formula begins with an apostrophe and is text.

A list offers both kinds: `Export` is the mixin of its second page, under an address that ends in `list.<csv or xlsx>`
(`path("list.<sheet:ending>", …)`); `components/export.html` holds the two links.
"""

import csv
import datetime as dt
import io
import re
from collections.abc import Iterable, Sequence
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

# The full-width signs are formulas too in some spreadsheets; blanks in front do not help.
FORMULA_SIGNS = tuple("=+-@\t\r\n＝＋－＠")
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
LONGEST_CELL = 32_767  # of a workbook, by its format


class SheetEnding:
    """The ending of an export in an address."""

    regex = "csv|xlsx"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


def plain_cell(value: Any) -> Any:
    """Numbers stay numbers, dates are written as ISO, a text that looks like a formula becomes plain text."""
    if value is None:
        return ""
    if isinstance(value, int | float):
        return value
    text = ILLEGAL_CHARACTERS_RE.sub("", str(value))
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


def xlsx_response(name: str, head: Sequence[object], rows: Iterable[Sequence[Any]]) -> HttpResponse:
    """The same as a workbook of one sheet: days are days, every text is text by its type, so that nothing in it is ever run."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(re.sub(r"[\[\]:*?/\\]", " ", name.rpartition(".")[0] or name)[:31])
    sheet.freeze_panes = "A2"
    for number, title in enumerate(head, start=1):
        sheet.column_dimensions[get_column_letter(number)].width = max(12, min(len(str(title)) + 4, 40))
    sheet.append([_cell(sheet, str(title), bold=True) for title in head])
    for row in rows:
        sheet.append([_cell(sheet, value) for value in row])
    kept = io.BytesIO()
    book.save(kept)
    response = HttpResponse(kept.getvalue(), content_type=XLSX)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _cell(sheet: Any, value: Any, *, bold: bool = False) -> WriteOnlyCell:
    if type(value) is dt.date:
        cell = WriteOnlyCell(sheet, value)
        cell.number_format = "yyyy-mm-dd"
        return cell
    plain = plain_cell(value)
    cell = WriteOnlyCell(sheet, plain[:LONGEST_CELL] if isinstance(plain, str) else plain)
    if isinstance(plain, str):
        cell.data_type = "s"
    if bold:
        cell.font = Font(bold=True)
    return cell


RESPONSES = {"csv": csv_response, "xlsx": xlsx_response}


def table_response(ending: str, name: str, head: Sequence[object], rows: Iterable[Sequence[Any]]) -> HttpResponse:
    """`name` without an ending; `ending` is csv or xlsx, Http404 for any other."""
    if ending not in RESPONSES:
        raise Http404
    return RESPONSES[ending](f"{name}.{ending}", head, rows)


class Export:
    """Mixin, named before a page: its table as a file. The address has the ending; `table` gives name, head and rows."""

    kwargs: dict[str, Any]

    def table(self) -> tuple[str, Sequence[object], Iterable[Sequence[Any]]]:
        raise NotImplementedError

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return table_response(self.kwargs["ending"], *self.table())


class AlsoAsFile:
    """Mixin, named before a list: its own address with `?format=csv` or `xlsx` gives its table as a file."""

    def table(self) -> tuple[str, Sequence[object], Iterable[Sequence[Any]]]:
        raise NotImplementedError

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        ending = request.GET.get("format", "")
        if ending in RESPONSES:
            return table_response(ending, *self.table())
        return super().get(request, *args, **kwargs)  # type: ignore[misc]
