"""Roles of servers: a database, web pages, a cluster, virtual machines, replication, backups."""

from datetime import datetime, timedelta

from benchmarks.diagnosis.background import APPLICATION, month
from benchmarks.diagnosis.machine import ERROR, INFORMATION, SYSTEM, WARNING, Facts, Machine, Values
from benchmarks.diagnosis.scenario import scenario
from benchmarks.diagnosis.scenarios.power import unclean

CLUSTER = "Microsoft-Windows-FailoverClustering"
WORKER = "Microsoft-Windows-Hyper-V-Worker"
MANAGER = "Microsoft-Windows-Hyper-V-VMMS"
VM = {"VmName": "ERP-DB01", "VmId": "5E0B3C1A-77B0-4A43-8C11-2F9D3E6A1B02"}


@scenario(
    "SQL Server does not start: the certificate it was told to use is not there any more",
    source="https://learn.microsoft.com/en-us/troubleshoot/sql/database-engine/startup-shutdown/fails-start-error-17182",
    causes={"sql-certificate-unusable"},
    language="en",
    named=("certificate", "MSSQLSERVER"),
    with_it={"service-ended-with-error", "service-dependency-failed", "sql-network-not-started"},
    false=("out of memory", "disk is full"),
)
def sql_certificate(machine: Machine) -> datetime:
    month(machine)
    key = "MSSQLSERVER"
    for when in machine.each(25, "08:50:10", "09:20:31", "09:44:02"):
        told: tuple[tuple[int, Values], ...] = (
            (26014, ("9A4C2E17B05D3F66A1C8E4F0729D55B13C0E7788", "0x80092004")),
            (17182, ("0x80092004", "0x80", "Unable to initialize SSL support. ")),
            (17182, ("0x80092004", "0x1", "Initialization failed with an infrastructure error. ")),
            (17826, ()),
            (17120, ("FRunCommunicationsManager",)),
        )
        for second, (event_id, values) in enumerate(told):
            moment = when + timedelta(milliseconds=200 * second)
            machine.log(moment, key, event_id, values, channel=APPLICATION, level=ERROR)
        ended: Facts = {"param1": "SQL Server (MSSQLSERVER)", "param2": "%%-2146885628"}
        machine.service(when + timedelta(seconds=2), 7024, ended, key, ERROR)
        for name in ("SQL Server Agent (MSSQLSERVER)", "Example Licence Service", "Example ERP Server"):
            needs: Facts = {"param1": name, "param2": "SQL Server (MSSQLSERVER)", "param3": "%%1066"}
            machine.service(when + timedelta(seconds=3), 7001, needs, name.replace(" ", ""), ERROR)
    return machine.at(25, "09:20")


@scenario(
    "The pool of a web application is switched off: the password of its account was changed",
    source="https://learn.microsoft.com/en-us/previous-versions/windows/it-pro/windows-server-2008-R2-and-2008/cc735151(v=ws.10)",
    causes={"iis-pool-identity-invalid"},
    language="zh",
    named=("ErpPool",),
    with_it={"iis-pool-disabled", "iis-pool-not-started", "account-locked", "sign-in-failure-burst"},
    false=("attack",),
)
def app_pool_password(machine: Machine) -> datetime:
    month(machine)
    for when in machine.each(25, "08:31:07", "08:40:55", "09:12:40"):
        pool: Facts = {"AppPoolID": "ErpPool"}
        machine.log(when, "Microsoft-Windows-WAS", 5021, pool, level=WARNING)
        machine.log(when + timedelta(seconds=1), "Microsoft-Windows-WAS", 5057, pool, level=WARNING)
        machine.log(when + timedelta(seconds=1), "Microsoft-Windows-WAS", 5059, pool, level=ERROR)
        machine.log(when + timedelta(seconds=2), "Microsoft-Windows-WAS", 5002, pool, level=ERROR)
    return machine.at(25, "08:41")


