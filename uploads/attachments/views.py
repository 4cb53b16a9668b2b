"""The bytes of attachments: pictures to be shown, everything else as a download."""

from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from cases.lookups import user_of
from uploads.attachments.models import MessageAttachment
from uploads.bundles import serving
from uploads.custody.accesses import record_attachment_view


@login_required
@require_safe
def attachment(request: HttpRequest, attachment_id: UUID) -> HttpResponseBase:
    """One attachment, for whoever reads its entry."""
    user = user_of(request)
    row = get_object_or_404(MessageAttachment.objects.visible_to(user), pk=attachment_id)
    if not row.may_open(user):
        raise Http404
    facts: dict[str, Any] = {"name": row.name, "size": row.size, "sha256": row.sha256}
    try:
        if row.is_picture:
            answer = serving.serve(request, row.file.open("rb"), **facts, picture_type=row.content_type)
        else:
            answer = serving.serve_stored(request, row.file, **facts)
    except FileNotFoundError:
        raise Http404 from None  # Deleted a moment ago: its time of keeping is over.
    if serving.begins_a_download(request) and answer.status_code < 400:
        record_attachment_view(request, row)
    return answer
