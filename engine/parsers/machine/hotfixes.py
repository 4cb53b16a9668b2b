"""Installed updates: ``Get-HotFix``, ``wmic qfe list`` as tables, lists or CSV.

Source: Microsoft, ``Get-HotFix``, Win32_QuickFixEngineering.
"""

import re

from engine.artifacts import Artifact
from engine.parsers.machine.facts import Gathered, keep, parsed
from engine.parsers.machine_facts import MachineFacts
from engine.parsers.parser import Parsed, Parser, Yields
from engine.parsers.sample import Sample
from engine.parsers.text_log import numbered_lines
from engine.sandbox.sandbox import Emit
from engine.text import text

KIND = "hotfixes"
MAX_BYTES = 4 << 20
SIGNS = re.compile(r"\bHotFixID\b", re.IGNORECASE)
UPDATE = re.compile(r"(?<![A-Za-z0-9])(?P<update>KB\d{6,8})(?![0-9])")
DATE = re.compile(r"(?<!\d)(?:\d{4}[-/]\d{1,2}[-/]\d{1,2}|\d{1,2}/\d{1,2}/\d{4})(?!\d)")
NOTHING = text(
    "看起来是更新列表，但其中没有 KB 编号。请重新执行 Get-HotFix > hotfix.txt 后上传。",
    "This looks like a list of updates, but it holds no KB number. Please run Get-HotFix > hotfix.txt "
    "again and "
    "upload it.",
)


def recognises(sample: Sample) -> bool:
    """By the column's name and an update's number."""
    head = sample.text[:20_000]
    return SIGNS.search(head) is not None and UPDATE.search(head) is not None


def parse(emit: Emit, artifact: Artifact) -> Parsed[MachineFacts]:
    """One fact an update."""
    gathered, seen = Gathered(), set[str]()
    for number, line in numbered_lines(artifact, MAX_BYTES):
        for found in UPDATE.finditer(line[:1_000]):
            if found["update"] not in seen:
                seen.add(found["update"])
                date = DATE.search(line[:1_000])
                gathered.add("hotfix", f"{found['update']} {date[0] if date else ''}", number)
    return parsed(artifact, gathered, NOTHING)


PARSER = Parser(
    kind=KIND,
    label=text("已安装的更新列表", "list of installed updates"),
    source="https://learn.microsoft.com/powershell/module/microsoft.powershell.management/get-hotfix",
    yields=Yields.MACHINE,
    recognises=recognises,
    max_bytes=MAX_BYTES,
    parse=parse,
    keep=keep,
)
