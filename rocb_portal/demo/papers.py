"""Small invented papers as real PDF files: scans of letters, agendas, presentations."""

from django.core.files.uploadedfile import SimpleUploadedFile

TOP, LEADING = 760, 20


def paper(name: str, title: str, *lines: str) -> SimpleUploadedFile:
    """One page with a title and a few lines, marked as fictional, as if it had been uploaded."""
    return SimpleUploadedFile(f"{name}.pdf", _pdf(title, [*lines, "", "Demo region: fictional"]), "application/pdf")


def _pdf(title: str, lines: list[str]) -> bytes:
    shown = [f"BT /F1 18 Tf 60 {TOP} Td ({_escaped(title)}) Tj ET"]
    shown += [f"BT /F1 11 Tf 60 {TOP - 40 - n * LEADING} Td ({_escaped(line)}) Tj ET" for n, line in enumerate(lines)]
    content = "\n".join(shown).encode("latin-1", "replace")
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%b\nendstream" % (len(content), content),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    ]
    out, places = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, start=1):
        places.append(len(out))
        out += b"%d 0 obj\n%b\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    size = len(objects) + 1
    return out + b"xref\n0 %d\n0000000000 65535 f \n%btrailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (
        size, table, size, len(out)
    )  # fmt: skip


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)")
