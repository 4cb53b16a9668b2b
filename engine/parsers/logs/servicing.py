"""Logs of Windows' servicing and setup: CBS.log, dism.log, setupact.log and setuperr.log.

All write ``2021-05-07 09:00:03, Info                  CSI    00000013 [SR] Cannot repair member file …``;
times are the machine's own. Source: Microsoft, "Analyze the log file entries that SFC generates in
Windows", "Windows Setup log files", "Fix Windows Update errors by using the DISM or System Update
Readiness tool".
"""

import re
from collections.abc import Iterator

from engine.artifacts import Artifact
from engine.parsers.evtx.log_facts import LogFacts
from engine.parsers.exports.times import Clock
from engine.parsers.logs.channels import CBS, DISM, SETUPACT
from engine.parsers.logs.entries import MAX_BYTES, entries, hresult_of, stored
from engine.parsers.parser import Parsed, Parser, Yields
from engine.parsers.sample import Sample
from engine.parsers.text_log import LoggedEvent, keep_log
from engine.sandbox.sandbox import Emit
from engine.text import text

KIND = "servicing-log"
BEGINNING = re.compile(
    r"(?P<time>\d{4}-\d\d-\d\d \d\d:\d\d:\d\d), {1,4}(?P<level>Info|Warning|Error|Perf|Fatal)\b {0,40}"
    r"(?:\[(?P<code>0x[0-9a-fA-F]{6,8})\] {0,8})?(?:(?P<component>[A-Za-z][A-Za-z0-9_-]{0,15})(?= {2,}|"
    r" {0,8}\t|[ :]|$) {0,20})?"
)
LEVELS = {"Error": 2, "Fatal": 1, "Warning": 3}
MEMBER = re.compile(
    r"(?P<how>Cannot repair member file|Could not reproject corrupted file|Repairing corrupted file|"
    r"Repair(?:ed|ing) file)"
    r"[^'\"“”\n]{0,200}['\"“](?P<file>[^'\"”\n]{1,260})['\"”]"
)
SYMBOL = re.compile(r"(?:HRESULT = )?0x[0-9a-fA-F]{8} - (?P<symbol>[A-Z][A-Z0-9_]{3,80})")
PACKAGE = re.compile(r"(?P<package>Package_[^'\",\s\]]{1,200}|KB\d{6,8})")


def recognises(sample: Sample) -> bool:
    """By its first line that begins with a time."""
    lines = sample.text[:8_000].split("\n", 12)[:12]
    return any(BEGINNING.match(line) for line in lines)


def channel_of(path: str, component: str) -> str:
    """Which of the logs it is: by its name, else by who writes in it."""
    name = path.rpartition("/")[2].casefold()
    if "dism" in name or component == "DISM":
        return DISM
    if "setup" in name or "panther" in path.casefold():
        return SETUPACT
    return CBS


def events(artifact: Artifact) -> Iterator[LoggedEvent]:
    """One an entry."""
    clock, channel = Clock(), ""
    for entry in entries(artifact, BEGINNING):
        component = entry.start["component"] or ""
        channel = channel or channel_of(artifact.path, component)
        data = {"Message": entry.text}
        if member := MEMBER.search(entry.text):
            data |= {"File": member["file"], "Action": member["how"]}
        if code := (entry.start["code"] or hresult_of(entry.text)):
            data["HResult"] = code.lower()
        if symbol := SYMBOL.search(entry.text):
            data["Symbol"] = symbol["symbol"]
        if package := PACKAGE.search(entry.text):
            data["Package"] = package["package"]
        level = LEVELS.get(entry.start["level"], 4)
        yield LoggedEvent(
            entry.line,
            clock.read(entry.start["time"]),
            component or channel,
            channel,
            level=level,
            data=data,
            cut=entry.cut,
        )


def parse(emit: Emit, artifact: Artifact, number: int) -> Parsed[LogFacts]:
    """Reads the log."""
    return stored(emit, artifact, number, events(artifact))


PARSER = Parser(
    kind=KIND,
    label=text("Windows 组件与安装日志（CBS、DISM、Setup）", "Windows servicing log (CBS, DISM, Setup)"),
    source="https://learn.microsoft.com/troubleshoot/windows-client/installing-updates-features-roles/"
    "analyze-sfc-program-log-file-entries",
    yields=Yields.EVENTS,
    recognises=recognises,
    max_bytes=MAX_BYTES,
    parse=parse,
    keep=keep_log,
)
