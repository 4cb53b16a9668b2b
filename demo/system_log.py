"""The demo machine's System log: 18,868 events of seven weeks, eight of them the case's crashes.

Deterministic: every call yields the same events. A Chinese Windows 10 (DESKTOP-CM01) in
Shanghai; the service "CodeMeter Runtime Server" is installed again on 20 November and from
then on ends unexpectedly after each start of the machine.
"""

import random
import uuid
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from demo.evtx.values import Datum, Value, ValueType
from demo.evtx.writer import Event
from demo.windows_events import COMPUTER, SYSTEM_SID, classic, kernel, manifest, scm, state

EVENTS = 18_868
ZONE = ZoneInfo("Asia/Shanghai")
SERVICE = "CodeMeter Runtime Server"
SERVICE_KEY = "CodeMeter.exe"

Data = dict[str, Datum]

_SEED = 20201124
_LOCAL_SERVICE, _NETWORK_SERVICE = "S-1-5-19", "S-1-5-20"
_USER = "S-1-5-21-1708537768-844245398-2146844275-1001"

CRASHES: tuple[tuple[str, int], ...] = (
    ("2020-11-20 20:32:51", 1),
    ("2020-11-20 20:35:14", 2),
    ("2020-11-23 15:43:27", 1),
    ("2020-11-23 15:43:37", 2),
    ("2020-11-23 15:45:45", 3),
    ("2020-11-24 08:59:24", 1),
    ("2020-11-24 08:59:34", 2),
    ("2020-11-24 09:01:43", 3),
)
"""When the service ended unexpectedly (local time) and what its counter said."""

_LAST_SESSIONS = (
    ("2020-11-20 08:41:12", "2020-11-20 20:30:37"),
    ("2020-11-20 20:31:46", "2020-11-20 21:18:05"),
    ("2020-11-23 15:42:31", "2020-11-23 18:06:44"),
    ("2020-11-24 08:58:22", "2020-11-24 09:14:51"),
)
_INSTALLED = "2020-11-20 20:24:09"

_SERVICES = (
    ("WinHTTP Web Proxy Auto-Discovery Service", "WinHttpAutoProxySvc"),
    ("Background Intelligent Transfer Service", "BITS"),
    ("Windows Update", "wuauserv"),
    ("Software Protection", "sppsvc"),
    ("Windows Modules Installer", "TrustedInstaller"),
    ("Microsoft Store 安装服务", "InstallService"),
    ("Windows 许可证管理器服务", "LicenseManager"),
    ("Network Setup Service", "NetSetupSvc"),
    ("Device Setup Manager", "DsmSvc"),
    ("Windows Installer", "msiserver"),
    ("Application Experience", "AeLookupSvc"),
    ("Windows Error Reporting Service", "WerSvc"),
    ("Diagnostic System Host", "WdiSystemHost"),
    ("Volume Shadow Copy", "VSS"),
    ("Microsoft Software Shadow Copy Provider", "swprv"),
    ("Portable Device Enumerator Service", "WPDBusEnum"),
)
_UPDATES = (
    "安全智能更新程序，适用于 Microsoft Defender Antivirus - KB2267602（版本 1.327.{}.0）",
    "9NBLGGH4NNS1-Microsoft.DesktopAppInstaller",
    "9WZDNCRFJBMP-MICROSOFT.WINDOWSSTORE",
    "2020-11 适用于 Windows 10 Version 1809 的累积更新，适合基于 x64 的系统 (KB4586793)",
)
_HOSTS = ("wpad", "settings-win.data.microsoft.com", "time.windows.com", "ctldl.windowsupdate.com")


def system_log() -> Iterator[Event]:
    """All events, oldest first, ready for ``write_log``."""
    chance = random.Random(_SEED)
    sessions = _sessions(chance)
    fixed = [event for number, session in enumerate(sessions) for event in _session(number, *session)]
    for when, count in CRASHES:
        crash = _crash(_local(when), count)
        fixed += [state(crash.time - timedelta(seconds=4), SERVICE, SERVICE_KEY, running=True), crash]
    fixed.append(_installed(_local(_INSTALLED)))
    filler = _Traffic(chance)
    moments = _moments(chance, sessions, EVENTS - len(fixed))
    # Sorting is stable: events of one moment keep the order in which they were made.
    pending = sorted(fixed, key=lambda event: event.time)
    at = 0
    for moment in moments:
        while at < len(pending) and pending[at].time <= moment:
            yield pending[at]
            at += 1
        yield filler.event(moment)
    yield from pending[at:]


def _local(when: str) -> datetime:
    return datetime.fromisoformat(when).replace(tzinfo=ZONE).astimezone(UTC)


