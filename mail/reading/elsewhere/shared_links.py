"""Addresses at which people share files: net disks, transfer services, drives and documents of offices.

Only paths of something shared: the home page of a net disk shares nothing.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

_HOSTS = (
    # Net disks of China.
    r"(?:pan|yun)\.baidu\.com/(?:s/|share/|e/|wap/)",
    r"share\.weiyun\.com/\w",
    r"(?:pan\.quark|drive\.uc)\.cn/s/",
    r"(?:www\.)?(?:alipan|aliyundrive)\.com/[st]/",
    r"(?:www\.)?123(?:pan\.(?:com|cn)|[0-9]{3}\.com)/s/",
    r"cloud\.189\.cn/(?:t/|web/share)",
    r"(?:caiyun|yun)\.139\.com/(?:m/i|w/i|link|shareweb)",
    r"(?:www\.)?jianguoyun\.com/p/",
    r"(?:[\w-]{1,30}\.)?lanzou\w{0,2}\.com/\w",
    r"115(?:cdn)?\.com/s/",
    r"pan\.xunlei\.com/s/",
    r"drive\.weixin\.qq\.com/s[?/]",
    # Transfer services.
    r"(?:[\w-]{1,30}\.)?cowtransfer\.com/s/",
    r"(?:www\.)?(?:wenshushu\.cn|wss\.(?:ink|cc)|ws[0-9]{2}\.cn)/(?:f|k|box)/",
    r"we\.tl/\w",
    r"(?:[\w-]{1,30}\.)?wetransfer\.com/downloads/",
    r"(?:www\.)?(?:swisstransfer\.com|gofile\.io)/d/",
    r"(?:[\w-]{1,30}\.)?(?:transfernow\.net/(?:dl/|\w{2}/)|fromsmash\.com/\w|filemail\.com/[dt]/)",
    r"(?:[0-9]{1,4}\.)?(?:gigafile|xgf)\.nu/\w",
    r"firestorage\.jp/(?:download|photo)/",
    # Drives.
    r"drive\.google\.com/(?:file|open|uc|drive/folders)",
    r"1drv\.ms/\w",
    r"[\w.-]{1,100}\.sharepoint\.(?:com|cn)/:\w:/",
    r"(?:www\.)?dropbox\.com/(?:s|sh|scl|t|l|transfer)/",
    r"(?:www\.)?icloud\.com(?:\.cn)?/(?:attachment|iclouddrive)",
    r"mega\.nz/(?:file|folder|#)",
    r"(?:[\w-]{1,40}\.){0,2}box\.com/s/",
    r"(?:[\w-]{1,40}\.)?sharefile\.(?:com|eu)/(?:d|share|i|public)",
    r"(?:disk\.yandex\.\w{2,3}|yadi\.sk)/[di]/",
    # Where mailers keep large attachments.
    r"(?:[\w.-]{1,40}\.)?mail\.qq\.com/(?:cgi-bin/)?ftn",
    r"(?:[\w-]{1,30}\.)?mail\.163\.com/large-attachment",
    r"(?:fs|dashi)\.163\.com/\w",
)
_DOCUMENTS = (
    r"docs\.google\.com/\w",
    r"docs\.qq\.com/(?:doc|sheet|slide|pdf|s)/",
    r"[\w-]{1,40}\.(?:feishu\.cn|larksuite\.com)/(?:file|docx?|docs|sheets|drive|space)/",
    r"(?:www\.)?kdocs\.cn/l/",
    r"alidocs\.dingtalk\.com/i/",
)
_PLACES = (r"onedrive\.live\.com/\w", r"[\w.-]{1,100}\.sharepoint\.(?:com|cn)/\w")
"""A document or a place may be spoken of as well: a file is there only where one is named, or is said to."""
_REST = r"[!-;=?-~]{0,900}"
"""Signs of an address: what is Chinese behind it, or ``>``, is none of it."""
_LINK = re.compile(
    rf"<?(?P<address>https?://"
    rf"(?:(?P<shared>{'|'.join(_HOSTS)})|{'|'.join((*_DOCUMENTS, *_PLACES))}){_REST})>?",
    re.IGNORECASE | re.ASCII,
)
_SECRET = re.compile(r"[?&#]pwd=.*")

_SENT = re.compile(
    r"附件|文件|日志|档案|檔案|上传|上傳|分享|共享|提取码|访问码|密码|"
    r"\b(?:attach|upload|shar|log|file|dump|download)\w{0,4}\b",
    re.IGNORECASE,
)
_LOGGED = re.compile(r"[0-9]{2}:[0-9]{2}:[0-9]{2}")
_FETCHED = re.compile(r"下[载載][了的后後到过過]|\bdownloaded\b", re.IGNORECASE)
_FOLLOWED = re.compile(
    r"(?:按照?|根据|根據|参照|參照|参考|參考|\b(?:per|following|according to))\s?\Z", re.IGNORECASE
)
_SHARED_AS = re.compile(
    r"分享(?:了|的?文件)?[:：]?\s?[「“\"【《『]([^「」“”\"【】《》『』]{1,200})[」”\"】》』]"
)
MAX_NAME_LENGTH = 200
MAX_LINKS = 10
"""Of one line."""


@dataclass(frozen=True)
class Link:
    """``start`` and ``end``: its place in the line. ``shared_as``: the name that the net disk writes beside
    it; ``address``: without what opens it, empty where only a name makes it a file."""

    start: int
    end: int
    shared_as: str
    address: str


def shared_links(line: str, above: str) -> Iterator[Link]:
    """The links in ``line`` to what its writer shares, not to what she fetched or followed; ``above``: the
    line before."""
    for match in islice(_LINK.finditer(line), MAX_LINKS):
        before, behind = line[: match.start()], line[match.end() :]
        if _LOGGED.search(before) or _FOLLOWED.search(before) or _FETCHED.search(f"{before}\n{behind[:20]}"):
            continue
        called = _SHARED_AS.search(before) or _SHARED_AS.search(above)
        is_file = match["shared"] or _SENT.search(before) or _SENT.search(above)
        address = _SECRET.sub("", match["address"].partition("//")[2]).rstrip(".,;:!?)]}'\"/")
        yield Link(
            match.start(),
            match.end(),
            called[1].strip() if called else "",
            address[:MAX_NAME_LENGTH] if is_file else "",
        )
