"""Who may do what: names of services, certificates, protocols, accounts, policies."""

from datetime import datetime, timedelta

from benchmarks.diagnosis.background import APPLICATION, month
from benchmarks.diagnosis.machine import (
    ERROR,
    INFORMATION,
    NETWORK_SERVICE,
    SYSTEM,
    WARNING,
    Facts,
    Machine,
)
from benchmarks.diagnosis.scenario import scenario

SCHANNEL = "Schannel"
SECURITY = "Microsoft-Windows-Security-Auditing"
GROUP_POLICY = "Microsoft-Windows-GroupPolicy"
THUMB = "3f 1c 9e 77 a0 54 2b 8d 66 e1 0c 4a 95 d3 b8 27 fe 60 12 9c"


@scenario(
    "One service name stands at two accounts: Kerberos tickets fit the wrong one (two machines' logs)",
    source="https://learn.microsoft.com/en-us/previous-versions/windows/it-pro/windows-server-2008-R2-and-2008/cc733945(v=ws.10)",
    causes={"kerberos-duplicate-name"},
    language="en",
    named=("MSSQLSvc/erp.corp.example:1433",),
    with_it={"kerberos-wrong-key", "trust-broken"},
    false=("password of the machine",),
)
def duplicate_service_name(machine: Machine) -> datetime:
    month(machine)
    controller = machine.other("DC1")
    month(controller)
    for when in machine.each(25, "08:52", "09:07", "09:31", "10:02"):
        twice = ("MSSQLSvc/erp.corp.example:1433", "DS_SERVICE_PRINCIPAL_NAME")
        controller.log(when, "Microsoft-Windows-Kerberos-Key-Distribution-Center", 11, twice, level=ERROR)
        wrong: Facts = {"Server": "svc-sql", "TargetRealm": "CORP.EXAMPLE"}
        wrong |= {"Targetname": "MSSQLSvc/erp.corp.example:1433", "ClientRealm": "CORP.EXAMPLE"}
        later = when + timedelta(seconds=1)
        machine.log(later, "Microsoft-Windows-Security-Kerberos", 4, wrong, level=ERROR)
    return machine.at(25, "09:07")


@scenario(
    "The domain's clock runs away from the member's by minutes: sign-ins fail as if no controller were there",
    source="https://learn.microsoft.com/en-us/troubleshoot/windows-server/active-directory/configure-w32ime-against-huge-time-offset",
    causes={"clock-was-wrong", "clock-not-synchronised", "policy-files-unreadable"},
    language="zh",
    named=("clock",),
    with_it={"no-domain-controller", "policy-no-controller", "trust-broken"},
    false=("no domain controller could be reached",),
)
def domain_time(machine: Machine) -> datetime:
    month(machine)
    time = "Microsoft-Windows-Time-Service"
    apart: Facts = {"TimeDifferenceMilliseconds": 5000, "TimeSampleSeconds": 900}
    machine.log(machine.at(24, "16:10"), time, 50, apart, level=WARNING, user="S-1-5-19")
    for when in machine.each(25, "08:41", "08:55", "09:20", "10:05"):
        why = machine.say(
            "主域控制器上的时间与备份域控制器或成员服务器上的时间之差过大。\r\n (0xc0000133)",
            "The time at the Primary Domain Controller is different than the time at the Backup Domain "
            "Controller or member server by too large an amount.\r\n (0xc0000133)",
        )
        refused: Facts = {"Target": "ldap/DC1.corp.example", "Protocol": "Kerberos", "Error": why}
        machine.log(when, "LsaSrv", 40960, refused, level=WARNING, user=SYSTEM)
        later = when + timedelta(seconds=2)
        machine.log(later, "NETLOGON", 5719, ("CORP", "%%1311"), level=ERROR)
        facts: Facts = {"SupportInfo1": 1, "SupportInfo2": 2052, "ProcessingMode": 0, "ErrorCode": 49}
        facts |= {"ErrorDescription": machine.say("凭据无效。", "Invalid Credentials")}
        machine.log(later, GROUP_POLICY, 1006, facts, level=ERROR, user=SYSTEM)
        facts = {"SupportInfo1": 1, "SupportInfo2": 816, "ProcessingMode": 0, "ErrorCode": 1398}
        facts |= {
            "ErrorDescription": machine.say(
                "客户端和服务器之间有时间和/或日期差异。",
                "There is a time and/or date difference between the client and server.",
            )
        }
        facts |= {"DCName": "DC1.corp.example", "GPOCNName": "cn={31B2F340-016D-11D2-945F-00C04FB984F9}"}
        facts |= {"FilePath": "\\\\corp.example\\SysVol\\corp.example\\Policies\\{31B2F340}\\gpt.ini"}
        machine.log(later, GROUP_POLICY, 1058, facts, level=ERROR, user=SYSTEM)
    return machine.at(25, "08:55")


