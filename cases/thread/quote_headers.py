"""What mail clients write above the mail that they quote: a block of fields, a line with known words
between dashes, or a sentence that names the writer and the time.

Written down from the clients themselves: Outlook, Foxmail, QQ and WeCom, NetEase (163, Master), Aliyun, Sina,
139, Coremail, Lark, Zoho, Notes, Gmail, Apple Mail, Thunderbird, Yahoo. No Django here: mail is read without
it. All of it is hostile text (``cases.thread.quote_lines``); a block ends after ``MAX_CONTINUATIONS`` lines
that are no fields.
"""

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import takewhile

from cases.thread.attributions import attribution
from cases.thread.notes_headers import notes_header
from cases.thread.quote_lines import (
    ADDRESS,
    LETTER,
    MAX_CONTINUATIONS,
    MAX_LINE_LENGTH,
    QuoteHeader,
    field_of,
    is_announced,
    is_marked,
    is_rule,
    labelled,
    readable,
    unmarked,
)
from cases.thread.quote_words import FORWARD_BEGINS, LABELS, NOTES_PASSED_ON, OF_FORWARDS, OF_REPLIES, UNSURE

MAX_LINES = 40
"""Of a marked quotation, in which a header is looked for."""


def _any_of(words: Sequence[str]) -> str:
    return "|".join(map(re.escape, sorted(words, key=len, reverse=True)))


_SEPARATOR = re.compile(
    rf"\s{{0,10}}[-‐—–_=*]{{2,200}}\s{{0,10}}(?:(?P<forward>{_any_of(OF_FORWARDS + FORWARD_BEGINS)})"
    rf"|{_any_of(OF_REPLIES)}|(?P<unsure>{_any_of(UNSURE)}))"
    r"\s{0,10}[:：]?[-‐—–_=*]{2,200}\s*",
    re.IGNORECASE,
)
_IN_ONE_LINE = re.compile(
    rf"(?:{_any_of(LABELS['sent'])})\s?:\s?(?P<sent>.{{4,60}}?)(?:{_any_of(LABELS['subject'])})(?:\s?:| )\s?"
    r"(?P<subject>.*)"
)
_PASSED_ON = re.compile(
    rf"\s{{0,10}}-{{3,200}}\s{{0,10}}(?:{_any_of(NOTES_PASSED_ON)}).{{1,200}}?\s-{{3,200}}\s*", re.IGNORECASE
)
_ABOVE_FIELDS = re.compile(
    r"-{2,20}.{1,120}?\s?(?:wrote|写道|寫道|schrieb|a écrit|escribió|escreveu|ha scritto)\s?[:：]?\s?-{2,20}"
    r"|.{1,120}?-{3}.{6,30}\d[:.]\d\d.{0,8}-{3}.*",
    re.IGNORECASE,
)
"""Notes in a browser, and Notes of late with the writer, the time and the beginning of the text."""
_FORWARD_BEGINS = re.compile(rf"(?:{_any_of(FORWARD_BEGINS)})\s?[:：]", re.IGNORECASE)
_OF_RAW_MAIL = re.compile(
    r"(?:Received|Return-Path|Message-ID|MIME-Version|Content-(?:Type|Transfer-Encoding)|X-[\w-]{1,60}"
    r"|DKIM-Signature|Authentication-Results|Delivered-To|References|In-Reply-To|User-Agent"
    r"|Received-SPF|ARC-[\w-]{1,60}|List-[\w-]{1,60}|Thread-(?:Topic|Index)|Diagnostic-Code)\s?:"
    r"|From \S{1,200} .{0,60}\d{4}$"
    r"|MAIL FROM|RCPT TO|(?-i:DATA|QUIT|STARTTLS)$|(?-i:EHLO|HELO) \S{1,200}$"
    r"|354[ -][A-Z]|RETR \d|\+OK\b|\* \d{1,9} FETCH\b",
    re.IGNORECASE,
)
"""Fields that no client puts above a quotation, and what is said when a mail is handed over: who pastes these
shows a mail's source."""
MAX_OF_RAW_MAIL = 12
"""Lines above fields, in which what belongs to a mail's source is looked for."""
_OF_ALIYUN = re.compile(r"(?:Sender|Recipient)\s?:", re.IGNORECASE)
"""Aliyun in English; gateways and logs name their mails' fields so, too."""
_OF_TABLE = re.compile(r"\||[^:：\t]{1,24}\t")
"""A row whose cells are divided and whose label has no colon."""
_BEGINS_LIKE_A_TIME = re.compile(r"\W{0,3}\d{1,4}\s?[-/.:年]\s?\d")
_ONLY_ADDRESS = re.compile(r"[<\[][^\s<>\[\]]{1,120}@[^\s<>\[\]]{1,120}[>\]]")


