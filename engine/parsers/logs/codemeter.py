"""Logs of the licence service CodeMeter: accesses to licences, and the errors that programs were given.

``2020-11-27 14:28:38: API Event WB218 (NO LICENSE AVAILABLE) occurred (returned to caller)``. Times are the
machine's own. Source: Wibu-Systems, "CodeMeter Developer Guide" (logging, error codes).
"""

import re
from collections.abc import Iterator

from engine.artifacts import Artifact
from engine.parsers.evtx.log_facts import LogFacts
from engine.parsers.exports.times import Clock
from engine.parsers.logs.channels import CODEMETER
from engine.parsers.logs.entries import MAX_BYTES, entries, stored
from engine.parsers.parser import Parsed, Parser, Yields
from engine.parsers.sample import Sample
from engine.parsers.text_log import LoggedEvent, keep_log
from engine.sandbox.sandbox import Emit
from engine.text import text

KIND = "codemeter-log"
PROVIDER = "CodeMeter"
BEGINNING = re.compile(r"(?P<time>\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d{1,6})?): {0,4}")
SIGNS = re.compile(
    r"CodeMeter {1,4}(?:Runtime |Control |License )?[Vv]?(?:ersion )?\d|API (?:Event|Error)|to FC:\d|"
    r"CmDongle|CmContainer"
    r"|CmActLicense|Logging started"
)
EVENT = re.compile(r"API Event (?:WB)?(?P<code>\d{1,6}) \((?P<reason>[^()\n]{1,120})\)")
ERROR = re.compile(r"API Error (?:WB)?(?P<code>\d{1,6})(?: \((?P<reason>[^()\n]{1,120})\))?")
ACCESS = re.compile(r"FC:(?P<firm>\d{1,12}) PC:(?P<product>\d{1,12})")
REASONS = {
    "200": "ENTRY NOT FOUND",
    "218": "NO LICENSE AVAILABLE",
}
"""Names of codes that a line leaves out: as the log itself writes them elsewhere."""


def recognises(sample: Sample) -> bool:
    """By the form of the first lines and words of CodeMeter in them."""
    head = sample.text[:20_000]
    lines = [line for line in head.split("\n", 20)[:20] if line.strip()]
    dated = sum(BEGINNING.match(line) is not None for line in lines[:5])
    return dated >= min(2, len(lines[:5])) > 0 and "CodeMeter" in head and SIGNS.search(head) is not None


def events(artifact: Artifact) -> Iterator[LoggedEvent]:
    """One an entry."""
    clock = Clock()
    for entry in entries(artifact, BEGINNING):
        data, level = {"Message": entry.text}, 4
        if said := EVENT.search(entry.text) or ERROR.search(entry.text):
            level = 2
            data["Code"] = f"WB{said['code']}"
            data["Reason"] = said["reason"] or REASONS.get(said["code"], "")
        elif "NOT successful" in entry.text:
            level = 2
        if access := ACCESS.search(entry.text):
            data |= {"FirmCode": access["firm"], "ProductCode": access["product"]}
        yield LoggedEvent(
            entry.line,
            clock.read(entry.start["time"]),
            PROVIDER,
            CODEMETER,
            level=level,
            data=data,
            cut=entry.cut,
        )


def parse(emit: Emit, artifact: Artifact, number: int) -> Parsed[LogFacts]:
    """Reads the log."""
    return stored(emit, artifact, number, events(artifact))


PARSER = Parser(
    kind=KIND,
    label=text("CodeMeter 许可日志", "CodeMeter licence log"),
    source="https://www.wibu.com/support/manuals-guides.html",
    yields=Yields.EVENTS,
    recognises=recognises,
    max_bytes=MAX_BYTES,
    parse=parse,
    keep=keep_log,
)
