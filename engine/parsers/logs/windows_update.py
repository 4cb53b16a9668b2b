"""WindowsUpdate.log, as Windows 7 and 8 write it and as ``Get-WindowsUpdateLog`` makes it from traces.

``2021/05/07 09:00:00.1234567 4812  5100  Agent           *FAILED* [80240438] …``; older ones part the
columns by tabs and write ``2021-05-07 09:00:00:123``. Times are the machine's own; lines of 1601 are traces
without symbols.
Source: Microsoft, "Windows Update log files", ``Get-WindowsUpdateLog``.
"""

import re
from collections.abc import Iterator

from engine.artifacts import Artifact
from engine.parsers.evtx.log_facts import LogFacts
from engine.parsers.exports.times import Clock
from engine.parsers.logs.channels import WINDOWS_UPDATE
from engine.parsers.logs.entries import MAX_BYTES, entries, hresult_of, level_of_text, stored
from engine.parsers.parser import Parsed, Parser, Yields
from engine.parsers.sample import Sample
from engine.parsers.text_log import LoggedEvent, keep_log
from engine.sandbox.sandbox import Emit
from engine.text import text

KIND = "update-log"
BEGINNING = re.compile(
    r"(?P<time>\d{4}[-/]\d\d[-/]\d\d[ \t]{1,4}\d\d:\d\d:\d\d[.:]\d{3,7})[ \t]{1,4}(?"
    r"P<pid>[0-9A-Fa-f]{1,6})[ \t]{1,4}(?P<tid>[0-9A-Fa-f]{1,6})"
    r"[ \t]{1,4}(?P<component>[A-Za-z][A-Za-z0-9_ ]{1,15}?)(?:[ \t]{2,20}|\t)"
)
COMPONENTS = re.compile(
    r"\b(?:Agent|Handler|Misc|DnldMgr|DownloadManager|Setup|PT|ProtocolTalker|Report|AU|SLS|IdleTimer|"
    r"Shared|DataStore|EEHandler|ComApi|WebServices)\b"
)


def recognises(sample: Sample) -> bool:
    """By the columns and components of its first lines."""
    lines = sample.text[:8_000].split("\n", 30)[:30]
    found = [
        line for line in lines if (start := BEGINNING.match(line)) and COMPONENTS.search(start["component"])
    ]
    return len(found) >= 1 and len(found) * 3 >= len([line for line in lines if line.strip()])


def events(artifact: Artifact) -> Iterator[LoggedEvent]:
    """One an entry."""
    clock = Clock()
    for entry in entries(artifact, BEGINNING):
        time = clock.read(entry.start["time"].replace("\t", " "))
        data = {"Message": entry.text, "Component": entry.start["component"].strip()}
        level = level_of_text(entry.text)
        code = hresult_of(entry.text)
        if code:
            data["HResult"] = code
        if "*FAILED*" in entry.text or "FATAL" in entry.text:
            level = 2
        yield LoggedEvent(
            entry.line,
            None if time and time.startswith("1601") else time,
            "WindowsUpdate",
            WINDOWS_UPDATE,
            level=level if code or level != 2 else 3,
            data=data,
            cut=entry.cut,
        )


def parse(emit: Emit, artifact: Artifact, number: int) -> Parsed[LogFacts]:
    """Reads the log."""
    return stored(emit, artifact, number, events(artifact))


PARSER = Parser(
    kind=KIND,
    label=text("Windows 更新日志", "Windows Update log"),
    source="https://learn.microsoft.com/windows/deployment/update/windows-update-logs",
    yields=Yields.EVENTS,
    recognises=recognises,
    max_bytes=MAX_BYTES,
    parse=parse,
    keep=keep_log,
)
