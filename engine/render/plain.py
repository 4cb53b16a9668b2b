"""A result document as plain lines for a terminal."""

from collections.abc import Iterator

from engine.conclusions.what_was_read import named, no_findings, what_was_read
from engine.findings import Severity
from engine.schema.document import FindingEntry, ResultDocument
from engine.schema.evidence import Evidence
from engine.schema.logs import Events
from engine.schema.machine import MachineEntry
from engine.text import Text, in_language
from engine.text_safety import terminal_line

WORDS = {
    "zh-hans": {
        "source": "来源",
        "artifacts": "文件",
        "events": "事件",
        "states": "文件状态",
        "machine": "电脑信息",
        "findings": "结论",
        "causes": "常见原因",
        "advice": "建议",
        "evidence": "证据",
        "gaps": "缺口",
        "examined": "检查情况",
        "together": "一同出现的结论",
        "incident": "问题发生时间",
        "covers": "已覆盖",
        "begins_after": "从问题发生之后才开始",
        "ends_before": "在问题发生之前已结束",
        "empty": "没有记录",
        "records": "条记录",
        "missing": "缺少",
        "high": "高",
        "medium": "中",
        "low": "低",
        "info": "提示",
        "read": "已读取",
        "partly": "部分读取",
        "unreadable": "无法读取",
        "skipped": "未分析",
        "not_examined": "未检查",
        "failed": "出错",
        "bytes": "字节",
        "line": "第 {} 行",
        "record": "记录 {}",
        "offset": "偏移 {}",
        "section": "节 {}",
        "baseline": "基线",
        "absent": "不存在",
        "cut": "路径被截断",
        "more": "另有 {} 条",
        "none_states": "—",
    },
    "en": {
        "source": "Source",
        "artifacts": "Files",
        "events": "Events",
        "states": "File states",
        "machine": "The machine",
        "findings": "Findings",
        "causes": "Common causes",
        "advice": "Advice",
        "evidence": "Evidence",
        "gaps": "Gaps",
        "examined": "Examined",
        "together": "Findings that came together",
        "incident": "Time of the incident",
        "covers": "covered",
        "begins_after": "begins after it",
        "ends_before": "ends before it",
        "empty": "no records",
        "records": "records",
        "missing": "missing",
        "high": "high",
        "medium": "medium",
        "low": "low",
        "info": "info",
        "read": "read",
        "partly": "partly read",
        "unreadable": "unreadable",
        "skipped": "not analysed",
        "not_examined": "not examined",
        "failed": "failed",
        "bytes": "bytes",
        "line": "line {}",
        "record": "record {}",
        "offset": "offset {}",
        "section": "section {}",
        "baseline": "baseline",
        "absent": "not there",
        "cut": "path cut off",
        "more": "{} more",
        "none_states": "—",
    },
}
MAX_MACHINE_FACTS = 40
MAX_LISTED = 8
"""Places of evidence that are listed for one finding."""


def lines_of(document: ResultDocument, lang: str) -> Iterator[str]:
    """Short and in the order of importance: findings first, then what was read and what was not."""
    return _Lines(lang).of(document)


