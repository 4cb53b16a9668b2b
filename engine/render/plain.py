"""A result document as plain lines for a terminal."""

from collections.abc import Iterator, Mapping
from typing import Any

WORDS = {
    "zh-hans": {
        "source": "来源",
        "artifacts": "文件",
        "events": "事件",
        "states": "文件状态",
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
        "none": "没有得出结论。",
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
        "more": "另有 {} 条",
        "none_states": "—",
    },
    "en": {
        "source": "Source",
        "artifacts": "Files",
        "events": "Events",
        "states": "File states",
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
        "none": "No findings.",
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
        "more": "{} more",
        "none_states": "—",
    },
}
MAX_LISTED = 8
"""Places of evidence that are listed for one finding."""


def lines_of(document: Mapping[str, Any], lang: str) -> Iterator[str]:
    """Short and in the order of importance: findings first, then what was read and what was not."""
    words = WORDS[lang]
    source = document["source"]
    size = f"{source['size']:,} {words['bytes']}"
    yield f"{words['source']}  {plain(source['name'])}  {size}  SHA-256 {source['sha256']}"
    yield ""
    yield f"— {words['findings']} ({len(document['findings'])}) —"
    for number, finding in enumerate(document["findings"], start=1):
        yield from _finding(number, finding, words)
    if not document["findings"]:
        yield words["none"]
    if document["incidents"]:
        yield ""
        yield f"— {words['together']} ({len(document['incidents'])}) —"
        for incident in document["incidents"]:
            numbers = ", ".join(str(place + 1) for place in incident["findings"])
            yield f"{numbers}  {plain(incident['title'])}"
            yield f"   {plain(incident['summary'])}"
    yield ""
    yield f"— {words['artifacts']} ({len(document['artifacts'])}) —"
    for artifact in document["artifacts"]:
        detail = f"  {plain(artifact['detail'])}" if artifact["detail"] else ""
        size = f"{artifact['size']:,} {words['bytes']}"
        yield f"{words[artifact['state']]}  {plain(artifact['path'])}  {size}{detail}"
    if document["events"]["logs"]:
        yield ""
        yield f"— {words['events']} ({document['events']['total']:,}) —"
        incident = document["events"]["incident"]
        reaches = {log["artifact"]: words[log["reach"]] for log in incident["logs"]} if incident else {}
        if incident:
            yield f"{words['incident']}  {incident['time']}"
        for log in document["events"]["logs"]:
            gaps = f"  {words['missing']} {log['missing_records']:,}" if log["missing"] else ""
            reach = f"  {reaches[log['artifact']]}" if log["artifact"] in reaches else ""
            span = f"{log['first_time'] or '—'} … {log['last_time'] or '—'}"
            yield f"{plain(log['artifact'])}  {log['records']:,} {words['records']}  {span}{gaps}{reach}"
    if document["file_states"]:
        yield ""
        yield f"— {words['states']} ({len(document['file_states'])}) —"
        for state in document["file_states"]:
            size = f"{state['size']:,} {words['bytes']}" if state["size"] is not None else "—"
            digits = (state["sha256"] or "—")[:16]
            yield f"{plain(state['label'])}  {digits}  {size}  {state['modified'] or '—'}"
    yield ""
    yield f"— {words['examined']} —"
    for examined in document["examined"]:
        sign = "" if examined["outcome"] == "examined" else f"{words[examined['outcome']]}  "
        yield f"{examined['rule']}  {sign}{plain(examined['detail'])}"


def _finding(number: int, finding: Mapping[str, Any], words: Mapping[str, str]) -> Iterator[str]:
    yield f"{number}. [{words[finding['severity']]}] {plain(finding['title'])}"
    yield f"   {plain(finding['summary'])}"
    if causes := finding["data"].get("causes"):
        yield f"   {words['causes']}: {plain(causes)}"
    if finding["gaps"]:
        yield f"   {words['gaps']}: {plain(finding['gaps'])}"
    places = [_place(evidence, words) for evidence in finding["evidence"]]
    more = [words["more"].format(len(places) - MAX_LISTED)] if len(places) > MAX_LISTED else []
    yield f"   {words['evidence']}: {'; '.join(places[:MAX_LISTED] + more)}"
    for position, line in enumerate(finding["advice"].splitlines()):
        yield f"   {words['advice'] + ': ' if not position else ''}{plain(line)}"


def _place(evidence: Mapping[str, Any], words: Mapping[str, str]) -> str:
    locator = evidence["locator"]
    if locator.get("baseline"):
        return f"{words['baseline']} {plain(str(locator.get('label', '')))}"
    for key, name in (
        ("record_id", "record"),
        ("line", "line"),
        ("section", "section"),
        ("offset", "offset"),
    ):
        if key in locator:
            return f"{plain(evidence['artifact'])} {words[name].format(plain(str(locator[key])))}"
    return plain(evidence["artifact"])


def plain(content: str) -> str:
    """One line without control characters: what a log says must not steer the terminal."""
    return "".join(c if c.isprintable() else " " if c.isspace() else "\ufffd" for c in content)