def _sessions(chance: random.Random) -> list[tuple[datetime, datetime]]:
    """Start and end of every run of the machine: workdays, then the days of the case."""
    sessions = []
    for offset in range(43):
        day = datetime(2020, 10, 8, tzinfo=ZONE) + timedelta(days=offset)
        if day.weekday() >= 5:
            continue
        start = day + timedelta(hours=8, minutes=30, seconds=chance.randrange(2400))
        end = day + timedelta(hours=17, minutes=50, seconds=chance.randrange(3600))
        sessions.append((start.astimezone(UTC), end.astimezone(UTC)))
    return sessions + [(_local(start), _local(end)) for start, end in _LAST_SESSIONS]


def _moments(chance: random.Random, sessions: list[tuple[datetime, datetime]], count: int) -> list[datetime]:
    """Moments of ordinary traffic, spread over the time the machine ran."""
    weights = [(end - start).total_seconds() for start, end in sessions]
    moments = []
    for start, end in chance.choices(sessions, weights, k=count):
        inside = (end - start).total_seconds() - 75
        moments.append(start + timedelta(microseconds=round((40 + chance.random() * inside) * 1e6)))
    return sorted(moments)


def _session(number: int, start: datetime, end: datetime) -> Iterator[Event]:
    """What each start and each shutdown of the machine writes."""

    def after(seconds: float) -> datetime:
        return start + timedelta(seconds=seconds)

    def before(seconds: float) -> datetime:
        return end - timedelta(seconds=seconds)

    yield kernel(
        after(0),
        "Microsoft-Windows-Kernel-General",
        12,
        {
            "MajorVersion": 10,
            "MinorVersion": 0,
            "BuildVersion": 17763,
            "QfeVersion": 1577,
            "ServiceVersion": 0,
            "BootMode": 0,
            "StartTime": start,
        },
    )
    yield kernel(after(0.4), "Microsoft-Windows-Kernel-Boot", 27, {"BootType": 0})
    yield kernel(
        after(0.4), "Microsoft-Windows-Kernel-Boot", 20, {"LastShutdownGood": True, "LastBootGood": True}
    )
    yield classic(after(11.2), "EventLog", 6009, ("10.00.", "17763", "", "Multiprocessor Free", "0"))
    yield classic(after(11.2), "EventLog", 6005, (), binary=_clock(start))
    uptime = ("", "", "", "", str(11 + number % 5), "60", "-480 中国标准时间")
    yield classic(after(11.2), "EventLog", 6013, uptime)
    for order, (name, key) in enumerate((("DHCP Client", "Dhcp"), ("DNS Client", "Dnscache"))):
        yield state(after(20 + order * 3.1), name, key, running=True)
    yield manifest(
        after(33),
        "Microsoft-Windows-Winlogon",
        7001,
        {"TSId": 1, "UserSid": Value(ValueType.SID, _USER)},
        1101,
    )
    if end == _local(_LAST_SESSIONS[-1][1]):
        return  # The log was saved while the machine ran.
    yield manifest(
        before(21),
        "Microsoft-Windows-Winlogon",
        7002,
        {"TSId": 1, "UserSid": Value(ValueType.SID, _USER)},
        1102,
    )
    yield classic(before(9), "EventLog", 6006, (), binary=bytes(8))
    yield kernel(before(1), "Microsoft-Windows-Kernel-General", 13, {"StopTime": end})


def _crash(when: datetime, count: int) -> Event:
    return scm(
        when + timedelta(milliseconds=100 * count + 37),
        7034,
        {"param1": SERVICE, "param2": str(count)},
        level=2,
        qualifiers=49152,
        binary=f"{SERVICE_KEY}\0",
    )


def _installed(when: datetime) -> Event:
    return scm(
        when,
        7045,
        {
            "ServiceName": SERVICE,
            "ImagePath": '"C:\\Program Files (x86)\\CodeMeter\\Runtime\\bin\\CodeMeter.exe"',
            "ServiceType": "用户模式服务",
            "StartType": "自动启动",
            "AccountName": "LocalSystem",
        },
        qualifiers=16384,
        user=_USER,
    )


