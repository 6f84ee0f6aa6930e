import datetime as dt
import io
import resource
import time
import zipfile

import openpyxl
import pytest

from core.sheets import Bad, Column, as_day, as_text, read_sheet
from core.workbooks import SheetRefused

COLUMNS = (
    Column("name", "name", ("surname", "family name"), required=True),
    Column("day", "day", ("date",), is_day=True),
    Column("note", "note", ("remark",)),
)
CSV = "name,day,note\nSato,2012-03-31,hello\n"


def read(data, most=1_000):
    return read_sheet(data if isinstance(data, bytes) else data.encode(), COLUMNS, most=most)


def says(data, **kwargs):
    return [(row.number, row.says()) for row in read(data, **kwargs).rows]


ONE = [(2, {"name": "Sato", "day": dt.date(2012, 3, 31), "note": "hello"})]


def book(*rows, sheet="Extract", **sheets):
    made = openpyxl.Workbook()
    made.active.title = sheet
    for row in rows:
        made.active.append(row)
    for title, others in sheets.items():
        other = made.create_sheet(title)
        for row in others:
            other.append(row)
    return made


def saved(made):
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


HEAD = ["name", "day", "note"]
ROW = ["Sato", dt.date(2012, 3, 31), "hello"]


# What comes in


@pytest.mark.parametrize(
    "data",
    [
        CSV.encode(),
        CSV.encode("utf-8-sig"),
        CSV.encode("utf-16"),
        CSV.encode("utf-16-le"),
        CSV.encode("cp1252"),
        CSV.replace("\n", "\r\n").encode(),
        CSV.replace(",", ";").encode(),
        CSV.replace(",", "\t").encode(),
        b"sep=;\r\n" + CSV.replace(",", ";").encode(),
        b"note;Surname ;DATE\nhello;Sato;31/03/2012\n",
        b'"note","FAMILY_NAME","date","unknown"\n"hello","  Sato\xc2\xa0","31 March 2012","x"\n',
        b"name,day,note\n,,\nSato,20120331,hello\n\n"[:14] + b"Sato,20120331,hello\n",
        saved(book(HEAD, ROW)),
        saved(book(["Note", "Date", "Surname"], ["hello", dt.datetime(2012, 3, 31, 12), "Sato"])),  # noqa: DTZ001 - as Excel has it
        saved(book(HEAD, ["Sato", 40999, "hello"])),
        saved(book(HEAD, ["Sato", "31.03.2012", "hello"])),
        saved(book(["a cover"], sheet="Cover", Extract=[HEAD, ROW])),
    ],
)
def test_the_same_row_in_the_usual_forms(data):
    assert says(data) == ONE


def test_a_title_may_stand_above_and_rows_keep_their_numbers():
    assert says("Experts of the region,,\n\nname,day,note\n,,\nSato,2012-03-31,hello\n") == [(5, ONE[0][1])]
    assert says(saved(book(["Experts"], [], HEAD, [], ROW))) == [(5, ONE[0][1])]


def test_what_is_left_out_is_said():
    made = book([*HEAD, "colour"], [*ROW, "red"], Other=[["x"]], Secret=[HEAD, ROW])
    made["Secret"].sheet_state = "hidden"
    made["Extract"].merge_cells("A3:B3")
    sheet = read(saved(made))
    assert len(sheet.rows) == 1
    assert [remark.split(":")[0] for remark in sheet.remarks] == [
        "Columns that are not known here were left out",
        "Sheets that do not name the columns were left out",
        "Hidden sheets were left out",
        "Some cells are merged; only the first of each group has the value.",
    ]


def test_windows_letters_are_read_with_a_remark():
    sheet = read("name,day,note\nMüller,2012-03-31,é\n".encode("cp1252"))
    assert sheet.rows[0]["name"] == "Müller"
    assert "Windows-1252" in sheet.remarks[0]


def test_days_of_the_calendar_of_1904():
    made = book(HEAD, ["Sato", 39537, "hello"])
    made.epoch = openpyxl.utils.datetime.MAC_EPOCH
    assert says(saved(made)) == ONE


# Days


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2012-03-31", (2012, 3, 31)), ("2012/3/1", (2012, 3, 1)), ("2012-03-31T00:00:00Z", (2012, 3, 31)),
        ("2012-03-31 00:00", (2012, 3, 31)),
        ("31/03/2012", (2012, 3, 31)), ("1.2.2012", (2012, 2, 1)), ("03/04/2012", (2012, 4, 3)), ("31-Mar-2012", (2012, 3, 31)),
        ("31-Mar-12", (2012, 3, 31)), ("5-Sep-97", (1997, 9, 5)), ("31 MARCH 2012", (2012, 3, 31)), ("1st March 2012", (2012, 3, 1)),
        ("March 31, 2012", (2012, 3, 31)), ("20120331", (2012, 3, 31)), ("40999", (2012, 3, 31)), (40999, (2012, 3, 31)),
        (20120331, (2012, 3, 31)), ("29/02/2012", (2012, 2, 29)),
    ],
)  # fmt: skip
def test_a_day_in_the_usual_forms(text, day):
    assert as_day(text) == dt.date(*day)


