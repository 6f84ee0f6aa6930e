"""A sheet somebody brings, as CSV or XLSX, read into rows of known columns: texts are clean, days are days, and a cell that can be
neither says why. What is wrong with the file as a whole is one sentence (`SheetRefused`), and nothing of it is read.

    sheet = read_sheet(data, columns, most=50_000)
    for row in sheet.rows: row["family_name"], row.number, row.bad
"""

import csv
import datetime as dt
import io
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from django.utils.translation import gettext as _
from openpyxl.utils.datetime import WINDOWS_EPOCH

from core.workbooks import FORMULA, MOST_COLUMNS, Odd, SheetRefused, Workbook, day_of_serial, too_many_rows

LONGEST_CELL = 1_000
HEAD_WITHIN = 10  # rows; a title may stand above the names of the columns
DELIMITERS = (",", ";", "\t", "|")
OLD_EXCEL = b"\xd0\xcf\x11\xe0"
FIRST_YEAR, LAST_YEAR = 1950, 2100
NOTHING = {"", "-", "–", "—", "n/a", "N/A"}
ERRORS = ("#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NUM!", "#NULL!", "#N/A")


@dataclass(frozen=True, slots=True)
class Column:
    """A column that is known: by its name, its label, or one of its other names. A day column may allow a month for its first day."""

    name: str
    label: Any
    synonyms: tuple[str, ...] = ()
    required: bool = False
    is_day: bool = False
    month_will_do: bool = False

    @property
    def words(self) -> set[str]:
        return {folded(word) for word in (self.name, str(self.label), *self.synonyms)}


@dataclass(frozen=True, slots=True)
class Bad:
    """A cell that cannot be used, and why."""

    reason: str


class RowRefused(Exception):
    """What is wrong with a row: the column and the reason."""

    def __init__(self, column: str, reason: object) -> None:
        self.column, self.reason = column, str(reason)
        super().__init__(self.reason)


def good(column: str, value: Any) -> Any:
    """The value, or RowRefused for what a list of words did not know."""
    if isinstance(value, Bad):
        raise RowRefused(column, value.reason)
    return value


Cell = str | dt.date | Bad


@dataclass(frozen=True, slots=True)
class SheetRow:
    """A row by the names of the columns; an absent or empty cell is the empty text. `extra` is a cell beyond the last column."""

    sheet: str
    number: int
    columns: dict[str, int]
    cells: tuple[Cell, ...]
    extra: str = ""

    def __getitem__(self, name: str) -> Any:
        place = self.columns.get(name)
        return "" if place is None else self.cells[place]

    def needs(self, *names: str) -> None:
        """RowRefused for the first of these that is empty."""
        for name in names:
            if not self[name]:
                raise RowRefused(name, _("This is missing."))

    def keeps_within(self, longest: Mapping[str, int]) -> None:
        """RowRefused for the first text that has more characters than its field takes."""
        for name, most in longest.items():
            if len(self[name]) > most:
                raise RowRefused(name, _("This is longer than %(most)d characters.") % {"most": most})

    @property
    def bad(self) -> tuple[str, str] | None:
        """The first column that cannot be read, with the reason."""
        if self.extra:
            reason = _("More cells than the sheet has columns (“%(cell)s”): is a comma not in quotation marks?")
            return "", reason % {"cell": self.extra[:40]}
        for name, place in self.columns.items():
            cell = self.cells[place]
            if isinstance(cell, Bad):
                return name, cell.reason
        return None

    def says(self) -> dict[str, Any]:
        """What the row says, without what it leaves empty."""
        return {name: self[name] for name in self.columns if self[name] not in {"", None}}


@dataclass(slots=True)
class Sheet:
    rows: list[SheetRow] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)


def read_sheet(data: bytes, columns: Sequence[Column], *, most: int) -> Sheet:
    """Every row of a CSV file, or of all visible sheets of a workbook that name the columns in their first rows.

    What the bytes are decides, not the name of the file. SheetRefused beyond `most` rows, without a required column, with two
    columns of the same name, and for whatever is no sheet.
    """
    if data.startswith(b"PK"):
        return _read_workbook(data, columns, most)
    if data.startswith(OLD_EXCEL):
        raise SheetRefused(
            _(
                "This is an old Excel file (XLS), or one with a password. Please save it as XLSX or CSV, without a password."
            )
        )
    return _read_csv(data, columns, most)


# Workbooks


