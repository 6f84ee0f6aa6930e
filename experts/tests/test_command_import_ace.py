import io
import json

import openpyxl
import pytest
from django.core.management import CommandError, call_command

from core.models import SheetImport
from experts.models import Accreditation, Expert
from experts.tests.factories import ExpertFactory
from experts.tests.test_ace import everything, line, sheet

pytestmark = pytest.mark.django_db


def run(path, *words):
    out, code = io.StringIO(), 0
    try:
        call_command("import_ace", str(path), *words, "--format", "json", stdout=out, stderr=io.StringIO())
    except SystemExit as end:
        code = end.code
    return code, json.loads(out.getvalue())


@pytest.fixture
def extract(tmp_path):
    def write(*lines, name="extract.csv"):
        path = tmp_path / name
        path.write_bytes(sheet(*lines))
        return path

    return write


def counts(**some):
    return dict.fromkeys(("new", "changed", "unchanged", "gone", "ambiguous"), 0) | {"invalid": []} | some


def test_it_applies_what_nobody_has_to_decide(extract):
    ExpertFactory(family_name="Doubt", given_name="Kenji")
    path = extract(line(), line("A-2", "Abe"), line("A-3", "Doubt"))
    assert run(path) == (0, counts(new=2, ambiguous=1))
    assert run(path) == (0, counts(unchanged=2, ambiguous=1))
    assert (Expert.objects.count(), Accreditation.objects.count()) == (3, 2)
    changed = extract(line(email="a@x.example"), line("A-4", "Ito"), name="next.csv")
    assert run(changed, "--as-of", "2024-01-31") == (0, counts(new=1, changed=1, gone=1))
    assert Expert.objects.get(ace_reference="A-1").email == "a@x.example"
    assert not Accreditation.objects.filter(gone_since__isnull=False).exists()
    assert [(s.by, s.state) for s in SheetImport.objects.all()] == [(None, "applied")] * 3


def test_a_dry_run_writes_nothing(extract):
    before = everything()
    assert run(extract(line()), "--dry-run") == (0, counts(new=1))
    assert everything() == before
    assert not SheetImport.objects.exists()


def test_one_row_that_cannot_be_read_stops_all_unless_it_is_skipped(extract):
    path = extract(line(), line("A-2", "Abe", accredited_on="soon"))
    code, said = run(path)
    assert (code, said["new"]) == (1, 1)
    assert [(one["row"], one["column"], "no day" in one["reason"]) for one in said["invalid"]] == [
        (3, "accredited_on", True)
    ]
    assert set(said["invalid"][0]) == {"row", "column", "reason"}
    assert not Expert.objects.exists()
    code, said = run(path, "--skip-invalid")
    assert (code, len(said["invalid"])) == (0, 1)
    assert Expert.objects.get().family_name == "Sato"


def test_a_workbook_does_as_well(tmp_path):
    book = openpyxl.Workbook()
    for row in sheet(line(), line("A-2", "", "x")).decode().splitlines():
        book.active.append([cell.strip('"') for cell in row.split(",")])
    book.save(tmp_path / "extract.xlsx")
    code, said = run(tmp_path / "extract.xlsx", "--skip-invalid")
    assert (code, said["new"], said["invalid"][0]["sheet"], said["invalid"][0]["row"]) == (0, 1, "Sheet", 3)


def test_a_file_that_is_no_sheet_ends_with_one_and_a_sentence(tmp_path):
    path = tmp_path / "x.csv"
    path.write_text("hello")
    code, said = run(path)
    assert code == 1
    assert "columns are missing" in said["invalid"][0]["reason"]


def test_without_a_file_or_with_no_day_it_says_so(tmp_path, extract):
    with pytest.raises(CommandError, match="No such file"):
        call_command("import_ace", str(tmp_path / "none.csv"))
    for word in ("2024-13-01", "2999-01-01"):
        with pytest.raises(CommandError):
            call_command("import_ace", str(extract(line())), "--as-of", word)
