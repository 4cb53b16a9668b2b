"""The header fields of a message, unfolded and as text."""

import re
from datetime import UTC, datetime, timedelta
from email.message import Message
from email.utils import parsedate_to_datetime

from mail.reading.charsets import decoded

MAX_FIELD_LENGTH = 2**20
"""Characters of one header field, thousands of recipients; RFC 5322 has no limit. What is longer is cut and
ends with “…”, so that it reads as no address and no result."""
MAX_PARAMETERS_LENGTH = 8192
"""Characters that are read of a field with parameters."""
_LOWEST = frozenset(("Subject", "Message-ID", "Date"))
"""Where one of these stands twice, a signature covers the lowest (RFC 6376, 5.4.2): what somebody wrote on
top of a signed mail is not read."""
MAX_REFERENCES = 200
"""The newest are kept."""

_FOLD = re.compile(r"\r?\n[ \t]*|\r")
MAX_ID_BYTES = 998
"""Of a message id: a line has no more (RFC 5322, 2.1.1). What is longer is none, and no index holds it."""
_FIELD_LINE = re.compile(rb"([!-9;-~]{1,200})[ \t]{0,42}:")
_OF_A_PART = re.compile(rb"^Content-[A-Za-z-]{1,40}[ \t]{0,20}:", re.IGNORECASE | re.MULTILINE)
_OF_A_MAIL = re.compile(
    rb"^(?:Received|Return-Path|Message-ID|MIME-Version|Content-[A-Za-z-]{1,40}|X-[\w-]{1,60}|DKIM-Signature)"
    rb"[ \t]{0,20}:",
    re.IGNORECASE | re.MULTILINE,
)
_OF_A_SENDER = re.compile(rb"^(?:From|To|Subject|Date)[ \t]{0,20}:", re.IGNORECASE | re.MULTILINE)
"""Fields that people quote as well."""
_BELOW_A_SUBJECT = re.compile(
    rb"(?:From|To|Cc|Reply-To|Date|Message-ID|MIME-Version|Content-T[a-z-]{1,40}|Received|X-Mailer|X-Priority)"
    rb"[ \t]{0,42}:",
    re.IGNORECASE,
)
"""What a script writes below the subject that it has broken."""
_PARAMETER = re.compile(rb"(?:boundary|charset|name|filename|format|type)\*?[\d*]{0,4}=[\"\w]", re.IGNORECASE)
_BOUNDARY = re.compile(rb"^--\S", re.MULTILINE)
_FOLDED_COLON = re.compile(rb"^[!-9;-~]{1,80}[ \t]{0,20}\r?\n[ \t]{1,20}:", re.MULTILINE)
"""A field for some servers and none for mail programs, so that the two see different senders."""
_BLANKS = bytes.maketrans(b"\r\n", b"  ")
_OF_A_MAILBOX = re.compile(rb">?From \S{1,320} {1,3}(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun) ")
"""Above each mail in a file of mails (mbox)."""
_PROVING = ("authentication-results", "arc-", "received-spf")
EARLIEST = datetime(1970, 1, 2, tzinfo=UTC)
LATEST_AHEAD = timedelta(days=1)

_CHARSET = re.compile(r"\bcharset\s?=\s?[\"']?([\w.:-]{1,40})", re.IGNORECASE | re.ASCII)
_ANGLED = re.compile(r"<([^<>]{1,998})>")


def field(message: Message, name: str) -> str:
    """The topmost field of this name, or the lowest of ``_LOWEST``; empty where there is none."""
    found = fields(message, name)
    return found[-1 if name in _LOWEST else 0] if found else ""


def fields(message: Message, name: str) -> list[str]:
    """The fields of this name, unfolded, the topmost first; encoded words stay (``charsets.words``)."""
    values = [value for key, value in message.raw_items() if key.lower() == name.lower()]
    return [_unfolded(value, message) for value in values]


def _unfolded(value: str, message: Message) -> str:
    cut = value[:MAX_FIELD_LENGTH]
    content = _FOLD.sub(" ", cut).encode("utf-8", "surrogateescape")
    text = decoded(content, "" if content.isascii() else _charset_beside(content, message))
    return text if cut is value or len(value) <= MAX_FIELD_LENGTH else f"{text}…"


