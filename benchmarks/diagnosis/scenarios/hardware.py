"""Machines that stand still, sleep badly or end: by a button, a driver, a disk, a supply, a leak."""

from datetime import datetime, timedelta
from xml.sax.saxutils import escape

from benchmarks.diagnosis.background import APPLICATION, month
from benchmarks.diagnosis.machine import CRITICAL, ERROR, INFORMATION, SYSTEM, WARNING, Facts, Machine, Values
from benchmarks.diagnosis.scenario import scenario
from benchmarks.diagnosis.scenarios.power import KERNEL_POWER, bugcheck
from benchmarks.diagnosis.scenarios.programs import crash

POWER = "Microsoft-Windows-Kernel-Power"


def ended(machine: Machine, when: datetime, **said: int) -> None:
    """The start after an end in disorder; ``said``: what event 41 says beside zeros."""
    machine.start(when, clean=False)
    facts: Facts = {
        "BugcheckCode": 0,
        "BugcheckParameter1": 0,
        "BugcheckParameter2": 0,
        "BugcheckParameter3": 0,
    }
    facts |= {"BugcheckParameter4": 0, "SleepInProgress": 0, "PowerButtonTimestamp": 0, "BootAppStatus": 0}
    facts |= {"Checkpoint": 0, "ConnectedStandbyInProgress": False, "SystemSleepTransitionsToOn": 0}
    machine.log(when + timedelta(seconds=3), POWER, 41, {**facts, **said}, level=CRITICAL, user=SYSTEM)
    told = ("11:41:20", machine.say("2026/3/26", "3/26/2026"), "", "", "9911", "", "")
    machine.log(when + timedelta(seconds=12), "EventLog", 6008, told, level=ERROR)


@scenario(
    "A program hangs, and the user holds the power button: the crash that he reports is his own",
    source=KERNEL_POWER,
    causes={"power-button-held", "unexpected-restart"},
    language="zh",
    named=("button",),
    with_it={"application-hang", "unexpected-restart", "unexpected-shutdown", "repeated-restarts"},
    false=("blue screen",),
)
def button_held(machine: Machine) -> datetime:
    month(machine, last=24)
    machine.start(machine.at(25, "08:40"))
    for hour in (9, 11):
        when = machine.at(25, f"{hour:02}:40")
        hang: Values = ("cad.exe", "12.0.0.0", "1b2c", "01da7e5a1f0e9c11", "4294967295", "C:\\CAD\\cad.exe")
        hang += ("6d3b9a10-4c1e-4f0e-9b59-2b1a3c4d5e71", "", "", "Unknown")
        machine.log(when, "Application Hang", 1002, hang, channel=APPLICATION, level=ERROR)
        ended(machine, when + timedelta(minutes=4), PowerButtonTimestamp=133871234567890123)
    return machine.at(25, "11:42")


@scenario(
    "The machine does not wake from sleep and has to be switched off",
    source="https://learn.microsoft.com/en-us/windows-hardware/drivers/kernel/system-sleeping-states",
    causes={"sleep-failed", "unexpected-restart"},
    language="en",
    named=("sleep",),
    with_it={"unexpected-shutdown", "repeated-restarts"},
    false=("blue screen",),
)
def sleep_failed(machine: Machine) -> datetime:
    month(machine, last=23)
    for day in (24, 25):
        machine.start(machine.at(day, "08:38"))
        asleep: Facts = {"TargetState": 4, "EffectiveState": 4, "Reason": 7, "Flags": 0, "TransitionsToOn": 3}
        machine.log(machine.at(day, "12:02"), POWER, 42, asleep, user=SYSTEM)
        ended(machine, machine.at(day, "13:05"), SleepInProgress=5, SystemSleepTransitionsToOn=3)
    return machine.at(25, "13:04")


