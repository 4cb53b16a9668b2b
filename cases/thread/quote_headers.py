"""What mail clients write above the mail that they quote: a block of fields, a line with known words
between dashes, or a sentence that names the writer and the time.

Written down from the clients themselves: Outlook, Foxmail, QQ and WeCom, NetEase (163, Master), Aliyun, Sina,
139, Coremail, Lark, Zoho, Notes, Gmail, Apple Mail, Thunderbird. No Django here: mail is read without it.
All of it is hostile text. Every pattern is linear, a line counts up to ``MAX_LINE_LENGTH`` characters, and a
block ends after ``MAX_CONTINUATIONS`` lines that are no fields.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from cases.thread.quote_words import LABELS, SEPARATORS

MAX_LINE_LENGTH = 1000
MAX_ATTRIBUTION_LENGTH = 400
MAX_ATTRIBUTION_LINES = 3
MAX_CONTINUATIONS = 20

_FORWARDED = re.compile(
    r"forward|转发|轉寄|転送|weitergeleitet|transf[ée]r|reenviado|encaminhada|inoltrato|doorgestuurd|przekazana"
    r"|přeposlaná|preposlaná|vidarebefordra|videresen|välitetty|továbbított|iletilen|пере(?:на|адр|сл)",
    re.IGNORECASE,
)


_FIELD_OF = {"".join(label.lower().split()): name for name, labels in LABELS.items() for label in labels}
_LABELLED = re.compile(r"[\s*_|]{0,20}([^:：|\t*_]{1,20})[\s*_]{0,10}(?:[:：|]|\t)[\s*_|]{0,10}(.*)")
_SEPARATOR = re.compile(
    r"\s{0,10}[-—_=*]{2,200}\s{0,10}("
    + "|".join(map(re.escape, sorted(SEPARATORS, key=len, reverse=True)))
    + r")\s{0,10}[:：]?[-—_=*]{2,200}\s*",
    re.IGNORECASE,
)
_SENT_IN_LINE = re.compile(
    rf"(?:{'|'.join(map(re.escape, LABELS['sent']))})\s?:\s?(.{{4,60}}?)"
    rf"(?:{'|'.join(map(re.escape, LABELS['subject']))})\s?:"
)
_GREETING = re.compile(
    r"(?:(?:dear|hello|hi)\b.{0,60}|(?:尊敬的)?.{0,12}[您你](?:们)?好|各位.{0,6}"
    r"|tel|电话|手机|地址|邮箱|传真|fax|e-?mail)\s?[:：]",
    re.IGNORECASE,
)
_PASSED_ON = re.compile(
    r"\s{0,10}-{3,200}\s{0,10}(?:forwarded by\s|转发人).{1,200}?\s-{3,200}\s*",
    re.IGNORECASE,
)
_RULE = re.compile(r"\s{0,10}(?:[-—_=*]{3,200}|[-_=*](?: [-_=*]){2,100}|(?:原始邮件|Original Message))\s*")
_OF_RAW_MAIL = re.compile(
    r"(?:Received|Return-Path|Message-ID|MIME-Version|Content-(?:Type|Transfer-Encoding)|X-[\w-]{1,60}"
    r"|DKIM-Signature|Authentication-Results|Delivered-To|References|In-Reply-To|User-Agent)\s?:"
    r"|From \S{1,200} .{0,60}\d{4}$|MAIL FROM|RCPT TO",
    re.IGNORECASE,
)
"""Fields that no client puts above a quotation: who pastes these shows a mail's source."""

ADDRESS = re.compile(r"(?<![\w.+%'-])[\w.+%'-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}")
_BEGINS_LIKE_A_TIME = re.compile(r"\W{0,3}\d{1,4}\s?[-/.:年]\s?\d")
_LETTER = re.compile(r"[^\W\d_]")
_MARKDOWN_LINK = re.compile(r"\[([^\[\]]{0,300})\]\((?:mailto:|https?:)[^()\s]{0,300}\)")
_DATED = re.compile(r"\d{4}|\d{1,2}[./-]\d{1,2}[./-]\d{2}")

