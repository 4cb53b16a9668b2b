"""Logs of Windows Installer (``msiexec /l*v``): what was installed, and at which action it failed.

``MSI (s) (10:20) [09:00:05:123]: …``, ``Action ended 9:00:05: InstallFinalize. Return value 3.``. The date
stands in the head alone, so that a clock that falls back by hours is the next day. The first action that
returns 3 is the one at fault; those around it return 3 after it. Times are the machine's own.
Source: Microsoft, "Windows Installer Logging", "Logging of Action Return Values", "Error Codes".
"""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta

from engine.artifacts import Artifact
from engine.parsers.evtx.log_facts import LogFacts
from engine.parsers.exports.times import Clock
from engine.parsers.logs.channels import MSI
from engine.parsers.logs.entries import MAX_BYTES, MAX_LINE, stored
from engine.parsers.parser import Parsed, Parser, Yields
from engine.parsers.sample import Sample
from engine.parsers.text_log import LoggedEvent, keep_log, numbered_lines
from engine.sandbox.sandbox import Emit
from engine.text import text

KIND = "msi-log"
PROVIDER = "Windows Installer"
HEAD = re.compile(
    r"=== (?P<title>[^=\n:：]{2,40})[:：] {0,2}(?P<time>\d[^\n]{7,40}?) {1,4}"
    r"(?:Build type|生成类型|内部版本类型|版本类型)"
)
LINE = re.compile(
    r"MSI \((?P<side>[scnSCN])\) \([0-9A-Fa-f]{2,4}[:!][0-9A-Fa-f]{2,4}\) "
    r"\[(?P<clock>\d{1,2}:\d\d:\d\d[:.]\d{1,3})\]: {0,4}"
)
ACTION = re.compile(
    r"(?:Action (?P<what>start|ended)|操作(?P<zh>开始|结束)) {0,2}(?P<clock>\d{1,2}:\d\d:\d\d)[:：]"
    r" {0,2}(?P<action>[^\n.。]{1,120})[.。]?"
    r"(?: {0,2}(?:Return value|返回值) {0,2}(?P<value>\d)[.。]?)?"
)
PRODUCT = re.compile(
    r"Property\([SCNscn]\): ProductName = (?P<name>[^\n]{1,200})|Product: (?P<said>[^\n]{1,200}?) -- |"
    r"产品[:：] ?(?P<zh>[^\n]{1,200}?) -- "
)
ERROR = re.compile(
    r"(?:Error|错误) (?P<number>\d{4,5})[.。]|CustomAction (?P<custom>\S{1,120}) returned actual error "
    r"code (?P<code>\d{1,10})"
    r"|(?:MainEngineThread is returning|Installation success or error status:) (?P<status>\d{1,5})"
)
MAX_PRODUCT_LINES = 200_000


def recognises(sample: Sample) -> bool:
    """By its head, or by lines of the installer."""
    head = sample.text[:20_000]
    first = head[:400].lstrip()
    return (first.startswith("===") and HEAD.match(first) is not None) or LINE.match(first) is not None


class _Times:
    """Clocks of one log with the days that they are of."""

    def __init__(self) -> None:
        self._day: datetime | None = None
        self._last = ""

    def start(self, written: str) -> None:
        time = Clock([written]).read(written)
        self._day = datetime.fromisoformat(time).replace(hour=0, minute=0, second=0) if time else None
        self._last = f"{time[11:19]}.000000" if time else ""

    def at(self, clock: str) -> str | None:
        """``9:00:05`` or ``09:00:05:123`` as a time; ``None`` without a day."""
        hour, minute, rest = clock.split(":", 2)
        second, _, fraction = rest.replace(":", ".").partition(".")
        told = f"{int(hour):02}:{minute}:{second}.{fraction:0<6}"
        if self._day is None or not (int(hour) < 24 and int(minute) < 60 and int(second) < 60):
            return None
        if told[:2] < self._last[:2] and int(self._last[:2]) - int(told[:2]) >= 12:
            self._day += timedelta(days=1)
        self._last = told
        return f"{self._day.date().isoformat()}T{told}"


def product_of(artifact: Artifact) -> str:
    """What is installed; mostly told at the log's end. Empty where it is not."""
    said = ""
    for number, line in numbered_lines(artifact, MAX_BYTES):
        if number > MAX_PRODUCT_LINES:
            break
        if found := PRODUCT.search(line[:600]):
            said = next(name for name in found.groups() if name).strip()
            if found["name"]:
                return said
    return said


def events(artifact: Artifact) -> Iterator[LoggedEvent]:
    """One a line with a time, and one a line of an error below it."""
    times, product, last, failed, cause = _Times(), product_of(artifact), None, False, ""
    for number, whole in numbered_lines(artifact, MAX_BYTES):
        line = whole[:MAX_LINE]
        if head := HEAD.match(line):
            times.start(head["time"])
            failed, cause, last = False, "", times.at(times._last[:8]) if times._last else None
        action, engine = ACTION.match(line), LINE.match(line)
        error = ERROR.search(line)
        if not (head or action or engine or error):
            continue
        if (match := action or engine) is not None:
            last = times.at(match["clock"])
        data = {"Message": line[engine.end() :] if engine else line, "Product": product}
        level = 4
        if error:
            level, said = _error(error)
            cause = said or cause
            data["Code"] = error["number"] or error["code"] or error["status"]
        if action and action["value"]:
            data |= {"Action": action["action"].strip(), "ReturnValue": action["value"]}
            level = {"2": 3, "3": 2}.get(action["value"], 4)
            if action["value"] == "3" and not failed:
                failed = True
                data |= {"FirstFailure": "yes", "Cause": cause}
        yield LoggedEvent(
            number,
            last,
            PROVIDER,
            MSI,
            level=level,
            data={name: value for name, value in data.items() if value},
            cut=len(whole) > MAX_LINE,
        )


def _error(error: re.Match[str]) -> tuple[int, str]:
    """The level of a line that tells a code, and the line where it is a cause."""
    code = error["number"] or error["code"] or error["status"]
    if code in {"0", "3010", "1641"}:
        return 4, ""
    return 2, "" if error["status"] else error.string[:300].strip()


def parse(emit: Emit, artifact: Artifact, number: int) -> Parsed[LogFacts]:
    """Reads the log."""
    return stored(emit, artifact, number, events(artifact))


PARSER = Parser(
    kind=KIND,
    label=text("安装日志（Windows Installer）", "installation log (Windows Installer)"),
    source="https://learn.microsoft.com/windows/win32/msi/windows-installer-logging",
    yields=Yields.EVENTS,
    recognises=recognises,
    max_bytes=MAX_BYTES,
    parse=parse,
    keep=keep_log,
)
