"""Keeping canned replies, and filling them for a case."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.errors import NotAllowed
from cases.canned_replies.errors import NameTaken, TextMissing, UnknownVariable
from cases.canned_replies.models import CannedReply
from engine.text_safety import one_line, paragraphs, plain

if TYPE_CHECKING:
    from accounts.models import User
    from cases.models import Case

VARIABLES: Mapping[str, Promise] = {
    "title": _("the title of the case"),
    "number": _("the case number"),
    "customer": _("the name of the contact"),
    "engineer": _("your name"),
    "product": _("the product"),
    "upload": _("the address where the customer uploads"),
}
MAX_LENGTH = 10_000
MAX_NAME_LENGTH = 100
MAX_OFFERED = 200

_VARIABLE = re.compile(r"\{([^\W\d]\w{0,30})\}")
"""A name in braces; a GUID or a path with braces is none."""


def save(reply: CannedReply | None, *, name: str, text_zh: str, text_en: str, by: User) -> CannedReply:
    """A new one, or ``reply`` changed. Raises ``NotAllowed``, ``TextMissing``, ``UnknownVariable``,
    ``NameTaken``."""
    if not by.is_vendor:
        raise NotAllowed()
    name = one_line(plain(name))[:MAX_NAME_LENGTH]
    text_zh, text_en = (paragraphs(text)[:MAX_LENGTH].strip() for text in (text_zh, text_en))
    if not (name and text_zh and text_en):
        raise TextMissing()
    require_known(text_zh + text_en)
    reply = reply or CannedReply()
    reply.name, reply.text_zh, reply.text_en = name, text_zh, text_en
    reply.changed_by, reply.changed_at = by, timezone.now()
    try:
        with transaction.atomic():
            reply.save()
    except IntegrityError:
        raise NameTaken(name=name) from None
    return reply


def delete(reply: CannedReply, *, by: User) -> None:
    """Takes it away; what was sent with it stays. Raises ``NotAllowed``."""
    if not by.is_vendor:
        raise NotAllowed()
    reply.delete()


def require_known(text: str) -> None:
    """Raises ``UnknownVariable`` where a name in braces is none of ``VARIABLES``."""
    unknown = dict.fromkeys(name for name in _VARIABLE.findall(text) if name not in VARIABLES)
    if unknown:
        names = ", ".join(f"{{{name}}}" for name in list(unknown)[:5])
        raise UnknownVariable(names=names, possible=", ".join(f"{{{name}}}" for name in VARIABLES))


def filled(reply: CannedReply, case: Case, engineer: User) -> str:
    """The text in the language of the case's contact, as it can be sent."""
    values = {
        "title": plain(case.title),
        "number": case.number,
        "customer": plain(case.contact.name),
        "engineer": plain(engineer.name),
        "product": plain(case.product),
        "upload": f"{settings.PORTAL_URL}{case.get_absolute_url()}#upload",
    }
    return with_values(reply.text(case.contact.language), values)


def with_values(text: str, values: Mapping[str, str]) -> str:
    """``text`` with the variables replaced, once: what a value holds is no variable."""
    return _VARIABLE.sub(lambda match: values.get(match.group(1), match.group()), text)


def offered(case: Case, user: User) -> list[tuple[CannedReply, str]]:
    """Every canned reply with its text for this case; none to customers."""
    replies = CannedReply.objects.visible_to(user)[:MAX_OFFERED]
    return [(reply, filled(reply, case, user)) for reply in replies]
