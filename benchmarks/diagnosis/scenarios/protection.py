"""Protection: a false alarm, ransomware's traces, a guessed password, an update loop, an activation."""

from datetime import datetime, timedelta

from benchmarks.diagnosis.background import APPLICATION, month
from benchmarks.diagnosis.machine import ERROR, INFORMATION, SYSTEM, WARNING, Facts, Machine
from benchmarks.diagnosis.scenario import scenario

DEFENDER = "Microsoft-Windows-Windows Defender"
DEFENDER_LOG = f"{DEFENDER}/Operational"
EVENTS = "https://learn.microsoft.com/en-us/defender-endpoint/troubleshoot-microsoft-defender-antivirus"


@scenario(
    "The antivirus takes a program's file away as a false alarm, and its service does not start",
    source=EVENTS,
    causes={"defender-threat"},
    language="zh",
    named=("licsrv.exe",),
    with_it={"service-start-failed", "service-terminated-unexpectedly"},
)
def false_alarm(machine: Machine) -> datetime:
    month(machine)
    threat: Facts = {
        "Product Name": "Microsoft Defender Antivirus",
        "Threat Name": "Trojan:Win32/Wacatac.B!ml",
        "Severity Name": machine.say("严重", "Severe"),
        "Category Name": machine.say("特洛伊木马", "Trojan"),
        "Path": "file:_C:\\Program Files\\Licence\\licsrv.exe",
        "Process Name": "Unknown",
        "Action ID": "2",
        "Action Name": "%%809",
        "Error Code": "0x00000000",
    }
    machine.log(
        machine.at(25, "08:39"), DEFENDER, 1116, threat, channel=DEFENDER_LOG, level=WARNING, user=SYSTEM
    )
    machine.log(
        machine.at(25, "08:40"), DEFENDER, 1117, threat, channel=DEFENDER_LOG, level=INFORMATION, user=SYSTEM
    )
    for when in machine.each(25, "08:41", "09:05"):
        failed: Facts = {"param1": "Example Licence Service", "param2": "%%2"}
        machine.service(when, 7000, failed, "ExampleLicence", ERROR)
    return machine.at(25, "09:05")


@scenario(
    "Traces of ransomware: shadow copies deleted, protection switched off, logs cleared",
    source="https://www.cisa.gov/stopransomware",
    causes={"shadow-copies-deleted", "defender-protection-off", "suspicious-service", "security-log-cleared"},
    language="en",
    with_it={
        *(
            "log-cleared",
            "defender-exclusion-added",
            "service-installed",
            "shadow-copies-lost",
            "defender-threat",
        ),
        *(
            "defender-protection-off",
            "suspicious-service",
            "security-log-cleared",
            "protection-service-disabled",
        ),
    },
)
def ransomware(machine: Machine) -> datetime:
    month(machine)
    off: Facts = {"Product Name": "Microsoft Defender Antivirus", "Product Version": "4.18.24010.12"}
    machine.log(machine.at(25, "03:11"), DEFENDER, 5001, off, channel=DEFENDER_LOG, user=SYSTEM)
    service: Facts = {
        "ServiceName": "updsvc",
        "ImagePath": "C:\\Users\\Public\\x.exe",
        "AccountName": "LocalSystem",
    }
    service |= {"ServiceType": "user mode service", "StartType": "auto start"}
    machine.service(machine.at(25, "03:14"), 7045, service, "updsvc", INFORMATION)
    cleared: Facts = {"SubjectUserName": "svc-backup", "SubjectDomainName": "CORP", "Channel": "System"}
    machine.log(machine.at(25, "03:29"), "Microsoft-Windows-Eventlog", 104, cleared, user=SYSTEM)
    return machine.at(25, "08:30")


@scenario(
    "Somebody guesses passwords: thousands of failed sign-ins in minutes",
    source="https://learn.microsoft.com/en-us/previous-versions/windows/it-pro/windows-10/security/threat-protection/auditing/event-4625",
    causes={"password-guessing", "sign-in-failure-burst", "password-spraying", "rdp-password-guessing"},
    language="zh",
    named=("203.0.113.77",),
    with_it={"account-locked", "sign-in-failure-burst", "password-spraying", "rdp-password-guessing"},
)
def guessed_passwords(machine: Machine) -> datetime:
    month(machine)
    for second in range(180):
        for _ in range(8):
            facts: Facts = {
                "TargetUserName": "administrator",
                "TargetDomainName": machine.name,
                "LogonType": 3,
            }
            facts |= {
                "Status": 0xC000006D,
                "SubStatus": 0xC000006A,
                "IpAddress": "203.0.113.77",
                "IpPort": "0",
            }
            facts |= {"WorkstationName": "-", "FailureReason": "%%2313", "ProcessName": "-"}
            machine.log(
                machine.at(25, "02:10") + timedelta(seconds=second),
                "Microsoft-Windows-Security-Auditing",
                4625,
                facts,
                channel="Security",
                level=0,
            )
    return machine.at(25, "08:45")


@scenario(
    "An update fails and is tried again at each start, because the component store is damaged",
    source="https://learn.microsoft.com/en-us/troubleshoot/windows-server/deployment/fix-windows-update-errors",
    causes={"servicing-failed", "update-failed"},
    language="en",
    named=("KB5035845",),
    with_it={"restart-by-update", "update-failed", "servicing-failed", "repeated-restarts"},
)
def update_loop(machine: Machine) -> datetime:
    month(machine)
    for day in (22, 23, 24, 25):
        title = "2026-03 Cumulative Update for Windows 10 (KB5035845)"
        failed: Facts = {"errorCode": 0x800F081F, "updateTitle": title}
        failed |= {"updateGuid": "{1a2b3c4d-0000-4000-8000-000000000003}", "updateRevisionNumber": 200}
        machine.log(
            machine.at(day, "09:05"),
            "Microsoft-Windows-WindowsUpdateClient",
            20,
            failed,
            level=ERROR,
            user=SYSTEM,
        )
    return machine.at(25, "09:05")


@scenario(
    "Windows is not activated: the key server is not found",
    source="https://learn.microsoft.com/en-us/windows-server/get-started/activation-error-codes",
    causes={"kms-request-failed", "activation-failed"},
    language="zh",
    with_it={"kms-request-failed", "activation-failed", "dns-timeouts"},
)
def not_activated(machine: Machine) -> datetime:
    month(machine)
    source = "Microsoft-Windows-Security-SPP"
    for when in machine.each(25, "08:50", "10:50", "12:50"):
        told = ("0xC004F074, 0x00000000, kms.corp.example:1688, 8c3c1e51-3a0f-4b5c-9a4e-0e3c0a1b2c3d",)
        machine.log(when, source, 12288, told, channel=APPLICATION)
        denied = ("hr=0xC004F074", "RuleId=31e71c49-8da7-4a2f-ad92-45d98a1c79ba;Action=AutoActivate")
        machine.log(when, source, 8198, denied, channel=APPLICATION, level=ERROR)
    return machine.at(25, "12:50")
