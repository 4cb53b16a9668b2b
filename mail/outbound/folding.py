"""How the thread below a mail is quoted: as the mail program of its reader quotes, which folds it then.

Gmail folds ``div.gmail_quote``, Apple Mail and Thunderbird ``blockquote`` of type ``cite``: one form has
both. Outlook knows its own header below a line, QQ and Foxmail theirs on grey.
"""

from __future__ import annotations

import re
from enum import StrEnum

from mail.store.models import Direction, MailMessage


class Form(StrEnum):
    """Templates are named after them: ``mail/outbound/earlier_….html``."""

    CITED = "cited"
    OUTLOOK = "outlook"
    FOXMAIL = "foxmail"


_MAILERS = (
    (Form.OUTLOOK, re.compile(r"outlook", re.IGNORECASE)),
    (Form.FOXMAIL, re.compile(r"foxmail|qqmail", re.IGNORECASE)),
)
"""What stands in X-Mailer or User-Agent."""
_IDENTIFIERS = (
    (Form.OUTLOOK, re.compile(r"\.outlook\.com>$", re.IGNORECASE)),
    (Form.FOXMAIL, re.compile(r"^<tencent_", re.IGNORECASE)),
)
"""Of programs whose mails do not say which they are: their Message-IDs."""


def form_for(mail: MailMessage) -> Form:
    """By the last mail that its reader wrote in this case; what all but a few fold where she wrote none."""
    hers = MailMessage.objects.filter(case=mail.case, direction=Direction.IN, address__iexact=mail.address)
    last = hers.order_by("-created_at").first() if mail.case_id else None
    if last is None:
        return Form.CITED
    mailer = str(last.facts.get("mailer", ""))
    shapes, text = (_MAILERS, mailer) if mailer else (_IDENTIFIERS, last.message_id)
    return next((form for form, pattern in shapes if pattern.search(text)), Form.CITED)
