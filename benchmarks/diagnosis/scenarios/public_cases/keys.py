"""What locks and lets in: a dongle, an old password, a recovery key, a cleared log."""

from datetime import datetime, timedelta

from benchmarks.diagnosis.background import APPLICATION, month
from benchmarks.diagnosis.machine import ERROR, NETWORK_SERVICE, SYSTEM, WARNING, Facts, Machine
from benchmarks.diagnosis.scenario import scenario

TASKS = "Microsoft-Windows-TaskScheduler"
AUDIT = "Microsoft-Windows-Security-Auditing"


@scenario(
    "The licence of the drawing program is not found: memory integrity keeps the dongle's old driver out",
    source="https://learn.microsoft.com/en-us/windows/security/hardware-security/enable-virtualization-based-protection-of-code-integrity",
    causes={"driver-blocked-by-memory-integrity"},
    language="zh",
    named=("hardlock.sys",),
    with_it={"service-start-failed"},
    false=("malware", "not signed"),
)
def dongle_kept_out(machine: Machine) -> datetime:
    month(machine)
    driver = "\\Device\\HarddiskVolume3\\Windows\\System32\\drivers\\hardlock.sys"
    for day, clock in ((24, "08:52:10"), (25, "08:49:31"), (25, "13:05:02")):
        when = machine.at(day, clock)
        source = "Microsoft-Windows-CodeIntegrity"
        stopped: Facts = {"FileNameLength": len(driver), "FileNameBuffer": driver, "Status": 0xC0000428}
        stopped |= {"HVCIAuditFailures": 0x4, "ProcessNameLength": 6, "ProcessNameBuffer": "System"}
        machine.log(when, source, 3111, stopped, channel=f"{source}/Operational", level=ERROR, user=SYSTEM)
        failed: Facts = {"param1": "Hardlock", "param2": "%%1275"}
        machine.service(when + timedelta(seconds=1), 7000, failed, "Hardlock", ERROR)
        lost = (machine.say("未找到加密锁 (H0007)", "Sentinel key not found (H0007)"),)
        machine.log(when + timedelta(minutes=6), "CadStudio", 7, lost, channel=APPLICATION, level=ERROR)
    return machine.at(25, "08:56")


@scenario(
    "The nightly export has not run for days: the task still holds its account's old password",
    source="https://learn.microsoft.com/en-us/previous-versions/windows/it-pro/windows-server-2008-R2-and-2008/cc774957(v=ws.10)",
    causes={"task-failed"},
    language="en",
    named=("Nightly Export", "svc-export"),
    with_it={"account-locked", "sign-in-failure-burst"},
    false=("attack", "missing file"),
)
def task_password(machine: Machine) -> datetime:
    month(machine)
    log = f"{TASKS}/Operational"
    for day in (20, 23, 24, 25):
        when = machine.at(day, "12:30:00")
        refused: Facts = {"TargetUserName": "svc-export", "TargetDomainName": "CORP", "Status": 0xC000006D}
        refused |= {
            "FailureReason": "%%2313",
            "SubStatus": 0xC000006A,
            "LogonType": 4,
            "LogonProcessName": "Advapi  ",
        }
        refused |= {
            "WorkstationName": machine.name,
            "ProcessName": "C:\\Windows\\System32\\svchost.exe",
            "IpAddress": "-",
            "IpPort": "-",
        }
        machine.log(when, AUDIT, 4625, refused, channel="Security", level=0)
        entry: Facts = {
            "UserName": "CORP\\svc-export",
            "ErrorDescription": "LogonUserExEx",
            "ResultCode": 2147943726,
        }
        machine.log(when, TASKS, 104, entry, channel=log, level=ERROR, user=SYSTEM)
        start: Facts = {
            "TaskName": "\\Nightly Export",
            "UserContext": "CORP\\svc-export",
            "ResultCode": 2147943726,
        }
        machine.log(
            when + timedelta(milliseconds=10), TASKS, 101, start, channel=log, level=ERROR, user=SYSTEM
        )
    return machine.at(25, "13:10")


