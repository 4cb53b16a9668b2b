"""The subject of a received mail, where it says what neither the portal nor the case's title does."""

import re
from collections.abc import Iterable

from cases.models import Case
from cases.thread.simplified import simplified
from engine.text_safety import one_line
from mail.store.models import Direction, MailMessage

_ANSWER = re.compile(
    r"(?:\s{0,4}(?:re|aw|sv|vs|fw|fwd|wg|tr|回复|回覆|答复|转发|转寄)\s{0,2}(?:[\[(]\d{1,3}[\])])?\s{0,2}:)"
    r"{1,20}",
    re.IGNORECASE,
)


def subjects_of(case: Case) -> set[str]:
    """What the subjects of its mails are without a customer's doing."""
    sent = MailMessage.objects.filter(case=case, direction=Direction.OUT).exclude(subject="")
    return {_bare(subject) for subject in (case.title, *sent.values_list("subject", flat=True).distinct())}


def own_subject(subject: str, known: Iterable[str]) -> str:
    """The subject on one line; empty where it is one of ``subjects_of``, answered or passed on."""
    return "" if _bare(subject) in {"", *known} else one_line(subject)


def _bare(subject: str) -> str:
    return "".join(_ANSWER.sub("", simplified(subject[:1000]), count=1).lower().split())
