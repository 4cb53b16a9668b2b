"""The last step of a mail: into the hands of the mail server, and what that answered."""

from __future__ import annotations

import email.message
import smtplib
from contextlib import suppress
from email import message_from_bytes
from email.policy import compat32
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage, get_connection

from mail.errors import MailRefused, MailServerDown
from mail.outbound.addresses import portal_address

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
        parsed = message_from_bytes(raw, policy=_AS_IT_IS)
        self._headers = parsed._headers  # type: ignore[attr-defined]
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


def send(raw: bytes, to: str) -> None:
    """Hands one mail over; returns once the mail server has taken it.

    Raises ``MailRefused`` (5xx: never) and ``MailServerDown`` (4xx, or no answer: later), each with the
    server's words.
    """
    connection = get_connection(settings.MAIL_TRANSPORT)
    try:
        connection.open()
        connection.send_messages([_AsItIs(raw, envelope_sender(), to)])
    except smtplib.SMTPRecipientsRefused as error:
        code, words = next(iter(error.recipients.values()))
        raise _told(code, words) from error
    except smtplib.SMTPResponseException as error:
        raise _told(error.smtp_code, error.smtp_error) from error
    except (OSError, smtplib.SMTPException) as error:
        raise MailServerDown(f"{type(error).__name__}: {error}") from error
    finally:
        # It has answered by then: a connection that ends badly sends nothing twice.
        with suppress(OSError, smtplib.SMTPException):
            connection.close()


def _told(code: int, words: bytes | str) -> MailRefused | MailServerDown:
    text = words.decode("utf-8", "replace") if isinstance(words, bytes) else words
    answer = f"{code} {text}"
    # What is wrong with our sign-in is the operator's to mend; the mail waits for it.
    final = 500 <= code < 600 and code not in {530, 534, 535, 538}
    return MailRefused(answer) if final else MailServerDown(answer)
