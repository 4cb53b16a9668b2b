"""Windows executables and libraries."""

from engine.artifacts import Artifact, State
from engine.parsers.contents import Contents
from engine.parsers.parser import Parsed, Parser, Unparsable, Yields
from engine.parsers.pe.facts import NotPe, PeFacts, read_pe
from engine.parsers.pe.signature_text import explanation
from engine.parsers.sample import Sample
from engine.sandbox.sandbox import Emit
from engine.sandbox.wire import refusing
from engine.text import text

KIND = "pe"
DOS_HEADER_BYTES, PLACE_OF_PE = 0x40, 0x3C
DAMAGED = text(
    "损坏的可执行文件不参与比较，以免误判。",
    "A damaged executable is not compared, lest it be misjudged.",
)


def recognises(sample: Sample) -> bool:
    """By the marks of both headers; the second may lie anywhere."""
    if sample.head[:2] != b"MZ" or len(sample.head) < DOS_HEADER_BYTES:
        return False
    place = int.from_bytes(sample.head[PLACE_OF_PE:DOS_HEADER_BYTES], "little")
    return sample.at(place, 4) == b"PE\0\0"


def wants(artifact: Artifact, contents: Contents) -> bool:
    """Whole ones."""
    if artifact.state is State.PARTLY:
        artifact.detail = DAMAGED
    return artifact.state is not State.PARTLY


@refusing(Unparsable)
def parse(emit: Emit, artifact: Artifact) -> Parsed[PeFacts]:
    """The facts of one executable; raises ``Unparsable``."""
    try:
        facts = read_pe(artifact)
    except NotPe as error:
        raise Unparsable(
            text(
                f"不是完整的可执行文件，无法读取（{error}）。",
                f"This is no whole executable and cannot be read ({error}).",
            )
        ) from error
    return artifact.state, artifact.detail, facts


def keep(artifact: Artifact, facts: PeFacts, contents: Contents) -> None:
    """Adds the facts; the detail says what is wrong with a signature."""
    contents.executables.append(facts)
    artifact.detail = artifact.detail or explanation(facts)


PARSER = Parser(
    kind=KIND,
    label=text("可执行文件", "program"),
    source="https://learn.microsoft.com/windows/win32/debug/pe-format",
    yields=Yields.EXECUTABLE,
    recognises=recognises,
    parse=parse,
    keep=keep,
    wants=wants,
)
