"""What a mail holds, as answers to a browser: its page, its plain text, its files. To whom, the views say."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING

from django.http import Http404, HttpResponse
from django.utils.html import format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from analysis.reports.models import Report
from mail.inbound.outline import File, Outline
from mail.reading.html.shown import our_page
from mail.review import services
from mail.review.hiding import shown_file
from mail.store.models import Direction
from uploads.attachments.models import MessageAttachment
from uploads.bundles import serving
from uploads.bundles.models import Bundle
from uploads.custody.accesses import record_attachment_view, record_view
from uploads.custody.models import Act

if TYPE_CHECKING:
    from django.http import HttpRequest
    from django.http.response import HttpResponseBase

    from mail.reading.mail import Mail
    from mail.store.models import MailMessage

FRAMED = (
    "sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'; img-src 'self' data:; "
    "style-src 'unsafe-inline'; frame-ancestors 'self'"
)
"""The Content-Security-Policy of a mail's own page: it runs nothing and fetches nothing from elsewhere; its
links open pages of their own."""


@dataclass(frozen=True)
class Listed:
    """A file as the page of its mail names it; ``place``: among attachments and pictures."""

    place: int
    name: str
    size: int


def files_of(content: Mail | Outline) -> list[Listed]:
    """Its attachments, then the pictures within it."""
    if isinstance(content, Outline):
        behind = len(content.files) + content.more_files
        return [*_numbered(content.files, 0), *_numbered(content.pictures, behind)]
    files = (*content.attachments, *content.pictures)
    return _numbered((File(file.name, len(file.content)) for file in files), 0)


def _numbered(files: Iterable[File], first: int) -> list[Listed]:
    return [Listed(place, file.name, file.size) for place, file in enumerate(files, first)]


def page_of(mail: MailMessage) -> str:
    """A stranger's cleaned and without its remote pictures, one of ours as its reader sees it; empty where it
    has none. Raises ``CannotBeRead``."""
    if mail.direction == Direction.OUT:
        content = services.content_of(mail)
        return our_page(content.html, content.pictures) if content.html else ""
    page = services.page_of(mail)
    notes = []
    if page.remote_images:
        notes.append(
            ngettext(
                "%(count)d picture from elsewhere was not fetched.",
                "%(count)d pictures from elsewhere were not fetched.",
                page.remote_images,
            )
            % {"count": page.remote_images}
        )
    if page.is_cut:
        notes.append(_("The page goes on; the rest is in its source."))
    told = format_html_join("", "<p><small>[{}]</small></p>", ((note,) for note in notes))
    return f"{page.html}{told}" if page.html or page.is_cut else ""


def framed(content: str, media_type: str = "text/html") -> HttpResponse:
    """For a sandboxed frame."""
    response = HttpResponse(content, content_type=f"{media_type}; charset=utf-8")
    response["Content-Security-Policy"] = FRAMED
    response["X-Content-Type-Options"] = "nosniff"
    return response


def file_answer(request: HttpRequest, mail: MailMessage, place: int) -> HttpResponseBase:
    """One file, always as a download: it may be a stranger's. Raises ``Http404``, ``CannotBeRead``."""
    content = services.content_of(mail)
    files = [*content.attachments, *content.pictures]
    if place >= len(files):
        raise Http404
    file = files[place]
    body = shown_file(file)
    sha256 = hashlib.sha256(body).hexdigest()
    if serving.begins_a_download(request):
        _record(request, mail, place, file.content)
    return serving.serve(request, BytesIO(body), name=file.name, size=len(body), sha256=sha256)


def _record(request: HttpRequest, mail: MailMessage, place: int, content: bytes) -> None:
    """What of it belongs to a case, is told to the customer as by any other door."""
    if mail.entry is not None:
        sha256 = hashlib.sha256(content).hexdigest()
        attachment = MessageAttachment.objects.filter(message=mail.entry, sha256=sha256).first()
        if attachment is not None:
            record_attachment_view(request, attachment)
            return
    for report in Report.objects.filter(pk=mail.facts["report"]) if mail.facts.get("report") else ():
        record_view(request, report.run.bundle, Act.REPORT, f"v{report.version} PDF")
        return
    known = mail.attachments[place] if place < len(mail.attachments) else {}
    bundles = Bundle.objects.filter(case=mail.case)
    for field, name in (("upload", "upload"), ("pk", "bundle")):
        for bundle in bundles.filter(**{field: known[name]}) if name in known else ():
            record_view(request, bundle, Act.DOWNLOAD)
