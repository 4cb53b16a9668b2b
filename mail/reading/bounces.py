"""Whom a mail of ours did not reach: by RFC 3464, else by the habits of servers that do not follow it."""

import logging
import re
from dataclasses import dataclass, replace
from email.message import Message
from email.parser import HeaderParser
from typing import cast

from flufl.bounce import all_failures

from engine.text_safety import one_line, plain
from mail.reading.addresses import recipients
from mail.reading.automatic import parts_of
from mail.reading.headers import field

MAX_RECIPIENTS = 100
MAX_LENGTH = 256 * 1024
"""Characters of a report that are read; a server that sends ours back whole puts its own words on top."""
MAX_DIAGNOSTIC_LENGTH = 500

logging.getLogger("flufl.bounce").setLevel(logging.CRITICAL + 1)
"""It logs a traceback for each report that is not as it expects."""

_STATUS = re.compile(r"(?<![0-9.])([245])\.([0-9]{1,3})\.([0-9]{1,3})(?![0-9.])")
_MESSAGE_ID = re.compile(r"^>?[ \t]*Message-ID:\s{0,4}(<[^<>\s]{1,500}>)", re.I | re.M)
_ANGLED = re.compile(r"<[^<>\s]{1,500}>")
_TO_LINE = re.compile(r"^>?[ \t]*To:[ \t]*([^\r\n]{1,500})", re.I | re.M)
_ACTIONS = {"failed", "delayed", "delivered", "relayed", "expanded"}
_RECIPIENT_LINE = re.compile(
    r"^.{0,40}(?:收件人|收信人|接收人|退信邮箱|目标地址|(?:无法|未能|不能)(?:发送|投递|送达)到?)[^\n@]{0,40}?"
    r"([A-Za-z0-9._%+=-]{1,64}@[A-Za-z0-9.-]{3,190})",
    re.M,
)
_REASON_LINE = re.compile(r"(?:退信原因|失败原因|错误信息|退回原因|原因)\s*[:：]\s*([^\n]{1,500})")
_REPLY_LINE = re.compile(r"^.{0,200}?(?<![0-9])[45][0-9]{2}[ -](?!\d{4}).{0,300}", re.M)


@dataclass(frozen=True)
class FailedRecipient:
    """One recipient of a mail of ours, as the report has it.

    ``address``: in lower case, as we wrote it where the report tells that; ``status``: RFC 3463, ``5.1.1``,
    or empty; ``action``: failed, delayed, delivered, relayed or expanded; ``diagnostic``: the server's words;
    ``original_message_id``: with its angle brackets, or empty.
    """

    address: str
    status: str
    action: str
    diagnostic: str
    original_message_id: str


def bounced(message: Message, text: str = "") -> list[FailedRecipient]:
    """What a bounce says of each recipient, at most ``MAX_RECIPIENTS``; empty where it names none.

    ``text``: what its reader sees of it. All of it is a stranger's word: believe it only of a mail that we
    sent to this address. Raises ``Unreadable``.
    """
    text = text[:MAX_LENGTH]
    parts = list(parts_of(message))
    identifier, addressee = _returned(message, parts, text)
    found = [
        report
        for part in parts
        if part.get_content_type() in {"message/delivery-status", "message/global-delivery-status"}
        for report in _reports(part)
    ]
    found = found or _by_habit(message, parts, text, addressee)
    unique = {report.address: report for report in reversed(found)}
    return [replace(report, original_message_id=identifier) for report in reversed(unique.values())][
        :MAX_RECIPIENTS
    ]