@scenario(
    "A person is locked out again and again: the phone still has the old password (ActiveSync)",
    source="https://learn.microsoft.com/en-us/windows/security/threat-protection/auditing/event-4740",
    causes={"account-locked"},
    language="en",
    named=("wang", "w3wp.exe"),
    with_it={"sign-in-failure-burst"},
    false=("brute force", "guess", "attack"),
)
def phone_password(machine: Machine) -> datetime:
    month(machine)
    changed: Facts = {"TargetUserName": "wang", "TargetDomainName": "CORP", "TargetSid": machine.user_sid}
    changed |= {"SubjectUserSid": machine.user_sid, "SubjectUserName": "wang", "SubjectDomainName": "CORP"}
    machine.log(machine.at(24, "16:40"), SECURITY, 4723, changed, channel="Security", level=0)
    when = machine.at(24, "17:00")
    for number in range(60):
        failed: Facts = {"SubjectUserSid": SYSTEM, "SubjectUserName": "EX01$", "SubjectDomainName": "CORP"}
        failed |= {"TargetUserSid": "S-1-0-0", "TargetUserName": "wang", "TargetDomainName": "CORP"}
        locked = number % 10 > 4
        failed |= {"Status": "0xc0000234" if locked else "0xc000006d", "FailureReason": "%%2313"}
        failed |= {"SubStatus": "0x0" if locked else "0xc000006a", "LogonType": 8}
        failed |= {"LogonProcessName": "Advapi  ", "AuthenticationPackageName": "Negotiate"}
        failed |= {"WorkstationName": "EX01", "ProcessId": "0x2a10"}
        failed |= {"ProcessName": "C:\\Windows\\System32\\inetsrv\\w3wp.exe"}
        failed |= {"IpAddress": "203.0.113.77", "IpPort": "50110"}
        machine.log(when, SECURITY, 4625, failed, channel="Security", level=0)
        if number % 10 == 4:
            out: Facts = {"TargetUserName": "wang", "TargetDomainName": "EX01", "TargetSid": machine.user_sid}
            out |= {"SubjectUserSid": SYSTEM, "SubjectUserName": "DC1$", "SubjectDomainName": "CORP"}
            machine.log(when + timedelta(seconds=1), SECURITY, 4740, out, channel="Security", level=0)
        when += timedelta(minutes=16)
    return machine.at(25, "08:50")


@scenario(
    "The certificate of a server ran out at night, after weeks of warnings: secure sessions fail",
    source="https://learn.microsoft.com/en-us/previous-versions/windows/it-pro/windows-server-2008-R2-and-2008/cc774595(v=ws.10)",
    causes={"certificate-expires"},
    language="zh",
    named=("3f 1c 9e 77",),
    with_it={"tls-alerts"},
)
def certificate_expired(machine: Machine) -> datetime:
    month(machine)
    enrol = "Microsoft-Windows-CertificateServicesClient-AutoEnrollment"
    for day in range(4, 26):
        if machine.is_workday(day):
            facts: Facts = {"Context": machine.say("本地系统", "local system"), "ObjId": THUMB}
            when = machine.at(day, "08:58")
            machine.log(when, enrol, 64, facts, channel=APPLICATION, level=WARNING)
    for minute in range(0, 50, 2):
        when = machine.at(25, f"09:{minute:02}")
        alert: Facts = {"AlertDesc": 45, "ErrorState": 552}
        machine.log(when, SCHANNEL, 36887, alert, level=ERROR, user=SYSTEM)
    nothing: Facts = {"Context": machine.say("服务器", "server")}
    machine.log(machine.at(25, "09:10"), SCHANNEL, 36886, nothing, level=WARNING, user=SYSTEM)
    return machine.at(25, "09:12")


