"""What keeps a server going: a database's limit, a provider of copies, a missing package, a clock."""

from datetime import datetime, timedelta

from benchmarks.diagnosis.background import APPLICATION, month
from benchmarks.diagnosis.machine import ERROR, LOCAL_SERVICE, SYSTEM, Facts, Machine
from benchmarks.diagnosis.scenario import scenario
from benchmarks.diagnosis.scenarios.public_cases.updates import refused


@scenario(
    "The accounts take no more vouchers: the free edition's database has grown to its limit",
    source="https://learn.microsoft.com/en-us/sql/relational-databases/errors-events/mssqlserver-1105-database-engine-error",
    causes={"sql-space-exhausted"},
    language="zh",
    named=("UFDATA_002_2026", "10240"),
    false=("disk is full", "bad block", "transaction log"),
)
def edition_limit(machine: Machine) -> datetime:
    month(machine)
    sql = "MSSQL$SQLEXPRESS"
    for when in machine.each(25, "09:12:10", "09:12:44", "09:30:05", "10:02:19", "10:40:51"):
        full = (
            "dbo.GL_accvouch",
            ".'aaaaaGL_accvouch_PK'",
            "UFDATA_002_2026",
            "PRIMARY",
        )
        limit = ("10240", machine.say("数据库", "database"))
        machine.log(when, sql, 1827, limit, channel=APPLICATION, level=ERROR)
        machine.log(when, sql, 1105, full, channel=APPLICATION, level=ERROR)
    return machine.at(25, "09:30")


@scenario(
    "The nightly backup fails since a product was removed: its provider of shadow copies is still entered",
    source="https://learn.microsoft.com/en-us/previous-versions/windows/it-pro/windows-server-2008-R2-and-2008/cc734283(v=ws.10)",
    causes={"shadow-copy-component-missing"},
    language="en",
    named=("0x80040154",),
    with_it={"windows-backup-failed"},
    false=("disk is full", "bad block"),
)
def provider_left(machine: Machine) -> datetime:
    month(machine)
    removed = ("Array Snapshot Tools", "6.2", "1033", "0", "Array Storage", "(NULL)", "")
    machine.log(machine.at(22, "16:02:40"), "MsiInstaller", 1034, removed, channel=APPLICATION, user=SYSTEM)
    source = "Microsoft-Windows-Backup"
    for day in (23, 24, 25):
        when = machine.at(day, "12:00:20")
        clsid = "{e1f2a3b4-5c6d-4e7f-8a9b-0c1d2e3f4a5b}"
        why = machine.say("0x80040154, 没有注册类\r\n", "0x80040154, Class not registered\r\n")
        deed = "\r\n\r\nOperation:\r\n   Obtain a callable interface for this provider\r\n"
        context = "\r\nContext:\r\n   Provider ID: {a7b8c9d0-1e2f-4a3b-9c4d-5e6f7a8b9c0d}\r\n"
        context += f"   Class ID: {clsid}\r\n"
        machine.log(
            when,
            "VSS",
            22,
            (clsid, "Array VSS Provider", why, deed + context),
            channel=APPLICATION,
            level=ERROR,
        )
        machine.log(
            when + timedelta(seconds=1),
            "VSS",
            12292,
            (clsid, why, deed + context),
            channel=APPLICATION,
            level=ERROR,
        )
        failed: Facts = {"BackupTime": when, "ErrorCode": "2155348129", "ErrorMessage": "%%2155348129"}
        later = when + timedelta(seconds=30)
        machine.log(later, source, 517, failed, channel=APPLICATION, level=ERROR, user=SYSTEM)
    return machine.at(25, "12:30")