@pytest.mark.parametrize(
    "text",
    ["03/25/2012", "31/04/2012", "29/02/2011", "2012-13-01", "12/03/12", "yesterday", "31/03/0212", "31/03/2555", "0", "99999999", -5, 1e12,
     0.5, True, "=TODAY()", "#REF!", "31/03/2012 and later", "١٢/٠٣/٢٠١٢x"],
)  # fmt: skip
def test_what_is_no_day_says_why(text):
    assert isinstance(as_day(text), Bad)
    assert as_day(text).reason


@pytest.mark.parametrize("text", ["March 2012", "Mar-12", "2012-03", "03/2012", "mar 2012"])
def test_a_month_is_its_first_day_only_where_that_will_do(text):
    assert as_day(text, month_will_do=True) == dt.date(2012, 3, 1)
    assert "the day is missing" in as_day(text).reason


@pytest.mark.parametrize("text", ["", " ", "-", "–", "n/a", "\u00a0", "\u200b"])
def test_nothing_is_nothing(text):
    assert as_text(text) == as_day(text) == ""


# One bad cell is one bad row


@pytest.mark.parametrize(
    ("cell", "words"),
    [
        ("=1+1", "formula"), ("@SUM(A1)", "formula"), ("+cmd|' /C calc'!A0", "formula"), ("-x", "formula"), ("＝1", "formula"),
        ("#REF!", "error"),
        ("a\x00b", "cannot be read"), ("a\x07b", "cannot be read"), ("x" * 1001, "more than 1000"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("place", [2, 500, 1001])
def test_one_bad_row_of_a_thousand_is_found_with_row_column_and_reason(cell, words, place):
    lines = ["name,day,note", *(f"Sato,2012-03-31,{n}" for n in range(1000))]
    lines[place - 1] = f'Sato,2012-03-31,"{cell}"'
    bad = [(row.number, *row.bad) for row in read("\n".join(lines)).rows if row.bad]
    assert [(number, column) for number, column, _reason in bad] == [(place, "note")]
    assert words in bad[0][2]


@pytest.mark.parametrize(("cell", "words"), [("=1+1", "formula"), ("=HYPERLINK(1)", "formula")])
def test_a_formula_in_a_workbook_is_refused_whatever_it_shows(cell, words):
    rows = read(saved(book(HEAD, ROW, ["Abe", None, cell]))).rows
    assert rows[0].bad is None
    assert words in rows[1].bad[1]


def test_an_error_and_an_impossible_day_in_a_workbook_are_named():
    made = book(HEAD, ["Sato", 99999999, "hello"], ["Abe", None, "#N/A"])
    made.active["B2"].number_format = "yyyy-mm-dd"
    made.active["C3"].data_type = "e"
    assert [row.bad[0] for row in read(saved(made)).rows] == ["day", "note"]


def test_a_cell_beyond_the_last_column_is_a_slipped_row():
    bad = read("name,day,note\nSato,2012-03-31,hello\nDoe, Jane,2012-03-31,hello\n").rows[1]
    assert "More cells than the sheet has columns" in bad.bad[1]


# The whole file


def zipped(**parts):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return out.getvalue()


def with_part(data, name, replace):
    """A workbook with one part written anew."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.infolist():
            new.writestr(entry.filename, replace(old.read(entry)) if entry.filename == name else old.read(entry))
    return out.getvalue()


SHEET = "xl/worksheets/sheet1.xml"
LAUGHS = (
    b'<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "ha">'
    + b"".join(
        b'<!ENTITY a%d "%s">' % (n, b"&a%s;" % (str(n - 1).encode() if n > 1 else b"") * 10) for n in range(1, 10)
    )
    + b"]><worksheet><sheetData><row><c t='inlineStr'><is><t>&a9;</t></is></c></row></sheetData></worksheet>"
)
OUTSIDE = (
    b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>'
    b'<worksheet><sheetData><row><c t="str"><v>&e;</v></c></row></sheetData></worksheet>'
)
GOOD = saved(book(HEAD, ROW))


def many_rows(number):
    row = b'<row r="%d"><c r="A%d" t="str"><v>Sato</v></c></row>'
    body = b"".join(row % (n, n) for n in range(2, number + 2))
    head = b'<worksheet><sheetData><row r="1"><c r="A1" t="str"><v>name</v></c></row>'
    return with_part(GOOD, SHEET, lambda _old: head + body + b"</sheetData></worksheet>")


def wide(number):
    cells = b"".join(b'<c t="str"><v>name%d</v></c>' % n for n in range(number))
    return with_part(
        GOOD, SHEET, lambda _old: b"<worksheet><sheetData><row>" + cells + b"</row></sheetData></worksheet>"
    )


def only_hidden():
    return with_part(GOOD, "xl/workbook.xml", lambda old: old.replace(b'state="visible"', b'state="hidden"'))


HOSTILE = {
    "empty": (b"", "empty"),
    "blank lines": (b"\n\n\n", "empty"),
    "only a head": (b"name,day,note\n", "no row below"),
    "no head": (b"Sato,2012-03-31,hello\n", "columns are missing: name"),
    "head of a workbook missing": (saved(book(ROW)), "columns are missing: name"),
    "duplicate head": (b"name,day,Name\nSato,,\n", "same name or meaning"),
    "similar heads": (b"name,Family  Name,day\nSato,Abe,\n", "same name or meaning"),
    "unclosed quote": (b'name,day,note\nSato,,"never ends\nAbe,,\n', "quotation mark"),
    "very long cell": (b'name,day,note\nSato,,"' + b"x" * 200_000 + b'"\n', "quotation mark"),
    "no text": (b"\x81\x8d\x8f\x90\x9d" * 50, "letters of this file"),
    "utf-32": ("name".encode("utf-32"), "letters of this file"),
    "broken utf-16": (b"\xff\xfen\x00a\x00\x00", "letters of this file"),
    "pdf": (b"%PDF-1.7\n...", "no sheet"),
    "html as xls": (b"<HTML><table></table>", "no sheet"),
    "old excel": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 100, "old Excel"),
    "20,000 columns": (lambda: b"name," * 20_000 + b"\nSato\n", "more than 200 columns"),
    "20,000 columns in a workbook": (lambda: wide(20_000), "more than 200 columns"),
    "400,000 rows": (lambda: b"name,day,note\n" + b"Sato,,\n" * 400_000, "more than 50,000 rows"),
    "400,000 rows in a workbook": (lambda: many_rows(400_000), "more than 50,000 rows"),
    "cut short": (GOOD[: len(GOOD) // 2], "damaged"),
    "archive of something else": (zipped(**{"readme.txt": "hello"}), "no workbook"),
    "way out": (zipped(**{"xl/workbook.xml": "<w/>", "../../etc/cron.d/x": "x"}), "not built like a workbook"),
    "the same part twice": (
        zipped(**{"xl/workbook.xml": "<w/>", "XL/Workbook.xml": "<w/>"}),
        "not built like a workbook",
    ),
    "macros": (zipped(**{"xl/workbook.xml": "<w/>", "xl/vbaProject.bin": "x"}), "macros"),
    "5,000 parts": (zipped(**{f"x{n}": "" for n in range(5_000)}), "not built like a workbook"),
    "bomb": (
        lambda: with_part(GOOD, SHEET, lambda _old: b"<worksheet>" + b" " * 48_000_000 + b"</worksheet>"),
        "far too large",
    ),
    "billion laughs": (with_part(GOOD, SHEET, lambda _old: LAUGHS), "damaged"),
    "billion laughs in the texts": (with_part(GOOD, "xl/workbook.xml", lambda _old: LAUGHS), "damaged"),
    "outside entity": (with_part(GOOD, SHEET, lambda _old: OUTSIDE), "damaged"),
    "not xml": (with_part(GOOD, SHEET, lambda _old: b"hello"), "damaged"),
    "cell that points nowhere": (
        with_part(
            GOOD, SHEET, lambda _o: b'<worksheet><sheetData><row><c t="s"><v>99</v></c></row></sheetData></worksheet>'
        ),
        "damaged",
    ),
    "rows backwards": (
        with_part(GOOD, SHEET, lambda _o: b'<worksheet><sheetData><row r="5"/><row r="4"/></sheetData></worksheet>'),
        "out of order",
    ),
    "only hidden sheets": (only_hidden, "no visible sheet"),
}


@pytest.mark.parametrize("what", HOSTILE)
def test_hostile_files_get_a_sentence_within_seconds_and_little_memory(what):
    data, words = HOSTILE[what]
    data = data() if callable(data) else data
    began, memory = time.process_time(), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(SheetRefused) as refused:
        read(data, most=50_000)
    assert words in str(refused.value)
    assert time.process_time() - began < 5
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - memory < 200_000  # kB above what the tests have taken


def test_a_tag_without_an_end_is_refused():
    noise = "".join(f"{n * 7919:x}" for n in range(600_000)).encode()
    with pytest.raises(SheetRefused, match=r"far too large|damaged"):
        read(with_part(GOOD, SHEET, lambda _old: b'<worksheet a="' + noise), most=50_000)
