"""Kept files: what may come in, how it is stored, and how it goes out."""

import hashlib
import io
import zipfile
from typing import Any

import puremagic
from django.core.files.base import ContentFile
from django.http import FileResponse
from django.utils.translation import gettext as _

from core.dated_policy import policy
from core.errors import UploadRefused
from core.models import StoredFile

# Ending, content type and the endings that the bytes themselves may show; no type that a browser would run.
ALLOWED = {
    "pdf": ("application/pdf", {".pdf"}),
    "png": ("image/png", {".png"}),
    "jpg": ("image/jpeg", {".jpg", ".jpeg", ".jfif"}),
    "jpeg": ("image/jpeg", {".jpg", ".jpeg", ".jfif"}),
    "docx": ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", {".docx"}),
    "xlsx": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", {".xlsx"}),
    "pptx": ("application/vnd.openxmlformats-officedocument.presentationml.presentation", {".pptx"}),
}
OFFICE_PARTS = {"docx": "word/document.xml", "xlsx": "xl/workbook.xml", "pptx": "ppt/presentation.xml"}
SCANS = ("pdf", "png", "jpg", "jpeg")


def keep(data: bytes, *, name: str, content_type: str, by: Any = None) -> StoredFile:
    """Store bytes under a random name with their hash."""
    kept = StoredFile(
        name=name, content_type=content_type, size=len(data), sha256=hashlib.sha256(data).hexdigest(), uploaded_by=by
    )
    kept.blob.save(f"{kept.pk}.bin", ContentFile(data), save=False)
    kept.save()
    return kept


def keep_upload(upload: Any, *, by: Any, endings: tuple[str, ...] = tuple(ALLOWED)) -> StoredFile:
    """Keep an uploaded file of an allowed type and size; UploadRefused says what is wrong in a sentence."""
    check_upload(upload, endings)
    upload.seek(0)
    name = upload.name.replace("\\", "/").rpartition("/")[2][-150:]
    return keep(upload.read(), name=name, content_type=ALLOWED[_ending(name)][0], by=by)


def check_upload(upload: Any, endings: tuple[str, ...] = tuple(ALLOWED)) -> None:
    ending = _ending(upload.name)
    listed = ", ".join(sorted({e.upper() for e in endings}))
    if ending not in endings:
        raise UploadRefused(_("This kind of file is not taken here. Please send one of: %(list)s.") % {"list": listed})
    most = int(policy("upload.max_bytes"))
    if upload.size > most:
        raise UploadRefused(_("The file is larger than %(mb)d MB. Please make it smaller.") % {"mb": most // 1_000_000})
    if not upload.size:
        raise UploadRefused(_("The file is empty."))
    upload.seek(0)
    if not _is_what_it_says(upload.read(), ending):
        raise UploadRefused(_("What is inside this file is not what its name says (%(ending)s).") % {"ending": ending})


def _is_what_it_says(data: bytes, ending: str) -> bool:
    """The bytes decide, never the name. Office files are archives with their own main part and without macros."""
    if ending in OFFICE_PARTS:
        try:
            with zipfile.ZipFile(io.BytesIO(data)) as archive:
                names = set(archive.namelist())
        except zipfile.BadZipFile:
            return False
        return OFFICE_PARTS[ending] in names and not any(name.endswith("vbaProject.bin") for name in names)
    try:
        seen = {match.extension for match in puremagic.magic_string(data)}
    except puremagic.PureError:
        return False
    return bool(seen & ALLOWED[ending][1]) and (ending != "pdf" or data.startswith(b"%PDF-"))


def _ending(name: str) -> str:
    return name.rpartition(".")[2].lower() if "." in name else ""


def serve(kept: StoredFile) -> FileResponse:
    """The file as a download; the view that calls this has checked who asks."""
    response = FileResponse(
        kept.blob.open("rb"), as_attachment=True, filename=kept.name, content_type=kept.content_type
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["Cache-Control"] = "private, no-store"
    return response
