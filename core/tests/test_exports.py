import csv
import datetime as dt
import io

import openpyxl
import pytest
from django.http import Http404

from core.exports import csv_response, plain_cell, table_response, xlsx_response

FORMULAS = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "  =1", "＝1", "＠x", " ＋1", "-- x"]


@pytest.mark.parametrize("text", FORMULAS)
def test_what_a_spreadsheet_would_run_becomes_text(text):
    assert plain_cell(text) == f"'{text}"


@pytest.mark.parametrize(
    ("value", "cell"), [(-3, -3), (2.5, 2.5), (None, ""), (dt.date(2027, 3, 1), "2027-03-01"), ("A-B = C", "A-B = C")]
)
def test_all_else_stays_as_it_is(value, cell):
    assert plain_cell(value) == cell


def test_csv_reads_back_whole_with_its_names_and_its_mark():
    response = csv_response("people.csv", ("Name", "Note"), [("Ngũgĩ, A.", 'says "hello"\nto us'), ("=x", None)])
    assert response["Content-Disposition"] == 'attachment; filename="people.csv"'
    text = response.content.decode("utf-8-sig")
    assert response.content.startswith(b"\xef\xbb\xbf")
    assert list(csv.reader(io.StringIO(text, newline=""))) == [
        ["Name", "Note"],
        ["Ngũgĩ, A.", 'says "hello"\nto us'],
        ["'=x", ""],
    ]


def cells(response):
    book = openpyxl.load_workbook(io.BytesIO(response.content))
    return [[(cell.value, cell.data_type) for cell in row] for row in book.active.iter_rows()]


@pytest.mark.parametrize("text", [*FORMULAS, '=HYPERLINK("http://x.example","y")', "\x00=1+1", "\x0b@SUM(A1)"])
def test_no_cell_of_a_workbook_is_a_formula(text):
    (_head, row) = cells(xlsx_response("x.xlsx", ["A"], [[text]]))
    assert row[0][1] == "s"
    assert row[0][0].lstrip().startswith("'")


def test_a_workbook_keeps_days_as_days_and_numbers_as_numbers():
    table = [[dt.date(2027, 3, 1), 4, "Ngũgĩ", None, 2.5]]
    response = xlsx_response("people/list.xlsx", ["Day", "=N", "Name", "Note", "Share"], table)
    head, row = cells(response)
    assert head == [("Day", "s"), ("'=N", "s"), ("Name", "s"), ("Note", "s"), ("Share", "s")]
    assert (row[0][0].date(), row[0][1]) == (dt.date(2027, 3, 1), "d")
    assert row[1:3] == [(4, "n"), ("Ngũgĩ", "s")]
    assert row[4] == (2.5, "n")


def test_a_text_longer_than_a_cell_may_be_is_cut():
    assert len(cells(xlsx_response("x.xlsx", ["A"], [["x" * 40_000]]))[1][0][0]) == 32_767


def test_the_ending_says_which_kind():
    assert table_response("csv", "people", ["A"], [])["Content-Disposition"] == 'attachment; filename="people.csv"'
    assert table_response("xlsx", "people", ["A"], [])["Content-Disposition"] == 'attachment; filename="people.xlsx"'
    with pytest.raises(Http404):
        table_response("pdf", "people", ["A"], [])
