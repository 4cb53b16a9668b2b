"""Templates of event messages as they were captured on a machine; ``messages.captured`` reads them."""

from engine.artifacts import Artifact
from engine.messages.captured import MAX_BYTES, SCHEMA, Capture, NotMessages, read_messages
from engine.parsers.parser import Parser, Yields
from engine.parsers.sample import Sample
from engine.sandbox.sandbox import Emit
from engine.sandbox.wire import refusing
from engine.text import text

KIND = "messages"


def recognises(sample: Sample) -> bool:
    """By the schema that the document names."""
    return sample.schema == SCHEMA.partition("/")[0]


@refusing(NotMessages)
def parse(emit: Emit, artifact: Artifact, wanted: set[tuple[str, int]]) -> Capture:
    """The templates of the events that are wanted (provider, event id); raises ``NotMessages``."""
    return read_messages(artifact.file, wanted)


PARSER = Parser(
    kind=KIND,
    label=text("消息模板", "message templates"),
    source="docs/formats/event-messages.md",
    yields=Yields.MESSAGES,
    recognises=recognises,
    max_bytes=MAX_BYTES,
    parse=parse,
)
