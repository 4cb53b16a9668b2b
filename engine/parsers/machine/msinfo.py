"""System Information (msinfo32) saved as .nfo or as text: the summary of the machine.

In .nfo a fact is two CDATA sections one behind the other; element names are translated with Windows, so only
their contents count, and nothing is parsed as XML. Source: Microsoft, "System Information (msinfo32)".
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

KIND = "msinfo"
MAX_BYTES = 8 << 20
"""The summary stands at the beginning; what comes behind may be tens of megabytes."""
SIGNS = re.compile(
    r"\s{0,100}(?:<\?xml[^>]{0,200}\?>\s{0,100})?<MsInfo\b|\s{0,100}(?:System Information report "
    r"written at|系统信息报告写入时间)"
    r"|\s{0,100}\[(?:System Summary|系统摘要)\]"
)
CDATA = re.compile(
    r"<!\[CDATA\[(?P<name>[^\]]{1,200})\]\]></[^>]{1,60}><[^>]{1,60}><!\[CDATA\[(?P<value>[^\]]{0,600})\]\]>"
)
COLUMNS = re.compile(r"(?P<name>[^\t]{1,100})\t(?P<value>[^\t]{1,600})")
NAMES = {
    name: key
    for key, names in {
        "computer": "system name|系统名称|系统名",
        "windows": "os name|操作系统名称|os 名称",
        "version": "version|版本",
        "maker": "system manufacturer|系统制造商",
        "model": "system model|系统型号",
        "type": "system type|系统类型",
        "processor": "processor|处理器",
        "bios": "bios version/date|bios 版本/日期",
        "memory": "installed physical memory (ram)|已安装的物理内存(ram)|已安装的物理内存 (ram)|total "
        "physical memory|总的物理内存",
        "free_memory": "available physical memory|可用物理内存",
        "time_zone": "time zone|时区",
        "language": "locale|区域设置",
        "user": "user name|用户名",
    }.items()
    for name in names.split("|")
}
NOTHING = text(
    "看起来是系统信息（msinfo32），但没有读出内容。请用 msinfo32 /nfo msinfo.nfo 重新导出后上传。",
    "This looks like System Information (msinfo32), but nothing in it is understood. Please export it "
    "again with "
    "msinfo32 /nfo msinfo.nfo and upload it.",
)


def recognises(sample: Sample) -> bool:
    """By its root, or its heading."""
    return SIGNS.match(sample.text) is not None


def parse(emit: Emit, artifact: Artifact) -> Parsed[MachineFacts]:
    """The facts of the summary."""
    gathered, seen = Gathered(), set[str]()
    for number, line in numbered_lines(artifact, MAX_BYTES):
        found = list(CDATA.finditer(line)) or list(COLUMNS.finditer(line[:1_000]))
        for pair in found:
            key = NAMES.get(pair["name"].strip().casefold(), "")
            if key and key not in seen:
                seen.add(key)
                gathered.add(key, pair["value"], number)
    return parsed(artifact, gathered, NOTHING)


PARSER = Parser(
    kind=KIND,
    label=text("系统信息（msinfo32）", "System Information (msinfo32)"),
    source="https://learn.microsoft.com/windows-server/administration/windows-commands/msinfo32",
    yields=Yields.MACHINE,
    recognises=recognises,
    max_bytes=MAX_BYTES,
    parse=parse,
    keep=keep,
)
