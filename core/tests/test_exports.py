import csv
import datetime as dt
import io

import pytest

from core.exports import csv_response, plain_cell

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
