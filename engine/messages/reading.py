"""The messages of one bundle: its own sources gathered, and said beside what findings cite."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from msgspec import structs

from engine.artifacts import Artifact, State
from engine.findings import Finding
from engine.index.event_index import EventIndex
from engine.messages.accounts import Accounts
from engine.messages.captured import Capture, NotMessages
from engine.messages.describe import Sources, describe
from engine.messages.parameters import parameter_files
from engine.messages.resources import Resources, plain_guid, read_library
from engine.parsers import event_messages
from engine.parsers.pe import parser as pe
from engine.parsers.pe.facts import PeFacts
from engine.sandbox.sandbox import OutOfTime, Sandbox, Stopped
from engine.schema.evidence import Evidence, Locator
from engine.text import Text, text
from engine.text_safety import shortened

MAX_LIBRARIES = 2_000
MAX_LENGTH = 1_500
"""Characters of a message that stands beside a cited event."""


def read_sources(
    events: EventIndex, artifacts: list[Artifact], executables: list[PeFacts], sandbox: Sandbox
) -> Sources:
    """Reads what messages the bundle brings for the events in the index. What cannot be read is
    said in its artifact; nothing raises for what a file contains. Raises ``SandboxBroken``."""
    wanted = events.kinds()
    sources = Sources(guids={name.casefold(): plain_guid(guid) for name, guid in events.providers().items()})
    readable = [artifact for artifact in artifacts if artifact.state in {State.READ, State.PARTLY}]
    for artifact in (candidate for candidate in readable if candidate.kind == event_messages.KIND):
        _templates(artifact, sources.capture, wanted, sandbox)
    numbers = {event_id for _, event_id in wanted}
    names = {
        facts.artifact: tuple(filter(None, (facts.product, facts.description, facts.original_name)))
        for facts in executables
    }
    libraries = [artifact for artifact in readable if artifact.kind == pe.KIND and numbers]
    whole = parameter_files(sources.capture)
    for artifact in libraries[:MAX_LIBRARIES]:
        known = names.get(artifact.path, ())
        try:
            captured = sandbox.call(library, artifact, known, numbers, whole, size=artifact.size)
        except OutOfTime:
            break  # the messages of other sources, or the fields, have to do
        except Stopped as stopped:
            artifact.state, artifact.detail = State.PARTLY, stopped.sentence
        else:
            sources.resources.add(captured)
    return sources


def with_messages(findings: list[Finding], events: EventIndex, sources: Sources) -> list[Finding]:
    """The findings, each cited event with its message."""
    known: dict[tuple[str, Locator], Text | None] = {}
    accounts = Accounts(events)

    def message(evidence: Evidence) -> Text | None:
        if evidence.locator.event_number is None:
            return evidence.message
        place = (evidence.artifact, evidence.locator)
        if place not in known:
            record = events.at(*place)
            known[place] = None if record is None else _short(accounts.told(describe(record, sources).text))
        return evidence.message or known[place]

    return [
        replace(
            finding,
            evidence=tuple(
                structs.replace(evidence, message=message(evidence)) for evidence in finding.evidence
            ),
        )
        for finding in findings
    ]


def _short(message: Text) -> Text:
    return text(shortened(message["zh-hans"], MAX_LENGTH), shortened(message["en"], MAX_LENGTH))


# -- In the sandbox ---------------------------------------------------------------------


def library(
    emit: Callable[[Any], None], artifact: Artifact, names: tuple[str, ...], wanted: set[int], whole: set[str]
) -> Resources:
    """The messages in one executable, all of one that is named in ``whole``."""
    return read_library(artifact, names, wanted, whole)


# -- Here -------------------------------------------------------------------------------


def _templates(artifact: Artifact, capture: Capture, wanted: set[tuple[str, int]], sandbox: Sandbox) -> None:
    try:
        captured: Capture = sandbox.call(event_messages.parse, artifact, wanted, size=artifact.size)
    except Stopped as stopped:
        artifact.state, artifact.detail = State.UNREADABLE, stopped.sentence
        return
    except (NotMessages, OSError) as error:
        artifact.state = State.UNREADABLE
        artifact.detail = text(
            f"事件消息模板文件无法读取（{error}）；其余消息来源不受影响。",
            f"The file of event message templates cannot be read ({error}); other sources still serve.",
        )
        return
    capture.add(captured)
    zh, en = f"读取了 {captured.count:,} 条事件消息模板", f"{captured.count:,} event message templates read"
    if captured.passed_over:
        artifact.state = State.PARTLY
        zh, en = (
            f"{zh}，{captured.passed_over:,} 条格式不符",
            f"{en}, {captured.passed_over:,} entries not understood",
        )
    artifact.detail = text(f"{zh}。", f"{en}.")
