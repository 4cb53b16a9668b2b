"""Sentences that name the writer and the time of a quoted mail: “On … wrote:”, as clients write them.

Linear: a sentence has at most ``MAX_LENGTH`` characters on ``MAX_LINES`` lines. No Django here.
"""

import re
from collections.abc import Sequence

from cases.thread.quote_lines import ADDRESS, DATED, QuoteHeader, readable

MAX_LENGTH = 400
MAX_LINES = 3
MAX_VERB_LENGTH = 60
"""Of the end that says that somebody wrote, dashes included."""

_VERBS = (
    r"(?:wrote|写道|寫道|写到|寫到|写入|寫入|撰写|a écrit|escribió|va escriure|escreveu|ha scritto|geschreven"
    r"|följande|følgende|kirjoitti|napisał(?:\(?a\)?)?|nap[ií]sal(?:\(?a\)?)?|napsal(?:\(?a\)?)?"
    r"|napisa(?:o|la)(?:/la)? je|je napisa(?:o/la|o|la)|írta|yazdı|a scris|написа[лв](?:\(?а\)?)?|пише|пишет"
    r"|đã viết|menulis|(?<=>)のメール|(?<=>)さん[がは]書きました|(?<=>)(?:님이)? ?작성)"
    r"\s?(?:[:：]|-{2,20})"
)
_WRITES = r"(?:schrieb|schreef|skrev(?: følgende)?|kirjoitti|kirjutas)"
_AT = r"[-\s]{0,10}(?:On|At|Le|El|Em|Il|In data|În|Op|Am|Den|D\.|Kuupäev|Dnia|W dniu|Dne|Dňa|Dana|Vào|Pada)"
_WEEKDAY = r"(?:[^\W\d]{1,12}\.?,?\s){0,2}"
_NAMED = r"[^:=<>\[\]]{0,80}<\s?[^<>\s]{1,120}@[^<>\s]{1,120}\s?>"
_CLOCK = r"\d[:.]\d\d(?:[:.]\d\d)?(?: ?[AaPp]\.?[Mm]\.?)?"
_OFFSET = r" (?:GMT)?[+-]\d{1,2}:?\d\d"
_CLOCK_NAMED = rf"{_CLOCK}(?:(?:{_OFFSET})?(?:[,，]| от)|{_OFFSET} from| GMT[+-]\d{{1,2}}:?\d\d) {_NAMED}"
"""Yandex, Mail.ru and Gmail say no more; a log that ends so has no comma behind its time."""
_CLOCK_FIRST = rf"(?P<sent>\d?{_CLOCK}, [^:<>\[\]]{{4,30}}\d{{4}}(?: г\.)?), (?P<sender>{_NAMED})"
_JAPANESE = rf"\d{{4}}年\d{{1,2}}月\d{{1,2}}日\(.\) \d?{_CLOCK} {_NAMED}"
"""Yandex of late; Gmail in Japanese."""
_VERB_ENDS = re.compile(rf"[,，]?\s?(?:{_VERBS}|\bwrote)$")
_ENDS = re.compile(
    rf"\b{_WRITES}\b.{{0,200}}:$|(?:wrote on|写于) .{{4,60}}[:：]$| ezt írta \([^()]{{4,60}}\):$"
    rf"| hat am \d.{{4,60}} geschrieben:$"
    rf"|{_CLOCK_NAMED}\s?[:：]$|^(?:{_CLOCK_FIRST}|{_JAPANESE})\s?:$"
)
_SAYS_SO = re.compile(rf"\b{_WRITES}\b|(?:wrote on|写于) | ezt írta | hat am \d")
"""Without these only time and address together make a sentence one."""
_BEGINS = re.compile(
    rf"{_AT} |[-\s]{{0,10}}(?:在|[于於]\s?\d|\d{{4}}年)|\W{{0,3}}{_WEEKDAY}\d{{1,4}}[-/. ].{{0,60}}\d[:.]\d\d"
)
_WRITER_THEN_TIME = re.compile(rf"[于於在]\s?\d{{4}}| {_WRITES} | ezt írta | hat am ")
_BEFORE_A_VERB = tuple(
    re.compile(pattern)
    for pattern in (
        rf"{_AT} (?P<what>.+)",
        r"[-\s]{0,10}(?:在|[于於](?=\s?\d))\s?(?P<what>.+)",
        r"(?P<sender>.{1,160}?)\s?[于於在]\s?(?P<sent>\d{4}.{4,60})",
        rf"(?P<sender>{_NAMED}),? (?P<sent>\d.{{4,60}})",
        rf"(?P<what>{_WEEKDAY}\d.+)",
    )
)
_OTHER_FORMS = tuple(
    re.compile(pattern)
    for pattern in (
        rf"(?:{_AT} )?(?P<sent>{_WEEKDAY}\d[^@]+?),? {_WRITES} (?P<sender>.+):",
        rf"(?P<sender>.{{1,160}}?) {_WRITES} (?:(?:am|op|den) )?(?P<sent>[^@]+):",
        r"(?P<sender>.{1,160}?) hat am (?P<sent>\d.{4,60}?) geschrieben\s?:",
        r"(?P<sender>.{1,160}?) ezt írta \([^:]{1,20}: (?P<sent>.{4,60})\):",
        r"(?P<sender>.{1,160}?) ?(?:wrote on|写于) (?P<sent>.{4,60}?)[:：]",
        rf"{_CLOCK_FIRST}\s?:",
        rf"(?P<what>.{{0,60}}{_CLOCK_NAMED}|{_JAPANESE})\s?[:：]",
    )
)
_WRITER_AND_TIME = re.compile(rf"(?P<sender>{_NAMED})[,，]\s?(?P<sent>\d.+)")
_TIME_THEN_WRITER = re.compile(
    r"(?P<sent>.*\d{1,2}[:.]\d{2}(?:[:.]\d{2})?(?:\s?[AaPp]\.?[Mm]\b\.?)?"
    r"(?:\s?(?:GMT|UTC)?[+-]\d{1,2}:?\d{0,2}|\s(?:GMT|UTC|CST)|\s[A-Z]{3,5}(?=[,，、]))?)[\s,，、]*(?P<sender>\S.*)"
)
_BEFORE_WRITER = re.compile(r"^(?:heeft|schreef|skrev|от|from|пользователь|používateľ|użytkownik) ")
_DAY_THEN_WRITER = re.compile(r"(?P<sent>.*\d(?:日|号)?)\s?[,，]\s?(?P<sender>\S.*)")


