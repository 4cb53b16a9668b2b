"""The addresses that answers to the portal's mails go to, and the names of its mails."""

from __future__ import annotations

import hmac
import re
from contextlib import suppress
from email.headerregistry import Address
from email.utils import parseaddr
from typing import TYPE_CHECKING

from django.conf import settings
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from cases.models import Case
from engine.text_safety import one_line, plain

if TYPE_CHECKING:
    from mail.store.models import MailMessage

SIGNATURE_LENGTH = 20
_SIGNED = re.compile(r"[^@+\s]{1,64}\+(cas-\d{5,9}-[0-9a-z]{6})\.([0-9a-f]{20})@", re.IGNORECASE)
_OLD = re.compile(r"[^@+\s]{1,64}\+(cas-\d{5,9}-[0-9a-z]{6})@", re.IGNORECASE)


def portal_address() -> str:
    """The bare address that the portal writes from."""
    return parseaddr(settings.DEFAULT_FROM_EMAIL)[1]


def sender() -> Address:
    """Who the portal's mails are from, as their readers see it."""
    name, _address = parseaddr(settings.DEFAULT_FROM_EMAIL)
    local, _at, host = portal_address().partition("@")
    return Address(name or _("Anjuan"), local, host)


def header_line(text: str) -> str:
    """A person's text as a header field can hold it: on a line, without what turns or hides text, and with
    nothing in it that mail programs decode (RFC 2047)."""
    return " ".join(plain(one_line(text)).split()).replace("=?", "＝?")


def recipient(name: str, address: str) -> Address:
    """For a To field; the domain as DNS has it, since a header field holds no other letters."""
    local, _at, host = address.rpartition("@")
    with suppress(UnicodeError):  # The mail server says what it thinks of such a one.
        host = host.encode("idna").decode()
    return Address(header_line(name), local, host)


def domain() -> str:
    """The domain of the portal's own Message-IDs."""
    return portal_address().rpartition("@")[2] or "portal.example"


def reply_address(case: Case) -> str:
    """``support+cas-03282-j6y6m6.0123…@domain``: where an answer finds its case again, signed."""
    local, _, host = portal_address().partition("@")
    return f"{local}+{case.number.lower()}.{_signature(case.number)}@{host}"


def number_of_reply_address(address: str) -> str | None:
    """The case number in a reply address whose signature is ours, or in one of earlier versions without."""
    if (signed := _SIGNED.match(address)) is not None:
        number, signature = signed[1].upper(), signed[2].lower()
        if not hmac.compare_digest(signature, _signature(number)):
            return None
    elif (old := _OLD.match(address)) is not None:
        number = old[1].upper()
    else:
        return None
    return number


def root_id(case: Case) -> str:
    """The Message-ID of the mail that a case's thread hangs on; none was ever sent under it."""
    return f"<{case.number.lower()}@{domain()}>"


def message_id_of(mail: MailMessage) -> str:
    """The Message-ID of a mail of ours; it stays the same however often it is sent."""
    head = f"{mail.case.number.lower()}." if mail.case else ""
    return f"<{head}{mail.pk.hex}@{domain()}>"


def _signature(number: str) -> str:
    return salted_hmac("mail.reply-address", number, algorithm="sha256").hexdigest()[:SIGNATURE_LENGTH]