@scenario(
    "Each month's update fails with 0x800f0831: the store lacks an earlier package (CBS.log beside)",
    source="https://learn.microsoft.com/en-us/troubleshoot/windows-server/installing-updates-features-roles/error-0x800f0831-installing-updates",
    causes={"servicing-failed", "servicing-log-error", "update-failed"},
    language="zh",
    named=("0x800f0831", "KB5035849"),
    with_it={"servicing-failed", "servicing-log-error", "update-failed"},
    false=("disk is full", "server could not be reached"),
)
def earlier_package(machine: Machine) -> datetime:
    month(machine)
    title = machine.say(
        "2026-03 适用于 Windows Server 2019 的累积更新，适合基于 x64 的系统 (KB5035849)",
        "2026-03 Cumulative Update for Windows Server 2019 for x64-based Systems (KB5035849)",
    )
    for day in (20, 23, 24, 25):
        when = machine.at(day, "12:20:30")
        begun: Facts = {"updateTitle": title, "updateGuid": "{5c1f7a20-3b4d-4e5f-8091-a2b3c4d5e6f7}"}
        machine.log(when, "Microsoft-Windows-WindowsUpdateClient", 43, begun, user=SYSTEM)
        refused(machine, when + timedelta(minutes=6), 0x800F0831, title)
    line = "2026-03-26 12:26:20, {0:<21} CBS    {1}\n"
    package = "Package_for_RollupFix~31bf3856ad364e35~amd64~~17763.5458.1.6"
    machine.files["CBS.log"] = "".join(
        (
            line.format("Info", f"Store corruption, manifest missing for package: {package}"),
            line.format(
                "Error",
                f"Failed to resolve package '{package}' [HRESULT = 0x800f0831 - CBS_E_STORE_CORRUPTION]",
            ),
            line.format(
                "Info", "Failed to create open package. [HRESULT = 0x800f0831 - CBS_E_STORE_CORRUPTION]"
            ),
            line.format("Info", "Session: 31100_40110 finalized. Reboot required: no [HRESULT = 0x800f0831]"),
        )
    )
    return machine.at(25, "12:27")


@scenario(
    "A machine is not activated though the key server answers: its clock is a day behind",
    source="https://learn.microsoft.com/en-us/windows-server/get-started/activation-error-codes",
    causes={"clock-was-wrong"},
    language="en",
    with_it={"activation-failed"},
    false=("key server was not found", "hardware was changed"),
)
def late_clock(machine: Machine) -> datetime:
    month(machine)
    spp = "Microsoft-Windows-Security-SPP"
    for day in (23, 24, 25):
        when = machine.at(day, "08:58:12")
        skew: Facts = {"TimeDifferenceSeconds": 86412, "MaxPhaseCorrection": 54000}
        skew |= {"TimeSource": "time.windows.com,0x9 (ntp.m|0x9|0.0.0.0:123->203.0.113.5:123)"}
        machine.log(when, "Microsoft-Windows-Time-Service", 34, skew, level=ERROR, user=LOCAL_SERVICE)
        for hour in (1, 3):
            asked = when + timedelta(hours=hour)
            sent = "0x00000000, 0x00000000, kms.corp.example:1688, 9d1f2c3b-4a5e-4f60-8172-93a4b5c6d7e8, "
            sent += f"{asked:%Y/%m/%d %H:%M}, 0, 2, 40123, 73111121-5638-40f6-bc11-f1d7b0d64300, 25"
            machine.log(asked, spp, 12288, (sent,), channel=APPLICATION)
            answer = f"0xC004F06C, 0x00000000, 0, 0, 50, 120, 10080, {asked:%Y/%m/%d %H:%M}"
            machine.log(asked + timedelta(seconds=1), spp, 12289, (answer,), channel=APPLICATION)
            failed = (
                "hr=0xC004F06C",
                "RuleId=31e71c49-8da7-4a2f-ad92-45d98a1c79ba;Action=AutoActivate;AppId=55c92734-d682-4d71-983e-d6ec3f16059f;SkuId=73111121-5638-40f6-bc11-f1d7b0d64300;NotificationInterval=1440;Trigger=TimerEvent",
            )
            machine.log(asked + timedelta(seconds=2), spp, 8198, failed, channel=APPLICATION, level=ERROR)
    return machine.at(25, "10:00")
