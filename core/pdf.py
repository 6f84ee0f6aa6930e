"""The one place that draws PDFs: HTML in, bytes out, and nothing is fetched on the way.

Style sheets are read from our own static files and handed over as text; a picture has to be in the page as `data:`.
"""

import hashlib
from functools import cache
from pathlib import Path
from typing import Any

from django.contrib.staticfiles import finders

STYLES = ("css/document.css", "css/document-page.css")


class DrawingFailed(Exception):
    """The document could not be drawn; trying again may help, and nothing was kept."""


@cache
def _style(path: str) -> str:
    found = finders.find(path)
    if not found:
        raise DrawingFailed(f"The style sheet {path} is missing.")
    return Path(str(found)).read_text(encoding="utf-8")


def pdf(html: str, *, identifier: str, styles: tuple[str, ...] = STYLES) -> bytes:
    """The page as a tagged PDF. The same HTML and identifier give the same bytes."""
    # WeasyPrint takes two seconds to import; web processes that never draw do not pay for it.
    from weasyprint import CSS, HTML
    from weasyprint.urls import FatalURLFetchingError, URLFetcher

    fetcher = URLFetcher(allowed_protocols={"data"}, allow_redirects=False, fail_on_errors=True)
    options: dict[str, Any] = {
        "pdf_variant": "pdf/ua-1",
        "pdf_identifier": hashlib.sha256(identifier.encode()).digest()[:16],
        "stylesheets": [CSS(string=_style(path), url_fetcher=fetcher) for path in styles],
    }
    try:
        return bytes(HTML(string=html, url_fetcher=fetcher).write_pdf(**options) or b"")
    except FatalURLFetchingError as error:  # a BaseException, which neither Celery nor the outbox would catch
        raise DrawingFailed(str(error)) from error
