"""Output of ``systeminfo``: machine, Windows, BIOS, memory, updates, last start; English and Chinese.

Source: Microsoft, ``systeminfo``. Labels as Windows 7 to 11 write them.
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

KIND = "systeminfo"
MAX_BYTES = 4 << 20
PAIR = re.compile(
    r"(?P<name>[A-Za-z一-鿿(][A-Za-z0-9一-鿿()（）/ ]{0,40}?)[ \t]{0,20}[:：][ \t]{1,80}(?P<value>\S.*)$"
)
ITEM = re.compile(r"[ \t]{4,80}\[\d{1,3}\][:：] {0,4}(?P<value>\S.*)$")
KB = re.compile(r"KB\d{6,8}", re.IGNORECASE)
NAMES = {
    name: key
    for key, names in {
        "computer": "host name|主机名",
        "windows": "os name|os 名称",
        "version": "os version|os 版本",
        "installed": "original install date|初始安装日期",
        "boot": "system boot time|系统启动时间|system up time",
        "maker": "system manufacturer|系统制造商",
        "model": "system model|系统型号",
        "type": "system type|系统类型",
        "bios": "bios version|bios 版本",
        "language": "system locale|系统区域设置",
        "time_zone": "time zone|时区",
        "memory": "total physical memory|物理内存总量",
        "free_memory": "available physical memory|可用的物理内存",
        "domain": "domain|域",
        "processor": "processor(s)|处理器",
        "hotfix": "hotfix(s)|修补程序",
    }.items()
    for name in names.split("|")
}
NOTHING = text(
    "看起来是 systeminfo 的输出，但没有读出内容。请重新执行 systeminfo > systeminfo.txt 后上传。",
    "This looks like the output of systeminfo, but nothing in it is understood. Please run "
    "systeminfo > systeminfo.txt again and upload it.",
)


def recognises(sample: Sample) -> bool:
    """By the names of the machine and of Windows."""
    head = sample.text[:4_000]
    return bool(
        re.search(r"^(?:主机名|Host Name)[:：]", head, re.MULTILINE)
        and re.search(r"^OS (?:名称|Name)[:：]", head, re.MULTILINE)
    )


def parse(emit: Emit, artifact: Artifact) -> Parsed[MachineFacts]:
    """The facts."""
    gathered, key = Gathered(), ""
    for number, line in numbered_lines(artifact, MAX_BYTES):
        if item := ITEM.match(line[:600]):
            if key == "hotfix" and (update := KB.search(item["value"])):
                gathered.add("hotfix", update[0], number)
            elif key == "processor":
                gathered.add("processor", item["value"], number)
        elif pair := PAIR.match(line[:600]):
            key = NAMES.get(pair["name"].strip().casefold(), "")
            if key and key not in {"hotfix", "processor"}:
                gathered.add(key, pair["value"], number)
    return parsed(artifact, gathered, NOTHING)


PARSER = Parser(
    kind=KIND,
    label=text("系统信息（systeminfo）", "system information (systeminfo)"),
    source="https://learn.microsoft.com/windows-server/administration/windows-commands/systeminfo",
    yields=Yields.MACHINE,
    recognises=recognises,
    max_bytes=MAX_BYTES,
    parse=parse,
    keep=keep,
)