def quote_header_at(lines: Sequence[str], start: int) -> QuoteHeader | None:
    """The header that begins with ``lines[start]``, a line that only draws a line above it included."""
    line = readable(lines[start])
    if not line:
        return None
    if (separator := _SEPARATOR.match(line)) and (header := _separated(lines, start, separator)):
        return replace(header, is_forward=separator["forward"] is not None)
    if _PASSED_ON.fullmatch(line):
        return replace(_below(lines, start), is_forward=True)
    if _FORWARD_BEGINS.fullmatch(line):
        fields = _above_fields(lines, start)
        return replace(fields, is_forward=True) if fields else None
    if _ABOVE_FIELDS.fullmatch(line) and (fields := _above_fields(lines, start)):
        return fields
    if is_rule(line):
        below = start + 1 if start + 1 < len(lines) and lines[start + 1].strip() else start + 2
        if below >= len(lines) or is_rule(readable(lines[below])):
            return None
        fields = _block(lines, below, after_rule=True) if labelled(readable(lines[below])) else None
        return replace(fields, start=start) if fields else None
    if labelled(line):
        return _block(lines, start)
    return attribution(lines, start) or notes_header(lines, start)


def _separated(lines: Sequence[str], start: int, separator: re.Match[str]) -> QuoteHeader | None:
    """The header that a line of known words begins. Yahoo writes the fields into it."""
    line = separator.string
    if first := labelled(line[separator.end() :]):
        sender, bracket, _rest = first[1].partition(">")
        said = _IN_ONE_LINE.search(line)
        return QuoteHeader(
            start,
            start + 1,
            sender=f"{sender}{bracket}" if bracket else "",
            sent=said["sent"].strip() if said else "",
            subject=said["subject"].strip() if said else "",
        )
    if separator.end() < len(line):
        return None
    header = _below(lines, start)
    return None if separator["unsure"] and header.end == start + 1 else header


def _below(lines: Sequence[str], start: int) -> QuoteHeader:
    """The header that a line of known words begins; what is a header below it is part of it."""
    below, header = _near(lines, start), None
    if below:
        header = (
            _block(lines, below, after_rule=True, after_words=True)
            or attribution(lines, below)
            or notes_header(lines, below)
        )
    header = header or QuoteHeader(start, start + 1)
    return replace(header, start=start, is_complete=True)


def _above_fields(lines: Sequence[str], start: int) -> QuoteHeader | None:
    """The header of which a line above fields is the first; they may be marked."""
    below = _near(lines, start)
    inner = lines[below : below + MAX_LINES]
    if is_marked(inner[0]):
        inner = [unmarked(line) for line in inner]
    header = _block(inner, 0, after_rule=True) if below else None
    return replace(header, start=start, end=below + header.end) if header else None


def _near(lines: Sequence[str], start: int) -> int:
    """The index of the line below, blank ones passed over; 0 where there is none near."""
    return next((index for index in range(start + 1, min(start + 4, len(lines))) if lines[index].strip()), 0)


