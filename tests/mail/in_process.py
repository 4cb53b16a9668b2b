"""Mails read without a sandbox's process for each; ``tests/mail/reading`` tries the sandbox."""

import pytest

from mail.inbound import services as inbound
from mail.reading.html.shown import shown_page
from mail.reading.message import read_mail
from mail.review import services as review


def read_in_process(patch: pytest.MonkeyPatch) -> None:
    """Until ``patch`` is undone."""
    patch.setattr(inbound, "read_in_sandbox", read_mail)
    patch.setattr(review, "read_in_sandbox", read_mail)
    patch.setattr(review, "plain_text_in_sandbox", lambda raw: read_mail(raw, is_shallow=True).text)
    patch.setattr(review, "shown_in_sandbox", lambda raw: shown_page(read_mail(raw)))
