"""Hosts and what stands behind them: a witness, virtualization, copies in the night, quotas, guests."""

from datetime import datetime, timedelta

from benchmarks.diagnosis.background import APPLICATION, month
from benchmarks.diagnosis.machine import CRITICAL, ERROR, SYSTEM, WARNING, Facts, Machine
from benchmarks.diagnosis.scenario import scenario
from benchmarks.diagnosis.scenarios.servers import CLUSTER, MANAGER, VM, WORKER

SMB = "Microsoft-Windows-SMBClient"


@scenario(
    "A cluster stops when one node is restarted: its file share witness had not been reachable for days",
    source="https://learn.microsoft.com/en-us/windows-server/failover-clustering/system-events",
    causes={"cluster-witness-failed"},
    language="zh",
    named=("\\\\FS1\\witness",),
    with_it={
        "cluster-node-removed",
        "cluster-quorum-lost",
        "cluster-resource-failed",
        "service-ended-with-error",
    },
    false=("cable", "link"),
)
def witness_gone(machine: Machine) -> datetime:
    month(machine)
    for day in (23, 24, 25):
        for when in machine.each(day, "08:42:10", "12:42:10"):
            if when > machine.at(25, "10:00"):
                continue
            unreachable: Facts = {"ResourceName": "File Share Witness", "ShareName": "\\\\FS1\\witness"}
            machine.log(when, CLUSTER, 1562, unreachable, level=ERROR, user=SYSTEM)
            failed: Facts = {"ResourceName": "File Share Witness", "ResourceGroup": "Cluster Group"}
            failed |= {"ResTypeDll": "File Share Witness"}
            machine.log(when + timedelta(seconds=1), CLUSTER, 1069, failed, level=ERROR, user=SYSTEM)
    when = machine.at(25, "10:15:20")
    machine.log(when, CLUSTER, 1135, {"NodeName": "NODE2"}, level=CRITICAL, user=SYSTEM)
    machine.log(when + timedelta(seconds=1), CLUSTER, 1177, {}, level=CRITICAL, user=SYSTEM)
    ended: Facts = {"param1": "Cluster Service", "param2": "%%5925"}
    machine.service(when + timedelta(seconds=3), 7024, ended, "ClusSvc", ERROR)
    return machine.at(25, "10:16")


@scenario(
    "No virtual machine starts any more: virtualization is off in the firmware since its settings were reset",
    source="https://learn.microsoft.com/en-us/previous-versions/windows/it-pro/windows-server-2008-R2-and-2008/dd582227(v=ws.10)",
    causes={"hypervisor-not-started"},
    language="zh",
    named=("firmware",),
    with_it={"virtual-machine-not-started"},
    false=("not enough memory", "disk is full"),
)
def virtualization_off(machine: Machine) -> datetime:
    month(machine, last=24)
    started = machine.at(25, "08:31")
    machine.start(started)
    hypervisor = "Microsoft-Windows-Hyper-V-Hypervisor"
    machine.log(started + timedelta(seconds=5), hypervisor, 41, {}, level=ERROR, user=SYSTEM)
    log = f"{MANAGER}-Admin"
    machine.log(started + timedelta(seconds=50), MANAGER, 15350, {}, channel=log, level=ERROR, user=SYSTEM)
    for minute in (1, 14, 30):
        when = started + timedelta(minutes=minute)
        machine.log(when, WORKER, 3112, VM, channel=f"{WORKER}-Admin", level=ERROR)
        machine.log(when, MANAGER, 15130, VM, channel=log, level=ERROR)
    return machine.at(25, "08:46")


@scenario(
    "Every nightly backup fails in preparing the copies: the list of profiles holds a broken identifier",
    source="https://learn.microsoft.com/en-us/troubleshoot/windows-server/backup-and-storage/event-id-8193-vss",
    causes={"shadow-copy-error"},
    language="zh",
    named=("0x80070539",),
    with_it={"windows-backup-failed"},
    false=("disk is full", "ransomware"),
)
def broken_identifier(machine: Machine) -> datetime:
    month(machine)
    routine = "ConvertStringSidToSid(S-1-5-21-1042338761-2210734452-3981127740-1104.bak)"
    invalid = machine.say(
        "0x80070539, 安全 ID 结构无效。\n", "0x80070539, The security ID structure is invalid.\n"
    )
    context = machine.say(
        "\n\n操作:\n   OnIdentify 事件\n   正在收集编写器数据"
        "\n\n上下文:\n   执行上下文: Shadow Copy Optimization Writer",
        "\n\nOperation:\n   OnIdentify event\n   Gathering Writer Data"
        "\n\nContext:\n   Execution Context: Shadow Copy Optimization Writer",
    )
    for day in (23, 24, 25):
        when = machine.at(day, "12:05:10")
        machine.log(when, "VSS", 8193, (routine, invalid, context), channel=APPLICATION, level=ERROR)
        failed: Facts = {"BackupTime": when, "ErrorCode": "0x80780021", "ErrorMessage": "%%2155348001"}
        later = when + timedelta(seconds=40)
        machine.log(
            later, "Microsoft-Windows-Backup", 521, failed, channel=APPLICATION, level=ERROR, user=SYSTEM
        )
    return machine.at(25, "12:07")


@scenario(
    "One person cannot save to the home drive though the disk has room: the quota of the folder is used up",
    source="https://learn.microsoft.com/en-us/windows-server/storage/fsrm/quota-management",
    causes={"folder-quota-reached"},
    language="en",
    named=("lin", "D:\\Home\\lin"),
    false=("disk is full", "volume is full"),
)
def quota_used_up(machine: Machine) -> datetime:
    month(machine)
    for day, clock, percent in ((20, "10:02", 85), (24, "15:20", 95), (25, "09:02", 100), (25, "10:02", 100)):
        words = (
            "User CORP\\lin has reached the quota threshold for the quota on D:\\Home\\lin on server "
            f"{machine.name}. The quota threshold is {percent}%. The quota limit is 5120.00 MB, and "
            f"{51.2 * percent:.2f} MB currently is in use ({percent}% of limit)."
        )
        machine.log(machine.at(day, clock), "SRMSVC", 12325, (words,), channel=APPLICATION, level=WARNING)
    return machine.at(25, "09:05")


@scenario(
    "The scans' share on an old store is refused since the new Windows: it allows no sign-in as a guest",
    source="https://learn.microsoft.com/en-us/troubleshoot/windows-client/networking/cannot-access-shared-folder-file-explorer",
    causes={"smb-guest-refused"},
    language="zh",
    named=("nas01", "guest"),
    with_it={"file-share-lost"},
    false=("password is wrong", "cable"),
)
def guest_refused(machine: Machine) -> datetime:
    month(machine)
    for when in machine.each(25, "08:50:31", "08:51:02", "09:10:44", "09:40:10"):
        guest: Facts = {
            "UserNameLength": 8,
            "UserName": "CORP\\lin",
            "ServerNameLength": 6,
            "ServerName": "\\nas01",
        }
        machine.log(
            when,
            SMB,
            31017,
            guest,
            channel="Microsoft-Windows-SmbClient/Security",
            level=ERROR,
            user=machine.user_sid,
        )
    return machine.at(25, "08:52")