def _block(
    lines: Sequence[str], start: int, *, after_rule: bool = False, after_words: bool = False
) -> QuoteHeader | None:
    values: dict[str, str] = {}
    last, end, index, continuations, blanks_between = "", start, start, 0, False
    while index < len(lines):
        line = readable(lines[index])
        if not line:
            between = index > start and index + 1 < len(lines) and end == index
            following = labelled(readable(lines[index + 1])) if between else None
            # QQ leaves a blank line above the subject alone.
            is_last = following and following[0] == "subject" and "subject" not in values
            if not following or not (len(values) == 1 or blanks_between or is_last):
                break
            blanks_between = blanks_between or not is_last
        elif field := labelled(line) or (values and _label_alone(line)):
            name, value = field
            if name in values:
                break
            values[name] = value.strip(" *|;；")
            last, end = name, index + 1
        elif _OF_RAW_MAIL.match(line):
            return None
        elif index > start and continuations < MAX_CONTINUATIONS and _goes_on(lines, index, last, values):
            values[last] = f"{values[last]} {line.strip(' *|;；')}".strip()
            end, continuations = index + 1, continuations + 1
        else:
            break
        index += 1
    if not values:
        return None
    if not after_words and not (
        _is_evident(values, lines, start, after_rule=after_rule)
        and _is_by_client(lines, start, end, after_rule=after_rule)
    ):
        return None
    sender, sent, to, cc, subject = (values.get(name, "") for name in ("from", "sent", "to", "cc", "subject"))
    # Who writes “the mail was this:” shows it, unless it is quoted with “>”.
    is_shown = not after_rule and is_announced(lines, start)
    return QuoteHeader(start, end, sender, sent, to, cc, subject, is_complete=not is_shown)


def _label_alone(line: str) -> tuple[str, str] | None:
    """The field that a row of a table is whose other cell is empty."""
    name = field_of(line)
    return (name, "") if name else None


def _goes_on(lines: Sequence[str], index: int, last: str, values: dict[str, str]) -> bool:
    """Whether a line goes on with the field above: below its label, indented, more addresses, or behind a
    hard line break."""
    line, above = lines[index], lines[index - 1]
    if last in {"from", "sent", "to"} and not values[last] and above.strip():
        return True
    if last in {"from", "to", "cc"} and _ONLY_ADDRESS.fullmatch(readable(line)):
        return True
    if last in {"to", "cc"} and "@" in line[:MAX_LINE_LENGTH] and above.rstrip(" \r*|")[-1:] in ";；,，、:：":
        return True
    return bool(last) and above.strip() != "" and (line[:1] in " \t" or above.endswith("  "))


def _is_evident(values: dict[str, str], lines: Sequence[str], start: int, *, after_rule: bool) -> bool:
    """Whether fields without known words above them are a client's and not somebody's own text: logs, tables
    and waybills have a “From:” as well."""
    sender = values.get("from", "")
    if not LETTER.search(sender) or _BEGINS_LIKE_A_TIME.match(sender):
        return False
    if "sent" in values and not re.search(r"\d", values["sent"]):
        return False
    above = lines[start - 1].strip() if start else ""
    count = len(values.keys() & {"from", "sent", "to", "subject"})
    is_addressed = any(ADDRESS.search(values.get(name, "")) for name in ("from", "to"))
    if count >= 3:
        return "subject" in values or ("sent" in values and is_addressed)
    return count == 2 and (after_rule or not above) and ADDRESS.search(sender) is not None


def _is_by_client(lines: Sequence[str], start: int, end: int, *, after_rule: bool) -> bool:
    """Whether fields are not a piece of a table, of a mail's source or of a gateway's notice."""
    first = readable(lines[start])
    if _OF_TABLE.match(first):
        around = [*lines[max(0, start - 1) : start], *lines[end : end + 1]]
        if first.startswith("|") or any("\t" in row for row in around):
            return False
    of_aliyun = [_OF_ALIYUN.match(readable(line)) is not None for line in lines[start:end]]
    is_aliyun = after_rule and of_aliyun[0] and readable(lines[start + 1]).lower().startswith("sent at")
    if any(of_aliyun) and not is_aliyun:
        return False
    above = lines[max(0, start - MAX_OF_RAW_MAIL) : start][::-1]
    near = list(takewhile(str.strip, above)) or above[1:2]
    return not any(map(is_of_raw_mail, near))


def is_of_raw_mail(line: str) -> bool:
    """Whether ``line`` belongs to a mail's source, or is said when one is handed over."""
    return _OF_RAW_MAIL.match(line[:MAX_LINE_LENGTH].strip()) is not None
