"""Files that did not come with a mail: too large for the mailer or the gateway, which kept or removed them.

By what QQ and Foxmail (超大附件), NetEase (云附件), Aliyun, 139 and Coremail write into the text, and what
gateways put in place of an attachment that they cut off.
"""

import re
from collections.abc import Iterator

MAX_NAMES = 50
MAX_LINE_LENGTH = 1000
MAX_NAME_LENGTH = 200
MAX_LOOKS = 200
"""Lines in which names are looked for."""

_HEADING = re.compile(
    r"超大附件|超大附檔|云附件|雲端?附件|大附件下载|中转站|ftnExs_download|mail\.163\.com/large-attachment|"
    r"wx\.mail\.qq\.com/ftn|fs\.163\.com|dashi\.163\.com|large file attachment|large attachment",
    re.IGNORECASE,
)
_SIZE = re.compile(r"[(（\[\t ]\s{0,5}[\d.,]{1,12}\s?(?:[KMGT]i?B?|bytes|字节)(?![A-Za-z])", re.IGNORECASE)
_NO_NAME = re.compile(r"[/<>|:：\[\]]")
_EXTENSION = re.compile(r"\.[A-Za-z0-9]{1,10}\Z")
_ATTACHMENT = re.compile(r"附件|附檔|\battachments?\b", re.IGNORECASE)
_BY_OTHERS = re.compile(
    r"被|网关|網關|系统|策略|安全|超过|超出|限制|病毒|\b(?:was|were|been)\b", re.IGNORECASE
)
_REMOVED = re.compile(
    r"删除|移除|剥离|拦截|阻止|刪除|攔截|\b(?:removed|stripped|blocked|quarantined|deleted)\b", re.IGNORECASE
)
"""The three in this order in one line: a customer who says that she deleted a file names no gateway."""
_NAME = re.compile(r"[^\s\"'“”‘’「」【】\[\]()<>:：,，。]{1,200}\.[A-Za-z0-9]{1,10}(?![A-Za-z0-9])")
_NEAR = 12
"""So many lines after a heading its files stand."""


def oversized_names(text: str) -> list[str]:
    """The names in the order of the text, cited lines aside; the line itself where it tells no name."""
    names: dict[str, None] = {}
    lines_left, looks = 0, MAX_LOOKS
    for line in text.split("\n"):
        line = line.strip()[:MAX_LINE_LENGTH]
        if not line or line.startswith(">"):
            continue
        if not looks or len(names) >= MAX_NAMES:
            break
        if _HEADING.search(line):
            lines_left = _NEAR
        if lines_left:
            lines_left -= 1
            looks -= 1
            names.update(dict.fromkeys(_sized(line)))
        elif notice := _removal(line):
            looks -= 1
            name = _NAME.search(notice)
            names[name[0] if name else line] = None
    return list(names)


def _sized(line: str) -> Iterator[str]:
    """The names that stand before a size."""
    end = 0
    for size in _SIZE.finditer(line):
        name = _NO_NAME.split(line[end : size.start()].rstrip()[-MAX_NAME_LENGTH:])[-1].strip()
        if len(name) > 2 and _EXTENSION.search(name[-11:]):
            yield name
        end = size.end()


def _removal(line: str) -> str:
    """From the attachment to its removal, if the line tells of one; else empty."""
    begin = _ATTACHMENT.search(line)
    by = _BY_OTHERS.search(line, begin.end()) if begin else None
    end = _REMOVED.search(line, by.end()) if by else None
    return line[begin.start() : end.end()] if begin and end else ""