_VERBS = (
    r"(?:wrote|写道|寫道|写到|寫到|撰写|a écrit|escribió|escreveu|ha scritto|geschreven|följande|følgende"
    r"|kirjoitti|napisał(?:\(?a\)?)?|naps[aí]l(?:\(?a\)?)?|írta|yazdı|a scris"
    r"|написа[лв](?:\(?а\)?)?|пише|пишет)"
    r"\s?(?:[:：]|-{2,20})"
)
_WRITES = r"(?:schrieb|schreef|skrev)"
_AT = r"[-\s]{0,10}(?:On|At|Le|El|Em|Il giorno|In data|Op|Den|Dnia|Dne)"
_NAMED = r"[^:=<>\[\]]{0,80}<\s?[^<>\s]{1,120}@[^<>\s]{1,120}\s?>"
_CLOCK_NAMED = rf"\d[:.]\d\d(?:[:.]\d\d)?(?: [+-]\d{{4}})?(?:[,，]| GMT[+-]\d{{1,2}}:?\d\d| от) {_NAMED}"
"""Yandex, Mail.ru and Gmail say no more; a log that ends so has no comma behind its time."""
_ENDS_AN_ATTRIBUTION = re.compile(
    rf"{_VERBS}$|\b{_WRITES}\b.{{0,200}}:$|(?:wrote on|写于) .{{4,60}}[:：]$|{_CLOCK_NAMED}\s?[:：]$| wrote$"
)
_SAYS_SO = re.compile(rf"{_VERBS}$|\b{_WRITES}\b|(?:wrote on|写于) ")
"""Without these only time and address together make a sentence one."""
_BEGINS_AN_ATTRIBUTION = re.compile(
    rf"{_AT} |[-\s]{{0,10}}(?:Am |在|[于於]\s?\d|\d{{4}}年)"
    r"|\W{0,3}(?:[^\W\d]{1,12}\.?,?\s){0,2}\d{1,4}[-/. ].{0,60}\d[:.]\d\d"
)
_WRITER_THEN_TIME = re.compile(rf"[于於在]\s?\d{{4}}| {_WRITES} ")
_ATTRIBUTIONS = tuple(
    re.compile(pattern)
    for pattern in (
        rf"{_AT} (?P<what>.+?)[,，]?\s?(?:{_VERBS}|wrote)",
        rf"[-\s]{{0,10}}(?:在|[于於](?=\s?\d))\s?(?P<what>.+?)\s?{_VERBS}",
        rf"(?:Am|Op|Den) (?P<sent>.+) {_WRITES} (?P<sender>.+):",
        rf"(?P<sender>.{{1,160}}?) {_WRITES} (?:am|op|den) (?P<sent>.+):",
        rf"(?P<sender>.{{1,160}}?)\s?[于於在]\s?(?P<sent>\d{{4}}.{{4,60}}?)\s?{_VERBS}",
        rf"(?P<sender>{_NAMED}),? (?P<sent>\d.{{4,60}}?)\s?{_VERBS}",
        rf"(?P<what>\d.+?)\s?{_VERBS}",
        r"(?P<sender>.{1,160}?) ?(?:wrote on|写于) (?P<sent>.{4,60}?)[:：]",
        rf"(?P<what>.{{0,60}}{_CLOCK_NAMED})\s?[:：]",
    )
)
_TIME_THEN_WRITER = re.compile(
    r"(?P<sent>.*\d{1,2}:\d{2}(?::\d{2})?(?:\s?[AaPp]\.?[Mm]\b\.?)?(?:\s?(?:GMT|UTC)?[+-]\d{1,4}|\s(?:GMT|UTC|CST))?)"
    r"[\s,，]*(?P<sender>\S.*)"
)
_BEFORE_WRITER = re.compile(r"^(?:heeft|от|пользователь) ")
_DAY_THEN_WRITER = re.compile(r"(?P<sent>.*\d(?:日|号)?)\s?[,，]\s?(?P<sender>\S.*)")


@dataclass(frozen=True)
class QuoteHeader:
    """What introduces a quoted mail: ``lines[start:end]``. Sender, time and so on as written, empty where
    the header does not say them.

    ``by_fields``: a block of fields or a line of known words; else a sentence. ``is_complete``: evidence
    enough without ``>`` in front of what follows.
    """

    start: int
    end: int
    sender: str = ""
    sent: str = ""
    to: str = ""
    cc: str = ""
    subject: str = ""
    by_fields: bool = True
    is_complete: bool = True
    is_forward: bool = False


def is_marked(line: str) -> bool:
    """Whether ``line`` is quoted by ``>``."""
    return line[:4].lstrip(" ").startswith(">")


