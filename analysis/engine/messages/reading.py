"""The messages of one bundle: its own sources gathered, and said beside what findings cite."""

from dataclasses import replace

from analysis.engine.artifacts import Artifact, Kind, State
from analysis.engine.event_index import EventIndex
from analysis.engine.findings import Evidence, Finding
from analysis.engine.messages.captured import Capture, NotMessages, read_messages
from analysis.engine.messages.describe import Sources, describe
from analysis.engine.messages.resources import plain_guid, read_resources
from analysis.engine.parsers.pe import PeFacts
from analysis.engine.text import Text, text


def read_sources(events: EventIndex, artifacts: list[Artifact], executables: list[PeFacts]) -> Sources:
    """Reads what messages the bundle brings for the events in the index. What cannot be read is
    said in its artifact; nothing raises for what a file contains."""
    wanted = events.kinds()
    capture = Capture()
    for artifact in artifacts:
        if artifact.kind is Kind.MESSAGES and artifact.state in {State.READ, State.PARTLY}:
            _capture(artifact, capture, wanted)
    if not wanted:
        return Sources(capture)
    resources = read_resources(artifacts, executables, {event_id for _, event_id in wanted})
    guids = {name.casefold(): plain_guid(guid) for name, guid in events.providers().items()}
    return Sources(capture, resources, guids)


def with_messages(findings: list[Finding], events: EventIndex, sources: Sources) -> list[Finding]:
    """The findings, each cited event with its message."""
    known: dict[tuple[str, int], Text | None] = {}

    def message(evidence: Evidence) -> Text | None:
        record_id = evidence.locator.get("record_id")
        if not isinstance(record_id, int):
            return evidence.message
        place = (evidence.artifact, record_id)
        if place not in known:
            record = events.record(*place)
            known[place] = None if record is None else describe(record, sources).text
        return evidence.message or known[place]

    return [
        replace(
            finding,
            evidence=tuple(replace(evidence, message=message(evidence)) for evidence in finding.evidence),
        )
        for finding in findings
    ]


def _capture(artifact: Artifact, capture: Capture, wanted: set[tuple[str, int]]) -> None:
    before, passed_over = capture.count, capture.passed_over
    try:
        read_messages(artifact.file, capture, wanted)
    except (NotMessages, OSError) as error:
        artifact.state = State.UNREADABLE
        artifact.detail = text(
            f"事件消息模板文件无法读取（{error}）；其余消息来源不受影响。",
            f"The file of event message templates cannot be read ({error}); other sources still serve.",
        )
        return
    count, skipped = capture.count - before, capture.passed_over - passed_over
    zh, en = f"读取了 {count:,} 条事件消息模板", f"{count:,} event message templates read"
    if skipped:
        artifact.state = State.PARTLY
        zh, en = f"{zh}，{skipped:,} 条格式不符", f"{en}, {skipped:,} entries not understood"
    artifact.detail = text(f"{zh}。", f"{en}.")
