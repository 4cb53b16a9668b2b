"""Whom a mail of ours did not reach: by RFC 3464, else by the habits of servers that do not follow it."""

import logging
import re
from collections.abc import Iterable
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
_ACTION_OF = {"2": "delivered", "4": "delayed"}
"""By the class of the status, where a server writes a word of its own."""
_RECIPIENT_LINE = re.compile(
    r"^.{0,40}(?:收件人|收信人|接收人|退信邮箱|目标地址|(?:无法|未能|不能)(?:发送|投递|送达)到?)[^\n@]{0,40}?"
    r"([A-Za-z0-9._%+=-]{1,64}@[A-Za-z0-9.-]{3,190})",
    re.M,
)
_REASON_LINE = re.compile(r"(?:退信原因|失败原因|错误信息|退回原因|原因)\s*[:：]\s*([^\n]{1,500})")
MAX_OWN_WORDS = 20_000
"""Characters of its own text, above the mail that it returns, in which recipients are looked for."""
MAX_OF_ONE = 1500
"""So far below a recipient's name stands what is said of it."""
_ADDRESS = r"(?<![\w.%+=-])([A-Za-z0-9._%+=-]{1,64}@[A-Za-z0-9.-]{3,190})"
_RETURNED = re.compile(
    r"^(?:>|[ \t]{0,10}-{3,80}.{0,60}(?:original|returned|unsent|copy of)"
    r"|.{0,60}(?:original message (?:follows|headers|is)|copy of (?:the|your) (?:original )?message)"
    r"|Return-Path:|Received:)",
    re.I | re.M,
)
"""Where the mail begins that a report returns."""
_FAILED_LINES = tuple(
    re.compile(pattern, re.I | re.M)
    for pattern in (
        rf"^\W{{0,20}}{_ADDRESS}",
        rf"^.{{0,80}}?RCPT TO:\s?<?{_ADDRESS}",
        rf"^.{{0,200}}?(?:deliver|recipient|address|fail|reject)[^@\n]{{0,80}}?{_ADDRESS}",
    )
)
"""Lines of servers' own words that name a recipient, the surest first."""
_STILL_TRYING = re.compile(
    r"\bstill (?:being )?tr(?:y|ied)|\bwill (?:be retried|retry|continue to try|keep trying|try again)"
    r"|do(?:es)? not need to re-?send|\bwarning message only|\b(?:has been|is) delayed|is still in the queue"
    r"|(?:系统|服务器)(?:将|会)(?:继续|再次)?(?:尝试|重试)|(?:稍后|仍在)(?:会|将)?(?:继续|再次)?(?:尝试|重试)"
    r"|(?:会|将)(?:继续|再次)(?:尝试|重试|投递|发送)|延迟(?:投递|发送|送达)",
    re.I,
)
_GIVEN_UP = re.compile(r"\bpermanent|\bfailed\b|giv(?:en|ing) up|放弃|退回|失败", re.I)
"""Who says so as well has stopped trying."""
_NOT_YET = re.compile(
    r"\b(?:if|unless|in case)\b[^.!?]{0,200}|(?:如果|如|若|一旦|倘)[^。！？]{0,100}"
    r"|\bfailed (?:temporarily|for now|so far)|\btemporar(?:y|ily) failed"
    r"|(?:暂时|暂未|临时)[^。，！？]{0,20}失败",
    re.I,
)
"""What has not happened, or is not the last word."""
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
    returned = _RETURNED.search(text)
    own_words = text[: returned.start() if returned else MAX_LENGTH][:MAX_OWN_WORDS]
    found = [
        report
        for part in parts
        if part.get_content_type() in {"message/delivery-status", "message/global-delivery-status"}
        for report in _reports(_blocks(part))
    ]
    # Some servers write the fields into the text.
    found = found or _reports(_paragraphs(text) if "-recipient:" in text.lower() else [])
    if found:
        said = _said_of_each(own_words, [report.address for report in found[:MAX_RECIPIENTS]])
        found = [_completed(report, said.get(report.address, "")) for report in found]
    else:
        found = _by_habit(message, parts, text, own_words, addressee)
    unique = {report.address: report for report in reversed(found)}
    return [replace(report, original_message_id=identifier) for report in reversed(unique.values())][
        :MAX_RECIPIENTS
    ]


def _reports(blocks: list[Message]) -> list[FailedRecipient]:
    """RFC 3464, 2.3: a block of fields for each recipient, after one for the message."""
    found = []
    for block in blocks[: MAX_RECIPIENTS + 1]:
        named = [field(block, name).partition(";")[2] for name in ("Original-Recipient", "Final-Recipient")]
        boxes = recipients(named[:1]) or recipients(named[1:])
        if not boxes:
            continue
        diagnostic = field(block, "Diagnostic-Code").partition(";")[2]
        status = _STATUS.search(field(block, "Status")) or _STATUS.search(diagnostic)
        code = status.group() if status else ""
        action = field(block, "Action").split("(")[0].strip().lower()
        if action not in _ACTIONS:
            action = _ACTION_OF.get(code[:1], "failed")
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
    return _paragraphs(content[:MAX_LENGTH].decode("utf-8", "replace") if isinstance(content, bytes) else "")


