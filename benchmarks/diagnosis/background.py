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
HARMLESS = ("browser.exe", "WudfRd", "WINDOWSSTORE", "Example Updater Service", "9BA05972", "Diagtrack")
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
    _once(machine)


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


def _once(machine: Machine) -> None:
    """Errors of the month's first half that have nothing to do with anything."""
    crash: Values = (
        "browser.exe",
        "121.0.2.0",
        "65b0c1d2",
        "render.dll",
        "121.0.2.0",
        "65b0c1d3",
        "c0000005",
    )
    crash += ("0000000000012f4e", "0x1a2c", "0x1da6c0b4f1e2a33", "C:\\Program Files\\Browser\\browser.exe")
    crash += ("C:\\Program Files\\Browser\\render.dll", "6d3b9a10-4c1e-4f0e-9b59-2b1a3c4d5e6f", "", "")
    machine.log(machine.at(3, "11:04:09"), "Application Error", 1000, crash, channel=APPLICATION, level=ERROR)
    machine.log(
        machine.at(4, "08:52:40"),
        "Microsoft-Windows-Kernel-EventTracing",
        3,
        {
            "SessionName": "Diagtrack-Listener",
            "FileName": "",
            "ErrorCode": 3221225858,
            "LoggingMode": 8388736,
        },
        level=ERROR,
        user=SYSTEM,
    )
    missing: Facts = {"DriverNameLength": 56, "DriverName": "SWD\\WPDBUSENUM\\_??_USBSTOR#DISK&VEN_EXAMPLE"}
    missing |= {
        "Status": 3221226341,
        "FailureNameLength": 14,
        "FailureName": "\\Driver\\WudfRd",
        "Version": 0,
    }
    machine.log(
        machine.at(5, "14:20:11"), "Microsoft-Windows-Kernel-PnP", 219, missing, level=WARNING, user=SYSTEM
    )
    title = "9WZDNCRFJBMP-MICROSOFT.WINDOWSSTORE"
    failed: Facts = {
        "errorCode": 2147958018,
        "updateTitle": title,
        "updateGuid": "{1a2b3c4d-0000-4000-8000-000000000001}",
    }
    machine.log(
        machine.at(8, "13:10:55"),
        "Microsoft-Windows-WindowsUpdateClient",
        20,
        failed,
        level=ERROR,
        user=SYSTEM,
    )
    slow: Facts = {"param1": "30000", "param2": "Example Updater Service"}
    machine.service(machine.at(9, "08:44:02"), 7009, slow, "ExampleUpdater", ERROR)
    machine.log(
        machine.at(10, "17:58:20"),
        "Microsoft-Windows-User Profiles Service",
        1530,
        {"Detail": "1 user registry handles leaked"},
        channel=APPLICATION,
        level=WARNING,
        user=SYSTEM,
    )
    machine.log(
        machine.at(11, "09:02:30"),
        "Microsoft-Windows-DistributedCOM",
        10010,
        {"param1": "{9BA05972-F6A8-11CF-A442-00A0C90A8F39}"},
        level=ERROR,
        user=machine.user_sid,
    )
