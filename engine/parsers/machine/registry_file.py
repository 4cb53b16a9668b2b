"""Exported registry keys (.reg): how many, and what they say of services.

Source: Microsoft, "How to add, modify, or delete registry subkeys and values by using a .reg file".
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

KIND = "registry"
MAX_BYTES = 64 << 20
HEADS = ("Windows Registry Editor Version 5.00", "REGEDIT4")
KEY = re.compile(r"\[(?P<key>-?HKEY_[A-Z_]{4,30}[^\r\n]{0,600})\][ \t]{0,8}$", re.IGNORECASE)
SERVICE = re.compile(
    r"HKEY_LOCAL_MACHINE\\SYSTEM\\(?:CurrentControlSet|ControlSet\d{3})\\Services\\(?P<name>[^\\\]]{1,256})$",
    re.IGNORECASE,
)
VALUE = re.compile(r"\"(?P<name>[^\"\\]{1,200})\"=(?P<value>.{1,600})$")
MAX_VALUES = 60
STARTS = {"0": "BOOT", "1": "SYSTEM", "2": "AUTO", "3": "DEMAND", "4": "DISABLED"}
NOTHING = text("注册表导出文件中没有项。", "The registry export holds no keys.")


def recognises(sample: Sample) -> bool:
    """By its first line."""
    return sample.text.lstrip().startswith(HEADS)


def parse(emit: Emit, artifact: Artifact) -> Parsed[MachineFacts]:
    """The services' facts, then the first other values, then how many keys there are."""
    gathered, others, key, keys = Gathered(), Gathered(), "", 0
    for number, whole in numbered_lines(artifact, MAX_BYTES):
        line = whole[:1_000]
        if heading := KEY.match(line):
            key, keys = heading["key"], keys + 1
            continue
        value = VALUE.match(line) if key else None
        if value is None:
            continue
        shown = _plain(value["value"])
        service = SERVICE.match(key)
        if service and value["name"] == "Start":
            number_of_start = shown.partition(" ")[0]
            gathered.add(
                "start_type", f"{number_of_start} {STARTS.get(number_of_start, '')}", number, service["name"]
            )
        elif service and value["name"] == "ImagePath":
            gathered.add("program", shown, number, service["name"])
        elif len(others.facts) < MAX_VALUES:
            others.add("value", f"{value['name']} = {shown}", number, key)
    gathered.facts += others.facts
    if keys:
        gathered.add("keys", f"{keys:,}", 1)
    return parsed(artifact, gathered, NOTHING)


def _plain(value: str) -> str:
    """A string without its quotes and escapes, a number in decimal and hex, anything else as it stands."""
    if value.startswith('"') and value.endswith('"') and len(value) > 1:
        return value[1:-1].replace('\\"', '"').replace("\\\\", "\\")
    if value.lower().startswith("dword:"):
        digits = value[6:].strip()
        if re.fullmatch(r"[0-9a-fA-F]{1,8}", digits):
            number = int(digits, 16)
            return str(number) if number < 10 else f"{number} (0x{number:x})"
    return value


PARSER = Parser(
    kind=KIND,
    label=text("注册表导出（.reg）", "registry export (.reg)"),
    source="https://support.microsoft.com/help/310516",
    yields=Yields.MACHINE,
    recognises=recognises,
    max_bytes=MAX_BYTES,
    parse=parse,
    keep=keep,
)