@scenario(
    "A server goes down every night at the same time: the software of its supply orders it",
    source="https://learn.microsoft.com/en-us/troubleshoot/windows-server/application-management/description-shutdown-event-tracker",
    causes={"restart-requested", "shutdown-reason-given"},
    language="en",
    named=("pbeagent.exe",),
    with_it={"ups-on-battery"},
    false=("blue screen", "in disorder", "unexpected"),
)
def supply_orders(machine: Machine) -> datetime:
    month(machine, last=23, without=frozenset({22, 23}))
    for day in (22, 23, 24):
        machine.start(machine.at(day, "07:30"))
        when = machine.at(day, "21:14")
        machine.log(
            when, "PowerChute", 174, ("UPS: On battery power. Input 0.0 V",), channel=APPLICATION, level=2
        )
        path = "C:\\Program Files (x86)\\APC\\PowerChute\\agent\\pbeagent.exe (SRV-APP2)"
        ordered: Facts = {"param1": path, "param2": "SRV-APP2", "param3": "Other (Unplanned)"}
        ordered |= {"param4": "0x5000000", "param5": "power off", "param6": "UPS battery depleted"}
        ordered |= {"param7": "NT AUTHORITY\\SYSTEM"}
        later = when + timedelta(minutes=3)
        machine.log(later, "User32", 1074, ordered, user=SYSTEM)
        machine.stop(later + timedelta(seconds=50))
    machine.start(machine.at(25, "07:30"))
    return machine.at(24, "21:18")


@scenario(
    "Blue screens since a filter driver was installed two days before; the code says nothing of it",
    source="https://learn.microsoft.com/en-us/windows-hardware/drivers/debugger/bug-check-0x7e--system-thread-exception-not-handled",
    causes={"bugcheck-after-driver", "bugcheck"},
    language="zh",
    named=("exfilter",),
    with_it={
        *("bugcheck", "restart-after-bugcheck", "repeated-restarts", "unexpected-restart"),
        *("unexpected-shutdown", "service-installed", "filter-driver-loaded"),
    },
    false=("memory module",),
)
def filter_driver(machine: Machine) -> datetime:
    month(machine, last=24)
    service: Facts = {"ServiceName": "Example Backup Filter", "ImagePath": "system32\\drivers\\exfilter.sys"}
    service |= {"ServiceType": machine.say("文件系统驱动程序", "file system driver")}
    service |= {"StartType": machine.say("引导启动", "boot start"), "AccountName": ""}
    machine.service(machine.at(23, "16:10"), 7045, service, "exfilter", INFORMATION)
    loaded: Facts = {"FinalStatus": "0x0", "DeviceVersionMajor": 10, "DeviceVersionMinor": 0}
    loaded |= {"DeviceNameLength": 8, "DeviceName": "exfilter", "DeviceTime": machine.at(20, "12:00")}
    source = "Microsoft-Windows-FilterManager"
    machine.log(machine.at(24, "08:36"), source, 6, loaded, user=SYSTEM)
    machine.start(machine.at(25, "08:36"))
    for clock, code in (("09:12", 0x7E), ("10:40", 0xD1), ("13:55", 0x7E)):
        bugcheck(machine, machine.at(25, clock), code, "0xffffffffc0000005, 0xfffff80512345678, 0x0, 0x0")
    return machine.at(25, "10:39")


