"""A month of ordinary events, and the harmless errors that every machine has: what a cause hides in."""

from collections.abc import Callable
from datetime import datetime, timedelta

from benchmarks.diagnosis.machine import (
    ERROR,
    LOCAL_SERVICE,
    NETWORK_SERVICE,
    SYSTEM,
    WARNING,
    Facts,
    Machine,
    Values,
)

A_DAY = 90
"""Ordinary events between the start and the end of a day."""

SERVICES = (
    ("Background Intelligent Transfer Service", "BITS"),
    ("Windows Update", "wuauserv"),
    ("Software Protection", "sppsvc"),
    ("Windows Modules Installer", "TrustedInstaller"),
    ("Device Setup Manager", "DsmSvc"),
    ("Windows Installer", "msiserver"),
    ("Volume Shadow Copy", "VSS"),
    ("Network Setup Service", "NetSetupSvc"),
)
APPLICATION = "Application"
HARMLESS = (
    "browser.exe",
    "WudfRd",
    "WINDOWSSTORE",
    "Example Updater Service",
    "9BA05972",
    "3ab2c",
    "Diagtrack",
)
"""What the errors that have nothing to do with anything name."""


def month(machine: Machine, *, last: int | None = None, without: frozenset[int] = frozenset()) -> None:
    """Each workday the machine is started, used and shut down, up to the day ``last``; on days ``without``
    the scenario starts and stops it."""
    for day in range(1, (last or machine.days) + 1):
        if not machine.is_workday(day):
            continue
        begin = machine.at(day, "08:35") + timedelta(seconds=machine.chance.randrange(1500))
        end = machine.at(day, "17:55") + timedelta(seconds=machine.chance.randrange(2400))
        if day not in without:
            machine.start(begin)
            machine.stop(end)
        _day(machine, begin, end)
    _harmless(machine)


def _day(machine: Machine, begin: datetime, end: datetime) -> None:
    seconds = int((end - begin).total_seconds()) - 600
    kinds: tuple[tuple[Callable[[Machine, datetime], None], int], ...] = (
        (_service, 60),
        (_permission, 10),
        (_update, 6),
        (_time, 4),
        (_hive, 8),
        (_restore, 3),
        (_installer, 2),
        (_licence, 5),
        (_name, 1),
    )
    makers, weights = zip(*kinds, strict=True)
    moments = sorted(machine.chance.randrange(seconds) for _ in range(A_DAY))
    for after in moments:
        make = machine.chance.choices(makers, weights)[0]
        make(machine, begin + timedelta(seconds=300 + after))


def _service(machine: Machine, when: datetime) -> None:
    name, key = machine.chance.choice(SERVICES)
    machine.state(when, name, key, running=machine.chance.random() < 0.5)


def _permission(machine: Machine, when: datetime) -> None:
    data: Facts = {
        "param1": machine.say("特定于应用程序", "application-specific"),
        "param2": machine.say("本地", "Local"),
        "param3": machine.say("激活", "Activation"),
        "param4": "{2593F8B9-4EAF-457C-B68A-50F6B8EA6B54}",
        "param5": "{15C20B67-12E7-4BB6-92BB-7AFF07997402}",
        "param6": machine.name,
        "param7": machine.user,
        "param8": machine.user_sid,
        "param9": machine.say("LocalHost (使用 LRPC)", "LocalHost (Using LRPC)"),
        "param10": machine.say("不可用", "Unavailable"),
        "param11": machine.say("不可用", "Unavailable"),
    }
    machine.log(when, "Microsoft-Windows-DistributedCOM", 10016, data, level=WARNING, user=machine.user_sid)


def _update(machine: Machine, when: datetime) -> None:
    title = machine.say(
        "Microsoft Defender Antivirus 安全智能更新 - KB2267602",
        "Security Intelligence Update for Microsoft Defender Antivirus - KB2267602",
    )
    data: Facts = {"updateTitle": title, "updateGuid": "{8a1f9d1e-0000-4c57-9d5e-2a6b0a6f1c11}"}
    event_id = machine.chance.choice((19, 43, 44))
    machine.log(when, "Microsoft-Windows-WindowsUpdateClient", event_id, data, user=SYSTEM)


def _time(machine: Machine, when: datetime) -> None:
    data: Facts = {"TimeSource": "time.windows.com,0x9 (ntp.m|0x9|0.0.0.0:123->203.0.113.5:123)"}
    machine.log(when, "Microsoft-Windows-Time-Service", 37, data, user=LOCAL_SERVICE)