@scenario(
    "A cluster node is removed because its network card loses the link; clustered disks and names fail",
    source="https://learn.microsoft.com/en-us/troubleshoot/windows-server/high-availability/troubleshoot-cluster-event-id-1135",
    causes={"link-lost"},
    language="en",
    named=("X520",),
    with_it={
        *("cluster-node-removed", "cluster-quorum-lost", "cluster-resource-failed"),
        "service-ended-with-error",
        *("service-terminated-unexpectedly", "no-domain-controller", "dns-timeouts"),
    },
)
def cluster_network(machine: Machine) -> datetime:
    month(machine)
    card = "Intel(R) Ethernet Server Adapter X520-2"
    for day, clock in ((24, "22:14:03"), (25, "10:05:11")):
        when = machine.at(day, clock)
        machine.log(when, "ixgbs", 27, ("\\Device\\NDMP4", card), level=WARNING)
        adapter: Facts = {
            "NodeName": "NODE2",
            "InterfaceName": "Heartbeat",
            "NetworkName": "Cluster Network 2",
        }
        later = when + timedelta(seconds=9)
        machine.log(later, CLUSTER, 1126, adapter, level=WARNING, user=SYSTEM)
        lost: Facts = {"NodeName": "NODE1"}
        later = when + timedelta(seconds=12)
        machine.log(later, CLUSTER, 1135, lost, level=1, user=SYSTEM)
        later = when + timedelta(seconds=13)
        machine.log(later, CLUSTER, 1177, (), level=1, user=SYSTEM)
        for name in ("SQL Network Name (SQLCL)", "Cluster Disk 3", "SQL Server", "File Server FS"):
            failed: Facts = {"ResourceName": name, "ResourceGroup": "SQL Server (MSSQLSERVER)"}
            failed |= {"ResTypeDll": "clusres.dll"}
            machine.log(later + timedelta(seconds=2), CLUSTER, 1069, failed, level=ERROR, user=SYSTEM)
        ended: Facts = {"param1": "Cluster Service", "param2": "%%5925"}
        machine.service(later + timedelta(seconds=5), 7024, ended, "ClusSvc", ERROR)
        machine.log(when + timedelta(seconds=44), "ixgbs", 32, ("\\Device\\NDMP4", card))
    return machine.at(25, "10:06")


@scenario(
    "A virtual machine does not start: its virtual disk is not where it was",
    source="https://learn.microsoft.com/en-us/troubleshoot/windows-server/virtualization/virtualization-overview",
    causes={"virtual-disk-missing"},
    language="zh",
    named=("ERP-DB01", "ERP-DB01.vhdx"),
    with_it={"virtual-machine-not-started"},
)
def virtual_disk_missing(machine: Machine) -> datetime:
    month(machine)
    path = "E:\\Hyper-V\\ERP-DB01\\ERP-DB01.vhdx"
    why = machine.say("系统找不到指定的文件。", "The system cannot find the file specified.")
    for when in machine.each(25, "08:33", "08:41", "09:02"):
        facts: Facts = {**VM, "Parameter0": why, "Parameter1": "0x80070002", "Parameter2": path}
        machine.log(when, WORKER, 12240, facts, channel=f"{WORKER}-Admin", level=ERROR)
        power: Facts = {**VM, "Parameter0": "83F8638B-8DCA-4152-9EDA-2CA8B33039B4"}
        power |= {"Parameter1": why, "Parameter2": "0x80070002"}
        machine.log(when, WORKER, 12010, power, channel=f"{WORKER}-Admin", level=ERROR)
        machine.log(when + timedelta(seconds=1), WORKER, 12030, VM, channel=f"{WORKER}-Admin", level=ERROR)
        later = when + timedelta(seconds=1)
        machine.log(later, MANAGER, 15130, VM, channel=f"{MANAGER}-Admin", level=ERROR)
    return machine.at(25, "08:41")