@scenario(
    "An NVMe disk's firmware stops answering: resets, then it is gone, and a database is damaged",
    source="https://learn.microsoft.com/en-us/troubleshoot/windows-server/backup-and-storage/event-id-129",
    causes={"storage-reset", "disk-removed"},
    language="en",
    named=("stornvme",),
    with_it={
        *(
            "disk-io-retried",
            "disk-controller-error",
            "disk-paging-error",
            "disk-removed",
            "file-system-delayed-write-lost",
        ),
        *(
            "application-hang",
            "application-crash",
            "database-damaged",
            "database-error",
            "delayed-write-failed",
        ),
        *("file-system-damaged", "storage-device-lost", "disk-surprise-removed"),
    },
)
def nvme_resets(machine: Machine) -> datetime:
    month(machine)
    for day, hour in ((23, 15), (24, 11), (25, 9), (25, 10)):
        for minute in range(0, 6, 2):
            when = machine.at(day, f"{hour:02}:1{minute}")
            machine.log(when, "stornvme", 129, ("\\Device\\RaidPort1",), level=WARNING)
            machine.log(when + timedelta(seconds=30), "stornvme", 11, ("\\Device\\RaidPort1",), level=ERROR)
    when = machine.at(25, "10:16:20")
    machine.log(when, "disk", 157, ("\\Device\\Harddisk1\\DR1", "1"), level=WARNING)
    lost: Facts = {"VolumeId": "D:", "DeviceName": "\\Device\\HarddiskVolume7", "Error": 3221225486}
    machine.log(when, "Microsoft-Windows-Ntfs", 140, lost, level=WARNING, user=SYSTEM)
    broken = ("erpdb", "3120,D,0", "ERP: ", "D:\\ERP\\erp.edb", "12288", "4096", "-1022", "1117 (0x0000045d)")
    for second in range(0, 30, 3):
        later = when + timedelta(seconds=second)
        machine.log(later, "ESENT", 481, broken, channel=APPLICATION, level=ERROR)
    return machine.at(25, "10:17")


@scenario(
    "A mirror lost a disk the day before; the database is slow since it is being rebuilt",
    source="https://www.manualshelf.com/manual/dell/openmanage-software-8-3/reference-guide-english/page-17.html",
    causes={"raid-degraded", "raid-disk-failed"},
    language="zh",
    named=("Physical Disk 0:1:3",),
    with_it={"sql-slow-disk", "application-hang"},
)
def raid_degraded(machine: Machine) -> datetime:
    month(machine)
    source = "Server Administrator"
    place = "Physical Disk 0:1:3 Controller 0, Connector 0"
    when = machine.at(24, "02:11:08")
    machine.log(when, source, 2048, (f"Device failed:  {place}",), level=ERROR)
    degraded = ("Virtual disk degraded:  Virtual Disk 1 (DATA) Controller 0 (PERC H730P Adapter)",)
    machine.log(when + timedelta(seconds=2), source, 2057, degraded, level=WARNING)
    machine.log(machine.at(25, "08:12"), source, 2065, (f"Physical disk Rebuild started:  {place}",))
    for minute in range(0, 60, 5):
        slow = ("31", "15", "D:\\ERP\\erp.mdf", "ERP", "5", "0x0000000000000A44", "0x00001A2B3C0000")
        machine.log(machine.at(25, f"09:{minute:02}"), "MSSQLSERVER", 833, slow, channel=APPLICATION)
    return machine.at(25, "09:20")


@scenario(
    "One program leaks memory until others fail: Windows names it, in an event saved as XML only",
    source="https://learn.microsoft.com/en-us/archive/blogs/mikelag/detecting-low-virtual-memory-conditions-in-windows-2008-and-r2",
    causes={"memory-exhausted"},
    language="en",
    named=("reportd.exe",),
    with_it={"application-crash", "service-terminated-unexpectedly", "dotnet-unhandled", "desktop-heap"},
)
def memory_leak(machine: Machine) -> datetime:
    month(machine)
    for when in machine.each(25, "14:02:10", "14:05:40", "14:09:12"):
        path = "C:\\WINDOWS\\System32\\ntdll.dll"
        crash(machine, when, "erpclient.exe", "ntdll.dll", "c0000017", path)
    events = "".join(
        exhausted(machine, machine.at(25, clock)) for clock in ("13:50:00", "14:00:05", "14:10:11")
    )
    machine.files["events-2004.xml"] = f'<?xml version="1.0" encoding="utf-8"?>\n<Events>{events}</Events>\n'
    return machine.at(25, "14:05")


