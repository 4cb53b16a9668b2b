"""Whether a mail is still to be sent: hours may lie between the act that it tells of and its sending."""

from __future__ import annotations

from cases.thread.models import is_elsewhere
from mail.outbound.automatic_answers import is_told_already
from mail.outbound.signals import about_to_send
from mail.store.models import MailMessage
from mail.store.reasons import NotSent

UNKNOWN_ACCOUNT = "unknown_account"
"""The kind of a mail to an address that somebody typed to sign in and nobody here has: written so that the
request does the same work for all addresses, and never sent."""


def why_not(mail: MailMessage) -> NotSent | None:
    """Why it is not sent any more; ``None`` where it is."""
    if mail.kind == UNKNOWN_ACCOUNT:
        return NotSent.NOBODY
    if mail.person is not None:
        if not mail.person.may_enter:
            return NotSent.LEFT
        if mail.case is not None and not mail.case.is_visible_to(mail.person):
            return NotSent.NOT_SEEN
        if mail.address.lower() != mail.person.email.lower():
            return NotSent.NEW_ADDRESS
    if mail.entry is not None and is_elsewhere(mail.entry, mail.case_id):
        return NotSent.ENTRY_GONE
    if is_told_already(mail):
        return NotSent.TOLD_ALREADY
    answers = (answer for _receiver, answer in about_to_send.send(MailMessage, mail=mail))
    return next((NotSent(answer) for answer in answers if answer is not None), None)