class _Traffic:
    """Ordinary events; services that are running stop, stopped ones start."""

    def __init__(self, chance: random.Random) -> None:
        self._chance = chance
        self._running: dict[str, bool] = {}
        self._kinds: tuple[tuple[Callable[[datetime], Event], int], ...] = (
            (self._service, 640),
            (self._permission, 90),
            (self._hive, 80),
            (self._update, 60),
            (self._start_type, 40),
            (self._name, 35),
            (self._time, 25),
            (self._power, 20),
            (self._volume, 10),
        )

    def event(self, moment: datetime) -> Event:
        """One event of a kind drawn by its weight."""
        kinds, weights = zip(*self._kinds, strict=True)
        make: Callable[[datetime], Event] = self._chance.choices(kinds, weights)[0]
        return make(moment)

    def _service(self, moment: datetime) -> Event:
        name, key = self._chance.choice(_SERVICES)
        running = self._running[key] = not self._running.get(key, False)
        return state(moment, name, key, running, thread=self._chance.randrange(900, 980) * 4)

    def _start_type(self, moment: datetime) -> Event:
        kinds = ["自动启动", "按需启动"]
        self._chance.shuffle(kinds)
        names: Data = {
            "param1": "Background Intelligent Transfer Service",
            "param2": kinds[0],
            "param3": kinds[1],
        }
        return scm(moment, 7040, names | {"param4": "BITS"}, qualifiers=16384, user=SYSTEM_SID)

    def _permission(self, moment: datetime) -> Event:
        data: Data = {
            "param1": "特定于应用程序",
            "param2": "本地",
            "param3": "激活",
            "param4": "{2593F8B9-4EAF-457C-B68A-50F6B8EA6B54}",
            "param5": "{15C20B67-12E7-4BB6-92BB-7AFF07997402}",
            "param6": COMPUTER,
            "param7": "admin",
            "param8": _USER,
            "param9": "LocalHost (使用 LRPC)",
            "param10": "不可用",
            "param11": "不可用",
        }
        return Event(
            moment,
            "Microsoft-Windows-DistributedCOM",
            10016,
            data,
            computer=COMPUTER,
            level=3,
            keywords=0x8080000000000000,
            qualifiers=0,
            guid=uuid.UUID("1b562e86-b7aa-4131-badc-b6f3a001407e"),
            source="DCOM",
            user=_USER,
            process_id=912,
            thread_id=self._chance.randrange(250, 300) * 4,
        )

    def _hive(self, moment: datetime) -> Event:
        name = "\\??\\C:\\ProgramData\\Microsoft\\Windows\\AppRepository\\Packages\\settings.dat"
        data: Data = {
            "HiveNameLength": len(name),
            "HiveName": name,
            "KeysUpdated": self._chance.randrange(90),
        }
        return kernel(moment, "Microsoft-Windows-Kernel-General", 16, data | {"DirtyPages": 4})

    def _update(self, moment: datetime) -> Event:
        title = self._chance.choice(_UPDATES).format(self._chance.randrange(100, 2000))
        data: Data = {
            "updateTitle": title,
            "updateGuid": uuid.UUID(int=self._chance.getrandbits(128)),
            "updateRevisionNumber": 200,
        }
        event_id, task = self._chance.choice(((19, 1), (43, 1), (44, 1)))
        return manifest(moment, "Microsoft-Windows-WindowsUpdateClient", event_id, data, task)

    def _name(self, moment: datetime) -> Event:
        data: Data = {
            "QueryName": self._chance.choice(_HOSTS),
            "AddressLength": 16,
            "Address": bytes(16),
        }
        event = manifest(moment, "Microsoft-Windows-DNS-Client", 1014, data, 1014, user=_NETWORK_SERVICE)
        return replace(event, level=3)

    def _time(self, moment: datetime) -> Event:
        source = "time.windows.com,0x9 (ntp.m|0x9|0.0.0.0:123->40.119.6.228:123)"
        event_id = self._chance.choice((35, 37))
        return manifest(
            moment, "Microsoft-Windows-Time-Service", event_id, {"TimeSource": source}, 0, user=_LOCAL_SERVICE
        )

    def _power(self, moment: datetime) -> Event:
        data: Data = {
            "PreviousSessionId": 4,
            "NextSessionId": 5,
            "BootId": 31,
            "Reason": self._chance.randrange(40),
        }
        return kernel(moment, "Microsoft-Windows-Kernel-Power", 566, data)

    def _volume(self, moment: datetime) -> Event:
        data: Data = {
            "DriveName": "C:",
            "DeviceName": "\\Device\\HarddiskVolume3",
            "CorruptionState": 0,
        }
        return kernel(moment, "Microsoft-Windows-Ntfs", 98, data)


def _clock(when: datetime) -> bytes:
    local = when.astimezone(ZONE)
    parts = (
        local.year,
        local.month,
        local.isoweekday() % 7,
        local.day,
        local.hour,
        local.minute,
        local.second,
    )
    return b"".join(part.to_bytes(2, "little") for part in parts) + bytes(10)