def _reports(part: Message) -> list[FailedRecipient]:
    """RFC 3464, 2.3: a block of fields for each recipient, after one for the message."""
    found = []
    for block in _blocks(part)[: MAX_RECIPIENTS + 1]:
        named = [field(block, name).partition(";")[2] for name in ("Original-Recipient", "Final-Recipient")]
        boxes = recipients(named[:1]) or recipients(named[1:])
        if not boxes:
            continue
        diagnostic = field(block, "Diagnostic-Code").partition(";")[2]
        status = _STATUS.search(field(block, "Status")) or _STATUS.search(diagnostic)
        code = status.group() if status else ""
        action = field(block, "Action").split("(")[0].strip().lower()
        if action not in _ACTIONS:
            action = "delayed" if code.startswith("4") else "failed"
        found.append(FailedRecipient(boxes[0].address, code, action, _words(diagnostic), ""))
    return found


def _blocks(part: Message) -> list[Message]:
    blocks = part.get_payload()
    if isinstance(blocks, list):
        inner = cast("list[Message]", blocks)
        # Encoded as a whole (against RFC 3464), it is one block without a field.
        if any("Final-Recipient" in block for block in inner) or not inner:
            return inner
        bare = Message()
        bare["Content-Transfer-Encoding"] = field(part, "Content-Transfer-Encoding")
        bare.set_payload("\n".join(str(block.get_payload()) for block in inner)[:MAX_LENGTH])
        part = bare
    content = part.get_payload(decode=True)
    text = content[:MAX_LENGTH].decode("utf-8", "replace") if isinstance(content, bytes) else ""
    return [HeaderParser().parsestr(block) for block in re.split(r"\r?\n\r?\n", text)]


def _by_habit(message: Message, parts: list[Message], text: str, addressee: str) -> list[FailedRecipient]:
    reason = _REASON_LINE.search(text)
    reply = reason[1] if reason else line.group() if (line := _REPLY_LINE.search(text)) else ""
    status = _STATUS.search(reply) or _STATUS.search(text)
    code = status.group() if status else ""
    failed = [box.address for box in recipients([field(message, "X-Failed-Recipients")])]
    failed = failed or [match[1].lower().rstrip(".") for match in _RECIPIENT_LINE.finditer(text)]
    delayed: list[str] = []
    length = sum(len(str(part.get_payload())) for part in parts if not part.is_multipart())
    if not failed and length <= MAX_LENGTH:
        delayed, failed = _by_flufl(message)
    if not failed and not delayed:
        failed = [box.address for box in recipients([addressee])]
    return [
        FailedRecipient(address, code, action, _words(reply), "")
        for action, addresses in (("failed", failed), ("delayed", delayed))
        for address in addresses
    ]


def _by_flufl(message: Message) -> tuple[list[str], list[str]]:
    try:
        delayed, failed = all_failures(message)
    except Exception:  # Its detectors take a report for what it should be.
        return [], []
    sets = (
        [name.decode("utf-8", "replace").lower() for name in sorted(names)] for names in (delayed, failed)
    )
    delayed_list, failed_list = ([box.address for box in recipients(names)] for names in sets)
    return delayed_list, failed_list


def _returned(message: Message, parts: list[Message], text: str) -> tuple[str, str]:
    """Message-ID and To of our mail, as the report returns it; empty where it does not."""
    for part in parts:
        inner = part.get_payload()
        if part.get_content_maintype() == "message" and isinstance(inner, list) and inner:
            returned = cast("Message", inner[0])
            if match := _ANGLED.search(field(returned, "Message-ID")):
                return match.group(), field(returned, "To")
    for part in parts:
        if part.get_content_type() in {"text/rfc822-headers", "text/rfc822"}:
            content = part.get_payload(decode=True)
            text = content[:MAX_LENGTH].decode("utf-8", "replace") if isinstance(content, bytes) else text
    identifier, addressee = _MESSAGE_ID.search(text), _TO_LINE.findall(text)
    answered = _ANGLED.findall(f"{field(message, 'References')} {field(message, 'In-Reply-To')}")
    return identifier[1] if identifier else answered[-1] if answered else "", addressee[
        -1
    ] if addressee else ""


def _words(text: str) -> str:
    return plain(one_line(text), MAX_DIAGNOSTIC_LENGTH)
