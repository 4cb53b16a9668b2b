"""Windows event logs (.evtx), read in parts by several processes: see ``log_readers``."""

from collections.abc import Callable

from engine.artifacts import Artifact
from engine.index.open_writer import writer
from engine.parsers.evtx.integrity import NotEvtx
from engine.parsers.evtx.log_facts import PartFacts, Place
from engine.parsers.evtx.records import read_part
from engine.parsers.evtx.span import read_span
from engine.parsers.parser import Glimpse, Parser, Unparsable, Yields
from engine.parsers.sample import Sample
from engine.sandbox.sandbox import Emit
from engine.sandbox.wire import refusing
from engine.text import text

KIND = "evtx"


def recognises(sample: Sample) -> bool:
    """By the file header, or the first chunk's where that is damaged."""
    return sample.head.startswith(b"ElfFile\0") or sample.head[4096:4104] == b"ElfChnk\0"


def parse(emit: Callable[[int], None], artifact: Artifact, number: int, place: Place) -> PartFacts:
    """One part of the log of that number into the index, whole or not at all."""
    with writer().whole():
        return read_part(artifact, place, number, writer(), emit)


@refusing(Unparsable)
def preview(emit: Emit, artifact: Artifact) -> Glimpse:
    """What the log covers; raises ``Unparsable``."""
    try:
        return Glimpse(log=read_span(artifact.file))
    except NotEvtx as error:
        raise Unparsable(text("不是 Windows 事件日志。", "This is no Windows event log.")) from error


PARSER = Parser(
    kind=KIND,
    label=text("事件日志", "event log"),
    source="https://github.com/libyal/libevtx/blob/main/documentation/"
    "Windows%20XML%20Event%20Log%20(EVTX).asciidoc",
    yields=Yields.EVENTS,
    recognises=recognises,
    parse=parse,
    preview=preview,
)
