"""Small event logs and how to read them, for the tests of the engine."""

import hashlib
import random
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from demo.evtx.values import Datum
from demo.evtx.writer import Event
from engine.artifacts import Artifact
from engine.index.event_index import EventIndex
from engine.index.writer import EventIndexWriter
from engine.material import Material
from engine.parsers.evtx.log_facts import LogFacts
from engine.parsers.evtx.records import read_log

START = datetime(2020, 11, 20, 12, 0, tzinfo=UTC)


def moment(seconds: float) -> datetime:
    """A time so many seconds after the start of all test logs."""
    return START + timedelta(seconds=seconds)


def ordinary(count: int, *, start: float = 0, filler: int = 0) -> list[Event]:
    """Service state changes, one a second; ``filler`` characters make each larger."""
    return [
        Event(
            moment(start + number),
            "Service Control Manager",
            7036,
            {"param1": f"服务 {number}", "param2": "正在运行", "param3": "x" * filler},
            qualifiers=16384,
            binary=f"svc{number}/4\0".encode("utf-16-le"),
        )
        for number in range(count)
    ]


def boot(seconds: float) -> Event:
    """The event log service starts with the machine."""
    return Event(moment(seconds), "EventLog", 6005, (), qualifiers=32768, version=None, opcode=None)


def crash(
    seconds: float,
    counter: Datum,
    *,
    name: str = "打印服务",
    key: str | None = "Spooler",
    event_id: int = 7034,
) -> Event:
    """A service ends unexpectedly; ``key`` is what its ``Binary`` says."""
    return Event(
        moment(seconds),
        "Service Control Manager",
        event_id,
        {"param1": name, "param2": counter},
        level=2,
        qualifiers=49152,
        binary=None if key is None else f"{key}\0".encode("utf-16-le"),
    )


def artifact_of(log: Path) -> Artifact:
    """The log as the unpacker would announce it."""
    content = log.read_bytes()
    return Artifact(log.name, log, hashlib.sha256(content).hexdigest(), len(content), "evtx")


def read(*logs: Path) -> tuple[Material, list[LogFacts]]:
    """Reads logs into an index beside the first; the material of that bundle, and the facts."""
    index = logs[0].with_suffix(".sqlite")
    artifacts = [artifact_of(log) for log in logs]
    with EventIndexWriter(index) as writer:
        facts = [read_log(artifact, writer, lambda records: None) for artifact in artifacts]
    material = Material(ZoneInfo("Asia/Shanghai"), EventIndex(index), artifacts=artifacts, logs=facts)
    return material, facts


def damage(file: Path, seed: int, holes: int, cut: int) -> None:
    """Overwrites up to eight bytes at so many places, and takes ``cut`` bytes off the end."""
    chance = random.Random(seed)
    content = bytearray(file.read_bytes())
    for _ in range(holes):
        at = chance.randrange(8, len(content))
        content[at : at + chance.randrange(1, 9)] = chance.randbytes(chance.randrange(1, 9))
    file.write_bytes(content[: len(content) - cut])