@scenario(
    "A virtual machine does not start after an update night: too little memory is free on the host",
    source="https://learn.microsoft.com/en-us/troubleshoot/windows-server/virtualization/virtualization-overview",
    causes={"virtual-machine-no-memory"},
    language="en",
    named=("ERP-DB01", "memory"),
    with_it={"virtual-machine-not-started"},
)
def virtual_machine_memory(machine: Machine) -> datetime:
    month(machine)
    why = "Not enough memory resources are available to complete this operation."
    for when in machine.each(25, "07:02", "08:32", "08:50"):
        facts: Facts = {**VM, "Parameter0": why, "Parameter1": "0x8007000E"}
        machine.log(when, WORKER, 3122, facts, channel=f"{WORKER}-Admin", level=ERROR)
        machine.log(when, WORKER, 3050, {**VM, "Parameter0": "16384"}, channel=f"{WORKER}-Admin", level=ERROR)
        machine.log(when, WORKER, 12030, VM, channel=f"{WORKER}-Admin", level=ERROR)
        machine.log(when, MANAGER, 15130, VM, channel=f"{MANAGER}-Admin", level=ERROR)
    return machine.at(25, "08:32")


@scenario(
    "Replication of folders stands still since the server was cut off from its power days ago",
    source="https://learn.microsoft.com/en-us/troubleshoot/windows-server/networking/dfsr-event-id-2213",
    causes={"dfsr-stopped-after-shutdown"},
    language="en",
    named=("D:",),
    with_it={"unexpected-restart", "unexpected-shutdown", "power-lost", "policy-files-unreadable"},
)
def replication_stopped(machine: Machine) -> datetime:
    month(machine, last=22)
    unclean(machine, machine.at(23, "08:30"))
    log, when = "DFS Replication", machine.at(23, "08:31:40")
    told: Values = ("7A0C9F4E-2B5D-11E5-80C1-00155D010A0B", "D:")
    machine.log(when, "DFSR", 2212, told, channel=log, level=WARNING)
    machine.log(when + timedelta(seconds=2), "DFSR", 2213, told, channel=log, level=WARNING)
    for day in (24, 25):
        machine.start(machine.at(day, "08:30"))
        facts: Facts = {"SupportInfo1": 1, "SupportInfo2": 816, "ProcessingMode": 0, "ErrorCode": 2}
        facts |= {"ErrorDescription": "The system cannot find the file specified."}
        facts |= {"DCName": "\\\\DC2.corp.example", "GPOCNName": "cn={5B1C2F7E-016D-11D2-945F-00C04FB984F9}"}
        facts |= {"FilePath": "\\\\corp.example\\SysVol\\corp.example\\Policies\\{5B1C2F7E}\\gpt.ini"}
        for when in machine.each(day, "08:40", "10:15", "11:50"):
            group = "Microsoft-Windows-GroupPolicy"
            machine.log(when, group, 1058, facts, level=ERROR, user=SYSTEM)
    return machine.at(25, "10:15")


@scenario(
    "The nightly backup fails because the database's writer says no: a database of its is offline",
    source="https://learn.microsoft.com/en-us/windows/win32/vss/writer-errors-and-vetoes",
    causes={"shadow-copy-writer-rejected"},
    language="zh",
    named=("SqlServerWriter",),
    with_it={"backup-failed", "sql-error"},
    false=("shadow copies were deleted", "ransomware"),
)
def backup_writer(machine: Machine) -> datetime:
    month(machine)
    for day in (22, 23, 24, 25):
        when = machine.at(day, "01:02:10")
        source, app = "SQLWRITER", APPLICATION
        vdi = ("SignalAbort", "Client initiates abort", "", "6104", "8840", "Client", "MSSQLSERVER", "{1B}_1")
        machine.log(when, "SQLVDI", 1, vdi, channel=app, level=ERROR)
        failed = ("ICommandText::Execute", "0x80040e14", "945", "1", "14", "ERP_OLD")
        machine.log(when + timedelta(seconds=1), source, 24583, failed, channel=app, level=ERROR)
        vetoed: Values = (
            "0x800423f4, "
            + machine.say(
                "编写器遇到了非暂时性错误。如果重试备份过程，此错误有可能再次出现。",
                "The writer experienced a non-transient error.",
            ),
            "PostSnapshot",
            "SqlServerWriter",
            "{a65faa63-5ea8-4ebc-9dbd-a0c4db26912a}",
            "SQL Server VSS Writer:SQLWriter",
        )
        machine.log(when + timedelta(seconds=2), "VSS", 8229, vetoed, channel=app, level=WARNING)
        source = "Microsoft-Windows-Backup"
        ended: Facts = {"BackupTime": when, "ErrorCode": "0x80780175", "ErrorMessage": "%%2155348341"}
        machine.log(when + timedelta(seconds=9), source, 521, ended, channel=app, level=ERROR, user=SYSTEM)
    return machine.at(25, "08:50")


