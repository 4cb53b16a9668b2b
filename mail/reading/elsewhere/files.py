"""Files that did not come with a mail: too large for the mailer or the gateway, which kept or removed them.

By what QQ and Foxmail (超大附件), NetEase (云附件), Aliyun, 139 and Coremail write into the text, by links to
where somebody shares a file (``shared_links``), and by what gateways put in place of an attachment that they
cut off (``gateway_notices``); and until when it is kept there.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from typing import TYPE_CHECKING

from cases.thread.quoting import SegmentKind, runs
from engine.text_safety import clean_name
from mail.reading.charsets import decoded
from mail.reading.elsewhere.gateway_notices import notice_in
from mail.reading.elsewhere.shared_links import shared_links
from mail.reading.written_times import written_day, written_time

if TYPE_CHECKING:
    from mail.reading.mail import Attachment

MAX_NAMES = 50
MAX_LINE_LENGTH = 1000
MAX_NAME_LENGTH = 200
MAX_LOOKS = 200
"""Lines in which names are looked for."""
MAX_DAYS = 3660
MAX_NOTICE_BYTES = 4096

_HEADING = re.compile(
    r"超大附件|超大附檔|云附件|雲端?附件|大附件下载|网盘附件|文件快递|中转站|ftnExs_download"
    r"|mail\.163\.com/large-attachment|wx\.mail\.qq\.com/ftn|fs\.163\.com|dashi\.163\.com"
    r"|large file attachment|large attachment|large file send|\bmail drop\b|大容量(?:添付)?ファイル"
    r"|添付ファイル.{0,20}ダウンロード",
    re.IGNORECASE,
)
_SIZE = re.compile(
    r"(?:(?:大小|サイズ|\bsize)\s?[:：]|[(（\[\t ])\s{0,5}"
    r"[\d.,]{1,12}\s?(?:[KMGT]i?B?|bytes|字节)(?![A-Za-z])",
    re.IGNORECASE,
)
_ADDRESS = re.compile(r"https?://[^\s<>]{1,900}", re.IGNORECASE)
_NO_NAME = re.compile(r"[/<>|:：\[\]]")
_EXTENSION = re.compile(r"\.[A-Za-z0-9]{1,10}\Z")
_NAME = re.compile(
    r"[\"“‘'「『【\[(（《]([^\"“”‘’'「」『』【】\[\]()（）《》]{1,200}\.[A-Za-z0-9]{1,10})[\"”’'」』】\])）》]"
    r"|(?<!by )(?<![^\s\"'“”‘’「」【】\[\]()<>:：,，。、])"
    r"([^\s\"'“”‘’「」【】\[\]()<>:：,，。、]{1,200}"
    r"\.(?=[A-Za-z0-9]{0,9}[A-Za-z])(?![0-9]{1,4}[KMGT]i?B)[A-Za-z0-9]{1,10})(?![A-Za-z0-9])"
)
"""In marks, or between blanks and the like; “20.5MB” and “1.2” are none."""
_LABEL = re.compile(
    r"(?:(?:附件|文件|檔案|ファイル|file|attachment)\s?(?:名称|名稱|名|name)|名称|名稱)\s?[:：]",
    re.IGNORECASE,
)
_BEFORE_SIZE = re.compile(r"\s{0,3}(?:文件|附件|檔案|ファイル|file)?\s?", re.IGNORECASE)
_COLUMNS = re.compile(
    r"(?:大小|サイズ|\bsize)\D{1,20}(?:到期|过期|過期|失效|有效期|期限|\bexpir)", re.IGNORECASE
)
_BULLET = re.compile(r"(?:[-–•*·]|\d{1,2}[.)、])\s{0,3}")
_NUMBERED = re.compile(r"(?:\d{1,2}(?:[.．]\s|[)）、])|[①-⑳])\s{0,3}(?=\S)")
"""In front of a name in a list; “1.2.zip” is a name."""
_NEAR = 12
"""So many lines after a heading its files stand."""
_BELOW_LINK = 3
"""So many lines after a link its day may stand."""

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
        r"(?:(?:到期|过期|過期|失效|截止|有效)(?:时间|時間|日期|期限|期|日)?|有效期限|有效期|保[留存]期限?|可用"
        r"|可下[载載]|保[留存]|(?:有効|ダウンロード|保存|公開)期限"
        r"|\bexpir(?:e[sd]?|y|ing|ation)(?: (?:date|time|on|at))?"
        r"|\b(?:valid|available|kept)(?: for download)?|\bdownload(?: \w{1,12}){0,4}"
        r"|\bg[üu]ltig|\bverf[üu]gbar|\bl[äa]uft(?: ab)?)"
        rf"\s?(?:[:：]|至|到|为|在|于|until|till|through|before|on|by|bis|am){{0,2}}\s{{0,2}}{_WHEN}",
        re.IGNORECASE,
    ),
    re.compile(
        rf"{_WHEN}\s?[)）]?\s?(?:之?前(?:有效|下[载載])|まで|到期|过期|過期|失效|截止|\bexpires)",
        re.IGNORECASE,
    ),
)
"""The day behind the word, else before it: other days may stand in the line."""
_DAYS_LEFT = re.compile(
    r"(?:有效期限?|剩余(?:有效)?(?:时间|期限?)?|剩餘|还剩|保[留存](?:时间|期[限間]?)?|有効期限|\bexpires? in"
    r"|\b(?:valid|available) for)"
    r"\s?[:：]?\s?(?:为|仅剩)?\s?(\d{1,4})\s?(?:天|日|days?\b)"
    r"|(?<!\d)(\d{1,4})\s?(?:天|日)(?:之?[后後内內])?(?:有效|过期|過期|到期|失效)",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Elsewhere:
    """A file that did not come with its mail. ``until``: when who keeps it deletes it; where only a day is
    told, its last minute; ``None`` where nothing is told, or that it is kept for ever. ``is_shared``: behind
    a link that its writer set."""

    name: str
    until: datetime | None = None
    is_shared: bool = False


def kept_elsewhere(text: str, sent_at: datetime | None = None) -> list[Elsewhere]:
    """The files in the order of the text, cited lines aside, and links of old mails: what we once shared is
    no file of hers. Where no name is told, the address or the line itself.

    Days and clocks in ``text`` are of the zone of ``sent_at``, the Date of the mail.
    """
    found = _Found(sent_at)
    lines = text.split("\n")
    old = [run for run in runs(lines) if run.kind == SegmentKind.QUOTED][::-1]
    lines_left, days_left, looks, above = 0, 0, MAX_LOOKS, ""
    for place, line in enumerate(lines):
        line = line.strip()[:MAX_LINE_LENGTH]
        if not line or line.startswith(">"):
            continue
        if not looks or len(found.untils) >= MAX_NAMES:
            break
        while old and old[-1].end <= place:
            old.pop()
        notice = notice_in(line)
        if notice or _HEADING.search(line):
            lines_left = _NEAR
            found.begin(notice)
        if lines_left or days_left:
            looks -= 1
            found.block(_ADDRESS.sub("/", line), above, has_names=lines_left > 0)
            lines_left, days_left = max(0, lines_left - 1), max(0, days_left - 1)
        if not (old and old[-1].start <= place) and found.linked(line, above, is_alone=not lines_left):
            looks -= 1
            days_left = _BELOW_LINK
        above = line
    found.begin()
    return [Elsewhere(name, until, name in found.shared) for name, until in found.untils.items()]


def replaced_files(attachments: Sequence[Attachment]) -> list[Elsewhere]:
    """The files of which a gateway left no more than a notice in their place, as a file of text."""
    small = [file for file in attachments if len(file.content) <= MAX_NOTICE_BYTES][:MAX_NAMES]
    found: list[Elsewhere] = []
    for file in small:
        text = decoded(file.content, "")
        first = text.strip().partition("\n")[0].strip()
        if notice_in(first):
            told = [one for one in kept_elsewhere(text) if _EXTENSION.search(one.name[-11:])]
            found += told or [Elsewhere(clean_name(file.name))]
    return found


class _Found:
    """Names as they are found, and the days that belong to them."""

    def __init__(self, sent_at: datetime | None) -> None:
        self.untils: dict[str, datetime | None] = {}
        self.shared: set[str] = set()
        self.sent_at = sent_at
        self.zone: tzinfo = (sent_at.tzinfo if sent_at else None) or UTC
        self.waiting: list[str] = []
        """Those of the block for which no day has been told yet."""
        self.of_block: datetime | None = None
        self.has_names = False
        self.has_column = False
        """A day in each row, which its heading alone says to be the last one."""
        self.notice = ""

    def begin(self, notice: str = "") -> None:
        """A new block, a gateway's where there is a ``notice``; one that named nothing is named by itself."""
        if self.notice and not self.has_names:
            self.add(_ADDRESS.sub("", self.notice).strip(" :：,，")[:MAX_NAME_LENGTH], self.of_block)
        self.of_block, self.notice, self.has_column = None, notice, False
        names = [quoted or bare for quoted, bare in _NAME.findall(_ADDRESS.sub("", notice))]
        self.has_names = bool(names)
        for name in names:
            self._await(clean_name(name))

    def add(self, name: str, until: datetime | None = None) -> None:
        self.untils[name] = self.untils.get(name) or until

    def block(self, line: str, above: str, *, has_names: bool) -> None:
        """A line below a heading, or the heading itself. A day above the names is of all of them, one below
        of those that have none; a size may stand alone below its name."""
        places = [*self._named(line, above)] if has_names else []
        if not places:
            self.has_column |= bool(_COLUMNS.search(line))
            if until := self._until(line):
                self.of_block = self.of_block if self.has_names else until
                for name in self.waiting:
                    self.add(name, until)
                self.waiting = []
            return
        self.has_names = True
        ends = [place for _name, place in places[1:]] + [len(line)]
        for (name, place), end in zip(places, ends, strict=True):
            row = line[place:end]
            until = self._until(row) or (self._moment(row) if self.has_column else None)
            self._await(name, until or self.of_block)

    def _named(self, line: str, above: str) -> Iterator[tuple[str, int]]:
        sized = [*_sized(line)]
        size = _SIZE.search(f" {line}")
        if sized or not size:
            yield from sized or self._listed(line)
        elif _BEFORE_SIZE.fullmatch(f" {line}"[: size.start()]) and (name := _file_name(above)):
            yield name, 0

    def _listed(self, line: str) -> Iterator[tuple[str, int]]:
        """A name with a label, or in the list below a notice."""
        label, bullet = _LABEL.match(line), _BULLET.match(line)
        begin = label.end() if label else bullet.end() if bullet else 0
        name = _file_name(line[begin:])
        if (
            name
            and (label or (self.notice and not line.startswith(self.notice)))
            and name == line[begin:].strip()
        ):
            yield name, len(line)

    def _await(self, name: str, until: datetime | None = None) -> None:
        self.add(name, until)
        if until is None:
            self.waiting.append(name)

    def linked(self, line: str, above: str, *, is_alone: bool) -> bool:
        """Links to what somebody shares; a link alone on its line stands on the line above. ``is_alone``: not
        in a block, which has names of its own. Whether there are any."""
        end = 0
        names = []
        for link in shared_links(line, above):
            beside = _file_name(line[end : link.start]) or (_file_name(above) if not end else "")
            if name := link.shared_as or beside or (link.address if is_alone else ""):
                names.append(name)
                self._await(name, self._until(line[link.end :]) or self._until(line[end : link.start]))
            end = link.end
        self.shared.update(names)
        return bool(names)

    def _until(self, text: str) -> datetime | None:
        for pattern in _UNTIL:
            if (match := pattern.search(text)) and (moment := self._moment(match["when"])):
                return moment
        left = _DAYS_LEFT.search(text)
        if left and self.sent_at:
            return self.sent_at + timedelta(days=min(int(left[1] or left[2]), MAX_DAYS))
        return None

    def _moment(self, text: str) -> datetime | None:
        """A day of another age says that it is kept for ever, and is none in every zone."""
        moment = written_time(text, self.zone)
        if moment is None and (day := written_day(text)):
            moment = datetime(day.year, day.month, day.day, 23, 59, tzinfo=self.zone)
        if moment and abs(moment - (self.sent_at or datetime.now(UTC))) > timedelta(days=MAX_DAYS):
            return None
        return moment


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
    if number := _NUMBERED.match(name):
        name = name[number.end() :]
    return name if len(name) > 2 and _EXTENSION.search(name[-11:]) else ""