@scenario(
    "Old clients do not get in since TLS 1.0 was switched off on the server at last night's restart",
    source="https://learn.microsoft.com/en-us/windows-server/identity/ad-fs/operations/manage-ssl-protocols-in-ad-fs",
    causes={"tls-no-common-cipher"},
    language="zh",
    named=("TLS 1.0",),
    with_it={"tls-alerts"},
    false=("certificate",),
)
def protocol_mismatch(machine: Machine) -> datetime:
    month(machine)
    for minute in range(0, 60, 3):
        when = machine.at(25, f"09:{minute:02}")
        asked: Facts = {"Protocol": "TLS 1.0"}
        machine.log(when, SCHANNEL, 36874, asked, level=ERROR, user=SYSTEM)
        alert: Facts = {"AlertDesc": 40, "ErrorState": 1205}
        machine.log(when, SCHANNEL, 36888, alert, level=ERROR, user=SYSTEM)
    return machine.at(25, "09:12")


@scenario(
    "A control program loses its OPC server: an update hardened DCOM, the client signs too weakly",
    source="https://support.microsoft.com/en-us/topic/kb5004442-manage-changes-for-windows-dcom-server-security-feature-bypass-cve-2021-26414-f1400b52-c141-43d2-941e-37ed901c769c",
    causes={"dcom-hardening-refused"},
    language="en",
    named=("opcuser",),
    false=("permission",),
)
def dcom_hardened(machine: Machine) -> datetime:
    month(machine)
    title = "2026-03 Cumulative Update for Windows Server 2019 (KB5035849)"
    done: Facts = {"updateTitle": title, "updateGuid": "{6a1f9d1e-0000-4c57-9d5e-2a6b0a6f1c12}"}
    when = machine.at(24, "17:40")
    machine.log(when, "Microsoft-Windows-WindowsUpdateClient", 19, done, level=INFORMATION, user=SYSTEM)
    for minute in range(0, 60, 4):
        facts: Facts = {
            "param1": "PLANT\\opcuser",
            "param2": "S-1-5-21-1042338761-2210734452-3981127740-1120",
        }
        facts |= {"param3": "203.0.113.40"}
        when = machine.at(25, f"08:{minute:02}")
        machine.log(when, "Microsoft-Windows-DistributedCOM", 10036, facts, level=ERROR, user=NETWORK_SERVICE)
    return machine.at(25, "08:20")


@scenario(
    "Nobody prints any more: a policy of the domain disables the spooler at each start",
    source="https://learn.microsoft.com/en-us/defender-for-identity/security-assessment-print-spooler",
    causes={"service-disabled"},
    language="zh",
    named=("Print Spooler",),
    with_it={"service-start-failed", "service-dependency-failed"},
    false=("by hand",),
)
def policy_disables_spooler(machine: Machine) -> datetime:
    month(machine)
    facts: Facts = {
        "SupportInfo1": 1,
        "SupportInfo2": 4012,
        "ProcessingMode": 1,
        "NumberOfGroupPolicyObjects": 3,
    }
    machine.log(machine.at(24, "16:02:11"), GROUP_POLICY, 1502, facts, user=SYSTEM)
    changed: Facts = {"param1": "Print Spooler", "param2": machine.say("自动启动", "auto start")}
    changed |= {"param3": machine.say("已禁用", "disabled"), "param4": "Spooler"}
    machine.service(machine.at(24, "16:02:13"), 7040, changed, "Spooler", INFORMATION)
    for when in machine.each(25, "08:44", "09:01", "10:20"):
        needs: Facts = {"param1": machine.say("传真", "Fax"), "param2": "Print Spooler", "param3": "%%1058"}
        machine.service(when, 7001, needs, "Fax", ERROR)
    return machine.at(25, "09:01")