def unmarked(line: str) -> str:
    """The line of the quoted mail, one level of quoting taken away."""
    return line.lstrip(" ").removeprefix(">").removeprefix(" ")


def is_rule(line: str) -> bool:
    """Whether ``line`` only draws a line."""
    return len(line) <= MAX_LINE_LENGTH and _RULE.fullmatch(line) is not None


def first_written(lines: Sequence[str], start: int) -> int:
    """The index of the first line from ``start`` on that is not blank; their number where all are."""
    return next((index for index in range(start, len(lines)) if lines[index].strip()), len(lines))


def quote_header_at(lines: Sequence[str], start: int) -> QuoteHeader | None:
    """The header that begins with ``lines[start]``, a line that only draws a line above it included."""
    line = _readable(lines[start])
    if not line:
        return None
    if (separator := _SEPARATOR.match(line)) and (first := _labelled(line[separator.end() :])):
        return _in_one_line(line, start, first[1], is_forward=bool(_FORWARDED.search(separator.group(1))))
    if separator := _SEPARATOR.fullmatch(line):
        return _below(lines, start, is_forward=bool(_FORWARDED.search(separator.group(1))))
    if passed_on := _PASSED_ON.fullmatch(line):
        return _below(lines, start, is_forward=bool(passed_on.group()))
    if _RULE.fullmatch(line):
        below = start + 1 if start + 1 < len(lines) and lines[start + 1].strip() else start + 2
        if below >= len(lines) or _RULE.fullmatch(_readable(lines[below])):
            return None
        header = _block(lines, below, after_rule=True) if _labelled(_readable(lines[below])) else None
        return None if header is None else _begun_at(header, start)
    if _labelled(line):
        return _block(lines, start)
    return _attribution(lines, start)


def _in_one_line(line: str, start: int, first: str, *, is_forward: bool) -> QuoteHeader:
    """Yahoo writes the fields into the line of known words."""
    sender, bracket, _rest = first.partition(">")
    sent = _SENT_IN_LINE.search(line)
    return QuoteHeader(
        start,
        start + 1,
        sender=f"{sender}{bracket}" if bracket else "",
        sent=sent[1].strip() if sent else "",
        is_forward=is_forward,
    )


def _readable(line: str) -> str:
    """A line as recognised: without the marks of Markdown and with plain spaces."""
    line = line[:MAX_LINE_LENGTH].replace("\xa0", " ").replace("\u3000", " ").replace("\ufeff", "").strip()
    return _MARKDOWN_LINK.sub(r"\1", line) if "](" in line else line


def _labelled(line: str) -> tuple[str, str] | None:
    """The field that a line is, and its value. Chinese clients align their labels: “主　题”."""
    match = _LABELLED.match(line)
    name = _FIELD_OF.get("".join(match[1].lower().split())) if match else None
    return (name, match[2]) if match and name else None


def _begun_at(header: QuoteHeader, start: int, *, is_forward: bool = False) -> QuoteHeader:
    return replace(header, start=start, is_forward=is_forward or header.is_forward)


def _below(lines: Sequence[str], start: int, *, is_forward: bool) -> QuoteHeader:
    """The header that a line of known words begins; fields below it are part of it."""
    below = next((index for index in range(start + 1, min(start + 4, len(lines))) if lines[index].strip()), 0)
    if below and (block := _block(lines, below, after_rule=True, after_words=True)):
        return _begun_at(block, start, is_forward=is_forward)
    return QuoteHeader(start, start + 1, is_forward=is_forward)


def _block(
    lines: Sequence[str], start: int, *, after_rule: bool = False, after_words: bool = False
) -> QuoteHeader | None:
    values: dict[str, str] = {}
    last, end, index, continuations, blanks_between = "", start, start, 0, False
    while index < len(lines):
        line = _readable(lines[index])
        if not line:
            between = index > start and index + 1 < len(lines) and end == index
            following = _labelled(_readable(lines[index + 1])) if between else None
            # QQ leaves a blank line above the subject alone.
            is_last = following and following[0] == "subject" and "subject" not in values
            if not following or not (len(values) == 1 or blanks_between or is_last):
                break
            blanks_between = blanks_between or not is_last
        elif field := _labelled(line):
            name, value = field
            if name in values:
                break
            values[name] = value.strip(" *|;；")
            last, end = name, index + 1
        elif _OF_RAW_MAIL.match(line):
            return None
        elif index > start and continuations < MAX_CONTINUATIONS and _goes_on(lines, index, last):
            values[last] = f"{values[last]} {line.strip(' *|;；')}".strip()
            end, continuations = index + 1, continuations + 1
        else:
            break
        index += 1
    if start and not after_words and _OF_RAW_MAIL.match(_readable(lines[start - 1])):
        return None
    if not after_words and not _is_evident(values, lines, start, after_rule=after_rule):
        return None
    if not values:
        return None
    sender, sent, to, cc, subject = (values.get(name, "") for name in ("from", "sent", "to", "cc", "subject"))
    return QuoteHeader(start, end, sender, sent, to, cc, subject)