def _paragraphs(text: str) -> list[Message]:
    return [HeaderParser().parsestr(block) for block in re.split(r"(?:\r?\n){2,}", text.lstrip("\r\n"))]


def _by_habit(
    message: Message, parts: list[Message], text: str, own_words: str, addressee: str
) -> list[FailedRecipient]:
    not_meant = _of_report(message) | {each.strip("<>").lower() for each in _MESSAGE_ID.findall(text)}
    failed = [box.address for box in recipients([field(message, "X-Failed-Recipients")])]
    failed = failed or [match[1].lower().rstrip(".") for match in _RECIPIENT_LINE.finditer(text)]
    delayed: list[str] = []
    length = sum(len(str(part.get_payload())) for part in parts if not part.is_multipart())
    if not failed and length <= MAX_LENGTH:
        delayed, failed = _by_flufl(message)
        delayed = [address for address in delayed if address not in not_meant]
        failed = [address for address in failed if address not in not_meant]
    if not failed and not delayed:
        failed = _in_own_words(own_words, not_meant) or [box.address for box in recipients([addressee])]
    if _STILL_TRYING.search(own_words) and not _GIVEN_UP.search(_NOT_YET.sub("", own_words)):
        delayed, failed = [*delayed, *failed], []
    said, of_all = _said_of_each(own_words, [*failed, *delayed][:MAX_RECIPIENTS]), _reply(text)
    found = []
    for action, addresses in (("failed", failed), ("delayed", delayed)):
        for address in addresses:
            code, reply = _reply(said.get(address, ""))
            found.append(FailedRecipient(address, code or of_all[0], action, _words(reply or of_all[1]), ""))
    return found


def _of_report(message: Message) -> set[str]:
    """Whom the report itself is from and to."""
    named = [field(message, name) for name in ("From", "To", "Reply-To", "Return-Path")]
    return {box.address for box in recipients(named)}


def _in_own_words(own_words: str, not_meant: set[str]) -> list[str]:
    for pattern in _FAILED_LINES:
        named = (match[1].lower().rstrip(".") for match in pattern.finditer(own_words))
        if found := [address for address in dict.fromkeys(named) if address not in not_meant]:
            return found
    return []


def _reply(text: str) -> tuple[str, str]:
    """Status and words of a server's reply within a text; either may be empty."""
    reason = _REASON_LINE.search(text)
    reply = reason[1] if reason else line.group() if (line := _REPLY_LINE.search(text)) else ""
    status = _STATUS.search(reply) or _STATUS.search(text)
    return (status.group() if status else ""), reply


def _said_of_each(own_words: str, addresses: Iterable[str]) -> dict[str, str]:
    """The words from where each address is named first up to the next one."""
    lowered = own_words.lower()
    places = sorted((place, address) for address in addresses if (place := lowered.find(address)) >= 0)
    begins = [lowered.rfind("\n", 0, place) + 1 for place, _address in places]
    ends = [*begins[1:], len(own_words)][: len(begins)]
    return {
        address: own_words[begin : min(end, begin + MAX_OF_ONE)]
        for (_place, address), begin, end in zip(places, begins, ends, strict=True)
    }


def _completed(report: FailedRecipient, said: str) -> FailedRecipient:
    """With the exacter status of its diagnostic, else with what the text says of this recipient."""
    code, reply = _reply(said)
    if report.diagnostic:
        code, reply = _reply(report.diagnostic)[0], report.diagnostic
    is_vague = not report.status or report.status.endswith(".0.0")
    status = code if is_vague and code else report.status
    return replace(report, status=status, diagnostic=_words(reply))


def _by_flufl(message: Message) -> tuple[list[str], list[str]]:
    try:
        delayed, failed = all_failures(message)
    except Exception:  # Its detectors take a report for what it should be.
        return [], []
    return _addresses(delayed), _addresses(failed)


def _addresses(names: Iterable[bytes]) -> list[str]:
    return [box.address for box in recipients([name.decode("utf-8", "replace") for name in sorted(names)])]


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
    answered = _ANGLED.findall(f"{field(message, 'References')} {field(message, 'In-Reply-To')}")
    if identifier := _MESSAGE_ID.search(text):
        answered.append(identifier[1])
    return next(reversed(answered), ""), next(reversed(_TO_LINE.findall(text)), "")


def _words(text: str) -> str:
    return plain(one_line(text), MAX_DIAGNOSTIC_LENGTH)
