"""Windows Error Reporting's ``Report.wer``: which program failed, in which module, with which exception.

UTF-16 with ``Name=Value``; names of signatures are translated with Windows, their numbers are not. It is one
event of the time line, at the line of its type. Source: Microsoft, "Windows Error Reporting", "WER Settings".
"""

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta

from engine.artifacts import Artifact
from engine.parsers.evtx.log_facts import LogFacts
from engine.parsers.exports.times import utc_text
from engine.parsers.logs.channels import WER
from engine.parsers.parser import Parsed, Parser, Yields
from engine.parsers.sample import Sample
from engine.parsers.text_log import LoggedEvent, keep_log, numbered_lines, store_events
from engine.sandbox.sandbox import Emit
from engine.text import text

KIND = "wer-report"
PROVIDER = "Windows Error Reporting"
MAX_BYTES = 4 << 20
MAX_VALUE = 500
PAIR = re.compile(r"(?P<name>[A-Za-z][A-Za-z0-9]{1,40}(?:\[\d{1,3}\]\.[A-Za-z]{1,20})?)=(?P<value>.{0,500})")
_STARTS = datetime(1601, 1, 1, tzinfo=UTC)
NAMES: Mapping[str, Mapping[int, str]] = {
    "APPCRASH": {
        0: "AppName",
        1: "AppVersion",
        3: "ModuleName",
        4: "ModuleVersion",
        6: "ExceptionCode",
        7: "Offset",
    },
    "BEX": {
        0: "AppName",
        1: "AppVersion",
        3: "ModuleName",
        4: "ModuleVersion",
        6: "Offset",
        7: "ExceptionCode",
    },
    "CLR20r3": {0: "AppName", 1: "AppVersion", 3: "ModuleName", 4: "ModuleVersion", 8: "ExceptionType"},
    "AppHangB1": {0: "AppName", 1: "AppVersion"},
    "BlueScreen": {0: "BugCheckCode"},
}
"""What the numbered signatures of a type are. ``BEX64`` and ``APPCRASH64`` are as those without a number."""


def recognises(sample: Sample) -> bool:
    """By its first two names."""
    head = sample.text[:400].lstrip()
    return head.startswith("Version=") and "\nEventType=" in head


def events(artifact: Artifact) -> Iterator[LoggedEvent]:
    """The one event."""
    values: dict[str, str] = {}
    line = 1
    for number, content in numbered_lines(artifact, MAX_BYTES):
        if pair := PAIR.match(content):
            values.setdefault(pair["name"], pair["value"].strip())
            line = number if pair["name"] == "EventType" else line
    kind = values.get("EventType", "")
    if not kind:
        return
    data = {"EventType": kind}
    names = NAMES.get(kind) or NAMES.get(kind.removesuffix("64"), NAMES["APPCRASH"])
    for place, name in names.items():
        data[name] = values.get(f"Sig[{place}].Value", "")
    if re.fullmatch(r"[0-9a-fA-F]{1,8}", data.get("ExceptionCode", "")):
        data["ExceptionCode"] = f"0x{data['ExceptionCode'].lower()}"
    if re.fullmatch(r"[0-9a-fA-F]{1,8}", data.get("BugCheckCode", "")):
        data["BugCheckCode"] = f"0x{data['BugCheckCode'].lower()}"
    data |= {"AppPath": values.get("AppPath", ""), "ReportId": values.get("ReportIdentifier", "")}
    data["Message"] = "\n".join(
        f"{values.get(f'Sig[{place}].Name', place)}: {values[f'Sig[{place}].Value']}"
        for place in range(12)
        if values.get(f"Sig[{place}].Value")
    )
    yield LoggedEvent(
        line,
        _time(values.get("EventTime", "")),
        PROVIDER,
        WER,
        level=2,
        data={name: value[:MAX_VALUE] for name, value in data.items() if value},
    )


def _time(digits: str) -> str | None:
    """A FILETIME (100 ns since 1601, UTC)."""
    fits = digits.isascii() and digits.isdecimal() and 0 < len(digits) < 19 and int(digits) > 0
    return utc_text(_STARTS, timedelta(microseconds=int(digits) // 10)) if fits else None


def parse(emit: Emit, artifact: Artifact, number: int) -> Parsed[LogFacts]:
    """Reads the report."""
    return store_events(artifact, number, events(artifact), MAX_BYTES, emit=emit)


PARSER = Parser(
    kind=KIND,
    label=text("错误报告（Report.wer）", "error report (Report.wer)"),
    source="https://learn.microsoft.com/windows/win32/wer/windows-error-reporting",
    yields=Yields.EVENTS,
    recognises=recognises,
    max_bytes=MAX_BYTES,
    parse=parse,
    keep=keep_log,
)
