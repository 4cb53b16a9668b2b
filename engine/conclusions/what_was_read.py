"""What was read of a bundle and what was not: said before any finding, and where there is none.

"No findings" is true of what was read, and of nothing else.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

import msgspec
from msgspec import structs

from engine.artifacts import ARCHIVE, OTHER, State
from engine.parsers.evtx import parser as evtx
from engine.parsers.parser import Yields
from engine.parsers.registry import PARSERS
from engine.schema.document import ArtifactEntry
from engine.schema.logs import Events
from engine.text import Text, text
from engine.text_safety import legible
from engine.unpacking.preview import Entry

NO_EVIDENCE = {Yields.MESSAGES, Yields.MANIFEST, Yields.FILES, Yields.SIGNATURES}
"""What comes to no finding by itself."""

COUNTED = {
    Yields.EVENTS: ("个事件日志", "event log", "event logs"),
    Yields.FILE_STATES: ("个采集文本", "text with file facts", "texts with file facts"),
    Yields.MACHINE: ("个电脑信息文件", "file with facts of the machine", "files with facts of the machine"),
    Yields.EXECUTABLE: ("个可执行文件", "program", "programs"),
}
OTHERS = ("个其他文件", "other file", "other files")

MAX_REASONS = 6
MAX_NAME = 80
NO_EVENTS = text(
    "日志中没有任何事件记录：导出时可能设置了筛选，或日志已被清空。请不加筛选，重新导出后上传。",
    "The log holds no event: it may have been exported with a filter, or cleared. Please export it again "
    "without a filter and upload that.",
)
NO_FILES = text(
    "文件夹或压缩包里没有文件。请检查选中的是不是要发送的内容，再上传。",
    "The folder or archive holds no files. Please check that it is what you meant to send, and upload it "
    "again.",
)


class Reason(msgspec.Struct, frozen=True):
    """Why files were not read, and what to send instead; ``first`` is one of the ``count`` (hostile text)."""

    said: Text
    first: str
    count: int


class WhatWasRead(msgspec.Struct, frozen=True, kw_only=True):
    """``files`` came to something that can be examined; ``nothing``: none did. ``headline`` says so, or what
    was read; ``reasons`` tell of the others, the commonest first, then of exported and text logs that were
    read in part; ``unread`` is how many the others are."""

    files: int
    nothing: bool
    headline: Text
    reasons: list[Reason]
    unread: int


def what_was_read(artifacts: Sequence[ArtifactEntry], events: Events, name: str = "") -> WhatWasRead:
    """Of the files and event logs of a result, of today or stored earlier; ``name`` is the upload's."""
    return of_files(artifacts, {log.artifact: log.records for log in events.logs}, events.total, name)


def of_files(
    artifacts: Sequence[ArtifactEntry], records: Mapping[str, int], total: int, name: str
) -> WhatWasRead:
    """The same, of the numbers of records by log and in all."""
    read: Counter[str] = Counter()
    unread: list[tuple[str, Text]] = []
    partly: list[tuple[str, Text]] = []
    for artifact in artifacts:
        if _came_to_something(artifact, records):
            read[artifact.kind] += 1
            if artifact.state is State.PARTLY and artifact.detail and _is_text_log(artifact):
                partly.append((artifact.path, artifact.detail))
        elif why := _why(artifact, records):
            unread.append((artifact.path, why))
    if not artifacts:
        return structs.replace(_summary(read, total, [(name, NO_FILES)]), unread=0)
    return _summary(read, total, unread, partly)


def seen_at_first(entries: Sequence[Entry], name: str, trouble: Text | None) -> WhatWasRead:
    """Of the first look at an upload of that name, in the words of the analysis that is to come."""
    read: Counter[str] = Counter()
    unread: list[tuple[str, Text]] = []
    records = 0
    for entry in entries:
        parser = PARSERS.get(entry.kind)
        records += entry.log.records if entry.log else 0
        if parser is not None and parser.yields not in NO_EVIDENCE and _may_come_to_something(entry):
            read[entry.kind] += 1
        elif entry.log is not None and not entry.log.records:
            unread.append((entry.path, NO_EVENTS))
        elif entry.why is not None:
            unread.append((entry.path, entry.why))
    if trouble is not None or not entries:
        unread.append((name, trouble or NO_FILES))
    return _summary(read, records, unread)


