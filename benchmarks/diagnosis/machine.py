"""A Windows machine that writes its event logs: what a scenario and its background are told on."""

import random
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Literal
from zoneinfo import ZoneInfo

from demo.evtx.values import Datum
from demo.evtx.writer import Event, UserData, write_log

ZONE = ZoneInfo("Asia/Shanghai")
Language = Literal["zh", "en"]
Facts = dict[str, Datum]
Values = tuple[Datum, ...]

SYSTEM, LOCAL_SERVICE, NETWORK_SERVICE = "S-1-5-18", "S-1-5-19", "S-1-5-20"
CRITICAL, ERROR, WARNING, INFORMATION = 1, 2, 3, 4
SCM = "Service Control Manager"


@dataclass
class Machine:
    """``days`` days from ``first``; what it writes is in the machine's language, its time is Shanghai's."""

    language: Language
    seed: int
    name: str = "PC-0417"
    user: str = "lin"
    first: date = date(2026, 3, 2)
    days: int = 30
    files: dict[str, str] = field(default_factory=dict)
    """What the customer sends beside the logs: texts by their path in the bundle."""
    chance: random.Random = field(init=False)
    others: list["Machine"] = field(default_factory=list)
    """Machines whose logs lie in the same bundle, each in the folder of its name."""
    _written: list[tuple[datetime, Event]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.chance = random.Random(self.seed)

    @property
    def user_sid(self) -> str:
        """Of the account that works at it."""
        return "S-1-5-21-1042338761-2210734452-3981127740-1001"

    def say(self, zh: str, en: str) -> str:
        """The one in the machine's language."""
        return zh if self.language == "zh" else en

    def at(self, day: int, clock: str) -> datetime:
        """A moment (UTC): a day counted from 1, and the time that the machine's clock shows then."""
        local = datetime.combine(self.first + timedelta(days=day - 1), time.fromisoformat(clock), ZONE)
        return local.astimezone(UTC)

    def each(self, day: int, *clocks: str) -> list[datetime]:
        """The same day's moments at which the same thing happens."""
        return [self.at(day, clock) for clock in clocks]

    def is_workday(self, day: int) -> bool:
        """Monday to Friday; 1 is the first day."""
        return (self.first + timedelta(days=day - 1)).weekday() < 5

    def other(self, name: str) -> "Machine":
        """Another machine, whose logs lie beside this one's in the bundle."""
        beside = Machine(self.language, self.seed + 1000 * (len(self.others) + 1), name=name)
        self.others.append(beside)
        return beside

    def log(
        self,
        when: datetime,
        provider: str,
        event_id: int,
        data: Mapping[str, Datum] | Sequence[Datum] = (),
        *,
        channel: str = "System",
        level: int = INFORMATION,
        user: str | None = None,
        binary: bytes | None = None,
        written: datetime | None = None,
        user_data: Mapping[str, UserData] | None = None,
    ) -> None:
        """One event. ``written`` is its place in the order of writing where the clock tells another."""
        named = user_data is not None or isinstance(data, Mapping)
        event = Event(
            when,
            provider,
            event_id,
            data,
            channel=channel,
            computer=self.name,
            level=level,
            user=user,
            binary=binary,
            qualifiers=None if named and provider != SCM else 0,
            version=0 if named else None,
            opcode=0 if named else None,
            keywords=0x8000000000000000 if named else 0x0080000000000000,
            guid=uuid.uuid5(uuid.NAMESPACE_DNS, provider) if named else None,
            source=SCM if provider == SCM else None,
            process_id=4 if provider.startswith("Microsoft-Windows-Kernel-") else 708,
            thread_id=8,
            user_data=user_data,
        )
        self._written.append((written or when, event))

    def service(self, when: datetime, event_id: int, data: Mapping[str, Datum], key: str, level: int) -> None:
        """A record of the Service Control Manager about the service with this key."""
        binary = f"{key}\0".encode("utf-16-le")
        self.log(when, SCM, event_id, data, level=level, binary=binary)

    def state(self, when: datetime, name: str, key: str, *, running: bool) -> None:
        """Event 7036: a service runs, or stopped."""
        said = self.say("正在运行", "running") if running else self.say("已停止", "stopped")
        binary = f"{key}/{4 if running else 1}\0".encode("utf-16-le")
        self.log(when, SCM, 7036, {"param1": name, "param2": said}, binary=binary)

    def start(self, when: datetime, *, clean: bool = True, boot: int = 0) -> None:
        """The machine starts; ``clean``: it had been shut down in order."""
        version = {"MajorVersion": 10, "MinorVersion": 0, "BuildVersion": 19045, "QfeVersion": 4170}
        begun: Facts = {**version, "ServiceVersion": 0, "BootMode": 0, "StartTime": when}
        self.log(when, "Microsoft-Windows-Kernel-General", 12, begun, user=SYSTEM)
        good: Facts = {"LastShutdownGood": clean, "LastBootGood": True}
        self.log(when + timedelta(seconds=1), "Microsoft-Windows-Kernel-Boot", 20, good, user=SYSTEM)
        kind: Facts = {"BootType": boot}
        self.log(when + timedelta(seconds=1), "Microsoft-Windows-Kernel-Boot", 27, kind, user=SYSTEM)
        up = when + timedelta(seconds=12)
        self.log(up, "EventLog", 6009, ("10.00.", "19045", "", "Multiprocessor Free", "0"))
        self.log(up, "EventLog", 6005)
        self.state(when + timedelta(seconds=20), "DHCP Client", "Dhcp", running=True)
        self.state(when + timedelta(seconds=22), "DNS Client", "Dnscache", running=True)

    def stop(self, when: datetime) -> None:
        """The machine is shut down in order."""
        self.log(when - timedelta(seconds=8), "EventLog", 6006, binary=bytes(8))
        ended: Facts = {"StopTime": when}
        self.log(when, "Microsoft-Windows-Kernel-General", 13, ended, user=SYSTEM)

    def write(self, folder: Path) -> None:
        """Its logs, each a file of the name that Windows gives it, and what lies beside them."""
        logs: dict[str, list[Event]] = {}
        for _, event in sorted(self._written, key=lambda written: written[0]):
            logs.setdefault(event.channel, []).append(event)
        for channel, events in logs.items():
            write_log(folder / (channel.replace("/", "%4") + ".evtx"), events)
        for path, text in self.files.items():
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_text(text, encoding="utf-8")
        for beside in self.others:
            (folder / beside.name).mkdir()
            beside.write(folder / beside.name)
