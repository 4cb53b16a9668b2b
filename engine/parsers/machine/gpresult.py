"""Reports of ``gpresult`` as HTML, text or XML: of whom and of which machine.

The applied policies are not judged; the detail says so. Source: Microsoft, ``gpresult``.
"""

import re

from engine.artifacts import Artifact, State
from engine.parsers.captures import recognition as captures
from engine.parsers.machine.facts import Gathered, keep
from engine.parsers.machine_facts import MachineFacts
from engine.parsers.parser import Parsed, Parser, Yields
from engine.parsers.sample import Sample
from engine.parsers.text_log import numbered_lines
from engine.sandbox.sandbox import Emit
from engine.text import text

KIND = "gpresult"
MAX_BYTES = 16 << 20
SIGNS = re.compile(
    r"Microsoft \(R\) Windows \(R\) Operating System Group Policy "
    r"Result|RSOP data for"
    r"|http://www\.microsoft\.com/GroupPolicy/Rsop|RSoP 数据|的 RSOP 数据",
    re.IGNORECASE,
)
HEADING = re.compile(r"Group Policy Results|组策略结果", re.IGNORECASE)
TITLE = re.compile(r"<title>(?P<name>[^<]{1,200})</title>", re.IGNORECASE)
RSOP = re.compile(r"RSOP data for (?P<who>[^\n]{1,200}?) on (?P<where>[^\n :]{1,100})", re.IGNORECASE)
RSOP_ZH = re.compile(r"(?P<who>[^\n ]{1,200}) 在 (?P<where>[^\n ]{1,100}) 上的 RSOP 数据", re.IGNORECASE)
NAMED = text(
    "组策略结果报告：已记录其所属电脑，其中的策略没有分析。"
    "请另外上传“Microsoft-Windows-GroupPolicy/Operational”日志"
    "（Microsoft-Windows-GroupPolicy%4Operational.evtx）和系统日志（System.evtx）。",
    "A report of Group Policy results: its machine is on record, its policies are not analysed. Please "
    "upload the log "
    "“Microsoft-Windows-GroupPolicy/Operational” (Microsoft-Windows-GroupPolicy%4Operational.evtx) and "
    "the System log "
    "(System.evtx) too.",
)
UNNAMED = text(
    NAMED["zh-hans"].replace("已记录其所属电脑", "看不出它属于哪台电脑"),
    NAMED["en"].replace("its machine is on record", "it does not tell of which machine"),
)


def recognises(sample: Sample) -> bool:
    """By its heading; HTML of 16 bits as well as plain text."""
    head = sample.text[:20_000]
    # A mail that speaks of such a report is none; a file that holds hashes, too, is read for these.
    found = SIGNS.search(head) or (TITLE.search(head) and HEADING.search(head))
    return found is not None and not captures.recognises(sample)


def parse(emit: Emit, artifact: Artifact) -> Parsed[MachineFacts]:
    """Machine and user."""
    gathered = Gathered()
    for number, line in numbered_lines(artifact, MAX_BYTES):
        if gathered.facts:
            break
        if told := RSOP.search(line[:2_000]) or RSOP_ZH.search(line[:2_000]):
            gathered.add("computer", told["where"], number)
            gathered.add("user", told["who"], number)
        elif title := TITLE.search(line[:4_000]):
            gathered.add("computer", title["name"].rpartition("\\")[2], number)
    detail = NAMED if gathered.facts else UNNAMED
    return State.PARTLY, detail, MachineFacts(artifact.path, artifact.kind, gathered.facts)


PARSER = Parser(
    kind=KIND,
    label=text("组策略结果（gpresult）", "Group Policy results (gpresult)"),
    source="https://learn.microsoft.com/windows-server/administration/windows-commands/gpresult",
    yields=Yields.MACHINE,
    recognises=recognises,
    max_bytes=MAX_BYTES,
    parse=parse,
    keep=keep,
)