def _goes_on(lines: Sequence[str], index: int, last: str) -> bool:
    """Whether a line goes on with the field above: indented, more addresses, or behind a hard line break."""
    line, above = lines[index], lines[index - 1]
    if last in {"to", "cc"} and "@" in line[:MAX_LINE_LENGTH] and above.rstrip(" \r*|")[-1:] in ";；,，、:：":
        return True
    return bool(last) and above.strip() != "" and (line[:1] in " \t" or above.endswith("  "))


def _is_evident(values: dict[str, str], lines: Sequence[str], start: int, *, after_rule: bool) -> bool:
    """Whether fields without known words above them are a client's and not somebody's own text: logs, tables
    and waybills have a “From:” as well."""
    sender = values.get("from", "")
    if not _LETTER.search(sender) or _BEGINS_LIKE_A_TIME.match(sender):
        return False
    if "sent" in values and not re.search(r"\d", values["sent"]):
        return False
    above = lines[start - 1].strip() if start else ""
    if not after_rule and _is_announced(lines, start):
        return False  # Who writes “the mail was this:” shows it.
    count = len(values.keys() & {"from", "sent", "to", "subject"})
    is_addressed = any(ADDRESS.search(values.get(name, "")) for name in ("from", "to"))
    if count >= 3:
        return "subject" in values or ("sent" in values and is_addressed)
    return count == 2 and (after_rule or not above) and ADDRESS.search(sender) is not None


def _is_announced(lines: Sequence[str], start: int) -> bool:
    """Whether the last written line above ends in a colon; a greeting or a label of a signature announces
    nothing."""
    above = next((line for line in lines[max(0, start - 4) : start][::-1] if line.strip()), "").strip()
    return above.endswith((":", "：")) and (lines[start - 1].strip() != "" or not _GREETING.fullmatch(above))


def _attribution(lines: Sequence[str], start: int) -> QuoteHeader | None:
    joined = _readable(lines[start])
    count = 1
    if not _ends_an_attribution(joined):
        if not (_BEGINS_AN_ATTRIBUTION.match(joined) or ("@" in joined and _WRITER_THEN_TIME.search(joined))):
            return None
        for line in lines[start + 1 : start + MAX_ATTRIBUTION_LINES]:
            joined = f"{joined} {_readable(line)}"
            count += 1
            if not line.strip() or _ends_an_attribution(joined):
                break
    if len(joined) > MAX_ATTRIBUTION_LENGTH or not _ends_an_attribution(joined):
        return None
    sent, sender = _said_by(joined)
    is_dated = _DATED.search(joined) is not None
    is_complete = bool(sent) and is_dated and ADDRESS.search(joined) is not None
    if not is_complete and not _SAYS_SO.search(joined):
        return None
    return QuoteHeader(
        start, start + count, sender=sender, sent=sent, by_fields=False, is_complete=is_complete
    )


def _ends_an_attribution(line: str) -> bool:
    return line.endswith((":", "：", "-", " wrote")) and bool(_ENDS_AN_ATTRIBUTION.search(line[-300:]))


def _said_by(sentence: str) -> tuple[str, str]:
    """Time and writer as the sentence has them; both empty where it has another form."""
    for pattern in _ATTRIBUTIONS:
        if match := pattern.fullmatch(sentence):
            parts = match.groupdict()
            if "what" not in parts:
                return parts["sent"].strip(), parts["sender"].strip(" ,，")
            for order in (_TIME_THEN_WRITER, _DAY_THEN_WRITER):
                if split := order.fullmatch(parts["what"].strip()):
                    sender = split["sender"].strip(" ,，")
                    return split["sent"].strip(" ,，"), _BEFORE_WRITER.sub("", sender)
            return parts["what"].strip(), ""
    return "", ""