def _hive(machine: Machine, when: datetime) -> None:
    name = "\\??\\C:\\Users\\" + machine.user + "\\AppData\\Local\\Packages\\settings.dat"
    data: Facts = {"HiveNameLength": len(name), "HiveName": name, "KeysUpdated": 12, "DirtyPages": 4}
    machine.log(when, "Microsoft-Windows-Kernel-General", 16, data, user=SYSTEM)


def _restore(machine: Machine, when: datetime) -> None:
    machine.log(when, "VSS", 8224, (), channel=APPLICATION)


def _installer(machine: Machine, when: datetime) -> None:
    data = ("Example Reader", "21.4", machine.say("2052", "1033"), "0", "Example Software", "(NULL)", "")
    machine.log(when, "MsiInstaller", 1033, data, channel=APPLICATION, user=machine.user_sid)


def _licence(machine: Machine, when: datetime) -> None:
    machine.log(
        when,
        "Microsoft-Windows-Security-SPP",
        16384,
        ("2126-02-04T04:12:50Z", "RulesEngine"),
        channel=APPLICATION,
    )


def _name(machine: Machine, when: datetime) -> None:
    data: Facts = {"QueryName": "wpad", "AddressLength": 16, "Address": bytes(16)}
    machine.log(when, "Microsoft-Windows-DNS-Client", 1014, data, level=WARNING, user=NETWORK_SERVICE)


def _harmless(machine: Machine) -> None:
    """Errors that have nothing to do with anything: most of the month's first half, some of the last days."""
    for day, clock in ((3, "11:04:09"), (24, "15:12:31")):
        _browser(machine, machine.at(day, clock))
    session: Facts = {"SessionName": "Diagtrack-Listener", "FileName": "", "ErrorCode": 3221225858}
    session |= {"LoggingMode": 8388736}
    source = "Microsoft-Windows-Kernel-EventTracing"
    machine.log(machine.at(4, "08:52:40"), source, 3, session, level=ERROR, user=SYSTEM)
    late: Facts = {"DriverNameLength": 56, "DriverName": "SWD\\WPDBUSENUM\\_??_USBSTOR#DISK&VEN_EXAMPLE"}
    late |= {"Status": 3221226341, "FailureNameLength": 14, "FailureName": "\\Driver\\WudfRd", "Version": 0}
    for day, clock in ((5, "14:20:11"), (24, "10:02:40")):
        source = "Microsoft-Windows-Kernel-PnP"
        machine.log(machine.at(day, clock), source, 219, late, level=WARNING, user=SYSTEM)
    in_use: Facts = {"errorCode": 0x80073D02, "updateTitle": "9WZDNCRFJBMP-MICROSOFT.WINDOWSSTORE"}
    in_use |= {"updateGuid": "{1a2b3c4d-0000-4000-8000-000000000001}"}
    for day, clock in ((8, "13:10:55"), (23, "12:40:02")):
        source = "Microsoft-Windows-WindowsUpdateClient"
        machine.log(machine.at(day, clock), source, 20, in_use, level=ERROR, user=SYSTEM)
    slow: Facts = {"param1": "30000", "param2": "Example Updater Service"}
    machine.service(machine.at(9, "08:44:02"), 7009, slow, "ExampleUpdater", ERROR)
    leaked: Facts = {"Detail": "1 user registry handles leaked"}
    source = "Microsoft-Windows-User Profiles Service"
    machine.log(
        machine.at(10, "17:58:20"), source, 1530, leaked, channel=APPLICATION, level=WARNING, user=SYSTEM
    )
    server: Facts = {"param1": "{9BA05972-F6A8-11CF-A442-00A0C90A8F39}"}
    for day, clock in ((11, "09:02:30"), (23, "17:59:12")):
        source = "Microsoft-Windows-DistributedCOM"
        machine.log(machine.at(day, clock), source, 10010, server, level=ERROR, user=machine.user_sid)
    synchronising: Facts = {
        "param1": machine.say("同步主机_3ab2c", "Sync Host_3ab2c"),
        "param2": "%%2147500037",
    }
    machine.service(machine.at(24, "17:57:40"), 7023, synchronising, "OneSyncSvc_3ab2c", ERROR)


def _browser(machine: Machine, when: datetime) -> None:
    folder = "C:\\Program Files\\Browser"
    told: Values = ("browser.exe", "121.0.2.0", "65b0c1d2", "render.dll", "121.0.2.0", "65b0c1d3", "c0000005")
    told += ("0000000000012f4e", "0x1a2c", "0x1da6c0b4f1e2a33", f"{folder}\\browser.exe")
    told += (f"{folder}\\render.dll", "6d3b9a10-4c1e-4f0e-9b59-2b1a3c4d5e6f", "", "")
    machine.log(when, "Application Error", 1000, told, channel=APPLICATION, level=ERROR)
