"""Installations of devices and drivers: setupapi.dev.log (setupapi.log of its kind).

A section ``>>>  [title]`` … ``<<<  [Exit status: …]`` is one event; within it ``!!!`` marks errors, ``!``
warnings. It stands at its first error, else at its beginning. Times are the machine's own.
Source: Microsoft, "SetupAPI Text Logs", "Interpreting a Sample SetupAPI Device Installation Text Log".
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from engine.artifacts import Artifact
from engine.parsers.evtx.log_facts import LogFacts
from engine.parsers.exports.times import Clock
from engine.parsers.logs.channels import SETUPAPI
from engine.parsers.logs.entries import MAX_BYTES, MAX_LINE, stored
from engine.parsers.parser import Parsed, Parser, Yields
from engine.parsers.sample import Sample
from engine.parsers.text_log import LoggedEvent, keep_log, numbered_lines
from engine.sandbox.sandbox import Emit
from engine.text import text

KIND = "setupapi-log"
PROVIDER = "SetupAPI"
MAX_ERRORS = 20
SIGNS = re.compile(
    r"\[Device Install Log\]|\[SetupAPI Log\]|>>>  ?\[[^\]\n]{1,400}\]\r?\n>>>  ?Section start"
)
TITLE = re.compile(r">>>  {0,4}\[(?P<title>.{1,600})\][ \t]{0,20}$")
START = re.compile(r">>>  {0,4}Section start (?P<time>\d{4}/\d\d/\d\d \d\d:\d\d:\d\d(?:\.\d{1,6})?)")
EXIT = re.compile(r"<<<  {0,4}\[Exit status: (?P<status>[^\]\n]{1,120})\]")
ERROR = re.compile(r"!!!  {0,4}(?:[a-z]{2,8}: {1,20})?(?P<error>.{1,1000})")
WARNING = re.compile(r"!    {0,4}\S")
DEVICE = re.compile(r"[^-\n]{0,200} - (?P<device>\S.{0,400})$")
PROBLEM = re.compile(r"\b(?P<problem>CM_PROB_[A-Z_]{2,40})\b")


@dataclass
class _Section:
    line: int
    title: str
    time: str | None = None
    status: str = ""
    errors: list[str] = field(default_factory=list)
    error_line: int | None = None
    warnings: int = 0

    def event(self) -> LoggedEvent:
        device = DEVICE.match(self.title)
        problem = next((found["problem"] for e in self.errors if (found := PROBLEM.search(e))), "")
        data = {
            "Title": self.title,
            "Device": device["device"] if device else "",
            "ExitStatus": self.status,
            "Error": self.errors[0] if self.errors else "",
            "Problem": problem,
            "Message": "\n".join([self.title, *self.errors, *([self.status] if self.status else [])]),
        }
        failed = bool(self.errors) or self.status.startswith("FAILURE")
        return LoggedEvent(
            self.error_line or self.line,
            self.time,
            PROVIDER,
            SETUPAPI,
            level=2 if failed else 3 if self.warnings else 4,
            data={name: value for name, value in data.items() if value},
        )


def recognises(sample: Sample) -> bool:
    """By its head, or its first section."""
    return SIGNS.search(sample.text[:20_000]) is not None


def events(artifact: Artifact) -> Iterator[LoggedEvent]:
    """One a section."""
    clock, section = Clock(), None
    for number, whole in numbered_lines(artifact, MAX_BYTES):
        line = whole[:MAX_LINE]
        if title := TITLE.match(line):
            if section is not None:
                yield section.event()
            section = _Section(number, title["title"])
        elif section is None:
            continue
        elif start := START.match(line):
            section.time = clock.read(start["time"])
        elif error := ERROR.match(line):
            section.error_line = section.error_line or number
            if len(section.errors) < MAX_ERRORS:
                section.errors.append(error["error"].strip().rstrip("."))
        elif WARNING.match(line):
            section.warnings += 1
        elif ended := EXIT.match(line):
            section.status = ended["status"]
            yield section.event()
            section = None
    if section is not None:
        yield section.event()


def parse(emit: Emit, artifact: Artifact, number: int) -> Parsed[LogFacts]:
    """Reads the log."""
    return stored(emit, artifact, number, events(artifact))


PARSER = Parser(
    kind=KIND,
    label=text("设备安装日志（setupapi）", "device installation log (setupapi)"),
    source="https://learn.microsoft.com/windows-hardware/drivers/install/setupapi-text-logs",
    yields=Yields.EVENTS,
    recognises=recognises,
    max_bytes=MAX_BYTES,
    parse=parse,
    keep=keep_log,
)
