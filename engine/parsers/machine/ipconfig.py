"""Output of ``ipconfig`` and ``ipconfig /all``: addresses of each adapter; English and Chinese.

Source: Microsoft, ``ipconfig``.
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

KIND = "ipconfig"
MAX_BYTES = 4 << 20
SIGNS = re.compile(r"^Windows IP (?:Configuration|配置)[ \t]{0,20}\r?$", re.MULTILINE)
ADAPTER = re.compile(r"(?P<name>\S.{1,200}?)[:：][ \t]{0,8}$")
PAIR = re.compile(
    r"[ \t]{1,8}(?P<name>[A-Za-z一-鿿][A-Za-z0-9一-鿿()/ -]{0,60}?)[ .]{1,80}[:：] {0,4}(?P<value>\S.*)?$"
)
MORE = re.compile(r"[ \t]{12,80}(?P<value>[0-9a-fA-F.:%]{3,60})[ \t]{0,8}$")
NAMES = {
    name: key
    for key, names in {
        "computer": "host name|主机名",
        "address": "ipv4 address|ipv4 地址|ip address|autoconfiguration ipv4 address|自动配置 ipv4 地址",
        "gateway": "default gateway|默认网关",
        "dns": "dns servers|dns 服务器",
        "dhcp": "dhcp enabled|dhcp 已启用",
        "media": "media state|媒体状态",
    }.items()
    for name in names.split("|")
}
NOTHING = text(
    "看起来是 ipconfig 的输出，但没有读出内容。请重新执行 ipconfig /all > ipconfig.txt 后上传。",
    "This looks like the output of ipconfig, but nothing in it is understood. Please run "
    "ipconfig /all > ipconfig.txt again and upload it.",
)


def recognises(sample: Sample) -> bool:
    """By its heading."""
    return SIGNS.search(sample.text[:4_000]) is not None


def parse(emit: Emit, artifact: Artifact) -> Parsed[MachineFacts]:
    """The facts."""
    gathered, adapter, key = Gathered(), "", ""
    for number, whole in numbered_lines(artifact, MAX_BYTES):
        line = whole[:600]
        if pair := PAIR.match(line):
            key = NAMES.get(pair["name"].strip().casefold(), "")
            if key:
                gathered.add(key, pair["value"] or "", number, adapter)
        elif (more := MORE.match(line)) and key in {"gateway", "dns"}:
            gathered.add(key, more["value"], number, adapter)
        elif heading := ADAPTER.match(line):
            adapter, key = heading["name"], ""
    return parsed(artifact, gathered, NOTHING)


PARSER = Parser(
    kind=KIND,
    label=text("网络配置（ipconfig）", "network configuration (ipconfig)"),
    source="https://learn.microsoft.com/windows-server/administration/windows-commands/ipconfig",
    yields=Yields.MACHINE,
    recognises=recognises,
    max_bytes=MAX_BYTES,
    parse=parse,
    keep=keep,
)