class _Lines:
    def __init__(self, lang: str) -> None:
        self.lang = lang
        self.words = WORDS[lang]

    def of(self, document: ResultDocument) -> Iterator[str]:
        words, source = self.words, document.source
        size = f"{source.size:,} {words['bytes']}"
        yield f"{words['source']}  {terminal_line(source.name)}  {size}  SHA-256 {source.sha256}"
        yield ""
        yield f"— {words['findings']} ({len(document.findings)}) —"
        for number, finding in enumerate(document.findings, start=1):
            yield from self._finding(number, finding)
        read = what_was_read(document.artifacts, document.events, document.source.name)
        if not document.findings:
            yield self._text(no_findings(read))
        if read.nothing or not document.findings:
            yield from (f"   {self._text(named(reason))}" for reason in read.reasons)
        if document.incidents:
            yield ""
            yield f"— {words['together']} ({len(document.incidents)}) —"
            for incident in document.incidents:
                numbers = ", ".join(str(place + 1) for place in incident.findings)
                yield f"{numbers}  {self._text(incident.title)}"
                yield f"   {self._text(incident.summary)}"
        yield ""
        yield f"— {words['artifacts']} ({len(document.artifacts)}) —"
        for artifact in document.artifacts:
            detail = self._text(artifact.detail)
            size = f"{artifact.size:,} {words['bytes']}"
            yield f"{words[artifact.state]}  {terminal_line(artifact.path)}  {size}{detail and f'  {detail}'}"
        yield from self._events(document.events)
        yield from self._machine(document.machine)
        if document.file_states:
            yield ""
            yield f"— {words['states']} ({len(document.file_states)}) —"
            yield from self._states(document)
        yield ""
        yield f"— {words['examined']} —"
        for examined in document.examined:
            sign = "" if examined.outcome == "examined" else f"{words[examined.outcome]}  "
            yield f"{examined.rule}  {sign}{self._text(examined.detail)}"

    def _text(self, both: Text) -> str:
        return terminal_line(in_language(both, self.lang))

    def _events(self, events: Events) -> Iterator[str]:
        words, incident = self.words, events.incident
        if not events.logs:
            return
        yield ""
        yield f"— {words['events']} ({events.total:,}) —"
        reaches = {log.artifact: words[log.reach] for log in incident.logs} if incident else {}
        if incident:
            yield f"{words['incident']}  {incident.time}"
        for log in events.logs:
            gaps = f"  {words['missing']} {log.missing_records:,}" if log.missing_records else ""
            reach = f"  {reaches[log.artifact]}" if log.artifact in reaches else ""
            span = f"{log.first_time or '—'} … {log.last_time or '—'}"
            yield f"{terminal_line(log.artifact)}  {log.records:,} {words['records']}  {span}{gaps}{reach}"
        yield from (self._text(machine.said) for machine in events.machines)

    def _states(self, document: ResultDocument) -> Iterator[str]:
        """Label, machine, path, hash, size and write time of each captured file."""
        words = self.words
        for state in document.file_states:
            path = terminal_line(state.path) + (f"… ({words['cut']})" if state.cut else "")
            place = [
                terminal_line(state.label),
                *([terminal_line(state.machine)] if state.machine else []),
                path,
            ]
            if state.absent:
                yield "  ".join([*place, words["absent"]])
                continue
            size = f"{state.size:,} {words['bytes']}" if state.size is not None else "—"
            hashes = {"SHA256": state.sha256} if state.sha256 else state.other_hashes
            algorithm, digits = next(iter(hashes.items()), ("", "—"))
            named = (
                digits[:16] if algorithm in {"", "SHA256"} else f"{terminal_line(algorithm)} {digits[:16]}"
            )
            yield "  ".join([*place, named, size, state.modified or "—"])

    def _machine(self, machine: list[MachineEntry]) -> Iterator[str]:
        words = self.words
        for entry in machine:
            if not entry.facts:
                continue
            yield ""
            yield f"— {words['machine']} ({terminal_line(entry.artifact)}) —"
            for fact in entry.facts[:MAX_MACHINE_FACTS]:
                about = f"{terminal_line(fact.about)}  " if fact.about else ""
                line = words["line"].format(fact.line)
                yield f"{about}{self._text(fact.name)}  {terminal_line(fact.value)}  {line}"
            if more := max(0, len(entry.facts) - MAX_MACHINE_FACTS) + entry.left_out:
                yield words["more"].format(more)

    def _finding(self, number: int, finding: FindingEntry) -> Iterator[str]:
        words = self.words
        yield f"{number}. [{words[finding.severity]}] {self._text(finding.title)}"
        yield f"   {self._text(finding.summary)}"
        if finding.severity is Severity.INFO:
            return  # What is in order asks nothing of anybody.
        if causes := finding.data.causes:
            yield f"   {words['causes']}: {self._text(causes)}"
        if finding.gaps:
            yield f"   {words['gaps']}: {self._text(finding.gaps)}"
        places = [self._place(evidence) for evidence in finding.evidence]
        more = [words["more"].format(len(places) - MAX_LISTED)] if len(places) > MAX_LISTED else []
        yield f"   {words['evidence']}: {'; '.join(places[:MAX_LISTED] + more)}"
        for position, line in enumerate(in_language(finding.advice, self.lang).splitlines()):
            yield f"   {words['advice'] + ': ' if not position else ''}{terminal_line(line)}"

    def _place(self, evidence: Evidence) -> str:
        locator, words = evidence.locator, self.words
        if locator.baseline:
            return f"{words['baseline']} {terminal_line(locator.label or '')}"
        places = (
            ("record", locator.record_id),
            ("line", locator.line),
            ("section", locator.section),
            ("offset", locator.offset),
        )
        for name, value in places:
            if value is not None:
                return f"{terminal_line(evidence.artifact)} {words[name].format(terminal_line(str(value)))}"
        return terminal_line(evidence.artifact)
