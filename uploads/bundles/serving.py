"""Serving a stored file back: always as a download, in parts if asked, by the proxy where it can.

Sources: RFC 9110 (section 13.1.5 If-Range, 14 range requests, 15.3.7 and 15.5.17 the answers),
RFC 6266 and 8187 for the name. Ranges in seconds are the common ones: one range; several at once are
answered by the whole file, as the RFC allows.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any
from urllib.parse import quote

from django.conf import settings
from django.core.files.storage import FileSystemStorage
from django.http import FileResponse, HttpResponse, HttpResponseRedirect, StreamingHttpResponse
from django.utils.http import content_disposition_header, quote_etag

from engine.text_safety import clean_name
from uploads.bundles.errors import NotSatisfiable

if TYPE_CHECKING:
    from django.db.models.fields.files import FieldFile
    from django.http import HttpRequest
    from django.http.response import HttpResponseBase

BLOCK = 64 * 1024
INTERNAL = "/_files/"
"""Where nginx finds the media folder by ``X-Accel-Redirect``; see docs/deployment.md."""

SIGNED_FOR = 300
"""Seconds that a signed address of the object storage works."""

_RANGE = re.compile(r"bytes=\s*(\d{0,19})-(\d{0,19})\s*", re.ASCII)


@dataclass(frozen=True)
class Part:
    """Bytes ``first`` to ``last``, both included."""

    first: int
    last: int


def asked_part(request: HttpRequest, size: int, etag: str) -> Part | None:
    """The part of the file that is asked for; ``None`` for all of it. Raises ``NotSatisfiable``.

    A header that cannot be read is passed over, and so is one that is meant for another state of
    the file (If-Range): the answer is then the whole file.
    """
    bounds = _RANGE.fullmatch(request.headers.get("Range", ""))
    wanted = request.headers.get("If-Range")
    if request.method != "GET" or bounds is None or (wanted is not None and wanted != etag):
        return None
    first, last = bounds.groups()
    if not first:
        if not last:
            return None
        if int(last) == 0 or size == 0:
            raise NotSatisfiable
        return Part(max(size - int(last), 0), size - 1)
    if last and int(last) < int(first):
        return None
    if int(first) >= size:
        raise NotSatisfiable
    return Part(int(first), min(int(last), size - 1) if last else size - 1)


def serve_stored(
    request: HttpRequest, file: FieldFile, *, name: str, size: int, sha256: str
) -> HttpResponseBase:
    """A file of the storage. Raises ``FileNotFoundError``."""
    by_proxy = _by_signed_address(file, name) or _by_proxy(file)
    if by_proxy is not None:
        return _as_download(by_proxy, name, sha256)
    return serve(request, file.open("rb"), name=name, size=size, sha256=sha256)


def serve(
    request: HttpRequest,
    content: IO[bytes],
    *,
    name: str,
    size: int,
    sha256: str,
    picture_type: str = "",
) -> HttpResponseBase:
    """An open file that can be sought in, whole or the part that is asked for; it is closed at the end.

    ``picture_type``: the media type of a picture that was recognised by its bytes; pages may show it.
    """
    try:
        part = asked_part(request, size, quote_etag(sha256.lower()))
    except NotSatisfiable:
        content.close()
        refused = HttpResponse(status=416)
        refused["Content-Range"] = f"bytes */{size}"
        return refused
    answer: Any
    if part is None:
        answer = FileResponse(content)
        answer["Content-Length"] = size
    else:
        content.seek(part.first)
        length = part.last - part.first + 1
        answer = StreamingHttpResponse(_blocks(content, length), status=206)
        answer["Content-Range"] = f"bytes {part.first}-{part.last}/{size}"
        answer["Content-Length"] = length
    answer["Accept-Ranges"] = "bytes"
    _as_download(answer, name, sha256)
    if picture_type:
        answer["Content-Type"] = picture_type
        answer["Content-Disposition"] = content_disposition_header(False, clean_name(name))
        answer["Cross-Origin-Resource-Policy"] = "same-origin"
    return answer


def begins_a_download(request: HttpRequest) -> bool:
    """Whether this is no mere continuation: a download in fifty parts is one download."""
    return request.method == "GET" and re.match(r"bytes=\s*[1-9]", request.headers.get("Range", "")) is None


def _as_download(answer: Any, name: str, sha256: str) -> Any:
    # Never the customer's type: a page or picture of hers must not open on our address.
    answer["Content-Type"] = "application/octet-stream"
    answer["Content-Disposition"] = content_disposition_header(True, clean_name(name))
    answer["ETag"] = quote_etag(sha256.lower())
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Cache-Control"] = "private, no-store"
    answer["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return answer


def _blocks(content: IO[bytes], length: int) -> Iterator[bytes]:
    with content:
        while length > 0 and (block := content.read(min(BLOCK, length))):
            length -= len(block)
            yield block


def _by_signed_address(file: FieldFile, name: str) -> HttpResponse | None:
    """Where the object storage itself gives the file out, for a few minutes; ``None`` where it may not."""
    if settings.SENDFILE != "s3" or not hasattr(file.storage, "bucket"):
        return None
    if not file.storage.exists(str(file.name)):
        raise FileNotFoundError(file.name)
    headers = {
        "ResponseContentType": "application/octet-stream",
        "ResponseContentDisposition": content_disposition_header(True, clean_name(name)),
    }
    storage: Any = file.storage
    return HttpResponseRedirect(storage.url(file.name, parameters=headers, expire=SIGNED_FOR))


def _by_proxy(file: FieldFile) -> HttpResponse | None:
    """What tells the proxy to send the file itself, ranges and all; ``None`` where it cannot."""
    # Not a subclass: what encrypts its files on the disk has to read them itself. (``file.storage`` may be
    # Django's lazy object, of which ``type()`` says nothing.)
    if not settings.SENDFILE or file.storage.__class__ is not FileSystemStorage:
        return None
    path = Path(file.path)
    if not path.is_file():
        raise FileNotFoundError(path)
    answer = HttpResponse()
    if settings.SENDFILE == "nginx":
        answer["X-Accel-Redirect"] = INTERNAL + quote(str(file.name))
    else:
        answer["X-Sendfile"] = str(path)
    return answer