def _may_come_to_something(entry: Entry) -> bool:
    if entry.mistaken or (entry.trouble is not None and not entry.size):
        return False
    return entry.log.records > 0 if entry.log else PARSERS[entry.kind].kind != evtx.KIND


def _is_text_log(artifact: ArtifactEntry) -> bool:
    """Of a damaged .evtx a finding of its own tells."""
    return PARSERS[artifact.kind].yields is Yields.EVENTS and artifact.kind != evtx.KIND


def _summary(
    read: Counter[str],
    records: int,
    unread: list[tuple[str, Text]],
    partly: Sequence[tuple[str, Text]] = (),
) -> WhatWasRead:
    return WhatWasRead(
        files=read.total(),
        nothing=not read,
        headline=_headline(read, records) if read else NOTHING,
        reasons=[*_reasons(unread), *_reasons(partly)],
        unread=len(unread),
    )


NOTHING = text(
    "这次上传中没有可以分析的内容，因此不能得出任何结论。",
    "Nothing in this upload could be analysed, so nothing can be concluded from it.",
)


def _came_to_something(artifact: ArtifactEntry, records: Mapping[str, int]) -> bool:
    parser = PARSERS.get(artifact.kind)
    if parser is None or parser.yields in NO_EVIDENCE or artifact.state not in {State.READ, State.PARTLY}:
        return False
    return parser.yields is not Yields.EVENTS or records.get(artifact.path, 0) > 0


def _why(artifact: ArtifactEntry, records: Mapping[str, int]) -> Text | None:
    if artifact.state in {State.UNREADABLE, State.SKIPPED}:
        return artifact.detail
    if artifact.path in records and not records[artifact.path]:
        return NO_EVENTS
    if artifact.kind in {OTHER, ARCHIVE} and artifact.state is State.PARTLY:
        return artifact.detail
    return None


def _reasons(unread: Iterable[tuple[str, Text]]) -> list[Reason]:
    counted: dict[str, list[tuple[str, Text]]] = {}
    for path, why in unread:
        counted.setdefault(why["en"], []).append((path, why))
    groups = sorted(counted.values(), key=lambda group: -len(group))
    return [Reason(group[0][1], group[0][0], len(group)) for group in groups[:MAX_REASONS]]


def _headline(read: Counter[str], records: int) -> Text:
    of_yield: Counter[tuple[str, str, str]] = Counter()
    for kind, count in read.items():
        of_yield[COUNTED.get(PARSERS[kind].yields, OTHERS)] += count
    zh = [f"{count:,} {words[0]}" for words, count in of_yield.items()]
    en = [f"{count:,} {words[1] if count == 1 else words[2]}" for words, count in of_yield.items()]
    events = text("", "")
    if records:
        events = text(
            f"，共 {records:,} 条事件记录",
            f" with {records:,} event record{'' if records == 1 else 's'} in all",
        )
    return text(
        f"已读取：{'、'.join(zh)}{events['zh-hans']}。",
        f"Read: {', '.join(en)}{events['en']}.",
    )


def no_findings(read: WhatWasRead) -> Text:
    """In place of findings: of what it is true."""
    if read.nothing:
        return read.headline
    return text(
        f"在已读取的内容中没有得出结论。{read.headline['zh-hans']}",
        f"No findings in what was read. {read.headline['en']}",
    )


def sentences(read: WhatWasRead) -> list[Text]:
    """The headline, then which files were not read, why, and what to send instead."""
    return [read.headline, *map(named, read.reasons)]


def named(reason: Reason) -> Text:
    """Which files, and why."""
    first = legible(reason.first, len(reason.first))
    name = first if len(first) <= MAX_NAME else "…" + first[-(MAX_NAME - 1) :]
    more = reason.count - 1
    return text(
        f"“{name}”{f'等 {reason.count:,} 个文件' if more else ''}：{reason.said['zh-hans']}",
        f"“{name}”{f' and {more:,} more' if more else ''}: {reason.said['en']}",
    )