def _read_workbook(data: bytes, columns: Sequence[Column], most: int) -> Sheet:
    book, sheet = Workbook(data), Sheet()
    without: list[tuple[str, SheetRefused]] = []
    for part in book.sheets:
        reader = _Reader(part.title, columns, book.epoch, is_text=False)
        try:
            for number, cells in book.rows(part, most=most):
                _add(sheet, reader.row(number, cells), most)
            reader.end()
        except _NoHead as error:
            without.append((part.title, error))
        sheet.remarks += reader.remarks
    if not book.sheets:
        raise SheetRefused(_("This workbook has no visible sheet."))
    if len(without) == len(book.sheets):
        raise without[0][1]
    if without:
        names = ", ".join(title for title, _error in without)
        sheet.remarks.append(_("Sheets that do not name the columns were left out: %(names)s.") % {"names": names})
    if book.hidden:
        sheet.remarks.append(_("Hidden sheets were left out: %(names)s.") % {"names": ", ".join(book.hidden)})
    if book.has_merged_cells:
        sheet.remarks.append(_("Some cells are merged; only the first of each group has the value."))
    return _whole(sheet)


# CSV


def _read_csv(data: bytes, columns: Sequence[Column], most: int) -> Sheet:
    sheet = Sheet()
    text = _decoded(data, sheet.remarks)
    text, delimiter = _delimiter(text, columns)
    reader = _Reader("", columns, WINDOWS_EPOCH, is_text=True)
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    number = 0
    try:
        for number, line in enumerate(lines, start=1):
            if len(line) > MOST_COLUMNS:
                raise SheetRefused(
                    _("Row %(row)d has more than %(most)d columns.") % {"row": number, "most": MOST_COLUMNS}
                )
            cells = {place: cell for place, cell in enumerate(line, start=1) if cell}
            _add(sheet, reader.row(number, cells) if cells else None, most)
    except csv.Error as error:
        raise SheetRefused(
            _("Row %(row)d cannot be read: a quotation mark is not closed, or a cell is far too long.")
            % {"row": number + 1}
        ) from error
    reader.end()
    sheet.remarks += reader.remarks
    return _whole(sheet)


def _decoded(data: bytes, remarks: list[str]) -> str:
    """UTF-8, UTF-16 with its mark, else Windows-1252 with a remark; what is no text at all is refused."""
    if data.startswith((b"\xff\xfe\x00\x00", b"\x00\x00\xfe\xff")):
        raise SheetRefused(_("The letters of this file cannot be read. Please save it as CSV in UTF-8."))
    for mark, name in ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if data.startswith(mark):
            return _strictly(data, name)
    head = data[:2000]
    if head.count(0) > len(head) // 4:
        return _strictly(data, "utf-16-le" if head[1:2] == b"\x00" else "utf-16-be")
    if (
        data.startswith((b"%PDF", b"\x89PNG", b"GIF8", b"\xff\xd8", b"\x1f\x8b", b"MZ", b"7z"))
        or b"<html" in head.lower()
    ):
        raise SheetRefused(_("This is no sheet. Please save it as CSV or XLSX and bring that file."))
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        text = _strictly(data, "cp1252")
        remarks.append(_("The file is not in UTF-8 and was read as Windows-1252: please look at names with accents."))
        return text


def _strictly(data: bytes, name: str) -> str:
    try:
        return data.decode(name)
    except UnicodeDecodeError as error:
        raise SheetRefused(_("The letters of this file cannot be read. Please save it as CSV in UTF-8.")) from error


def _delimiter(text: str, columns: Sequence[Column]) -> tuple[str, str]:
    """The sign between the cells: the one that makes most known columns of the first rows."""
    first, _rest, after = text.partition("\n")
    if (told := re.fullmatch(r"sep=(.)\r?", first)) and told[1] in DELIMITERS:
        return after, told[1]
    known = set().union(*(column.words for column in columns))
    head = text[:20_000]

    def found(delimiter: str) -> tuple[int, int]:
        try:
            lines = list(csv.reader(io.StringIO(head, newline=""), delimiter=delimiter))[:HEAD_WITHIN]
        except csv.Error:
            return 0, 0
        return (
            max((sum(folded(cell) in known for cell in line) for line in lines), default=0),
            max((len(line) for line in lines), default=0),
        )

    return text, max(DELIMITERS, key=found)


# Rows


class _NoHead(SheetRefused):
    """A sheet without the names of the columns: in a workbook perhaps a cover, else the end of it."""


