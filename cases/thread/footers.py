"""The small print that a mail ends with: privacy statements, confidentiality notices, the CRM's own words.

Recognised by known openings alone; what a person wrote below one is shown again. No Django here.
"""

import re
from collections.abc import Sequence

from cases.thread.quote_headers import MAX_LINE_LENGTH, first_written, is_rule

_HEADING = re.compile(
    r"[#*\s【\[]{0,10}(?:隐私声明|隱私聲明|隐私政策声明|保密声明|保密提示|保密條款|免责声明|免責聲明|法律声明"
    r"|privacy (?:statement|notice)|confidentiality (?:notice|statement)|legal (?:notice|disclaimer)"
    r"|e-?mail disclaimer|disclaimer)[\s*】\]]{0,10}[:：]?[\s*]{0,10}",
    re.IGNORECASE,
)
"""The whole line, with a drawn line above it or small print below."""
_OPENING = re.compile(
    r"[*\s【\[(（]{0,10}(?:"
    r"以上内容是一封有关"
    r"|(?:重要提示|特别提示|保密提示|保密声明|免责声明|隐私声明|声明)\s?[:：】\]]\s{0,4}(?:本|此|该)(?:电子)?邮件"
    r"|(?:本|此|该)(?:封)?(?:电子)?(?:邮件|郵件)(?:.{0,24})(?:保密|机密|機密|专有|仅供|仅限|僅供|特定)"
    r"|本信息(?:.{0,24})(?:保密|机密)"
    r"|this (?:e-?mail|message|communication|electronic (?:mail|message))\b.{0,80}"
    r"\b(?:confidential|privileged|intended (?:only|solely|for)|solely for)"
    r"|the (?:information|contents?)(?: contained)? (?:in|of) this"
    r" (?:e-?mail|message|communication|transmission)\b"
    r"|(?:confidentiality notice|disclaimer|important notice|privacy notice)\s?:\s{0,4}\S"
    r"|diese e-?mail (?:kann|enthält)\b.{0,40}vertraulich"
    r"|ce (?:message|courriel)\b.{0,60}confidentiel"
    r")",
    re.IGNORECASE,
)
_GOES_ON = re.compile(
    r"\s{0,10}[-•*]?\s{0,4}[(（]?\d{1,2}[)）.、]|.{0,200}(?:隐私|保密|机密|声明|披露|privacy|confidential|disclos"
    r"|全部回复|技术支持事件)",
    re.IGNORECASE,
)
MIN_SMALL_PRINT = 36
"""Characters of a line that goes on with a footer without a word of its kind: people's own are shorter."""


def footer_end(lines: Sequence[str], start: int, stop: int) -> int:
    """Where the footer ends that begins with ``lines[start]``, before ``stop``; ``start`` if none does.

    A drawn line above belongs to it, and so do further footers below.
    """
    end = _begun(lines, start, stop)
    if end == start:
        return start
    while (index := first_written(lines, end)) < stop:
        further = _begun(lines, index, stop)
        if further == index and not _is_small_print(lines[index]):
            break
        end = max(further, index + 1)
    return end


def _begun(lines: Sequence[str], start: int, stop: int) -> int:
    """Past the line that a footer begins with; ``start`` where none does."""
    first = start
    if is_rule(lines[start]):
        first = first_written(lines, start + 1)
        if first >= min(stop, start + 4):
            return start
    line = lines[first][:MAX_LINE_LENGTH]
    if _OPENING.match(line):
        return first + 1
    if _HEADING.fullmatch(line):
        below = first_written(lines, first + 1)
        if below < stop and (first > start or _is_small_print(lines[below])):
            return first + 1
    return start


def _is_small_print(line: str) -> bool:
    return len(line.strip()) >= MIN_SMALL_PRINT or _GOES_ON.match(line[:MAX_LINE_LENGTH]) is not None
