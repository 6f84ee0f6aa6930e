"""Workbooks (XLSX) read as a stream by a reader that trusts nothing: the archive is judged before it is opened, no document type,
no entity and nothing outside the file is followed, and what is too large is refused before it is in memory."""

import datetime as dt
import io
import posixpath
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from xml.sax import SAXException
from xml.sax.handler import ContentHandler

from defusedxml import DefusedXmlException
from defusedxml.sax import make_parser
from django.utils.translation import gettext as _
from openpyxl.styles.numbers import BUILTIN_FORMATS, is_date_format
from openpyxl.utils.datetime import MAC_EPOCH, WINDOWS_EPOCH, from_excel

from core.errors import PortalError

MOST_COLUMNS = 200
MOST_ROW_MARKS = 300_000  # rows that were only formatted count here, and nowhere else
MOST_MEMBERS = 1_000
MOST_BYTES = 160_000_000
MOST_BYTES_OF_TEXTS = 40_000_000
SUSPECT_RATIO = 250
SMALL = 1_000_000
LONGEST_TEXT = 200_000
LONGEST_MARK = 2_000_000  # bytes of one tag or comment

Shown = dict[int, Any]  # of a row: column from 1 on -> text, number, truth, day or `Odd`


class SheetRefused(PortalError):
    """A file that is not read; the sentence says what is wrong with it as a whole."""


@dataclass(frozen=True, slots=True)
class Odd:
    """A cell that holds no value of its own; `what` is formula, error or date."""

    what: str
    said: str = ""


FORMULA = Odd("formula")


@dataclass(frozen=True, slots=True)
class WorkbookSheet:
    title: str
    path: str


class Workbook:
    """The visible sheets of a workbook. SheetRefused for an archive that is none, is locked, or would not fit in memory."""

    def __init__(self, data: bytes) -> None:
        try:
            self.archive = zipfile.ZipFile(io.BytesIO(data))
        except (zipfile.BadZipFile, NotImplementedError, ValueError) as error:
            raise SheetRefused(_("This workbook is damaged: it cannot be opened.")) from error
        _judge(self.archive)
        self.members = {name.casefold(): name for name in self.archive.namelist()}
        if "xl/workbook.xml" not in self.members:
            raise SheetRefused(
                _("This is an archive, but no workbook. Please save the sheet as XLSX or CSV and bring it again.")
            )
        book = _Book()
        self._parse("xl/workbook.xml", book)
        ways = _Ways()
        self._parse("xl/_rels/workbook.xml.rels", ways)
        self.epoch = MAC_EPOCH if book.is_1904 else WINDOWS_EPOCH
        self.hidden = [title for title, _way, is_hidden in book.sheets if is_hidden]
        self.sheets = [
            WorkbookSheet(title, ways.paths[way])
            for title, way, is_hidden in book.sheets
            if not is_hidden and ways.paths.get(way, "").casefold() in self.members
        ]
        self.has_merged_cells = False
        self._texts: list[str] | None = None
        self._days: list[bool] | None = None

    def rows(self, sheet: WorkbookSheet, *, most: int) -> Iterator[tuple[int, Shown]]:
        """The rows that hold something, with their numbers; SheetRefused beyond `most`."""
        if self._texts is None or self._days is None:
            texts, styles = _Texts(), _Styles()
            self._parse("xl/sharedStrings.xml", texts, MOST_BYTES_OF_TEXTS)
            self._parse("xl/styles.xml", styles)
            self._texts, self._days = texts.texts, styles.are_days
        reader = _Rows(sheet.title, self._texts, self._days, self.epoch)
        found = 0
        for chunk in self._chunks(sheet.path, MOST_BYTES):
            reader.feed(chunk)
            for row in reader.take():
                found += 1
                if found > most + 20:
                    raise too_many_rows(sheet.title, most)
                yield row
        reader.feed(b"")
        yield from reader.take()
        self.has_merged_cells |= reader.has_merged_cells

    def _parse(self, path: str, handler: "_Handler", most: int = MOST_BYTES) -> None:
        for chunk in self._chunks(path, most):
            handler.feed(chunk)
        handler.feed(b"")

    def _chunks(self, path: str, most: int) -> Iterator[bytes]:
        """The bytes of a part, counted as they come out: what its entry in the archive says is not believed."""
        name = self.members.get(path.casefold())
        if name is None:
            return
        seen = 0
        try:
            with self.archive.open(name) as part:
                while chunk := part.read(65_536):
                    seen += len(chunk)
                    if seen > most:
                        raise _too_large()
                    yield chunk
        except (zipfile.BadZipFile, EOFError, OSError, NotImplementedError, RuntimeError, ValueError) as error:
            raise SheetRefused(_("This workbook is damaged: a part of it cannot be read.")) from error


