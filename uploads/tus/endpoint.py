"""The tus 1.0 endpoint (https://tus.io/protocols/resumable-upload, version 1.0.0).

Core, creation, creation-with-upload, checksum, concatenation, expiration and termination.
Every refusal is a plain-text sentence.

What a client outside the browser needs: ``Authorization`` (see ``uploads.tus.callers``) or the cookies
``sessionid`` and ``csrftoken`` of a signed-in person and ``X-CSRFToken`` with the latter's value;
``Tus-Resumable: 1.0.0``; and in
``Upload-Metadata`` the keys ``filename`` and ``case`` (the case number); ``modified``
(milliseconds since 1970) is optional. A customer agrees to the privacy statement on the
case page first.
"""

import base64
import binascii
from collections.abc import Callable
from datetime import datetime
from functools import wraps
from threading import BoundedSemaphore
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import CsrfViewMiddleware
from django.urls import reverse
from django.utils.http import http_date
from django.views.decorators.csrf import csrf_exempt

from accounts.errors import Refusal
from engine.text_safety import clean_name
from uploads.transfer import services, writing
from uploads.transfer.errors import ChecksumMismatch, ChunkTooLong, ClientSilent, DiskFull, FinalUpload
from uploads.transfer.models import Concat, Upload
from uploads.transfer.writing import CHECKSUMS, Checksum
from uploads.tus import concat_header
from uploads.tus.callers import caller_of
from uploads.tus.errors import (
    BadHeader,
    ForgedRequest,
    TooManyAtOnce,
    WrongContentType,
    WrongMethod,
    WrongVersion,
)
from uploads.tus.request_body import RequestBody

VERSION = "1.0.0"
EXTENSIONS = "creation,creation-with-upload,checksum,concatenation,expiration,termination"
CHUNK_TYPE = "application/offset+octet-stream"
REASONS = {460: "Checksum Mismatch"}

_ROOM = BoundedSemaphore(settings.UPLOADS_AT_ONCE)

Handler = Callable[..., HttpResponse]


def _tus(methods: dict[str, Handler]) -> Handler:
    """A view of the protocol: version, person and forgery are checked before ``methods`` act."""

    @csrf_exempt  # Checked below, after the person, so that the answer is a sentence.
    @wraps(next(iter(methods.values())))
    def view(request: HttpRequest, **place: object) -> HttpResponse:
        method = request.method or ""
        if method == "POST":
            # For networks whose proxy lets only GET and POST through.
            method = request.headers.get("X-HTTP-Method-Override", method).upper()
        try:
            if method == "OPTIONS":
                response = _options()
            else:
                if request.headers.get("Tus-Resumable") != VERSION:
                    raise WrongVersion()
                if caller_of(request).by_cookie:
                    _refuse_forgery(request)
                if method not in methods:
                    raise WrongMethod(method=method[:20])
                response = methods[method](request, **place)
        except Refusal as refusal:
            response = _refuse(refusal, methods)
        response["Tus-Resumable"] = VERSION
        response["Cache-Control"] = "no-store"
        return response

    return view


def _options() -> HttpResponse:
    return HttpResponse(
        status=204,
        headers={
            "Tus-Version": VERSION,
            "Tus-Extension": EXTENSIONS,
            "Tus-Max-Size": str(settings.UPLOAD_MAX_SIZE),
            "Tus-Checksum-Algorithm": ",".join(CHECKSUMS),
        },
    )


def _refuse(refusal: Refusal, methods: dict[str, Handler]) -> HttpResponse:
    response = HttpResponse(
        str(refusal),
        status=refusal.status,
        reason=REASONS.get(refusal.status),
        content_type="text/plain; charset=utf-8",
    )
    if isinstance(refusal, WrongVersion):
        response["Tus-Version"] = VERSION
    if isinstance(refusal, WrongMethod):
        response["Allow"] = ", ".join(["OPTIONS", *methods])
    if isinstance(refusal, TooManyAtOnce):
        response["Retry-After"] = "5"
    if "expected" in refusal.facts:
        response["Upload-Offset"] = str(refusal.facts["expected"])
    return response


class _ForgeryCheck(CsrfViewMiddleware):
    def _reject(self, request: HttpRequest, reason: str) -> HttpResponse:
        return HttpResponse(reason)


def _refuse_forgery(request: HttpRequest) -> None:
    """Django's own check of the token (header X-CSRFToken). Raises ``ForgedRequest``."""
    check = _ForgeryCheck(lambda _: HttpResponse())
    check.process_request(request)
    if check.process_view(request, lambda _: HttpResponse(), (), {}) is not None:
        raise ForgedRequest()


def _number(request: HttpRequest, header: str) -> int:
    """A whole, non-negative number of at most 18 digits. Raises ``BadHeader``."""
    text = request.headers.get(header, "")
    if not (text.isascii() and text.isdigit() and len(text) <= 18):
        raise BadHeader(header=header)
    return int(text)