class _Reader:
    """One sheet: first the row with the names of the columns, then the rows."""

    def __init__(self, title: str, columns: Sequence[Column], epoch: dt.datetime, *, is_text: bool) -> None:
        self.title, self.columns, self.epoch, self.is_text = title, columns, epoch, is_text
        self.by_word = {word: column for column in columns for word in column.words}
        self.places: dict[int, Column] = {}
        self.index: dict[str, int] = {}
        self.width = 0
        self.first: dict[int, Any] | None = None
        self.looked = 0
        self.remarks: list[str] = []
        self.kept: dict[str, str] = {}

    def row(self, number: int, cells: dict[int, Any]) -> SheetRow | None:
        if not self.places:
            self._look_for_head(cells)
            return None
        found = tuple(self._cell(column, cells.get(place)) for place, column in self.places.items())
        beyond = (str(cell) for place, cell in cells.items() if place > self.width and _clean(cell))
        extra = next(beyond, "") if self.is_text else ""
        if all(cell == "" for cell in found) and not extra:
            return None
        return SheetRow(self.title, number, self.index, found, extra)

    def end(self) -> None:
        if not self.places:
            raise self._without_head()

    def _look_for_head(self, cells: dict[int, Any]) -> None:
        self.first = self.first or cells
        known: dict[str, str] = {}
        places = {}
        for place, cell in cells.items():
            column = self.by_word.get(folded(str(cell))) if isinstance(cell, str) else None
            if column is None:
                continue
            if column.name in known:
                raise SheetRefused(
                    _("Two columns have the same name or meaning: “%(one)s” and “%(other)s”. Please keep one of them.")
                    % {"one": known[column.name].strip()[:60], "other": str(cell).strip()[:60]}
                )
            known[column.name] = str(cell)
            places[place] = column
        if not [column for column in self.columns if column.required and column.name not in known] and places:
            self.places, self.width = places, max(cells)
            self.index = {column.name: n for n, column in enumerate(places.values())}
            left_out = [str(cell).strip()[:40] for place, cell in cells.items() if place not in places and _clean(cell)]
            if left_out:
                self.remarks.append(
                    _("Columns that are not known here were left out: %(names)s.") % {"names": ", ".join(left_out[:12])}
                )
            return
        self.looked += 1
        if self.looked >= HEAD_WITHIN:
            raise self._without_head()

    def _without_head(self) -> SheetRefused:
        known = {
            self.by_word[folded(str(c))].name for c in (self.first or {}).values() if folded(str(c)) in self.by_word
        }
        missing = [str(column.label) for column in self.columns if column.required and column.name not in known]
        if not self.first:
            return _NoHead(_("The file is empty."))
        return _NoHead(
            _("These columns are missing: %(names)s. The first row has to name the columns.")
            % {"names": ", ".join(missing)}
        )

    def _cell(self, column: Column, value: Any) -> Cell:
        if value is None:
            return ""
        if isinstance(value, Odd):
            return Bad(_odd_words(value))
        if column.is_day:
            return as_day(value, month_will_do=column.month_will_do, epoch=self.epoch)
        cell = as_text(value)
        return self.kept.setdefault(cell, cell) if isinstance(cell, str) else cell


def _add(sheet: Sheet, row: SheetRow | None, most: int) -> None:
    if row is None:
        return
    if len(sheet.rows) >= most:
        raise too_many_rows(row.sheet or "CSV", most)
    sheet.rows.append(row)


def _whole(sheet: Sheet) -> Sheet:
    if not sheet.rows:
        raise SheetRefused(_("There is no row below the names of the columns."))
    return sheet


# Cells


@lru_cache(maxsize=20_000)
def folded(text: str) -> str:
    """For comparing names: without accents, case, punctuation and doubled blanks."""
    bare = unicodedata.normalize("NFKD", text).casefold()
    bare = "".join(c if c.isalnum() else " " for c in bare if not unicodedata.combining(c))
    return " ".join(bare.split())


def _clean(value: Any) -> str:
    text = unicodedata.normalize("NFC", str(value)).replace("\u00a0", " ").replace("\u200b", "").replace("\ufeff", "")
    text = " ".join(text.split())
    return "" if text in NOTHING else text


def _odd_words(odd: Odd) -> str:
    if odd == FORMULA:
        return _("This cell holds a formula. Please put its value in its place.")
    if odd.what == "error":
        return _("This cell shows an error (%(error)s).") % {"error": odd.said}
    return _("“%(text)s” is no day.") % {"text": odd.said}


