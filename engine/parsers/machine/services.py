"""Output of ``sc query``, ``sc queryex`` and ``sc qc``: state, exit codes, start and program of services.

The names of the fields are English on every Windows but for a few, which are translated; the numbers are the
same. Source: Microsoft, ``sc.exe query``, "SERVICE_STATUS structure".
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

KIND = "services"
MAX_BYTES = 8 << 20
SIGNS = re.compile(r"^[ \t]{0,8}(?:SERVICE_NAME|服务名称)[:：] ?\S", re.MULTILINE)
STATUS = re.compile(
    r"^[ \t]{1,20}(?:STATE|WIN32_EXIT_CODE|START_TYPE|BINARY_PATH_NAME|状态|TYPE)[ \t]{0,30}[:：]",
    re.MULTILINE,
)
NAME = re.compile(r"[ \t]{0,8}(?:SERVICE_NAME|服务名称)[:：] {0,4}(?P<name>\S.{0,256}?)[ \t]{0,20}$")
PAIR = re.compile(
    r"[ \t]{1,20}(?P<name>[A-Z][A-Z0-9_]{2,30}|状态|启动类型)[ \t]{0,30}[:：] {0,4}"
    r"(?P<value>\S.*?)[ \t]{0,20}$"
)
KEYS = {
    "STATE": "state",
    "状态": "state",
    "WIN32_EXIT_CODE": "exit_code",
    "SERVICE_EXIT_CODE": "service_exit_code",
    "START_TYPE": "start_type",
    "启动类型": "start_type",
    "BINARY_PATH_NAME": "program",
    "SERVICE_START_NAME": "account",
}
NOTHING = text(
    "看起来是 sc query 的输出，但没有读出内容。请重新执行 sc queryex 服务名 > sc.txt 后上传。",
    "This looks like the output of sc query, but nothing in it is understood. Please run sc queryex "
    "NAME > sc.txt "
    "again and upload it.",
)


def recognises(sample: Sample) -> bool:
    """By a service's name and one of its fields."""
    head = sample.text[:8_000]
    return SIGNS.search(head) is not None and STATUS.search(head) is not None


def parse(emit: Emit, artifact: Artifact) -> Parsed[MachineFacts]:
    """The facts of each service."""
    gathered, service = Gathered(), ""
    for number, whole in numbered_lines(artifact, MAX_BYTES):
        line = whole[:1_000]
        if name := NAME.match(line):
            service = name["name"]
        elif service and (pair := PAIR.match(line)) and (key := KEYS.get(pair["name"])):
            gathered.add(key, " ".join(pair["value"].split()), number, service)
    return parsed(artifact, gathered, NOTHING)


PARSER = Parser(
    kind=KIND,
    label=text("服务状态（sc query）", "state of services (sc query)"),
    source="https://learn.microsoft.com/windows-server/administration/windows-commands/sc-query",
    yields=Yields.MACHINE,
    recognises=recognises,
    max_bytes=MAX_BYTES,
    parse=parse,
    keep=keep,
)