def too_many_rows(title: str, most: int) -> SheetRefused:
    return SheetRefused(
        _("The sheet “%(sheet)s” has more than %(most)s rows. Please bring it in parts.")
        % {"sheet": title, "most": f"{most:,}"}
    )


def _too_large() -> SheetRefused:
    return SheetRefused(_("Unpacked, this workbook is far too large. Please save only the sheet that is needed."))


def _judge(archive: zipfile.ZipFile) -> None:
    """The table of contents is enough to refuse what is meant to harm."""
    entries = archive.infolist()
    names = [entry.filename.casefold().replace("\\", "/") for entry in entries]
    if len(entries) > MOST_MEMBERS or len(set(names)) != len(names):
        raise SheetRefused(_("This archive is not built like a workbook."))
    if any(name.startswith("/") or ".." in name.split("/") or ":" in name for name in names):
        raise SheetRefused(_("This archive is not built like a workbook."))
    if any(entry.flag_bits & 1 for entry in entries):
        raise SheetRefused(_("This workbook is locked with a password. Please save it without one."))
    if any(name.endswith("vbaproject.bin") for name in names):
        raise SheetRefused(_("This workbook has macros. Please save it as XLSX or CSV."))
    if sum(entry.file_size for entry in entries) > MOST_BYTES:
        raise _too_large()
    for entry in entries:
        if entry.file_size > SMALL and entry.file_size > SUSPECT_RATIO * max(entry.compress_size, 1):
            raise _too_large()
        if entry.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:
            raise SheetRefused(_("This archive is not built like a workbook."))


class _Handler(ContentHandler):
    """Names come without their prefix, text in one piece at the end of an element."""

    def __init__(self) -> None:
        super().__init__()
        self.parser = make_parser()
        self.parser.forbid_dtd = True
        self.parser.setContentHandler(self)
        self.text: list[str] | None = None
        self.length = 0
        self.place = (0, 0)
        self.waiting = 0

    def feed(self, chunk: bytes) -> None:
        """The next bytes; none at all end it. A tag without an end, or a text beyond all measure, is refused."""
        try:
            if chunk:
                self.parser.feed(chunk)
                place = (self.parser.getLineNumber(), self.parser.getColumnNumber())
                self.waiting = self.waiting + len(chunk) if place == self.place else 0
                self.place = place
            else:
                self.parser.close()
        except (SAXException, DefusedXmlException, UnicodeError, LookupError, ArithmeticError, ValueError) as error:
            raise SheetRefused(
                _("This workbook is damaged, or holds what no workbook needs; it is not read.")
            ) from error
        if self.waiting > LONGEST_MARK:
            raise _too_large()

    def characters(self, content: str) -> None:
        if self.text is not None:
            self.text.append(content)
            self.length += len(content)
            if self.length > LONGEST_TEXT:
                raise SheetRefused(_("A cell of this workbook holds far more text than a cell should."))

    def said(self) -> str:
        text = "".join(self.text or ())
        self.text, self.length = None, 0
        return text


def _bare(name: str) -> str:
    return name.rpartition(":")[2]


class _Book(_Handler):
    def __init__(self) -> None:
        super().__init__()
        self.sheets: list[tuple[str, str, bool]] = []
        self.is_1904 = False

    def startElement(self, name: str, attrs: Any) -> None:  # noqa: N802 - named by xml.sax
        tag = _bare(name)
        if tag == "sheet":
            way = next((attrs[key] for key in attrs.getNames() if _bare(key) == "id"), "")
            self.sheets.append((attrs.get("name", "")[:31], way, attrs.get("state", "visible") != "visible"))
        elif tag == "workbookPr":
            self.is_1904 = attrs.get("date1904", "") in {"1", "true"}


class _Ways(_Handler):
    def __init__(self) -> None:
        super().__init__()
        self.paths: dict[str, str] = {}

    def startElement(self, name: str, attrs: Any) -> None:  # noqa: N802
        if _bare(name) != "Relationship" or attrs.get("TargetMode") == "External":
            return
        if attrs.get("Type", "").endswith("/worksheet"):
            target = attrs.get("Target", "")
            path = target.lstrip("/") if target.startswith("/") else posixpath.normpath(posixpath.join("xl", target))
            self.paths[attrs.get("Id", "")] = path


class _Styles(_Handler):
    """Which cell formats are days."""

    def __init__(self) -> None:
        super().__init__()
        self.formats = dict(BUILTIN_FORMATS)
        self.are_days: list[bool] = []
        self.is_cells = False

    def startElement(self, name: str, attrs: Any) -> None:  # noqa: N802
        tag = _bare(name)
        if tag == "numFmt":
            self.formats[int(attrs.get("numFmtId", 0))] = attrs.get("formatCode", "")[:200]
        elif tag == "cellXfs":
            self.is_cells = True
        elif tag == "xf" and self.is_cells:
            self.are_days.append(bool(is_date_format(self.formats.get(int(attrs.get("numFmtId", 0)), ""))))

    def endElement(self, name: str) -> None:  # noqa: N802
        if _bare(name) == "cellXfs":
            self.is_cells = False