def as_text(value: Any) -> str | Bad:
    """A cell as text; a number as it is written, a day in ISO. What a spreadsheet would run is refused."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    text = _clean(value)
    if len(text) > LONGEST_CELL:
        return Bad(_("This cell has more than %(most)d characters.") % {"most": LONGEST_CELL})
    if any(unicodedata.category(c) in {"Cc", "Cs", "Co"} for c in text):
        return Bad(_("This cell holds characters that cannot be read."))
    if text in ERRORS:
        return Bad(_odd_words(Odd("error", text)))
    if not isinstance(value, int | float) and re.match(r"[=@＝＠]|[+\-＋－](?![\d\s(])", text):
        return Bad(_odd_words(FORMULA))
    return text


MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "jan january", "feb february", "mar march", "apr april", "may", "jun june", "jul july", "aug august",
            "sep sept september", "oct october", "nov november", "dec december",
        ),
        start=1,
    )
    for name in names.split()
}  # fmt: skip
ISO = re.compile(
    r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[T ]\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})?)?"
)
DAY_FIRST = re.compile(r"(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{4})(?: \d{1,2}:\d{2}(?::\d{2})?)?")
IN_WORDS = re.compile(r"(\d{1,2})(?:st|nd|rd|th)?[-/. ]*([a-z]{3,9})[-/., ]*(\d{4}|\d{2})")
MONTH_IN_FRONT = re.compile(r"([a-z]{3,9})[. ]+(\d{1,2})(?:st|nd|rd|th)?,? +(\d{4})")
MONTH_ALONE = re.compile(r"([a-z]{3,9})[-/., ]*(\d{4}|\d{2})")
MONTH_ISO = re.compile(r"(\d{4})[-/.](\d{1,2})")
MONTH_NUMBER = re.compile(r"(\d{1,2})[-/.](\d{4})")


def as_day(value: Any, *, month_will_do: bool = False, epoch: dt.datetime = WINDOWS_EPOCH) -> dt.date | str | Bad:
    """A day in the usual forms, the day before the month; a month alone is its first day where that will do."""
    if isinstance(value, dt.date):
        return _within(value, str(value))
    if isinstance(value, int | float) and not isinstance(value, bool):
        return _number(float(value), epoch)
    text = as_text(value)
    if isinstance(text, Bad) or not text:
        return text
    if re.fullmatch(r"\d{5}(\.\d+)?|\d{8}", text):
        return _number(float(text), epoch)
    low = text.casefold()
    if match := ISO.fullmatch(text):
        return _made(text, match[1], match[2], match[3])
    if match := DAY_FIRST.fullmatch(text):
        return _made(text, match[3], match[2], match[1])
    if (match := IN_WORDS.fullmatch(low)) and match[2] in MONTHS:
        return _made(text, match[3], MONTHS[match[2]], match[1])
    if (match := MONTH_IN_FRONT.fullmatch(low)) and match[1] in MONTHS:
        return _made(text, match[3], MONTHS[match[1]], match[2])
    month = _month(text, low)
    if month is None:
        return Bad(_("“%(text)s” is no day. Please write it like 31/03/2012 or 2012-03-31.") % {"text": text[:40]})
    if month_will_do or isinstance(month, Bad):
        return month
    return Bad(_("“%(text)s” is a month; the day is missing.") % {"text": text[:40]})


def _month(text: str, low: str) -> dt.date | Bad | None:
    if (match := MONTH_ALONE.fullmatch(low)) and match[1] in MONTHS:
        return _made(text, match[2], MONTHS[match[1]], 1)
    if match := MONTH_ISO.fullmatch(text):
        return _made(text, match[1], match[2], 1)
    if match := MONTH_NUMBER.fullmatch(text):
        return _made(text, match[2], match[1], 1)
    return None


def _made(text: str, year: str, month: str | int, day: str | int) -> dt.date | Bad:
    whole = int(year) if len(year) == 4 else int(year) + (2000 if int(year) < 50 else 1900)
    try:
        return _within(dt.date(whole, int(month), int(day)), text)
    except ValueError:
        return Bad(_("“%(text)s” is no day: the day comes first, then the month.") % {"text": text[:40]})


def _number(number: float, epoch: dt.datetime) -> dt.date | Bad:
    """A day that a spreadsheet keeps as a number, or eight figures: 20120331."""
    if 19_000_000 < number < 21_010_000 and number.is_integer():
        figures = str(int(number))
        return _made(figures, figures[:4], figures[4:6], figures[6:])
    day = day_of_serial(number, epoch)
    said = str(int(number)) if number.is_integer() else str(number)
    return _within(day, said) if isinstance(day, dt.date) else Bad(_("“%(text)s” is no day.") % {"text": said})


def _within(day: dt.date, said: str) -> dt.date | Bad:
    if FIRST_YEAR <= day.year <= LAST_YEAR:
        return day
    return Bad(_("“%(text)s” cannot be right: the year is %(year)d.") % {"text": said[:40], "year": day.year})
