"""A statement as a PDF file, with the fonts that Chinese needs inside it."""

from collections.abc import Mapping
from functools import cache
from io import BytesIO
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import url2pathname

import segno
from django.contrib import messages
from django.contrib.staticfiles import finders
from django.http import HttpResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from deals.services import statement_rows
from deals.views import bills
from deals.views.bills import PARTIES
from marketplace.accounts.http import AccountRequest
from marketplace.base.http import guarded

STYLE, PACKED = "paper.css", ".woff2"


@guarded(PARTIES)
def statement_pdf(request: AccountRequest, public_id: str) -> HttpResponse:
    """The statement as a file; where none can be made, the page that prints, and why."""
    found = bills.visible(request, public_id)
    context = bills.paper_of(request, found, statement_rows.current_lines(found))
    context["qr"] = _square_to(request.build_absolute_uri(reverse("statement", args=[public_id])))
    paper = pdf_of(render_to_string("deals/statement_pdf.html", context, request))
    if paper is None:
        messages.info(request, _("This server cannot make PDF files. Print this page instead."))
        return redirect("statement", found.public_id)
    response = HttpResponse(paper, content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="{found.number}.pdf"'
    return response


def _square_to(url: str) -> SafeString:
    """A QR code that leads from the paper to the live page."""
    code = segno.make_qr(url, error="m")
    return mark_safe(code.svg_inline(border=0, omitsize=True))  # noqa: S308 (drawn by us)


def pdf_of(page: str) -> bytes | None:
    """A page as PDF; None where the machine lacks the libraries that draw text.

    Nothing is fetched from anywhere but the program's own files.
    """
    try:
        from weasyprint import CSS, HTML
        from weasyprint.text.fonts import FontConfiguration
        from weasyprint.urls import URLFetcher, URLFetcherResponse
    except (ImportError, OSError):
        return None

    class OwnFiles(URLFetcher):  # type: ignore[misc]
        def fetch(self, url: str, headers: Mapping[str, str] | None = None) -> object:
            """Fonts come unpacked, every other file as it is."""
            if url.endswith(PACKED):
                return URLFetcherResponse(
                    url, body=unpacked(Path(url2pathname(urlsplit(url).path)))
                )
            return super().fetch(url, headers)

    style = Path(str(finders.find(STYLE)))
    files, fonts = OwnFiles(allowed_protocols=("file",)), FontConfiguration()
    document = HTML(string=page, base_url=str(style.parent), url_fetcher=files)
    sheet = CSS(filename=style, url_fetcher=files, font_config=fonts)
    written: bytes = document.write_pdf(stylesheets=[sheet], font_config=fonts)
    return written


@cache
def unpacked(font: Path) -> bytes:
    """A font as the PDF writer reads it: unpacking takes seconds, so it happens once a process."""
    from fontTools.ttLib import woff2

    plain = BytesIO()
    woff2.decompress(str(font), plain)
    return plain.getvalue()
