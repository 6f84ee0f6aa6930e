import datetime as dt

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from core import imports
from core.inbox import inbox
from core.models import OutboxJob, SheetImport
from core.outbox import deliver
from experts.models import Accreditation, Expert
from experts.tests.test_ace import line, sheet, staged
from members.tests.factories import focal_point, rocb, user_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def office(client):
    client.force_login(rocb())
    return client


def page(client, name, made, *args, **query):
    return client.get(reverse(f"core:{name}", args=[made.pk, *args]), query)


def bring(client, data, name="extract.csv", **fields):
    upload = SimpleUploadedFile(name, data)
    return client.post(reverse("core:import-new", args=["ace"]), {"file": upload, "as_of": "2024-01-31", **fields})


def run_jobs():
    for job in OutboxJob.objects.filter(kind__startswith="sheet_", done_at=None):
        deliver(job.pk)


def test_from_the_file_to_the_register_and_back(office):
    response = bring(office, sheet(line(), line("A-2", "Abe"), line("A-3", "Bad", area="nowhere")))
    made = SheetImport.objects.get()
    assert response.headers["Location"] == made.get_absolute_url()
    assert b"<progress" in page(office, "import", made).content
    assert (
        office.get(reverse("core:import-progress", args=[made.pk]), headers={"HX-Request": "true"}).status_code == 200
    )

    run_jobs()
    done = office.get(reverse("core:import-progress", args=[made.pk]), headers={"HX-Request": "true"})
    assert done.headers["HX-Refresh"] == "true"
    text = page(office, "import", made).content.decode()
    assert "Kenji Sato, Japan: Authorized Economic Operator" in text
    assert "is no area that is known here" in page(office, "import", made, verdict="invalid").content.decode()

    abe = made.rows.get(label__contains="Abe")
    sato = made.rows.get(label__contains="Sato")
    form = {"row": [str(abe.pk), str(sato.pk)], "take": [str(sato.pk)], "verdict": "new", "page": "1"}
    office.post(reverse("core:import-decide", args=[made.pk]), form)
    abe.refresh_from_db()
    assert not abe.take

    made.refresh_from_db()
    assert "1 of 2 taken" in page(office, "import-apply", made).content.decode()
    office.post(reverse("core:import-apply", args=[made.pk]), {"version": made.version})
    at_work = page(office, "import", made).content.decode()
    assert ("All of it at once or nothing" in at_work, " of 3 rows" in at_work) == (True, False)
    run_jobs()
    assert [e.family_name for e in Expert.objects.all()] == ["Sato"]

    made.refresh_from_db()
    assert (made.is_applied, made.applied_by) == (True, rocb_of(office))
    office.post(reverse("core:import-undo", args=[made.pk]), {"version": made.version})
    run_jobs()
    assert not Expert.objects.exists()


def rocb_of(client):
    return client.get("/").wsgi_request.user


def test_decisions_for_all_rows_of_a_verdict(office):
    made = staged(line(), line("A-2", "Abe"))
    url = reverse("core:import-decide", args=[made.pk])
    office.post(url, {"all": "leave", "verdict": "new"})
    assert made.rows.filter(take=True).count() == 0
    office.post(url, {"all": "take", "verdict": "new"})
    assert made.rows.filter(take=True).count() == 2
    office.post(url, {"all": "take", "verdict": "invalid"})
    office.post(url, {"all": "take", "verdict": "nonsense"})
    office.post(url, {"row": ["no key"], "field": ["x:y", "a"], "take": ["z"], "page": "x"})
    assert made.rows.filter(take=True).count() == 2


def test_an_old_form_does_not_apply_what_was_decided_otherwise_since(office):
    made = staged(line())
    imports.decide_all(made, "new", take=False)
    response = office.post(reverse("core:import-apply", args=[made.pk]), {"version": made.version})
    assert response.status_code == 422
    assert "Somebody was faster" in response.content.decode()
    assert not OutboxJob.objects.filter(kind="sheet_apply").exists()


def test_what_stops_an_import_is_listed_on_its_page(office):
    made = staged(line())
    Accreditation.objects.all().delete()
    staged_twice = staged(line())
    imports.ask_to_apply(staged_twice, by=None, queue=False)
    imports.apply(staged_twice.pk)
    imports.ask_to_apply(made, by=None, queue=False)
    imports.apply(made.pk)
    text = page(office, "import", made).content.decode()
    assert "Please have it read again" in text


@pytest.mark.parametrize(
    ("data", "name", "fields", "words"),
    [
        (b"x", "x.xls", {}, "CSV or XLSX"),
        (b"x", "x.csv", {"as_of": "2999-01-01"}, "still to come"),
        (b"", "x.csv", {}, "empty"),
    ],
)
def test_what_cannot_be_brought_says_so(office, data, name, fields, words):
    response = bring(office, data, name, **fields)
    assert response.status_code == 422
    assert words in response.content.decode()
    assert not SheetImport.objects.exists()


def test_a_file_that_is_no_sheet_says_so_on_its_page(office):
    bring(office, b"hello\nthere\n")
    run_jobs()
    assert "columns are missing" in page(office, "import", SheetImport.objects.get()).content.decode()


def test_the_rows_go_out_as_a_file_that_runs_nothing(office):
    made = staged(line(family="Sato"), line("A-2", "=1+1"))
    text = page(office, "import-rows", made, "csv").content.decode("utf-8-sig")
    assert "This cell holds a formula" in text
    assert page(office, "import-rows", made, "xlsx", verdict="new").status_code == 200
    assert b"".join(page(office, "import-file", made).streaming_content).startswith(b"ace_reference")


def test_an_open_sheet_waits_in_the_inbox_of_both_offices_and_of_nobody_else():
    made = staged(line())
    for user, party, expected in (
        (rocb(), "rocb", 1),
        (user_of("secretariat"), "secretariat", 1),
        (focal_point("JP"), "administration", 0),
    ):
        items = [item for item in inbox(user, party) if item.object_id == made.pk]
        assert len(items) == expected, party
    imports.put_away(made, by=None)
    assert [item for item in inbox(rocb(), "rocb") if item.object_id == made.pk] == []


def test_an_unknown_kind_of_sheet_is_not_there(office):
    assert office.get(reverse("core:import-new", args=["nonsense"])).status_code == 404
    assert office.get("/sheets/?kind=nonsense&state=x&page=9").status_code == 200


def test_others_do_not_see_sheets():
    made, other = staged(line()), Client()
    other.force_login(focal_point("JP"))
    assert page(other, "import", made).status_code == 404
    assert other.get(reverse("core:imports")).status_code == 403


def test_staging_done_twice_does_the_same():
    made = staged(line(), as_of=dt.date(2024, 1, 1))
    imports.stage(made.pk)
    assert made.rows.count() == 1
