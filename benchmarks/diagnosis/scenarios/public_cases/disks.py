"""Disks away from the machine: a USB disk, a target in the network, a controller's battery, kept versions."""

from datetime import datetime, timedelta

from benchmarks.diagnosis.background import APPLICATION, month
from benchmarks.diagnosis.machine import ERROR, SYSTEM, WARNING, Facts, Machine
from benchmarks.diagnosis.scenario import scenario

NTFS = "Microsoft-Windows-Ntfs"
DRIVE_GONE = 0xC000000E


def unwritten(machine: Machine, when: datetime, drive: str, device: str, error: int = DRIVE_GONE) -> None:
    """Event 140: what the file system held for this drive could not be written to it."""
    facts: Facts = {"VolumeId": drive, "DeviceName": device, "Error": error}
    machine.log(when, NTFS, 140, facts, level=WARNING, user=SYSTEM)


@scenario(
    "A USB disk drops out in the middle of the nightly copy, night after night: its cable or supply is weak",
    source="https://learn.microsoft.com/en-us/troubleshoot/windows-client/backup-and-storage/event-id-157-disk-surprise-removed",
    causes={"disk-surprise-removed"},
    language="zh",
    named=("disk 2",),
    with_it={"delayed-write-failed", "disk-paging-error", "error-popup", "windows-backup-failed"},
    false=("bad block", "disk is full"),
)
def usb_disk_gone(machine: Machine) -> datetime:
    month(machine)
    for day, clock in ((23, "12:31:08"), (24, "12:40:51"), (25, "12:12:19")):
        when = machine.at(day, clock)
        machine.log(when, "disk", 157, ("\\Device\\Harddisk2\\DR7", "2"), level=WARNING)
        paging = ("\\Device\\Harddisk2\\DR7",)
        machine.log(when + timedelta(milliseconds=20), "disk", 51, paging, level=WARNING, binary=bytes(40))
        unwritten(machine, when + timedelta(milliseconds=40), "F:", "\\Device\\HarddiskVolume9")
        popup: Facts = {
            "Caption": machine.say("Windows - 延缓写入失败", "Windows - Delayed Write Failed"),
            "Message": machine.say(
                "处理消息 0xc000a080 参数 0x00007FFD 0x00007FFD 时异常",
                "Exception Processing Message 0xc000a080 Parameters 0x00007FFD 0x00007FFD",
            ),
        }
        machine.log(when + timedelta(seconds=1), "Application Popup", 26, popup)
        failed: Facts = {"BackupTime": when - timedelta(minutes=11), "ErrorCode": "0x8007045D"}
        failed |= {"ErrorMessage": "%%2147943517"}
        source = "Microsoft-Windows-Backup"
        later = when + timedelta(seconds=14)
        machine.log(later, source, 517, failed, channel=APPLICATION, level=ERROR, user=SYSTEM)
    return machine.at(25, "12:13")


@scenario(
    "A database's disk lies on an iSCSI target whose network path drops: resets and slow reads",
    source="https://learn.microsoft.com/en-us/previous-versions/windows/it-pro/windows-server-2008-R2-and-2008/dd349433(v=ws.10)",
    causes={"iscsi-target-lost"},
    language="en",
    named=("iSCSI",),
    with_it={"delayed-write-failed", "disk-io-retried", "sql-slow-disk", "storage-reset"},
    false=("bad block", "out of memory"),
)
def iscsi_path(machine: Machine) -> datetime:
    month(machine)
    port, target = "\\Device\\RaidPort2", "iqn.2004-04.com.example:nas01:erp.52f1c0"
    dump = bytes(40) + target.encode("utf-16-le")
    for when in machine.each(25, "09:02:11", "09:31:40", "10:05:02", "10:41:27"):
        for second, event_id in ((0, 9), (2, 39), (3, 20)):
            later = when + timedelta(seconds=second)
            machine.log(later, "iScsiPrt", event_id, (port,), level=ERROR, binary=dump)
        machine.log(when + timedelta(seconds=3), "iScsiPrt", 129, (port,), level=WARNING, binary=bytes(40))
        retried = ("\\Device\\Harddisk4\\DR4", "0x2f6a1b0", "4")
        for second in (4, 5, 6):
            later = when + timedelta(seconds=second)
            machine.log(later, "disk", 153, retried, level=WARNING, binary=bytes(40))
        slow = ("3", "15", "E:\\Data\\erp.mdf", "ERP", "5", "0x0000000000000A2C", "0x000000d2e40000")
        machine.log(when + timedelta(seconds=19), "MSSQLSERVER", 833, slow, channel=APPLICATION)
        later = when + timedelta(seconds=31)
        machine.log(later, "iScsiPrt", 34, (port,), binary=dump)
    return machine.at(25, "10:06")


@scenario(
    "All previous versions of the share are gone: their storage may grow no further and they were dropped",
    source="https://learn.microsoft.com/en-us/previous-versions/windows/it-pro/windows-server-2008-R2-and-2008/dd364676(v=ws.10)",
    causes={"shadow-copies-lost", "shadow-storage-full"},
    language="zh",
    named=("D:",),
    with_it={"windows-backup-failed"},
    false=("ransomware", "somebody deleted", "attack"),
)
def versions_dropped(machine: Machine) -> datetime:
    month(machine)
    for day in (16, 17, 18, 19, 20, 23, 24):
        for when in machine.each(day, "12:00:20"):
            machine.log(when, "VSS", 8224, (), channel=APPLICATION)
    when = machine.at(25, "10:31:44")
    dropped = ("\\Device\\HarddiskVolumeShadowCopy41", "D:", "D:")
    machine.log(when, "Volsnap", 36, dropped, level=ERROR, binary=bytes(40))
    return machine.at(25, "14:10")


@scenario(
    "Everything on a server writes slowly since the controller's battery failed: writes are not cached",
    source="https://www.intel.com/content/www/us/en/support/articles/000007764/server-products.html",
    causes={"raid-battery-failed"},
    language="en",
    named=("battery",),
    with_it={"sql-slow-disk"},
    false=("bad block", "disk is dying"),
)
def controller_battery(machine: Machine) -> datetime:
    month(machine)
    source, app = "MR_MONITOR", APPLICATION
    begun = machine.at(24, "13:04:02")
    told: tuple[tuple[int, int, str], ...] = (
        (162, WARNING, "Controller ID: 0   Current capacity of the battery is below threshold"),
        (150, ERROR, "Controller ID: 0   Battery needs to be replaced - SOH Bad"),
        (
            195,
            WARNING,
            "Controller ID: 0   BBU disabled; changing WB virtual disks to WT",
        ),
    )
    for second, (event_id, level, words) in enumerate(told):
        machine.log(begun + timedelta(seconds=second), source, event_id, (words,), channel=app, level=level)
    for day in (24, 25):
        for when in machine.each(day, "14:02:10", "14:31:55", "15:20:08", "16:02:44"):
            slow = ("41", "15", "E:\\Data\\erp.mdf", "ERP", "5", "0x0000000000000A2C", "0x0000004c1a0000")
            machine.log(when, "MSSQLSERVER", 833, slow, channel=app)
    return machine.at(25, "14:35")
