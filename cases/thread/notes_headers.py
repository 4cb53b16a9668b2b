"""What Notes writes above the mail that it quotes: the writer, the time, then To, cc and Subject without a
colon, each label beside its value or above it; from a page, the cells of a table.

Evidence are writer, time, To and Subject together, in this order, and an address of the writer or in To: the
record of a job has the rest as well. Linear: at most ``MAX_LINES`` lines are looked at. No Django here.
"""

import re
from collections.abc import Sequence

from cases.thread.quote_lines import (
    ADDRESS,
    DATED,
    LETTER,
    QuoteHeader,
    field_of,
    is_announced,
    is_rule,
    labelled,
    readable,
)
from cases.thread.quote_words import NOTES_BESIDE

MAX_LINES = 40
MAX_NAME_LENGTH = 60
MAX_WRITER_LENGTH = 160

_MOMENT = re.compile(
    r"(?:[^\W\d]{1,12}[.,]{0,2}\s){0,2}\d{1,4}\s?[-/.,年 ].{0,40}\d[:.]\d\d(?:[:.]\d\d)?"
    r"(?:\s?[AaPp]\.?[Mm]\.?)?(?:\s?\(?[A-Z]{2,5}\d?\)?)?(?:\s?[+-]\d\d:?\d\d)?"
)
_SPACED = re.compile(r"(\S.{0,23}?) {2,40}(.*)")
_NAME = re.compile(r"[^\W\d_]{2,40}[,.]? [^\W\d_]|[一-龥]|[^\W\d_]/[^\W\d_]")
"""Two words, Han characters or a name with its unit: what stands alone may be a machine."""
_OF_NOTES = re.compile(
    r"(?:[^\W\d_] [^\W\d_]|[一-龥])[^/@]{0,40}(?:(?:/[^/@]{1,60}){1,5}@\w|(?:/[^/@\s]{1,40}){2})"
)
"""An address of Notes, “Name/Unit/Company@Domain”, without its domain within one house."""
_ONLY_ADDRESS = re.compile(r"[<(\[]?[^\s<>()\[\]]{1,64}@[^\s<>()\[\]]{1,120}[>)\]]?")
_BESIDE = tuple(beginning.lower() for beginning in NOTES_BESIDE)


def notes_header(lines: Sequence[str], start: int) -> QuoteHeader | None:
    """The header whose first line is the writer, ``lines[start]``."""
    writer = readable(lines[start])
    if len(writer) > MAX_WRITER_LENGTH or not LETTER.search(writer) or writer.endswith((":", "：")):
        return None
    index, address = start + 1, ""
    for line in lines[start + 1 : start + 5]:
        sent, _, beside = readable(line).partition("\t")
        if _MOMENT.fullmatch(sent) and DATED.search(sent):
            break
        if _ONLY_ADDRESS.fullmatch(sent):
            address = sent
        elif sent and not sent.lower().startswith(_BESIDE):
            return None
        index += 1
    else:
        return None
    if not (address or ADDRESS.search(writer) or _is_name_apart(writer, lines, start)):
        return None
    if is_announced(lines, start):
        return None
    values, end = _fields(lines, index, beside)
    if "subject" not in values or not LETTER.search(values["to"]):
        return None
    sender, to = f"{writer} {address}".strip(), values["to"]
    return QuoteHeader(
        start,
        end,
        sender,
        sent,
        to,
        values.get("cc", ""),
        values["subject"],
        is_complete=_has_address(sender) or _has_address(to),
    )


def _is_name_apart(writer: str, lines: Sequence[str], start: int) -> bool:
    above = lines[start - 1] if start else ""
    is_apart = not above.strip() or is_rule(above)
    return is_apart and len(writer) <= MAX_NAME_LENGTH and _NAME.search(writer) is not None


def _has_address(text: str) -> bool:
    return bool(ADDRESS.search(text) or _OF_NOTES.search(text))


def _fields(lines: Sequence[str], index: int, beside: str) -> tuple[dict[str, str], int]:
    """The fields below ``lines[index]``, the first of them maybe ``beside`` it, and where they end."""
    values: dict[str, str] = {}
    last, end = "", index + 1
    for place, line in enumerate((beside, *lines[index + 1 : index + MAX_LINES]), index):
        text = readable(line)
        name, value = _field(text)
        if (name in values and name != "other") or (name in {"cc", "subject"} and not values.get("to")):
            break
        if name:
            values[name] = value.strip(" ;；")
            last = name
        elif not text:
            last = ""
            continue
        elif last in {"to", "cc"} or (last and not values[last]):
            values[last] = f"{values[last]} {text}".strip()
        else:
            break
        end = place + 1
        if values.get("subject"):
            break
    return values, end


def _field(line: str) -> tuple[str, str]:
    """The field that a line is, and its value; empty for none."""
    spaced = _SPACED.fullmatch(line)
    name, value = labelled(line) or ((field_of(spaced[1]), spaced[2]) if spaced else (field_of(line), ""))
    if line.lower().startswith(_BESIDE):
        name = "other"
    return (name, value) if name not in {"from", "sent"} else ("", "")