def _charset_beside(content: bytes, message: Message) -> str:
    """That of the body, in which old mailers write their fields, too; empty where it is UTF-8 or not said."""
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        types = (value for key, value in message.raw_items() if key.lower() == "content-type")
        named = _CHARSET.search(next(types, "")[:MAX_PARAMETERS_LENGTH])
        return named[1] if named else ""
    return ""


def mended_fields(block: bytes, above: Message, *, of_part: bool) -> tuple[bytes, int]:
    """The rest of a header, from a line on that is no field, as fields, and how many bytes of it they take;
    nothing where none is in it that belongs to a header without doubt. ``above``: the fields that stand
    before it.

    ``Subject :`` is a field (RFC 5322, 4.5); a line that lost its indentation goes on with the subject, a
    parameter with its field. Any other is passed over as long as nobody has written yet; below the sender,
    or a field of a part, it is the first of the text. Results of a proof are left out: who removes forged
    ones saw no header there.
    """
    name = (above.keys() or [""])[-1].lower()
    if name and _BOUNDARY.search(block):  # Of parts, below a line of blanks.
        return b"", 0
    block = _FOLDED_COLON.sub(lambda fold: fold.group().translate(_BLANKS), block)
    if name.startswith("content-") and _PARAMETER.match(block):
        is_header = _PARAMETER.match(block)
    elif of_part:
        is_header = _OF_A_PART.search(block)
    else:
        further = _OF_A_SENDER.match if "From" in above else _OF_A_SENDER.search
        is_header = _OF_A_MAIL.search(block) or further(block)
    if not is_header:
        return b"", 0
    may_be_text = bool(name) if of_part else "From" in above
    fields: list[bytes] = []
    is_kept, length = name == "subject", 0
    lines = block.splitlines(keepends=True)
    for line, following in zip(lines, [*lines[1:], b" "], strict=True):
        field_line = line
        if label := _FIELD_LINE.match(line):
            name = label[1].decode("ascii").lower()
            is_kept = not name.startswith(_PROVING)
            may_be_text |= of_part or name == "from"
            field_line = label[1] + line[label.end() - 1 :]
        elif line[:1] not in (b" ", b"\t"):
            is_of_mailbox = _OF_A_MAILBOX.match(line) is not None
            goes_on = name == "subject" and (not may_be_text or _BELOW_A_SUBJECT.match(following))
            is_parameter = name.startswith("content-") and _PARAMETER.match(line)
            is_kept = bool(is_parameter or (goes_on and not is_of_mailbox))
            if may_be_text and not is_kept and not is_of_mailbox:
                break
            field_line = b" " + line
        if is_kept:
            fields.append(field_line)
        length += len(line)
    # Other readers go on there, and see another sender.
    fields += re.findall(rb"^From[ \t]{0,42}:.*$\n?", block[length:], re.IGNORECASE | re.MULTILINE)
    return b"".join(fields), length


def message_ids(text: str) -> list[str]:
    """The message ids in a field, ``<…>`` each, in order and once; white space within them is a fold's."""
    ids = dict.fromkeys("".join(f"<{inner}>".split()) for inner in _ANGLED.findall(text))
    return [each for each in ids if 2 < len(each.encode("utf-8", "replace")) <= MAX_ID_BYTES][
        -MAX_REFERENCES:
    ]


def date(message: Message) -> tuple[datetime | None, str]:
    """When the sender says it was written, with its offset from UTC, and the field as it came. ``None`` for
    what is no date, or none of a mail: before there were any, or more than a day ahead."""
    value = field(message, "Date").strip()[:200]
    try:
        # As scripts write it.
        moment = datetime.fromisoformat(value) if value[:4].isdecimal() else parsedate_to_datetime(value)
        moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        is_possible = EARLIEST <= moment.astimezone(UTC) <= datetime.now(UTC) + LATEST_AHEAD
    except (ValueError, TypeError, IndexError, OverflowError):
        return None, value
    return (moment if is_possible else None), value
