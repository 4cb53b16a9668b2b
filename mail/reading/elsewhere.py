"""Files that did not come with a mail: too large for the mailer or the gateway, which kept or removed them.

By what QQ and Foxmail (超大附件), NetEase (云附件), Aliyun, 139 and Coremail write into the text, by links to
where Gmail, Outlook and Apple Mail keep a file, and by what gateways put in place of an attachment that they
cut off; and until when it is kept there.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo

from engine.text_safety import clean_name
from mail.reading.written_times import written_day, written_time

MAX_NAMES = 50
MAX_LINE_LENGTH = 1000
MAX_NAME_LENGTH = 200
MAX_LOOKS = 200
"""Lines in which names are looked for."""
MAX_DAYS = 3660

_HEADING = re.compile(
    r"超大附件|超大附檔|云附件|雲端?附件|大附件下载|中转站|ftnExs_download|mail\.163\.com/large-attachment|"
    r"wx\.mail\.qq\.com/ftn|fs\.163\.com|dashi\.163\.com|large file attachment|large attachment|"
    r"\bmail drop\b",
    re.IGNORECASE,
)
_SIZE = re.compile(
    r"(?:(?:大小|\bsize)\s?[:：]|[(（\[\t ])\s{0,5}[\d.,]{1,12}\s?(?:[KMGT]i?B?|bytes|字节)(?![A-Za-z])",
    re.IGNORECASE,
)
_ADDRESS = re.compile(r"https?://[^\s<>]{1,900}", re.IGNORECASE)
_KEPT_AT = re.compile(
    r"<https?://(?:drive\.google\.com/(?:file|open|uc)|docs\.google\.com/|1drv\.ms/|onedrive\.live\.com/"
    r"|[\w.-]{1,100}\.sharepoint\.(?:com|cn)/|(?:www\.)?dropbox\.com/|we\.tl/|(?:www\.)?wetransfer\.com/"
    r"|pan\.baidu\.com/|(?:www\.)?icloud\.com/attachment|mail\.qq\.com/cgi-bin/ftn|[\w.-]{1,40}mail\.qq\.com/ftn"
    r"|mail\.163\.com/large-attachment|(?:fs|dashi)\.163\.com/)[^<>\s]{0,900}>",
    re.IGNORECASE,
)
"""A link as ``html.text`` writes it, behind the words that it stands on."""
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

_FIGURES = r"\d{1,4}\s?[-/.年]\s?\d{1,2}\s?[-/.月]\s?\d{1,4}\s?[日号]?"
_WORDS = (
    r"[A-Za-z]{3,9}\.? \d{1,2}(?:st|nd|rd|th)?,? \d{4}"
    r"|\d{1,2}\.?(?: de)? [A-Za-zä]{3,9}\.?,?(?: de)? \d{4}"
)
_CLOCK = (
    r"(?:[ T,，(（]{0,3}(?:星期|周|週)?[一二三四五六日]?[)）]?\s?(?:at |um |[上下中]午|晚上|凌晨)?"
    r"\s?\d{1,2}[:：]\d{2}(?:[:：]\d{2})?(?:\s?[AaPp]\.?[Mm]\.?)?)?"
)
_WHEN = rf"(?P<when>(?:{_FIGURES}|{_WORDS}){_CLOCK})"
_UNTIL = (
    re.compile(
        r"(?:(?:到期|过期|過期|失效|截止|有效)(?:时间|時間|日期|期限|期|日)?|有效期限|有效期|保[留存]期限?|可用|可下[载載]|保[留存]"
        r"|\bexpir(?:es|ed|y|ing|ation)(?: (?:date|time|on|at))?|\b(?:valid|available|kept)(?: for download)?"
        r"|\bg[üu]ltig|\bverf[üu]gbar|\bl[äa]uft(?: ab)?)"
        rf"\s?(?:[:：]|至|到|为|在|于|until|till|through|on|by|bis|am){{0,2}}\s{{0,2}}{_WHEN}",
        re.IGNORECASE,
    ),
    re.compile(
        rf"{_WHEN}\s?[)）]?\s?(?:之?前(?:有效|下[载載])|到期|过期|過期|失效|截止|\bexpires)", re.IGNORECASE
    ),
)
"""The day behind the word, else before it: other days may stand in the line."""
_DAYS_LEFT = re.compile(
    r"(?:有效期限?|剩余(?:有效)?(?:时间|期限?)?|剩餘|还剩|保[留存](?:时间|期限?)?|\bexpires? in"
    r"|\b(?:valid|available) for)"
    r"\s?[:：]?\s?(?:为|仅剩)?\s?(\d{1,4})\s?(?:天|日|days?\b)"
    r"|(?<!\d)(\d{1,4})\s?(?:天|日)(?:之?[后後内內])?(?:有效|过期|過期|到期|失效)",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Elsewhere:
    """A file that did not come with its mail. ``until``: when who keeps it deletes it; where only a day is
    told, its last minute; ``None`` where nothing is told, or that it is kept for ever."""

    name: str
    until: datetime | None = None


def kept_elsewhere(text: str, sent_at: datetime | None = None) -> list[Elsewhere]:
    """The files in the order of the text, cited lines aside; the line itself where it tells no name.

    Days and clocks in ``text`` are of the zone of ``sent_at``, the Date of the mail.
    """
    found = _Found(sent_at)
    lines_left, looks, above = 0, MAX_LOOKS, ""
    for line in text.split("\n"):
        line = line.strip()[:MAX_LINE_LENGTH]
        if not line or line.startswith(">"):
            continue
        if not looks or len(found.untils) >= MAX_NAMES:
            break
        is_heading, link = _HEADING.search(line), _KEPT_AT.search(line)
        if is_heading:
            lines_left = _NEAR
            found.begin()
        if lines_left:
            lines_left -= 1
            looks -= 1
            found.block(_ADDRESS.sub("/", line), above)
        if link:
            looks -= 1
            found.linked(line, above)
        elif not lines_left and (notice := _removal(line)):
            looks -= 1
            name = _NAME.search(notice)
            found.add(name[0] if name else line)
        above = line
    return [Elsewhere(name, until) for name, until in found.untils.items()]


class _Found:
    """Names as they are found, and the days that belong to them."""

    def __init__(self, sent_at: datetime | None) -> None:
        self.untils: dict[str, datetime | None] = {}
        self.sent_at = sent_at
        self.zone: tzinfo = (sent_at.tzinfo if sent_at else None) or UTC
        self.waiting: list[str] = []
        """Those of the block for which no day has been told yet."""
        self.of_block: datetime | None = None
        self.has_names = False

    def begin(self) -> None:
        self.of_block, self.has_names = None, False

    def add(self, name: str, until: datetime | None = None) -> None:
        self.untils[name] = self.untils.get(name) or until

    def block(self, line: str, above: str) -> None:
        """A line below a heading, or the heading itself. A day above the names is of all of them, one below
        of those that have none; a size may stand alone below its name."""
        places = [*_sized(line)]
        if not places and _SIZE.match(f" {line}") and (name := _file_name(above)):
            places = [(name, 0)]
        if not places:
            if until := self._until(line):
                self.of_block = self.of_block if self.has_names else until
                for name in self.waiting:
                    self.add(name, until)
                self.waiting = []
            return
        self.has_names = True
        ends = [place for _name, place in places[1:]] + [len(line)]
        for (name, place), end in zip(places, ends, strict=True):
            until = self._until(line[place:end]) or self.of_block
            self.add(name, until)
            if until is None:
                self.waiting.append(name)

    def linked(self, line: str, above: str) -> None:
        """Links to where files are kept; a link alone on its line stands on the line above."""
        end = 0
        for link in _KEPT_AT.finditer(line):
            name = _file_name(line[end : link.start()]) or (_file_name(above) if not end else "")
            if name:
                self.add(name, self._until(line[link.end() :]))
            end = link.end()

    def _until(self, text: str) -> datetime | None:
        for pattern in _UNTIL:
            if match := pattern.search(text):
                if moment := written_time(match["when"], self.zone):
                    return moment
                if day := written_day(match["when"]):
                    return datetime(day.year, day.month, day.day, 23, 59, tzinfo=self.zone)
        left = _DAYS_LEFT.search(text)
        if left and self.sent_at:
            return self.sent_at + timedelta(days=min(int(left[1] or left[2]), MAX_DAYS))
        return None


def _sized(line: str) -> Iterator[tuple[str, int]]:
    """The names that stand before a size, and where each ends."""
    end = 0
    for size in _SIZE.finditer(line):
        if name := _file_name(line[end : size.start()]):
            yield name, size.start()
        end = size.end()


def _file_name(text: str) -> str:
    """The name of a file at the end of ``text``; empty without one."""
    name = clean_name(_NO_NAME.split(text.rstrip()[-MAX_NAME_LENGTH:])[-1].strip("•*·-– "))
    return name if len(name) > 2 and _EXTENSION.search(name[-11:]) else ""


def _removal(line: str) -> str:
    """From the attachment to its removal, if the line tells of one; else empty."""
    begin = _ATTACHMENT.search(line)
    by = _BY_OTHERS.search(line, begin.end()) if begin else None
    end = _REMOVED.search(line, by.end()) if by else None
    return line[begin.start() : end.end()] if begin and end else ""
