r"""Which machine a capture is of, and when it was made, as far as the console says so.

``hostname`` and its answer, ``COMPUTERNAME``, the prompt of a remote session (``[PC-01]: PS C:\>``), the
head of a transcript. Source: Microsoft Learn, "about_Remote", "Start-Transcript".
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from engine.parsers.captures.dates import read_date
from engine.parsers.captures.lines import Line

MAX_AHEAD = 4
"""Lines between a command and its answer."""

_NAME = r"[A-Za-z0-9\u4e00-\u9fff_-]{1,63}(?:\.[A-Za-z0-9_-]{1,63}){0,8}"
_WHOLE_NAME = re.compile(rf"^{_NAME}$")
_REMOTE = re.compile(rf"^\[(?P<name>{_NAME})\]:\s?(?=PS\b)", re.IGNORECASE)
_LOGGED_IN = re.compile(
    rf"^(?:[\w.+-]{{1,64}}\\)?[\w.+-]{{1,64}}@(?P<name>{_NAME})[ :](?=(?:PS )?[A-Za-z]:\\[^>]{{0,250}}>)",
    re.I,
)
_ODD_PROMPT = re.compile(r"^PS (?P<name>[A-Za-z][A-Za-z0-9-]{1,62})>")
"""A prompt that was made to show the machine: no folder stands so, which begins at a drive."""

_ASKS = re.compile(
    r">\s{0,20}(?:hostname(?:\.exe)?|\$env:computername|echo\s{1,9}%computername%|\(?\s{0,9}hostname\s{0,9}\)?"
    r"|(?:write-(?:host|output)|echo)\s+\"?\$env:computername\"?|\[(?:system\.)?environment\]::machinename)\s{0,20}(?:;\s{0,20})?$",
    re.IGNORECASE,
)
_SAID = re.compile(
    rf"^\s*(?:(?:\$env:)?computername|machine ?name|machine|computer ?name|computer|host ?name|csname"
    rf"|dnshostname|计算机名称?|计算机|主机名称?|电脑名称?|机器名称?|设备名称?)\s*[:：=]\s*"
    rf"(?P<name>{_NAME})\s*(?:\(microsoft .{{0,80}})?$",
    re.IGNORECASE,
)
_ARCHITECTURES = frozenset(
    {"x86", "x64", "amd64", "i386", "i686", "arm64", "unknown", "n", "a", "true", "false"}
)
_STARTED = re.compile(r"^\s*(?:start time|开始时间)\s*[:：]\s*(?P<time>\d{14})\s*$", re.IGNORECASE)
_ASKS_TIME = re.compile(r">\s*(?:get-date|date /t|date)\s*$", re.IGNORECASE)


@dataclass
class Said:
    """What single lines say, by their number. ``names``: the machine from there on; ``times``: the moment,
    ``YYYY-MM-DDTHH:MM:SS``; ``spent``: lines that are nothing but such an answer."""

    names: dict[int, str] = field(default_factory=dict)
    times: dict[int, str] = field(default_factory=dict)
    spent: set[int] = field(default_factory=set)

    @property
    def only(self) -> str:
        """The machine, where but one is named."""
        first = {name.casefold(): name for name in self.names.values()}
        return next(iter(first.values())) if len(first) == 1 else ""


def said_in(lines: Sequence[Line]) -> Said:
    """What the lines say of machine and moment."""
    said = Said()
    for at, line in enumerate(lines):
        content = line.text
        if prompt := _REMOTE.match(content) or _LOGGED_IN.match(content) or _ODD_PROMPT.match(content):
            said.names[line.number] = prompt["name"]
        if ">" in content and _ASKS.search(content):
            answer = _answer(lines, at)
            if answer and _WHOLE_NAME.match(answer.text.strip()):
                said.names[answer.number] = answer.text.strip()
                said.spent.add(answer.number)
        elif ">" in content and _ASKS_TIME.search(content):
            answer = _answer(lines, at)
            if answer and (time := _moment(answer.text)):
                said.times[answer.number] = time
                said.spent.add(answer.number)
        elif (named := _SAID.match(content)) and named["name"].lower() not in _ARCHITECTURES:
            said.names[line.number] = named["name"]
            said.spent.add(line.number)
        elif started := _STARTED.match(content):
            digits = started["time"]
            if time := read_date(
                f"{digits[:4]}-{digits[4:6]}-{digits[6:8]} {digits[8:10]}:{digits[10:12]}:{digits[12:]}"
            ):
                said.times[line.number] = time
            said.spent.add(line.number)
    return said


def without_machine(content: str) -> str:
    """A line without the machine before its prompt."""
    prompt = _REMOTE.match(content) or _LOGGED_IN.match(content)
    return content[prompt.end() :] if prompt else content


def _answer(lines: Sequence[Line], at: int) -> Line | None:
    return next((line for line in lines[at + 1 : at + 1 + MAX_AHEAD] if not line.blank), None)


def _moment(content: str) -> str | None:
    plain = re.sub(
        r"(?:星期|周)[一二三四五六日天]|\b(?:mon|tues?|wednes|thurs?|fri|satur|sun)(?:day)?\b,?",
        "",
        content,
        flags=re.I,
    )
    return read_date(" ".join(plain.split()))
