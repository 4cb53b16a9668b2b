"""The lines of a mail as the headers of quotations are looked for in them. All of it is hostile text: every
pattern is linear, a line counts up to ``MAX_LINE_LENGTH`` characters. No Django here."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from cases.thread.courtesy import TITLES
from cases.thread.quote_words import LABELS
from cases.thread.signatures import SURNAMES

MAX_LINE_LENGTH = 1000
MAX_CONTINUATIONS = 20
"""Lines of a block that are no fields and go on with the one above."""

ADDRESS = re.compile(r"(?<![\w.+%'-])[\w.+%'-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}")
LETTER = re.compile(r"[^\W\d_]")
DATED = re.compile(r"\d{4}|\d{1,2}[./-]\d{1,2}[./-]\d{2}")

_FIELD_OF = {"".join(label.lower().split()): name for name, labels in LABELS.items() for label in labels}
_LABELLED = re.compile(r"[\s*_|]{0,20}([^:：|\t*_]{1,24})[\s*_]{0,10}(?:[:：|]|\t)[\s*_|]{0,10}(.*)")
_MARKDOWN_LINK = re.compile(r"\[([^\[\]]{0,300})\]\((?:mailto:|https?:)[^()\s]{0,300}\)")
_RULE = re.compile(r"\s{0,10}(?:[-—_=*]{3,200}|[-_=*](?: [-_=*]){2,100}|(?:原始邮件|Original Message))\s*")
_ADDRESSED_ZH = rf"[一-龥]{{0,2}}(?:{TITLES})|[{SURNAMES}][一-龥]{{1,2}}|大家"
_ADDRESSED_EN = (
    r"(?-i:[A-Z])[\w.'’/-]{0,30}|all|and|or|there|team|support|everyone|everybody|colleagues?|friends|folks|guys"
    r"|sirs?|madam"
)
_ANNOUNCES_NOTHING = re.compile(
    rf"(?:(?:dear|hello|hi)(?:\s{{1,3}}(?:{_ADDRESSED_EN}|{_ADDRESSED_ZH})){{0,3}}"
    r"|(?:dear|hello|hi) (?!below|here|this|see|following|attached)[a-z]{2,20}"
    rf"|(?:尊敬的|各位)(?:同事|同仁|领导|領導|专家|專家|{_ADDRESSED_ZH})?|各位好"
    r"|(?:尊敬的)?.{0,12}[您你](?:们)?好"
    r"|tel|(?:联系|办公|公司|固定|移动)?(?:电话|手机|地址|邮箱)|传真|微信|姓名|部门|单位(?:名称)?|fax|mobile|e-?mail"
    r"|[详参]?[见看考阅](?:之前|此前|以前|先前|历史|往来|上一?封|前一?封)的?(?:往来)?(?:邮件|郵件)(?:往来|记录)?"
    r"|see (?:the |my |our |your )?(?:earlier|previous|prior) (?:e-?mail|mail|message)s?)\s?[:：]",
    re.IGNORECASE,
)
"""A greeting of somebody, a label of a signature, a bare word of older mail: who asks to see it shows it."""
_ANNOUNCES = re.compile(
    r"[:：]$|(?:如下|见下|見下)(?:方|文|面|所示)?[。.]?$|\b(?:as follows|below)\.?$", re.IGNORECASE
)


@dataclass(frozen=True)
class QuoteHeader:
    """What introduces a quoted mail: ``lines[start:end]``. Sender, time and so on as written, empty where
    the header does not say them.

    ``is_complete``: evidence enough without ``>`` in front of what follows.
    """

    start: int
    end: int
    sender: str = ""
    sent: str = ""
    to: str = ""
    cc: str = ""
    subject: str = ""
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


def readable(line: str) -> str:
    """A line as recognised: without the marks of Markdown and with plain spaces."""
    line = line[:MAX_LINE_LENGTH].replace("\xa0", " ").replace("\u3000", " ").replace("\ufeff", "").strip()
    return _MARKDOWN_LINK.sub(r"\1", line) if "](" in line else line


def labelled(line: str) -> tuple[str, str] | None:
    """The field that a line is, and its value."""
    match = _LABELLED.match(line)
    name = field_of(match[1]) if match else ""
    return (name, match[2]) if match and name else None


def field_of(label: str) -> str:
    """The field of that name; empty for none. Chinese clients align their labels: “主　题”."""
    return _FIELD_OF.get("".join(label.lower().split()), "")


def is_announced(lines: Sequence[str], start: int) -> bool:
    """Whether the last written line above ends in a colon, or one directly above in “as follows”: who writes
    “the mail was this:” shows it."""
    above = next((line for line in lines[max(0, start - 4) : start][::-1] if line.strip()), "").strip()
    if start and lines[start - 1].strip():
        return _ANNOUNCES.search(above[-40:]) is not None
    return above.endswith((":", "：")) and not _ANNOUNCES_NOTHING.fullmatch(above)