@scenario(
    "Notebooks ask for the recovery key at each start since their firmware was updated",
    source="https://learn.microsoft.com/en-us/windows/security/operating-system-security/data-protection/bitlocker/recovery-overview",
    causes={"bitlocker-recovery"},
    language="en",
    named=("BitLocker",),
    with_it={"bitlocker-management-error", "secure-boot-update-failed"},
    false=("disk is dying", "password was changed"),
)
def recovery_key(machine: Machine) -> datetime:
    month(machine)
    put: Facts = {"updateTitle": "Example Corporation - Firmware - 1.31.0", "updateRevisionNumber": 1}
    put |= {"updateGuid": "{7e3f9c42-5d6f-4071-a2b3-c4d5e6f70819}"}
    machine.log(machine.at(24, "17:35:12"), "Microsoft-Windows-WindowsUpdateClient", 19, put, user=SYSTEM)
    for day, clock in ((25, "08:31:20"), (25, "13:01:08")):
        when = machine.at(day, clock)
        code: Facts = {
            "ErrorCode": 0xC0210000,
            "Volume": "\\Device\\HarddiskVolume3",
            "WritePhase": 0,
            "Flags": 0,
        }
        machine.log(when, "Microsoft-Windows-BitLocker-Driver", 24635, code, level=ERROR, user=SYSTEM)
        source = "Microsoft-Windows-BitLocker-API"
        sealed: Facts = {"VariableName": "SecureBoot", "ErrorCode": -2144272203}
        log = "Microsoft-Windows-BitLocker/BitLocker Management"
        later = when + timedelta(seconds=40)
        machine.log(later, source, 812, sealed, channel=log, level=WARNING, user=SYSTEM)
    return machine.at(25, "08:33")


@scenario(
    "Somebody came in from outside at night, emptied the security log and then made himself an administrator",
    source="https://learn.microsoft.com/en-us/previous-versions/windows/it-pro/windows-10/security/threat-protection/auditing/event-1102",
    causes={"administrator-added", "security-log-cleared"},
    language="zh",
    named=("support$$",),
    with_it={"administrator-added", "security-log-cleared"},
)
def emptied_log(machine: Machine) -> datetime:
    month(machine)
    sid = "S-1-5-21-1042338761-2210734452-3981127740-1187"
    source = "Microsoft-Windows-TerminalServices-RemoteConnectionManager"
    entered: Facts = {"Param1": "administrator", "Param2": machine.name, "Param3": "203.0.113.99"}
    machine.log(
        machine.at(25, "02:41:20"),
        source,
        1149,
        entered,
        channel=f"{source}/Operational",
        user=NETWORK_SERVICE,
    )
    subject: Facts = {"SubjectUserSid": machine.user_sid, "SubjectUserName": "administrator"}
    subject |= {"SubjectDomainName": machine.name, "SubjectLogonId": 0x5A1C22}
    machine.log(machine.at(25, "02:55:30"), "Microsoft-Windows-Eventlog", 1102, subject, channel="Security")
    made: Facts = {
        "TargetUserName": "support$$",
        "TargetDomainName": machine.name,
        "TargetSid": sid,
        **subject,
    }
    made |= {"PrivilegeList": "-", "SamAccountName": "support$$"}
    machine.log(machine.at(25, "02:58:02"), AUDIT, 4720, made, channel="Security", level=0)
    joined: Facts = {"MemberName": "-", "MemberSid": sid, "TargetUserName": "Administrators"}
    joined |= {"TargetDomainName": "Builtin", "TargetSid": "S-1-5-32-544", **subject, "PrivilegeList": "-"}
    machine.log(machine.at(25, "02:58:09"), AUDIT, 4732, joined, channel="Security", level=0)
    return machine.at(25, "08:40")
