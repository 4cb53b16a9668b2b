"""A parser of a text log, as docs/parsers.md shows it; it reads in the sandbox's child."""

import re
from collections.abc import Iterator

from engine.artifacts import Artifact
from engine.parsers.evtx.log_facts import LogFacts
from engine.parsers.parser import Parsed, Parser, Yields
from engine.parsers.sample import Sample
from engine.parsers.text_log import LoggedEvent, keep_log, numbered_lines, store_events
from engine.sandbox.sandbox import Emit
from engine.text import text

MAX_BYTES = 1 << 20
LINE = re.compile(r"(\d{4}-\d\d-\d\d)T(\d\d:\d\d:\d\d)Z (ERROR|INFO) (.+)")


def recognises(sample: Sample) -> bool:
    """By its first line."""
    return sample.text.startswith("#Example log\n")


def events(artifact: Artifact) -> Iterator[LoggedEvent]:
    """One a line."""
    for number, line in numbered_lines(artifact, MAX_BYTES):
        if entry := LINE.match(line):
            day, clock, level, message = entry.groups()
            time = f"{day}T{clock}.000000Z"
            data = {"Message": message}
            yield LoggedEvent(
                number, time, "Example", "Example log", level=2 if level == "ERROR" else 4, data=data
            )


def parse(emit: Emit, artifact: Artifact, number: int) -> Parsed[LogFacts]:
    """Reads the log."""
    return store_events(artifact, number, events(artifact), MAX_BYTES)


PARSER = Parser(
    kind="example",
    label=text("示例日志", "example log"),
    source="https://example.org/format",
    yields=Yields.EVENTS,
    recognises=recognises,
    max_bytes=MAX_BYTES,
    parse=parse,
    keep=keep_log,
)
