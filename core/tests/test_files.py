import hashlib
import io
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from core.errors import UploadRefused
from core.files import SCANS, keep_upload, serve

pytestmark = pytest.mark.django_db

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"


def archive(*members):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as made:
        for member in members:
            made.writestr(member, "x")
    return buffer.getvalue()


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def upload(name, data):
    return SimpleUploadedFile(name, data)


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("page.html", b"<script>alert(1)</script>"),
        ("drawing.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>"),
        ("page.pdf", b"<html><script>alert(1)</script></html>"),
        ("programme.pdf", b"MZ\x90\x00" + b"\x00" * 200),
        ("late.pdf", b"<html>" + PDF),
        ("empty.pdf", b""),
        ("picture.png", PDF),
        ("noending", PDF),
        ("double.pdf.exe", PDF),
        ("archive.docx", archive("evil.exe")),
        ("macro.docx", archive("word/document.xml", "word/vbaProject.bin")),
    ],
)
def test_what_is_not_what_it_says_does_not_come_in(name, data):
    with pytest.raises(UploadRefused):
        keep_upload(upload(name, data), by=None)


def test_a_file_above_the_limit_is_refused_and_one_at_the_limit_is_kept(monkeypatch):
    monkeypatch.setattr("core.files.policy", lambda _key: len(PDF))
    keep_upload(upload("a.pdf", PDF), by=None)
    with pytest.raises(UploadRefused):
        keep_upload(upload("a.pdf", PDF + b" "), by=None)


def test_only_scans_where_a_scan_is_asked():
    with pytest.raises(UploadRefused, match="PDF"):
        keep_upload(upload("letter.docx", archive("word/document.xml")), by=None, endings=SCANS)


def test_an_office_file_with_its_main_part_comes_in():
    assert keep_upload(upload("slides.pptx", archive("ppt/presentation.xml")), by=None).name == "slides.pptx"


def test_the_name_on_disk_is_random_and_the_bytes_are_kept_with_their_hash():
    kept = keep_upload(upload("..\\..\\etc/passwd.pdf", PDF), by=None)
    with kept.blob.open("rb") as stream:
        assert (kept.name, kept.size, stream.read()) == ("passwd.pdf", len(PDF), PDF)
    assert "passwd" not in kept.blob.name
    assert kept.sha256 == hashlib.sha256(PDF).hexdigest()


def test_files_leave_as_downloads_that_nothing_may_run():
    response = serve(keep_upload(upload("Räport 1.pdf", PDF), by=None))
    assert response["Content-Disposition"].startswith("attachment;")
    assert (response["X-Content-Type-Options"], "sandbox" in response["Content-Security-Policy"]) == ("nosniff", True)
    assert b"".join(response) == PDF
    response.close()
