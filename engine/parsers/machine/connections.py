"""Output of ``netstat`` (``-ano``, ``-anob``) and ``Get-NetTCPConnection``: which program holds which ports.

Told are, of each program, its connections by state and the ports at which it waits. ``-b`` writes the
program below its connection. Source: Microsoft, ``netstat``, "Get-NetTCPConnection".
"""

import re
from collections import Counter

from engine.artifacts import Artifact
from engine.parsers.machine.facts import Gathered, keep, parsed
from engine.parsers.machine_facts import MachineFacts
from engine.parsers.parser import Parsed, Parser, Yields
from engine.parsers.sample import Sample
from engine.parsers.text_log import numbered_lines
from engine.sandbox.sandbox import Emit
from engine.text import text

KIND = "netstat"
MAX_BYTES = 32 << 20
MAX_PROGRAMS = 20
MAX_LISTENING = 200
SIGNS = re.compile(
    r"^[ \t]{0,4}(?:Active Connections|活动连接)[ \t]{0,8}\r?$|^LocalAddress[ \t]{1,60}LocalPort[ \t]",
    re.MULTILINE,
)
_ADDRESS = r"\S{1,80}"
CONNECTION = re.compile(
    rf"[ \t]{{1,8}}(?P<protocol>TCP|UDP)[ \t]{{1,20}}(?P<local>{_ADDRESS}:\d{{1,5}})[ \t]{{1,60}}{_ADDRESS}"
    r"(?:[ \t]{1,60}(?P<state>[A-Z][A-Z0-9_]{3,20}))?(?:[ \t]{1,60}(?P<pid>\d{1,10}))?[ \t]{0,20}$"
)
OF_POWERSHELL = re.compile(
    rf"(?P<local>{_ADDRESS})[ \t]{{1,60}}(?P<port>\d{{1,5}})[ \t]{{1,60}}{_ADDRESS}[ \t]{{1,60}}\d{{1,5}}"
    r"[ \t]{1,60}(?P<state>[A-Z][A-Za-z0-9]{3,20})(?:[ \t]{1,60}[A-Z][A-Za-z]{2,20})?"
    r"[ \t]{1,60}(?P<pid>\d{1,10})[ \t]{0,20}$"
)
PROGRAM = re.compile(r"[ \t]{0,8}\[(?P<name>[^\[\]]{1,120})\][ \t]{0,20}$")
WAITING = {"LISTENING", "LISTEN"}
NOTHING = text(
    "看起来是 netstat 的输出，但没有读出内容。请以管理员身份重新执行 netstat -anob > netstat.txt 后上传。",
    "This looks like the output of netstat, but nothing in it is understood. Please run "
    "netstat -anob > netstat.txt as administrator again and upload it.",
)


def recognises(sample: Sample) -> bool:
    """By its heading."""
    return SIGNS.search(sample.text[:4_000]) is not None


def parse(emit: Emit, artifact: Artifact) -> Parsed[MachineFacts]:
    """The facts of each program, the one with most connections first."""
    states: dict[str, Counter[str]] = {}
    waiting: list[tuple[str, str, int]] = []
    first: dict[str, int] = {}
    names: dict[str, str] = {}
    last: tuple[str, str] | None = None
    rest: dict[str, list[tuple[str, str, int]]] = {}
    for number, whole in numbered_lines(artifact, MAX_BYTES):
        line = whole[:400]
        if found := CONNECTION.match(line):
            last = (found["pid"] or "", f"{found['protocol']} {found['local']}")
            state = found["state"] or ""
        elif found := OF_POWERSHELL.match(line):
            last = (found["pid"], f"TCP {found['local']}:{found['port']}")
            state = found["state"].upper()
        elif (program := PROGRAM.match(line)) and last:
            if last[0]:
                names.setdefault(last[0], program["name"])
            elif rest.get(""):  # without -o only the connection right above is the program's
                rest.setdefault(f"[{program['name']}]", []).append(rest[""].pop())
            last = None
            continue
        else:
            continue
        rest.setdefault(last[0], []).append((state, last[1], number))
    rest.pop("", None)
    for pid, connections in rest.items():
        if pid.startswith("["):
            pid, names[""] = "", pid[1:-1]
        program_name = names.get(pid, "")
        shown = f"{program_name} (PID {pid})" if program_name and pid else program_name or f"PID {pid}"
        first[shown] = connections[0][2]
        for state, local, number in connections:
            if state in WAITING:
                waiting.append((shown, local, number))
            elif local.startswith("TCP"):
                states.setdefault(shown, Counter())[state] += 1
    gathered = Gathered()
    for shown, counts in sorted(states.items(), key=lambda each: -each[1].total())[:MAX_PROGRAMS]:
        by_state = ", ".join(f"{state} {count}" for state, count in counts.most_common(3))
        gathered.add("connections", f"{counts.total()} ({by_state})", first[shown], shown)
    for shown, local, number in waiting[:MAX_LISTENING]:
        gathered.add("listening", local, number, shown)
    return parsed(artifact, gathered, NOTHING)


PARSER = Parser(
    kind=KIND,
    label=text("网络连接（netstat）", "network connections (netstat)"),
    source="https://learn.microsoft.com/windows-server/administration/windows-commands/netstat",
    yields=Yields.MACHINE,
    recognises=recognises,
    max_bytes=MAX_BYTES,
    parse=parse,
    keep=keep,
)