@scenario(
    "Nobody new gets onto the terminal server: the grace period of its licensing is over",
    source="https://learn.microsoft.com/en-us/previous-versions/windows/it-pro/windows-server-2008-R2-and-2008/ee891144(v=ws.10)",
    causes={"rdp-licence-problem"},
    language="en",
    named=("grace period",),
    with_it={"rdp-protocol-error"},
    false=("password",),
)
def terminal_grace(machine: Machine) -> datetime:
    month(machine)
    source = "Microsoft-Windows-TerminalServices-RemoteConnectionManager"
    for day in range(16, 24):
        if machine.is_workday(day):
            machine.log(machine.at(day, "08:36"), source, 1068, {}, channel=f"{source}/Admin", level=WARNING)
    for when in machine.each(25, "08:36", "09:36", "10:36"):
        machine.log(when, source, 1069, {}, channel=f"{source}/Admin", level=ERROR)
    for minute in range(0, 40, 5):
        refused = ("\\Device\\Termdd", f"203.0.113.{20 + minute}")
        machine.log(machine.at(25, f"09:{minute:02}"), "TermDD", 56, refused, level=ERROR, binary=bytes(40))
    return machine.at(25, "09:05")


@scenario(
    "A mail server's queue grows until its volume is full: no more mails are taken",
    source="https://learn.microsoft.com/en-us/exchange/mail-flow/back-pressure",
    causes={"disk-nearly-full", "disk-full"},
    language="en",
    named=("E:",),
    with_it={"database-error", "service-terminated-unexpectedly", "service-ended-with-error"},
    false=("C: is",),
)
def mail_queue(machine: Machine) -> datetime:
    month(machine)
    source, app = "MSExchangeTransport", APPLICATION
    disk = "E:\\Queue\\mail.que"
    for day, clock, kind in ((24, "16:20", "medium"), (25, "03:41", "high")):
        told = (kind, f'Queue database and disk space ("{disk}") = 97% [{kind}]', "Inbound mail submission")
        machine.log(machine.at(day, clock), source, 15004, told, channel=app, level=WARNING)
    for minute in range(0, 60, 6):
        when = machine.at(25, f"08:{minute:02}")
        full = ("E:\\Queue", "1048576", "E:\\")
        machine.log(when, source, 15006, full, channel=app, level=ERROR)
        written: Values = (
            "edgetransport",
            "6120,D,50",
            "Transport Mail Database: ",
            "E:\\Queue\\trn.log",
            "0x0",
            "-1808",
        )
        written += ("112 (0x00000070)", "There is not enough space on the disk. ")
        machine.log(when + timedelta(seconds=1), "ESE", 482, written, channel=app, level=ERROR)
    gone: Facts = {"param1": "Microsoft Exchange Transport", "param2": "1", "param3": "5000", "param4": "1"}
    gone |= {"param5": "Restart the service"}
    machine.service(machine.at(25, "08:58"), 7031, gone, "MSExchangeTransport", ERROR)
    machine.state(
        machine.at(25, "08:59"), "Microsoft Exchange Transport", "MSExchangeTransport", running=True
    )
    machine.log(machine.at(25, "08:59:30"), source, 1011, (), channel=app, level=INFORMATION)
    return machine.at(25, "08:30")
