"""From outside: the certificate of remote sessions, guessed passwords, somebody who comes at night."""

from datetime import datetime, timedelta

from benchmarks.diagnosis.background import APPLICATION, month
from benchmarks.diagnosis.machine import ERROR, INFORMATION, NETWORK_SERVICE, SYSTEM, WARNING, Facts, Machine
from benchmarks.diagnosis.scenario import scenario
from demo.evtx.writer import UserData

SESSIONS = "Microsoft-Windows-TerminalServices-LocalSessionManager"
CONNECTIONS = "Microsoft-Windows-TerminalServices-RemoteConnectionManager"


@scenario(
    "Remote sessions end in an internal error: the server's own certificate ran out and may not be replaced",
    source="https://learn.microsoft.com/en-us/troubleshoot/windows-server/remote/rdp-error-general-troubleshooting",
    causes={"rdp-certificate-failed"},
    language="en",
    named=("Access is denied",),
    with_it={"tls-failed"},
    false=("licence", "wrong password"),
)
def session_certificate(machine: Machine) -> datetime:
    month(machine)
    for day in (23, 24, 25):
        for when in machine.each(day, "08:59:10", "09:40:21"):
            why = (machine.say("拒绝访问。\r\n", "Access is denied.\r\n"),)
            machine.log(when, CONNECTIONS, 1058, why, level=ERROR)
            if day == 25:
                alert: Facts = {"AlertDesc": 40, "ErrorState": 808}
                machine.log(when + timedelta(seconds=3), "Schannel", 36888, alert, level=ERROR, user=SYSTEM)
    return machine.at(25, "09:40")


@scenario(
    "Passwords are guessed over remote desktop until one account gets in (no security log in the bundle)",
    source="https://learn.microsoft.com/en-us/windows-server/remote/remote-desktop-services/remote-desktop-allow-access",
    causes={"rdp-password-guessing"},
    language="zh",
    named=("203.0.113.77", "scan01"),
    false=("hardware", "disk"),
)
def guessed_over_rdp(machine: Machine) -> datetime:
    month(machine)
    source = "Microsoft-Windows-RemoteDesktopServices-RdpCoreTS"
    for number in range(700):
        when = machine.at(24, "20:10:00") + timedelta(seconds=19 * number)
        refused: Facts = {"IPString": "203.0.113.77"}
        machine.log(
            when, source, 140, refused, channel=f"{source}/Operational", level=WARNING, user=NETWORK_SERVICE
        )
    came = machine.at(24, "23:52:30")
    namespace = {"@xmlns": "Event_NS"}
    known = {"EventXML": {**namespace, "Param1": "scan01", "Param2": "", "Param3": "203.0.113.77"}}
    machine.log(
        came, CONNECTIONS, 1149, channel=f"{CONNECTIONS}/Operational", user=NETWORK_SERVICE, user_data=known
    )
    person: dict[str, UserData | list[UserData]] = {
        **namespace,
        "User": f"{machine.name}\\scan01",
        "SessionID": 3,
        "Address": "203.0.113.77",
    }
    for event_id, when in ((21, came + timedelta(seconds=4)), (24, came + timedelta(minutes=31))):
        machine.log(
            when,
            SESSIONS,
            event_id,
            channel=f"{SESSIONS}/Operational",
            user=SYSTEM,
            user_data={"EventXML": person},
        )
    return machine.at(25, "08:40")


@scenario(
    "At night somebody starts a remote service, ends protection, backup and database, and clears the log",
    source="https://www.cisa.gov/stopransomware/ransomware-guide",
    causes={"remote-execution-service"},
    language="en",
    named=("PSEXESVC",),
    with_it={"defender-protection-off", "log-cleared", "protection-service-disabled", "service-disabled"},
    false=("bad block", "disk is full"),
)
def night_service(machine: Machine) -> datetime:
    month(machine)
    begun = machine.at(26, "03:11:05")
    new: Facts = {"ServiceName": "PSEXESVC", "ImagePath": "%SystemRoot%\\PSEXESVC.exe"}
    new |= {"ServiceType": machine.say("用户模式服务", "user mode service")}
    new |= {"StartType": machine.say("按需启动", "demand start"), "AccountName": "LocalSystem"}
    machine.service(begun, 7045, new, "PSEXESVC", INFORMATION)
    machine.state(begun + timedelta(seconds=1), "PSEXESVC", "PSEXESVC", running=True)
    defender = "Microsoft-Windows-Windows Defender"
    off: Facts = {"Product Name": "Microsoft Defender Antivirus", "Product Version": "4.18.24020.7"}
    machine.log(
        begun + timedelta(seconds=20), defender, 5001, off, channel=f"{defender}/Operational", user=SYSTEM
    )
    for number, (name, key) in enumerate(
        (
            ("Volume Shadow Copy", "VSS"),
            ("SQL Server (MSSQLSERVER)", "MSSQLSERVER"),
            ("Backup Engine", "BackupEngine"),
            ("Windows Defender Firewall", "mpssvc"),
        )
    ):
        changed: Facts = {"param1": name, "param2": machine.say("自动启动", "auto start")}
        changed |= {"param3": machine.say("已禁用", "disabled"), "param4": key}
        machine.service(begun + timedelta(seconds=40 + number), 7040, changed, key, INFORMATION)
        machine.state(begun + timedelta(seconds=45 + number), name, key, running=False)
    stopped = (machine.say("用户请求", "user request"),)
    machine.log(begun + timedelta(seconds=44), "MSSQLSERVER", 17148, stopped, channel=APPLICATION)
    cleared = {
        "LogFileCleared": {
            "@xmlns": "http://manifests.microsoft.com/win/2004/08/windows/eventlog",
            "SubjectUserName": "backupadm",
            "SubjectDomainName": "CORP",
            "Channel": "Windows PowerShell",
            "BackupPath": "",
        }
    }
    source = "Microsoft-Windows-Eventlog"
    machine.log(begun + timedelta(minutes=24), source, 104, user=machine.user_sid, user_data=cleared)
    return machine.at(26, "08:20")
