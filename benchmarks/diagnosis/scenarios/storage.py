"""Disks and file systems: failing, full, damaged, pulled out."""

from datetime import datetime, timedelta

from benchmarks.diagnosis.background import APPLICATION, month
from benchmarks.diagnosis.machine import ERROR, SYSTEM, WARNING, Facts, Machine, Values
from benchmarks.diagnosis.scenario import scenario

DISKS = (
    "https://learn.microsoft.com/en-us/troubleshoot/windows-server/backup-and-storage/"
    "troubleshoot-data-corruption-and-disk-errors"
)
DISK = "\\Device\\Harddisk0\\DR0"


@scenario(
    "A disk dies: retries for days, bad blocks, then a damaged file system and crashing programs",
    source=DISKS,
    causes={"disk-bad-block", "disk-predicts-failure"},
    language="zh",
    with_it={
        *("disk-io-retried", "disk-io-hardware-error", "file-system-damaged", "volume-needs-repair"),
        *("application-crash", "service-crashed", "service-terminated-unexpectedly", "disk-paging-error"),
    },
)
def disk_dying(machine: Machine) -> datetime:
    month(machine)
    for day in (22, 23, 24):
        for minute in range(0, 30, 6):
            told = ("", DISK, "0x1a2b3c", "0", "\\Device\\00000030")
            machine.log(machine.at(day, f"11:{minute:02}"), "disk", 153, told, level=WARNING)
    for minute in range(0, 40, 4):
        machine.log(machine.at(25, f"10:{minute:02}"), "disk", 7, (DISK,), level=ERROR)
    machine.log(
        machine.at(25, "10:41"),
        "Microsoft-Windows-Ntfs",
        55,
        {"DriveName": "C:", "DeviceName": "\\Device\\HarddiskVolume3", "CorruptionState": "0x0"},
        level=ERROR,
        user=SYSTEM,
    )
    gone: Facts = {"param1": "Example Licence Service", "param2": "1"}
    machine.service(machine.at(25, "10:43"), 7034, gone, "ExampleLicence", ERROR)
    return machine.at(25, "10:43")


@scenario(
    "The system volume is full: updates, databases and programs fail",
    source="https://learn.microsoft.com/en-us/windows-server/administration/windows-commands/cleanmgr",
    causes={"disk-nearly-full", "disk-full"},
    language="en",
    with_it={"database-damaged", "database-error", "update-failed", "application-crash", "servicing-failed"},
    named=("C:",),
)
def disk_full(machine: Machine) -> datetime:
    month(machine)
    for day in (23, 24, 25):
        machine.log(machine.at(day, "09:12"), "srv", 2013, ("\\Device\\LanmanServer", "C:"), level=WARNING)
    told = (
        "svchost",
        "1420,D,0",
        "SRUJet: ",
        "C:\\WINDOWS\\system32\\SRU\\SRU.log",
        "-1808",
        "112 (0x00000070)",
    )
    for minute in range(0, 20, 5):
        machine.log(
            machine.at(25, f"09:3{minute // 5}"), "ESENT", 482, told, channel=APPLICATION, level=ERROR
        )
    failed: Facts = {"errorCode": 0x80070070, "updateTitle": "2026-03 Cumulative Update (KB5035845)"}
    failed |= {"updateGuid": "{1a2b3c4d-0000-4000-8000-000000000002}"}
    machine.log(
        machine.at(25, "09:50"), "Microsoft-Windows-WindowsUpdateClient", 20, failed, level=ERROR, user=SYSTEM
    )
    return machine.at(25, "09:50")


@scenario(
    "The driver of the disk controller does not answer: resets, and programs that stand still",
    source="https://learn.microsoft.com/en-us/troubleshoot/windows-server/performance/event-id-129",
    causes={"storage-reset"},
    language="zh",
    named=("storahci",),
    with_it={"disk-io-retried", "application-hang", "service-transaction-timeout"},
)
def controller_resets(machine: Machine) -> datetime:
    month(machine)
    for hour in (10, 11, 14):
        for minute in range(0, 12, 3):
            when = machine.at(25, f"{hour}:{minute:02}")
            machine.log(when, "storahci", 129, ("\\Device\\RaidPort0",), level=WARNING)
            told = ("", DISK, "0x77aa10", "0", "\\Device\\00000030")
            machine.log(when + timedelta(seconds=31), "disk", 153, told, level=WARNING)
    hang: Values = ("viewer.exe", "3.1.0.0", "1b2c", "01da7e5a1f0e9c11", "4294967295", "C:\\App\\viewer.exe")
    hang += ("6d3b9a10-4c1e-4f0e-9b59-2b1a3c4d5e70", "", "", "Unknown")
    machine.log(machine.at(25, "14:08"), "Application Hang", 1002, hang, channel=APPLICATION, level=ERROR)
    return machine.at(25, "14:08")


@scenario(
    "The WMI repository is damaged: management fails, inventory finds nothing",
    source="https://learn.microsoft.com/en-us/troubleshoot/windows-server/system-management-components/scenario-guide-troubleshoot-wmi-connectivity-access-issues",
    causes={"wmi-not-initialised"},
    language="en",
    with_it={"service-ended-with-error", "task-failed"},
)
def wmi_damaged(machine: Machine) -> datetime:
    month(machine)
    source = "Microsoft-Windows-WMI"
    for when in machine.each(25, "09:10", "09:40"):
        machine.log(when, source, 28, (), channel=APPLICATION, level=ERROR, user=SYSTEM)
        told: Facts = {
            "Namespace": "//./root/CIMV2",
            "Query": "SELECT * FROM Win32_Service",
            "ErrorCode": "0x80041010",
        }
        machine.log(when, source, 10, told, channel=APPLICATION, level=ERROR, user=SYSTEM)
    activity: Facts = {
        "Id": "{00000000-0000-0000-0000-000000000000}",
        "ClientMachine": machine.name,
        "User": "NT AUTHORITY\\SYSTEM",
        "ClientProcessId": 4312,
        "Component": "Unknown",
        "Operation": "Start IWbemServices::ExecQuery - root\\cimv2 : SELECT * FROM Win32_Service",
        "ResultCode": "0x80041010",
        "PossibleCause": "Unknown",
    }
    for minute in range(0, 20, 4):
        machine.log(
            machine.at(25, f"09:4{minute // 4}"),
            "Microsoft-Windows-WMI-Activity",
            5858,
            activity,
            channel="Microsoft-Windows-WMI-Activity/Operational",
            level=ERROR,
            user=SYSTEM,
        )
    return machine.at(25, "09:45")