def attribution(lines: Sequence[str], start: int) -> QuoteHeader | None:
    """The sentence that begins with ``lines[start]``."""
    joined = readable(lines[start])
    count = 1
    if not _ends(joined):
        if not (_BEGINS.match(joined) or ("@" in joined and _WRITER_THEN_TIME.search(joined))):
            return None
        for line in lines[start + 1 : start + MAX_LINES]:
            joined = f"{joined} {readable(line)}"
            count += 1
            if not line.strip() or _ends(joined):
                break
    if len(joined) > MAX_LENGTH or not _ends(joined):
        return None
    sent, sender = _said_by(joined)
    is_complete = bool(sent) and DATED.search(joined) is not None and ADDRESS.search(joined) is not None
    if not is_complete and not (_verb(joined) or _SAYS_SO.search(joined)):
        return None
    return QuoteHeader(start, start + count, sender=sender, sent=sent, is_complete=is_complete)


def _ends(line: str) -> bool:
    if not line.endswith((":", "：", "-", " wrote")):
        return False
    return _verb(line) is not None or _ENDS.search(line[-300:]) is not None


def _verb(line: str) -> re.Match[str] | None:
    return _VERB_ENDS.search(line, max(0, len(line) - MAX_VERB_LENGTH))


def _said_by(sentence: str) -> tuple[str, str]:
    """Time and writer as the sentence has them; both empty where it has another form."""
    verb = _verb(sentence)
    stem = sentence[: verb.start()] if verb else ""
    forms = [(pattern, stem) for pattern in _BEFORE_A_VERB] + [
        (pattern, sentence) for pattern in _OTHER_FORMS
    ]
    match = next((match for pattern, text in forms if (match := pattern.fullmatch(text))), None)
    parts = match.groupdict() if match else {"sent": "", "sender": ""}
    if "what" not in parts:
        return parts["sent"].strip(), parts["sender"].strip(" ,，")
    for order in (_WRITER_AND_TIME, _TIME_THEN_WRITER, _DAY_THEN_WRITER):
        if split := order.fullmatch(parts["what"].strip()):
            sender = split["sender"].strip(" ,，")
            return split["sent"].strip(" ,，"), _BEFORE_WRITER.sub("", sender)
    return parts["what"].strip(), ""
