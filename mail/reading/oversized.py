"""Files that did not come with a mail: too large for the mailer or the gateway, which kept or removed them.

By what QQ and Foxmail (超大附件), NetEase (云附件), Aliyun, 139 and Coremail write into the text, and what
gateways put in place of an attachment that they cut off.
"""

import re

MAX_NAMES = 50
MAX_LINE_LENGTH = 1000

_HEADING = re.compile(
    r"超大附件|超大附檔|云附件|雲端?附件|大附件下载|中转站|ftnExs_download|mail\.163\.com/large-attachment|"
    r"wx\.mail\.qq\.com/ftn|fs\.163\.com|dashi\.163\.com|large file attachment|large attachment",
    re.IGNORECASE,
)
_FILE = re.compile(
    r"([^\s/<>|:：\[\]][^/<>|\[\]]{0,199}?\.[A-Za-z0-9]{1,10})\s{0,5}[(（\[\t ]\s{0,5}"
    r"[\d.,]{1,12}\s?(?:[KMGT]i?B?|bytes|字节)(?![A-Za-z])",
    re.IGNORECASE,
)
_REMOVED = re.compile(
    r"(?:附件|附檔)[^\n。]{0,200}(?:被|已)[^\n。]{0,20}(?:删除|移除|剥离|拦截|阻止|刪除|攔截)"
    r"|\battachments?\b[^\n]{0,200}\b(?:removed|stripped|blocked|quarantined|deleted)\b",
    re.IGNORECASE,
)
_NAME = re.compile(r"[^\s\"'“”‘’「」【】\[\]()<>:：,，。]{1,200}\.[A-Za-z0-9]{1,10}(?![A-Za-z0-9])")
_NEAR = 12
"""So many lines after a heading its files stand."""


def oversized_names(text: str) -> list[str]:
    """The names in the order of the text, cited lines aside; the line itself where it tells no name."""
    names: dict[str, None] = {}
    lines_left = 0
    for line in text.split("\n"):
        line = line.strip()[:MAX_LINE_LENGTH]
        if not line or line.startswith(">") or len(names) >= MAX_NAMES:
            continue
        if _HEADING.search(line):
            lines_left = _NEAR
        if lines_left:
            lines_left -= 1
            names.update(dict.fromkeys(match[1].strip() for match in _FILE.finditer(line)))
        if removed := _REMOVED.search(line):
            name = _NAME.search(removed[0])
            names[name[0] if name else line] = None
    return list(names)
