"""A database's disk that fails by sectors, and a data volume that its own backups have filled."""

from datetime import datetime, timedelta

from benchmarks.diagnosis.background import APPLICATION, month
from benchmarks.diagnosis.machine import ERROR, SYSTEM, WARNING, Facts, Machine, Values
from benchmarks.diagnosis.scenario import scenario

SQL = "MSSQLSERVER"


@scenario(
    "The database ends queries with error 823: sectors of its disk can no longer be read",
    source="https://learn.microsoft.com/en-us/sql/relational-databases/errors-events/mssqlserver-823-database-engine-error",
    causes={"disk-io-hardware-error"},
    language="en",
    named=("disk 1",),
    with_it={"sql-page-damaged", "volume-needs-repair"},
    false=("disk is full", "cable is loose", "ransomware"),
)
def unreadable_sectors(machine: Machine) -> datetime:
    month(machine)
    for day, clock in (
        (24, "16:31:20"),
        (25, "09:14:02"),
        (25, "09:14:31"),
        (25, "10:02:45"),
        (25, "10:40:09"),
    ):
        when = machine.at(day, clock)
        broken: Values = ("\\Device\\Harddisk1\\DR1", "0x1d4c6a80", "1", "\\Device\\0000002e")
        machine.log(when, "disk", 154, broken, level=ERROR, binary=bytes(40))
        unread: Values = ("1117(The request could not be performed because of an I/O device error.)", "read")
        unread += ("0x000001a98d0000", "E:\\Data\\erp.mdf")
        machine.log(when + timedelta(seconds=1), SQL, 823, unread, channel=APPLICATION, level=ERROR)
    repair: Facts = {"DriveName": "E:", "DeviceName": "\\Device\\HarddiskVolume6", "CorruptionActionState": 3}
    machine.log(machine.at(25, "10:41:30"), "Microsoft-Windows-Ntfs", 98, repair, level=WARNING, user=SYSTEM)
    return machine.at(25, "09:15")


@scenario(
    "Nobody can book any more: the volume of the database is full of its own backups (error 112)",
    source="https://learn.microsoft.com/en-us/sql/relational-databases/errors-events/mssqlserver-1105-database-engine-error",
    causes={"disk-full"},
    language="zh",
    named=("D:",),
    with_it={"sql-backup-failed", "sql-space-exhausted"},
    false=("bad block", "database is damaged", "ransomware"),
)
def volume_of_backups(machine: Machine) -> datetime:
    month(machine)
    full = machine.say("112(磁盘空间不足。)", "112(There is not enough space on the disk.)")
    for day, clock in ((24, "12:30:40"), (25, "12:30:38")):
        when = machine.at(day, clock)
        target = "D:\\Backup\\erp_202603.bak"
        unwritten = ("BackupIoRequest::ReportIoError", "write", target, full)
        machine.log(when, SQL, 18210, unwritten, channel=APPLICATION, level=ERROR)
        command = f"BACKUP DATABASE erp TO DISK = '{target}'"
        machine.log(when + timedelta(seconds=1), SQL, 3041, (command,), channel=APPLICATION, level=ERROR)
    for clock in ("13:02:11", "13:02:55", "13:10:20", "13:31:02", "14:08:47"):
        when = machine.at(25, clock)
        grown = ("D:\\Data\\erp.mdf", full)
        machine.log(when, SQL, 17053, grown, channel=APPLICATION, level=ERROR)
        page = ("dbo.Voucher.PK_Voucher", "", "erp", "PRIMARY")
        machine.log(when + timedelta(seconds=1), SQL, 1105, page, channel=APPLICATION, level=ERROR)
    return machine.at(25, "13:05")