def exhausted(machine: Machine, when: datetime) -> str:
    """Event 2004 as Event Viewer saves it: its values lie three elements deep."""
    name = "Microsoft-Windows-Resource-Exhaustion-Detector"
    processes = (
        ("reportd.exe", 7580, 15282399232),
        ("erpclient.exe", 2120, 590950400),
        ("w3wp.exe", 2192, 56275763),
    )
    listed = "".join(
        f"<Process_{place}><Name>{escape(program)}</Name><ID>{number}</ID><CommitCharge>{size}</CommitCharge>"
        f"<HandleCount>900</HandleCount><Version>1.0.0.0</Version></Process_{place}>"
        for place, (program, number, size) in enumerate(processes, 1)
    )
    return (
        '<Event xmlns="http://schemas.microsoft.com/win/2004/08/events/event"><System>'
        f'<Provider Name="{name}" Guid="{{9988748e-c2e8-4054-85f6-0c3e1cad2470}}"/><EventID>2004</EventID>'
        "<Version>0</Version><Level>3</Level><Task>3</Task><Opcode>33</Opcode>"
        "<Keywords>0x8000000020000000</Keywords>"
        f'<TimeCreated SystemTime="{when:%Y-%m-%dT%H:%M:%S}.0000000Z"/>'
        f"<EventRecordID>{int(when.timestamp()) % 1000000}</EventRecordID><Channel>System</Channel>"
        f'<Computer>{machine.name}</Computer><Security UserID="S-1-5-18"/></System><UserData>'
        "<MemoryExhaustionInfo "
        'xmlns="http://www.microsoft.com/Windows/Resource/Exhaustion/Detector/Events"><SystemInfo>'
        "<SystemCommitLimit>17179869184</SystemCommitLimit><SystemCommitCharge>17100000000</SystemCommitCharge>"
        f"<ProcessCommitCharge>16900000000</ProcessCommitCharge></SystemInfo><ProcessInfo>{listed}</ProcessInfo>"
        "</MemoryExhaustionInfo></UserData></Event>"
    )


@scenario(
    "Two antiviruses: services wait for each other at the start, and users switch the machine off",
    source="https://learn.microsoft.com/en-us/troubleshoot/windows-server/performance/performance-antivirus-recommendations",
    causes={"slow-boot-cause"},
    language="zh",
    named=("exguard",),
    with_it={
        *(
            "service-start-timeout",
            "service-transaction-timeout",
            "unexpected-restart",
            "unexpected-shutdown",
        ),
        *("repeated-restarts", "slow-boot"),
    },
    false=("blue screen", "lost its power"),
)
def two_guards(machine: Machine) -> datetime:
    month(machine, last=24)
    service: Facts = {"ServiceName": "Example Guard Filter", "ImagePath": "system32\\drivers\\exguard.sys"}
    service |= {"ServiceType": machine.say("文件系统驱动程序", "file system driver")}
    service |= {"StartType": machine.say("系统启动", "system start"), "AccountName": ""}
    machine.service(machine.at(24, "15:30"), 7045, service, "exguard", INFORMATION)
    source = "Microsoft-Windows-Diagnostics-Performance"
    for clock in ("08:40", "08:58", "09:20"):
        when = machine.at(25, clock)
        ended(machine, when, PowerButtonTimestamp=133871234567890123 if clock != "08:40" else 0)
        for number, name in enumerate(("Network List Service", "Windows Defender", "Server", "Workstation")):
            slow: Facts = {"param1": "30000", "param2": name}
            later = when + timedelta(seconds=90 + 30 * number)
            machine.service(later, 7011, slow, name.replace(" ", ""), ERROR)
        delay: Facts = {"Name": "exguard.sys", "FriendlyName": "Example Guard Filter", "Version": "4.1.0"}
        delay |= {"TotalTime": 412000, "DegradationTime": 398000, "Path": "C:\\Windows\\System32\\drivers"}
        later = when + timedelta(minutes=12)
        machine.log(
            later, source, 102, delay, channel=f"{source}/Operational", level=WARNING, user="S-1-5-19"
        )
    return machine.at(25, "09:00")