def _metadata(request: HttpRequest) -> dict[str, str]:
    """``Upload-Metadata``: keys and base64 values, separated by commas. Raises ``BadHeader``."""
    values: dict[str, str] = {}
    for pair in request.headers.get("Upload-Metadata", "").split(","):
        key, _, encoded = pair.strip().partition(" ")
        try:
            values[key] = base64.b64decode(encoded.strip(), validate=True).decode()
        except (binascii.Error, UnicodeDecodeError, ValueError):
            raise BadHeader(header="Upload-Metadata") from None
    return values


def _expires(when: datetime) -> str:
    return http_date(when.timestamp())


def _create(request: HttpRequest) -> HttpResponse:
    concat, parts = _concat(request)
    size = 0 if concat == Concat.FINAL else _number(request, "Upload-Length")
    values = _metadata(request)
    if concat == Concat.PARTIAL:
        values.setdefault("filename", "part")
    if not values.get("filename"):
        raise BadHeader(header="Upload-Metadata: filename")
    caller = caller_of(request)
    if not values.get("case") and caller.link is None:
        raise BadHeader(header="Upload-Metadata: case")
    case = caller.case(values.get("case", ""))
    modified = values.get("modified", "")
    is_time = modified.isascii() and modified.isdigit() and len(modified) < 16
    changed = int(modified) if is_time else None
    name = values.get("path") or clean_name(values["filename"])
    if concat == Concat.FINAL:
        upload = caller.join(case, name, parts, changed)
    else:
        chunk = _Chunk(request) if _carries_chunk(request) else None
        if chunk is not None and (chunk.length or 0) > size:
            raise ChunkTooLong(end=chunk.length, size=size)
        upload = caller.begin_upload(case, name, size, changed, concat)
        if chunk is not None:
            upload = _first_chunk(upload, chunk)
    # A path, not an address: right behind every proxy, whatever host name it shows.
    response = HttpResponse(status=201, headers={"Location": reverse("tus-upload", args=[upload.pk])})
    response["Upload-Offset"] = str(upload.offset)
    if not upload.is_evidence:
        response["Upload-Expires"] = _expires(upload.expires_at)
    return response


def _concat(request: HttpRequest) -> tuple[Concat, list[UUID]]:
    header = request.headers.get("Upload-Concat")
    return concat_header.parse(header) if header is not None else (Concat.NONE, [])


def _carries_chunk(request: HttpRequest) -> bool:
    return request.content_type == CHUNK_TYPE


class _Chunk:
    """The bytes in a request: body, announced length if there is one, checksum."""

    def __init__(self, request: HttpRequest) -> None:
        if not _carries_chunk(request):
            raise WrongContentType()
        self.body = RequestBody(request)
        self.length = _number(request, "Content-Length") if "Content-Length" in request.headers else None
        header = request.headers.get("Upload-Checksum")
        self.checksum = Checksum.parse(header) if header is not None else None

    def append(self, upload: Upload, offset: int) -> int:
        if not _ROOM.acquire(blocking=False):
            raise TooManyAtOnce()
        try:
            return writing.append(upload, self.body, offset, self.checksum, length=self.length)
        finally:
            _ROOM.release()


def _first_chunk(upload: Upload, chunk: _Chunk) -> Upload:
    """The row after the bytes that came with its creation; damaged ones leave no upload behind."""
    try:
        chunk.append(upload, 0)
    except (ChecksumMismatch, ChunkTooLong):
        services.discard(upload)
        raise
    except (ClientSilent, DiskFull, TooManyAtOnce):
        pass  # What has come is kept; the answer says how much.
    upload.refresh_from_db()
    if upload.is_evidence:
        services.finish(upload)
    return upload


def _report_offset(request: HttpRequest, upload_id: UUID) -> HttpResponse:
    upload = writing.settle(caller_of(request).own(upload_id))
    if upload.is_evidence:
        services.finish(upload)
    response = HttpResponse(status=200, headers={"Upload-Length": str(upload.size)})
    # A joined upload has no offset to go on from until it is complete.
    if upload.concat != Concat.FINAL or upload.is_complete:
        response["Upload-Offset"] = str(upload.offset)
    if upload.concat == Concat.PARTIAL:
        response["Upload-Concat"] = "partial"
    elif upload.concat == Concat.FINAL:
        places = " ".join(reverse("tus-upload", args=[part]) for part in upload.parts)
        response["Upload-Concat"] = f"final;{places}"
    if not upload.is_evidence:
        response["Upload-Expires"] = _expires(upload.expires_at)
    return response


def _append(request: HttpRequest, upload_id: UUID) -> HttpResponse:
    upload = caller_of(request).own(upload_id)
    chunk = _Chunk(request)
    if upload.concat == Concat.FINAL:
        raise FinalUpload()
    offset = chunk.append(upload, _number(request, "Upload-Offset"))
    response = HttpResponse(status=204, headers={"Upload-Offset": str(offset)})
    upload.refresh_from_db()
    if upload.is_evidence:
        services.finish(upload)
    else:
        response["Upload-Expires"] = _expires(upload.expires_at)
    return response


def _terminate(request: HttpRequest, upload_id: UUID) -> HttpResponse:
    services.cancel(caller_of(request).own(upload_id))
    return HttpResponse(status=204)


collection = _tus({"POST": _create})
upload = _tus({"HEAD": _report_offset, "PATCH": _append, "DELETE": _terminate})
