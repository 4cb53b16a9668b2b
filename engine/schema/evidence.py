"""Where a sentence comes from: an artifact, the place in it, and what stands there."""

from collections.abc import Iterator

import msgspec

from engine.text import Text


class Locator(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A place in an artifact; what a place does not have is ``None`` and absent from the JSON.

    An event: ``record_id`` (its ``EventRecordID``, the number that Event Viewer shows; a saved log may
    hold several of the same), or ``line`` in a text whose records have no number; ``number`` in the header
    of the record where that is another one, ``event_id``, ``provider`` and ``time`` (UTC text, ``…Z``;
    ``None`` of a record that bears none); of an ``.evtx`` what the second parser says of it
    (``engine.parsers.evtx.reread.SecondReading``): ``second_parser``, and of the chunk that holds it
    ``chunk`` (number from 0), ``offset`` (bytes, in the file) and ``checksum`` (``valid``, ``bad``,
    ``none``, ``not covered``). Missing records: ``missing``, their numbers. A log as a whole: ``reach``
    (``engine.schema.logs.Reach``). A capture: ``line`` (from 1). An executable or any
    other file: ``section``, ``offset`` and ``length`` in bytes, ``pattern`` that was matched there. An
    entry of the collector's manifest: ``file``. ``label`` is what a capture calls the file's state; with
    ``baseline`` the known-good state itself is cited.
    """

    record_id: int | None = None
    number: int | None = None
    event_id: int | None = None
    provider: str | None = None
    time: str | None = None
    chunk: int | None = None
    section: str | None = None
    offset: int | None = None
    length: int | None = None
    pattern: str | None = None
    second_parser: str | None = None
    checksum: str | None = None
    missing: str | None = None
    reach: str | None = None
    line: int | None = None
    file: str | None = None
    label: str | None = None
    baseline: bool = False

    @property
    def event_number(self) -> int | None:
        """By which the index has a cited event: Windows' number, or its line; ``None`` of other places."""
        if self.record_id is not None or self.provider is None:
            return self.record_id
        return self.line

    def facts(self) -> Iterator[tuple[str, object]]:
        """Name and value of everything that this place has."""
        for name in self.__struct_fields__:
            value = getattr(self, name)
            if value is not None and value is not False:
                yield name, value


class Evidence(msgspec.Struct, frozen=True):
    """One piece of evidence. ``artifact`` is a path inside the bundle (hostile text), ``excerpt`` the
    text that stands there; ``message`` is what a cited event says."""

    artifact: str
    artifact_sha256: str
    locator: Locator
    excerpt: str
    message: Text | None = None
