"""Archives of every format that is opened; ``unpacking`` takes their files out."""

from engine.artifacts import ARCHIVE
from engine.parsers.parser import Parser, Yields
from engine.parsers.sample import Sample
from engine.text import text
from engine.unpacking.archives.formats import FORMATS, format_of


def recognises(sample: Sample) -> bool:
    """By the formats' own signs."""
    return format_of(sample.head) is not None


PARSER = Parser(
    kind=ARCHIVE,
    label=text("压缩包", "archive"),
    source=" ".join(form.source for form in FORMATS),
    yields=Yields.FILES,
    recognises=recognises,
)
