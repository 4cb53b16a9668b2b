"""Databases and web pages: a log that fills, a file and a port in other hands, a module."""

from datetime import datetime, timedelta

from benchmarks.diagnosis.background import APPLICATION, month
from benchmarks.diagnosis.machine import ERROR, INFORMATION, WARNING, Facts, Machine
from benchmarks.diagnosis.scenario import scenario
from benchmarks.diagnosis.scenarios.programs import crash
from benchmarks.diagnosis.scenarios.public_cases.wires import NETSTAT_HEAD

SQL = "MSSQLSERVER"


@scenario(
    "The ERP writes nothing any more: the database's log is full since its backups have failed for a week",
    source="https://learn.microsoft.com/en-us/sql/relational-databases/logs/troubleshoot-a-full-transaction-log-sql-server-error-9002",
    causes={"sql-log-full"},
    language="en",
    named=("ERP", "LOG_BACKUP"),
    with_it={"sql-backup-failed", "windows-backup-failed"},
    false=("bad block", "out of memory"),
)
def log_full(machine: Machine) -> datetime:
    month(machine)
    device = "\\\\NAS01\\sqlbackup\\ERP_log.trn"
    for day in (18, 19, 20, 23, 24, 25):
        for when in machine.each(day, "09:00:03", "12:00:02", "15:00:03"):
            if when > machine.at(25, "10:00"):
                continue
            why = "1326(The user name or password is incorrect.)"
            opened = ("BackupDiskFile::CreateMedia", device, "failed to create", why)
            machine.log(when, SQL, 18204, opened, channel=APPLICATION, level=ERROR)
            machine.log(when, SQL, 3041, ("BACKUP LOG ERP",), channel=APPLICATION, level=ERROR)
    for when in machine.each(25, "10:12:40", "10:12:58", "10:14:03", "10:20:31", "10:31:07"):
        machine.log(when, SQL, 9002, ("ERP", "LOG_BACKUP"), channel=APPLICATION, level=ERROR)
    return machine.at(25, "10:14")


@scenario(
    "A database is missing after the restart: something else holds its file when SQL Server opens it",
    source="https://learn.microsoft.com/en-us/sql/relational-databases/errors-events/mssqlserver-17207-database-engine-error",
    causes={"sql-file-not-opened"},
    language="zh",
    named=("UFDATA_001_2026.mdf",),
    with_it={"sql-database-not-recovered", "sql-sign-in-failed"},
    false=("disk is full", "bad block", "password"),
)
def file_in_use(machine: Machine) -> datetime:
    month(machine)
    path = "D:\\U8SOFT\\Admin\\ZT001\\2026\\UFDATA_001_2026.mdf"
    why = machine.say(
        "32(另一个程序正在使用此文件，进程无法访问。)",
        "32(The process cannot access the file because it is being used by another process.)",
    )
    for when in machine.each(25, "08:40:50", "09:18:22"):
        machine.log(when, SQL, 17207, ("FCB::Open", why, path), channel=APPLICATION, level=ERROR)
        machine.log(when, SQL, 17204, ("FCB::Open failed", path, "1", why), channel=APPLICATION, level=ERROR)
        for second in (20, 24, 31, 60):
            reason = machine.say(
                " 原因: 无法打开明确指定的数据库“UFDATA_001_2026”。",
                " Reason: Failed to open the explicitly specified database 'UFDATA_001_2026'.",
            )
            denied = ("sa", reason, " [CLIENT: 198.51.100.44]")
            later = when + timedelta(seconds=second)
            machine.log(later, SQL, 18456, denied, channel=APPLICATION, level=0)
    return machine.at(25, "08:45")


@scenario(
    "The company's pages do not come up: another program has taken port 443 (netstat beside)",
    source="https://learn.microsoft.com/en-us/troubleshoot/developer/webapps/iis/site-behavior-performance/cannot-start-website",
    causes={"http-address-not-bound", "iis-site-not-started"},
    language="en",
    named=("443",),
    with_it={"http-address-not-bound", "iis-site-not-started"},
    false=("certificate", "firewall"),
)
def port_taken(machine: Machine) -> datetime:
    month(machine)
    installed = ("Example VPN Gateway", "3.1.0", "1033", "0", "Example Software", "(NULL)", "")
    machine.log(
        machine.at(24, "16:20"), "MsiInstaller", 1033, installed, channel=APPLICATION, user=machine.user_sid
    )
    for when in machine.each(25, "08:39:20", "08:52:14", "09:10:31"):
        bound: Facts = {
            "DeviceObject": "\\Device\\Http\\ReqQueue",
            "Address": "0.0.0.0:443",
            "Binary": bytes.fromhex("43000000"),
        }
        machine.log(when, "Microsoft-Windows-HttpEvent", 15005, bound, level=ERROR)
        prefix: Facts = {"UrlPrefix": "https://*:443/", "SiteID": "2", "Binary": bytes.fromhex("20000780")}
        machine.log(when + timedelta(seconds=1), "Microsoft-Windows-IIS-W3SVC", 1004, prefix, level=ERROR)
    machine.files["captures/netstat-abno.txt"] = (
        NETSTAT_HEAD + "  TCP    0.0.0.0:80             0.0.0.0:0              LISTENING       4\r\n"
        " Can not obtain ownership information\r\n"
        "  TCP    0.0.0.0:443            0.0.0.0:0              LISTENING       3320\r\n [exvpngw.exe]\r\n"
        "  TCP    0.0.0.0:3389           0.0.0.0:0              LISTENING       1180\r\n"
        "  TermService\r\n [svchost.exe]\r\n"
    )
    return machine.at(25, "08:55")


@scenario(
    "Pages answer 503 again and again: a sign-in module crashes the pool's processes until it is shut off",
    source="https://learn.microsoft.com/en-us/troubleshoot/developer/webapps/iis/health-diagnostic-performance/troubleshoot-application-pool-crashes",
    causes={"application-crash"},
    language="zh",
    named=("exauth.dll",),
    with_it={"iis-pool-disabled", "iis-worker-process-failed"},
    false=("password",),
)
def pool_crashes(machine: Machine) -> datetime:
    month(machine)
    source = "Microsoft-Windows-WAS"
    module = "C:\\Program Files\\ExampleSSO\\exauth.dll"
    for start in ("09:10:00", "10:22:00"):
        begun = machine.at(25, start)
        for number in range(6):
            when = begun + timedelta(seconds=38 * number)
            crash(machine, when, "w3wp.exe", "exauth.dll", "c0000005", module)
            ended: Facts = {
                "AppPoolID": "PortalPool",
                "ProcessID": str(4100 + number * 44),
                "Binary": bytes.fromhex("6D000780"),
            }
            machine.log(when + timedelta(seconds=2), source, 5011, ended, level=WARNING)
        off: Facts = {"AppPoolID": "PortalPool"}
        machine.log(begun + timedelta(seconds=195), source, 5002, off, level=ERROR)
        machine.log(
            begun + timedelta(minutes=20), source, 5186, {**off, "IdleTimeout": "20"}, level=INFORMATION
        )
    return machine.at(25, "09:14")
