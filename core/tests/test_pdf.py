"""Real PDFs, read back."""

import base64
import contextlib
import io
import socketserver
import threading

import pytest
from django.template.loader import render_to_string
from pypdf import PdfReader

from core.charts import Bar, stacked_bars
from core.pdf import DrawingFailed, pdf

PAGE = '<!DOCTYPE html><html lang="en"><head><title>A title</title></head><body>{}</body></html>'


def text_of(data: bytes) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(data)).pages)


def draw(body: str) -> bytes:
    return pdf(PAGE.format(body), identifier="one")


def test_the_text_of_the_page_can_be_read_from_the_pdf():
    assert "Two experts & one letter" in text_of(draw("<p>Two experts &amp; one letter</p>"))


def test_the_document_is_tagged_and_says_its_language_and_title():
    reader = PdfReader(io.BytesIO(draw("<h1>Head</h1><p>Words</p>")))
    root = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "en"
    assert "/StructTreeRoot" in root
    assert reader.metadata.title == "A title"
    assert "pdfuaid" in reader.trailer["/Root"]["/Metadata"].get_data().decode()


def test_the_same_page_and_identifier_give_the_same_bytes():
    assert draw("<p>Words</p>") == draw("<p>Words</p>")
    assert pdf(PAGE.format("<p>Words</p>"), identifier="two") != draw("<p>Words</p>")


@pytest.mark.parametrize(
    "body",
    [
        '<img src="{url}" alt="x">',
        '<div style="background: url({url})">x</div>',
        '<style>@import url("{url}");</style>',
        '<link rel="stylesheet" href="{url}">',
        '<link rel="attachment" href="{url}">',
        '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><image href="{url}" width="9" height="9"/></svg>',
    ],
)
def test_nothing_is_fetched_from_the_net(body):
    hits: list[bytes] = []

    class Listener(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            hits.append(self.request.recv(1024))

    with socketserver.TCPServer(("127.0.0.1", 0), Listener) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        url = f"http://127.0.0.1:{server.server_address[1]}/x"
        # Most ways fail loudly; a picture inside a drawing is left out.
        with contextlib.suppress(DrawingFailed):
            assert b"/EmbeddedFile" not in draw(body.replace("{url}", url))
        server.shutdown()
    assert hits == []


@pytest.mark.parametrize("body", ['<link rel="attachment" href="{url}">', '<img src="{url}" alt="x">'])
def test_no_file_of_the_machine_comes_in(body, tmp_path):
    secret = tmp_path / "secret.txt"
    secret.write_text("a secret of the machine")
    with pytest.raises(DrawingFailed):
        draw(body.replace("{url}", secret.as_uri()))


def test_a_picture_in_the_page_itself_is_drawn():
    drawing = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><text y="9">inner words</text></svg>'
    data = draw(f'<img alt="x" src="data:image/svg+xml;base64,{base64.b64encode(drawing.encode()).decode()}">')
    assert "inner words" in text_of(data)


def test_a_chart_is_text_in_the_pdf_and_its_title_stands_for_it():
    chart = stacked_bars("Two are short", "By name.", [Bar("Tariff", 3, 1, 2)], names=("a", "b", "c"), axis="Name")
    data = draw(f"<figure>{chart.svg}</figure>")
    assert "Tariff" in text_of(data)
    assert "Two are short" in alternatives(PdfReader(io.BytesIO(data)).trailer["/Root"]["/StructTreeRoot"])


def alternatives(node) -> set[str]:
    node = node.get_object()
    found = {str(node["/Alt"])} if "/Alt" in node else set()
    below = node.get("/K", [])
    for one in below if isinstance(below, list) else [below]:
        if hasattr(one.get_object(), "get"):
            found |= alternatives(one)
    return found


def test_every_script_of_the_region_has_its_letters():
    words = "税関 관세청 海關 ศุลกากร ສຸລກາ គយ အကောက်ခွန် රේගුව சுங்கம் শুল্ক सीमा शुल्क གནམ་ལོ العربية Монгол Hải quan"
    reader = PdfReader(io.BytesIO(draw(f'<article class="doc"><p>{words}</p></article>')))
    fonts = {
        str(font.get_object()["/BaseFont"]) for page in reader.pages for font in page["/Resources"]["/Font"].values()
    }
    families = " ".join(fonts)
    for script in ("CJK", "Thai", "Khmer", "Myanmar", "Sinhala", "Tamil", "Bengali", "Devanagari", "Tibetan"):
        assert script in families, families


def test_a_report_has_title_page_contents_and_page_numbers():
    html = render_to_string(
        "documents/report_base.html",
        {"facts": [("Place", "Suva")], "contents": [("a", "Purpose")], "demo": True},
    ).replace("</article>", '<section class="doc-part" id="a"><h2>1. Purpose</h2><p>Words.</p></section></article>')
    first, second, third = [page.extract_text() for page in PdfReader(io.BytesIO(pdf(html, identifier="r"))).pages]
    assert "Suva" in first
    assert "page 1 of" not in first
    assert "1. Purpose" in second
    assert "page 3 of 3" in third
    assert all("fictional" in page for page in (first, second, third))