class _Texts(_Handler):
    """The table of texts; how they are said aloud (rPh) is left out."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []
        self.parts: list[str] = []
        self.is_aloud = False

    def startElement(self, name: str, attrs: Any) -> None:  # noqa: N802
        tag = _bare(name)
        if tag == "si":
            self.parts = []
        elif tag == "rPh":
            self.is_aloud = True
        elif tag == "t" and not self.is_aloud:
            self.text = []

    def endElement(self, name: str) -> None:  # noqa: N802
        tag = _bare(name)
        if tag == "t":
            self.parts.append(self.said())
        elif tag == "rPh":
            self.is_aloud = False
        elif tag == "si":
            self.texts.append("".join(self.parts))


COLUMN = re.compile(r"([A-Za-z]{1,3})[0-9]{1,7}\Z")


class _Rows(_Handler):
    """The cells of a sheet, a row at a time."""

    def __init__(self, title: str, texts: list[str], are_days: list[bool], epoch: dt.datetime) -> None:
        super().__init__()
        self.title, self.texts, self.are_days, self.epoch = title, texts, are_days, epoch
        self.ready: list[tuple[int, Shown]] = []
        self.number = self.marks = self.column = 0
        self.cells: Shown = {}
        self.kind, self.style, self.value = "n", 0, ""
        self.is_formula = self.is_aloud = self.has_merged_cells = False
        self.columns: dict[str, int] = {}

    def take(self) -> list[tuple[int, Shown]]:
        ready, self.ready = self.ready, []
        return ready

    def startElement(self, name: str, attrs: Any) -> None:  # noqa: N802
        tag = name if ":" not in name else _bare(name)
        if tag == "v" or (tag == "t" and not self.is_aloud):
            self.text = []
        elif tag == "c":
            self.column = self._column(attrs.get("r", ""))
            self.kind, self.style = attrs.get("t", "n"), int(attrs.get("s", "0"))
            self.value, self.is_formula = "", False
        elif tag == "row":
            self._next_row(attrs.get("r", ""))
        elif tag == "f":
            self.is_formula = True
        elif tag == "rPh":
            self.is_aloud = True
        elif tag == "mergeCell":
            self.has_merged_cells = True

    def endElement(self, name: str) -> None:  # noqa: N802
        tag = name if ":" not in name else _bare(name)
        if tag in {"v", "t"}:
            if self.text is not None:
                self.value += self.said()
        elif tag == "c":
            shown = FORMULA if self.is_formula else self._shown()
            if shown not in {None, ""}:
                self.cells[self.column] = shown
        elif tag == "row":
            if self.cells:
                self.ready.append((self.number, self.cells))
            self.cells = {}
        elif tag == "rPh":
            self.is_aloud = False

    def _next_row(self, said: str) -> None:
        number = int(said) if said else self.number + 1
        self.marks += 1
        if number <= self.number or self.marks > MOST_ROW_MARKS:
            raise SheetRefused(
                _("The sheet “%(sheet)s” has far too many rows, or they are out of order.") % {"sheet": self.title}
            )
        self.number, self.column = number, 0

    def _column(self, place: str) -> int:
        if not place:
            number = self.column + 1
        else:
            match = COLUMN.match(place)
            letters = match[1].upper() if match else "?"
            number = self.columns.get(letters, 0)
            if not number:
                for letter in letters:
                    number = number * 26 + ord(letter) - 64
                self.columns[letters] = number
        if not 0 < number <= MOST_COLUMNS:
            raise SheetRefused(
                _("The sheet “%(sheet)s” has more than %(most)d columns.") % {"sheet": self.title, "most": MOST_COLUMNS}
            )
        return number

    def _shown(self) -> Any:
        value, kind = self.value, self.kind
        if not value:
            return None
        if kind == "s":
            return self.texts[int(value)]
        if kind in {"inlineStr", "str"}:
            return value
        if kind == "b":
            return value in {"1", "true"}
        if kind == "e":
            return Odd("error", value[:20])
        if kind == "d":
            return value
        number = float(value)
        if self.style and self.style < len(self.are_days) and self.are_days[self.style]:
            return day_of_serial(number, self.epoch)
        return int(number) if number.is_integer() else number


def day_of_serial(number: float, epoch: dt.datetime = WINDOWS_EPOCH) -> Any:
    """The day that a spreadsheet means by a number, or the odd cell that it is."""
    try:
        moment = from_excel(number, epoch)
    except (OverflowError, ValueError):
        return Odd("date", str(number))
    return moment.date() if isinstance(moment, dt.datetime) else Odd("date", str(number))
