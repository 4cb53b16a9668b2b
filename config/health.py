"""Whether this process lives, and whether the portal can serve: for load balancers and containers."""

import os
import shutil
from datetime import UTC

from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from mail.inbound.unreached import unreached
from mail.store.models import MailMessage

MIN_FREE_BYTES = 512 * 2**20
"""Bytes on the disk of the data folder, below which no more uploads should come here."""


@never_cache
@require_safe
def live(request: HttpRequest) -> HttpResponse:
    """200 as long as this process answers at all; asks nobody else."""
    return HttpResponse("ok\n", content_type="text/plain")


@never_cache
@require_safe
def ready(request: HttpRequest) -> JsonResponse:
    """200 when database, broker and disk will do, else 503; the answer names what will not. ``mail`` is
    ``stuck`` while received mails wait that a fault stopped, or longer than a worker needs, or mails of ours
    have not left for an hour; ``mailbox`` is there, with the time, while one cannot be looked into."""
    checks = {"database": _database, "broker": _broker, "disk": _disk}
    answer: dict[str, str] = {}
    for name, check in checks.items():
        try:
            answer[name] = "ok" if check() else "failed"
        except Exception:
            # Whatever it is: this address must answer, and not with details for strangers.
            answer[name] = "failed"
    status = 200 if set(answer.values()) == {"ok"} else 503
    return JsonResponse(answer | _mail(answer["database"] == "ok"), status=status)


def _mail(has_database: bool) -> dict[str, str]:
    """Whether mails wait for an operator: that is told, and is no reason to serve nobody."""
    if not has_database:
        return {}
    try:
        mails = MailMessage.objects
        answer = {"mail": "stuck" if mails.stuck().exists() or mails.late().exists() else "ok"}
        if failing := unreached():
            since = min(each.since for each in failing)
            answer["mailbox"] = f"not looked into since {since.astimezone(UTC):%Y-%m-%dT%H:%MZ}"
        return answer
    except Exception:
        return {"mail": "unknown"}


def _database() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        return bool(cursor.fetchone() == (1,))


def _broker() -> bool:
    token = os.urandom(8).hex()
    key = f"health:{token}"
    cache.set(key, token, timeout=10)
    return bool(cache.get(key) == token)


def _disk() -> bool:
    settings.ANJUAN_HOME.mkdir(parents=True, exist_ok=True)
    return shutil.disk_usage(settings.ANJUAN_HOME).free >= MIN_FREE_BYTES
