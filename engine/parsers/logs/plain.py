"""Logs of any program whose lines begin with a date and a time of day.

The level is the word behind the time, or how the line sounds. Times without a zone are the machine's own, but
in the logs of IIS and others of the W3C's form, which are UTC. Lines without a time belong to the one above.
Source: W3C, "Extended Log File Format"; for the rest there is no format but custom.
"""

import re
from collections.abc import Iterator

from engine.artifacts import Artifact
from engine.parsers.evtx.log_facts import LogFacts
from engine.parsers.exports.times import Clock
from engine.parsers.logs import codemeter, servicing, windows_update
from engine.parsers.logs.channels import PLAIN
from engine.parsers.logs.entries import MAX_BYTES, entries, hresult_of, level_of_text, stored
from engine.parsers.parser import Parsed, Parser, Yields
from engine.parsers.sample import Sample
from engine.parsers.text_log import LoggedEvent, keep_log
from engine.sandbox.sandbox import Emit
from engine.text import text

KIND = "plain-log"
MIN_LINES = 2
LOOKED_AT = 60
BEGINNING = re.compile(
    r"[\[(<]{0,2}(?P<time>(?:\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[-/.]\d{1,2}[-/.]\d{4})[T _,]{1,3}"
    r"\d{1,2}:\d\d:\d\d(?:[.,:]\d{1,9})?"
    r"(?: ?(?:Z|[+-]\d\d:?\d\d)(?![0-9]))?(?: [AP]M)?)[\])>]{0,2}[ \t|:,;-]{0,6}"
)
LEVEL = re.compile(
    r"(?:\[[^\]\n]{0,40}\] {0,4}){0,3}[\[(<|]{0,2} {0,4}(?P<word>[A-Za-z]{3,8}|错误|警告|信息|调试|"
    r"致命)[\])>|:： \t]",
    re.IGNORECASE,
)
LEVELS = {
    **dict.fromkeys(("fatal", "critical", "crit", "panic", "emerg", "致命"), 1),
    **dict.fromkeys(("error", "err", "severe", "fail", "错误"), 2),
    **dict.fromkeys(("warning", "warn", "警告"), 3),
    **dict.fromkeys(("info", "inf", "information", "notice", "信息"), 4),
    **dict.fromkeys(("debug", "dbg", "trace", "verbose", "fine", "调试"), 5),
}
W3C = re.compile(r"#(?:Fields|Software|Version|Date):")
STATUS = re.compile(r" (?P<status>[45]\d\d) \d{1,6} \d{1,10}(?: \d{1,10}){0,3}\s*$")


def recognises(sample: Sample) -> bool:
    """Most of its first lines begin with a date and a time with seconds."""
    lines = [line for line in sample.text[:16_000].split("\n", LOOKED_AT)[:LOOKED_AT] if line.strip()]
    lines = [line for line in lines if not line.startswith("#")]
    dated = sum(BEGINNING.match(line) is not None for line in lines)
    if not (dated >= MIN_LINES and dated * 2 >= len(lines) and BEGINNING.match(lines[0])):
        return False
    return not any(known.recognises(sample) for known in (codemeter, servicing, windows_update))


def events(artifact: Artifact) -> Iterator[LoggedEvent]:
    """One an entry."""
    with artifact.file.open("rb") as stream:
        utc = W3C.match(stream.read(64).decode("ascii", "replace").lstrip("\ufeff\ufffd")) is not None
    name = artifact.path.rpartition("/")[2]
    clock = Clock(_times(artifact))
    for entry in entries(artifact, BEGINNING):
        time = clock.read(entry.start["time"].replace("_", " ").replace(" Z", "Z"))
        word = LEVEL.match(entry.text[:200])
        level = LEVELS.get(word["word"].casefold()) if word else None
        data = {"Message": entry.text}
        if code := hresult_of(entry.text):
            data["HResult"] = code
        if utc:
            status = STATUS.search(entry.text[-200:])
            level = 4 if status is None else 2 if status["status"] >= "500" else 3
            time = f"{time}Z" if time and not time.endswith("Z") else time
        yield LoggedEvent(
            entry.line,
            time,
            name,
            PLAIN,
            level=level_of_text(entry.text.partition("\n")[0]) if level is None else level,
            data=data,
            cut=entry.cut,
        )


def _times(artifact: Artifact) -> list[str]:
    times = []
    for entry in entries(artifact, BEGINNING, 1 << 20):
        times.append(entry.start["time"])
        if len(times) == 2_000:
            break
    return times


def parse(emit: Emit, artifact: Artifact, number: int) -> Parsed[LogFacts]:
    """Reads the log."""
    return stored(emit, artifact, number, events(artifact))


PARSER = Parser(
    kind=KIND,
    label=text("文本日志", "text log"),
    source="https://www.w3.org/TR/WD-logfile.html",
    yields=Yields.EVENTS,
    recognises=recognises,
    max_bytes=MAX_BYTES,
    parse=parse,
    keep=keep_log,
)
