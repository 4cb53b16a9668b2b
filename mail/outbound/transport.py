"""The last step of a mail: into the hands of the mail server, and what that answered."""

from __future__ import annotations

import email.message
import re
import smtplib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from email import message_from_bytes
from email.policy import compat32
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage, get_connection

from mail.errors import MailPutOff, MailRefused, MailServerDown
from mail.outbound.addresses import portal_address

ANSWER_TIMEOUT = 120
"""Seconds for each answer once the mail server is there; a filter before its queue may take its time."""
TOO_LARGE, SHUTTING_DOWN = 552, 421
SIGN_IN_CODES = {530, 534, 535, 538}
OF_THE_SENDER = {"5.1.7", "5.1.8", "5.2.3"}
"""Of the codes about addresses: the sender's own, and a mail too long for the mailbox."""
_ENHANCED = re.compile(r"\b5\.([0-7])\.\d{1,3}\b")
_REPLY_CODE = re.compile(r"(?<![0-9.])[45][0-9]{2}(?![0-9.])")
_AS_IT_IS = compat32.clone(max_line_length=None, mangle_from_=False)


class _AsItIs(EmailMessage):
    """A message for Django's mail backends whose bytes are ours to the last one."""

    def __init__(self, raw: bytes, sender: str, to: str) -> None:
        super().__init__("", "", sender, [to])
        self._raw = raw

    def message(self, *, policy: Any = None) -> Any:
        """Knows its own bytes and makes no other."""
        return _Source(self._raw)


class _Source(email.message.Message):
    def __init__(self, raw: bytes) -> None:
        super().__init__(policy=_AS_IT_IS)
        for name, value in message_from_bytes(raw, policy=_AS_IT_IS).raw_items():
            self.set_raw(name, value)
        self._raw = raw

    def as_bytes(self, unixfrom: bool = False, policy: Any = None, linesep: str = "\n") -> bytes:
        """The source; its line ends are SMTP's already."""
        return self._raw

    def __deepcopy__(self, memo: Any) -> _Source:
        return _Source(self._raw)


def keeps_all_here() -> bool:
    """Whether no mail leaves this machine (the demo): they are read on the page of sent mails."""
    return settings.MAIL_TRANSPORT.startswith("django.core.mail.backends.dummy.")


def envelope_sender() -> str:
    """Where bounces go (``MAIL_ENVELOPE_FROM``), else the portal's own address."""
    return settings.MAIL_ENVELOPE_FROM or portal_address()


@contextmanager
def sending(raw: bytes, to: str) -> Iterator[None]:
    """Hands one mail over; within, the mail server has taken it, and the connection is still open: nothing
    stands between its answer and the note of it.

    Raises ``MailRefused`` (5xx: never), ``MailPutOff`` (4xx: this mail later) and ``MailServerDown`` (no
    answer, or none of its mails is taken), each with the server's words.
    """
    connection = get_connection(settings.MAIL_TRANSPORT)
    try:
        _hand_over(connection, _AsItIs(raw, envelope_sender(), to))
        yield
    finally:
        # It has answered by then: a connection that ends badly sends nothing twice.
        with suppress(OSError, smtplib.SMTPException):
            connection.close()


def _hand_over(connection: Any, message: _AsItIs) -> None:
    try:
        connection.open()
        # It answers at once that it is there, but it may read a mail for long before it takes it.
        if (smtp := getattr(connection, "connection", None)) is not None and smtp.sock is not None:
            smtp.sock.settimeout(ANSWER_TIMEOUT)
        connection.send_messages([message])
    except smtplib.SMTPRecipientsRefused as error:
        code, words = next(iter(error.recipients.values()))
        raise _of_recipient(code, words) from error
    except (smtplib.SMTPConnectError, smtplib.SMTPHeloError, smtplib.SMTPAuthenticationError) as error:
        # What is wrong with our sign-in is the operator's to mend; the mails wait for it.
        raise MailServerDown(_said(error.smtp_code, error.smtp_error)) from error
    except smtplib.SMTPSenderRefused as error:
        refused = _of_mail(error.smtp_code, error.smtp_error)
        if isinstance(refused, MailRefused) and not refused.too_large:
            # The portal's own address is not welcome: that holds for all of its mails.
            raise MailServerDown(str(refused)) from error
        raise refused from error
    except smtplib.SMTPResponseException as error:
        raise _of_mail(error.smtp_code, error.smtp_error) from error
    except (OSError, smtplib.SMTPException) as error:
        raise MailServerDown(f"{type(error).__name__}: {error}") from error


def _of_mail(code: int, words: bytes | str) -> MailRefused | MailServerDown:
    answer = _said(code, words)
    if code == SHUTTING_DOWN or code in SIGN_IN_CODES:
        return MailServerDown(answer)
    if not 500 <= code < 600:
        return MailPutOff(answer)
    return MailRefused(answer, too_large=code == TOO_LARGE or " 5.3.4 " in answer)


def _of_recipient(code: int, words: bytes | str) -> MailRefused | MailServerDown:
    error = _of_mail(code, words)
    if isinstance(error, MailRefused):
        error.no_mailbox = speaks_of_mailbox(str(error))
    return error


def speaks_of_mailbox(answer: str, *, without_code: bool = False) -> bool:
    """Whether a final answer about a recipient says that the address takes no mail, and not that the mail or
    its sender is unwelcome: by its enhanced code (RFC 3463: 5.1, 5.2, 5.4), else by its reply code.
    ``without_code``: what holds where it has neither."""
    if (enhanced := _ENHANCED.search(answer)) is not None:
        return enhanced[1] in {"1", "2", "4"} and enhanced[0] not in OF_THE_SENDER
    reply = _REPLY_CODE.search(answer)
    return reply[0] in {"550", "551", "553"} if reply else without_code


def _said(code: int, words: bytes | str) -> str:
    text = words.decode("utf-8", "replace") if isinstance(words, bytes) else words
    return f"{code} {text}"
