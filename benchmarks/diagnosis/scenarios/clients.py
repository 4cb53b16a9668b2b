"""A desk's machine: printing, profiles, searching, remote access, updates, activation."""

from datetime import datetime, timedelta

from benchmarks.diagnosis.background import APPLICATION, month
from benchmarks.diagnosis.machine import ERROR, INFORMATION, SYSTEM, WARNING, Facts, Machine, Values
from benchmarks.diagnosis.scenario import scenario
from benchmarks.diagnosis.scenarios.programs import crash

PROFILES = "Microsoft-Windows-User Profiles Service"
FIREWALL = "Microsoft-Windows-Windows Firewall With Advanced Security"


@scenario(
    "The spooler crashes at each start in the driver of a printer installed the evening before",
    source="https://support.microsoft.com/kb/2793718",
    causes={"application-crash"},
    language="zh",
    named=("spoolsv.exe", "exmfpui.dll"),
    with_it={"service-terminated-unexpectedly", "service-recovery-failed", "print-driver-installed"},
)
def spooler_loop(machine: Machine) -> datetime:
    month(machine)
    log = "Microsoft-Windows-PrintService/Operational"
    added: Facts = {"param1": "Example MFP 5200 PCL6", "param2": "Windows x64", "param3": "3"}
    added |= {"param4": "exmfpui.dll, exmfp.gpd", "param5": "0", "param6": "0x0"}
    when = machine.at(24, "17:31")
    machine.log(when, "Microsoft-Windows-PrintService", 316, added, channel=log, user=machine.user_sid)
    path = "C:\\WINDOWS\\system32\\spool\\DRIVERS\\x64\\3\\exmfpui.dll"
    for number, when in enumerate(machine.each(25, "08:40:20", "08:41:25", "08:42:31", "09:15:02"), 1):
        crash(machine, when, "spoolsv.exe", "exmfpui.dll", "c0000005", path)
        gone: Facts = {"param1": "Print Spooler", "param2": str(number), "param3": "60000", "param4": "1"}
        gone |= {"param5": machine.say("重新启动服务", "Restart the service")}
        machine.service(when + timedelta(seconds=1), 7031, gone, "Spooler", ERROR)
    return machine.at(25, "08:43")


@scenario(
    "A person gets a temporary profile because the disk is full",
    source="https://learn.microsoft.com/en-us/troubleshoot/windows-server/user-profiles-and-logon/fix-corrupted-user-profile",
    causes={"disk-full", "disk-nearly-full"},
    language="zh",
    with_it={"temporary-profile", "database-error", "profile-not-loaded", "registry-hive-damaged"},
)
def profile_disk_full(machine: Machine) -> datetime:
    month(machine)
    told: Values = (
        "svchost",
        "1420,D,0",
        "TILEREPOSITORYS-1-5-18: ",
        "C:\\WINDOWS\\system32\\EDB.log",
        "-1808",
    )
    told += ("112 (0x00000070)",)
    machine.log(machine.at(24, "16:50"), "ESENT", 482, told, channel=APPLICATION, level=ERROR)
    full = machine.say("磁盘空间不足。", "There is not enough space on the disk.")
    for when in machine.each(25, "08:48", "08:59", "09:20"):
        copied: Facts = {"Source": "C:\\Users\\Default\\AppData", "Destination": "C:\\Users\\TEMP\\AppData"}
        copied |= {"Error": full}
        machine.log(when, PROFILES, 1509, copied, channel=APPLICATION, level=WARNING, user=machine.user_sid)
        damaged: Facts = {"Error": full}
        later = when + timedelta(seconds=1)
        machine.log(later, PROFILES, 1508, damaged, channel=APPLICATION, level=ERROR, user=machine.user_sid)
        machine.log(later, PROFILES, 1511, (), channel=APPLICATION, level=ERROR, user=machine.user_sid)
    return machine.at(25, "08:59")


@scenario(
    "The index of Windows Search is damaged: the service ends at each start",
    source="https://learn.microsoft.com/en-us/troubleshoot/windows-client/shell-experience/windows-search-performance-issues",
    causes={"search-index-damaged", "database-damaged"},
    language="en",
    named=("Windows.edb",),
    with_it={"service-ended-with-error", "service-terminated-unexpectedly", "database-error"},
)
def search_index(machine: Machine) -> datetime:
    month(machine)
    source, app = "Microsoft-Windows-Search", APPLICATION
    edb = "C:\\ProgramData\\Microsoft\\Search\\Data\\Applications\\Windows\\Windows.edb"
    for number, when in enumerate(machine.each(25, "08:41:10", "08:42:22", "08:43:30", "09:20:05"), 1):
        page = (
            "SearchIndexer",
            "5120,D,50",
            "Windows: ",
            edb,
            "11796480 (0x0000000000b40000)",
            "32768",
            "-1018",
        )
        machine.log(when, "ESENT", 474, page, channel=app, level=ERROR)
        corrupt: Facts = {
            "ExtraInfo": "\nDetails:\n\tThe content index catalog is corrupt.  (HRESULT : 0xc0041801)"
        }
        corrupt |= {"Reason": "The catalog is corrupt"}
        machine.log(when + timedelta(seconds=1), source, 7042, corrupt, channel=app, level=ERROR)
        context: Facts = {"ExtraInfo": "\nContext: Windows Application\n\nDetails:\n\t(HRESULT : 0x8e5e0713)"}
        machine.log(when + timedelta(seconds=1), source, 3058, context, channel=app, level=ERROR)
        ended: Facts = {"param1": "Windows Search", "param2": "%%-1073473535"}
        machine.service(when + timedelta(seconds=2), 7024, ended, "WSearch", ERROR)
        gone: Facts = {"param1": "Windows Search", "param2": str(number), "param3": "30000", "param4": "1"}
        gone |= {"param5": "Restart the service"}
        machine.service(when + timedelta(seconds=2), 7031, gone, "WSearch", ERROR)
    return machine.at(25, "08:43")


def dialled(machine: Machine, when: datetime, code: str) -> None:
    """A connection to the office is tried and fails with this code of the remote access service."""
    begun = ("{2F7B5C1E-0A4B-4C09-8F3D-7D1E2B3C4A55}", "CORP\\lin", machine.say("公司 VPN", "Office VPN"))
    machine.log(when, "RasClient", 20221, (*begun, "VpnStrategy = L2TP"), channel=APPLICATION)
    later = when + timedelta(seconds=4)
    machine.log(later, "RasClient", 20227, (*begun, code), channel=APPLICATION, level=ERROR)


@scenario(
    "The tunnel to the office is not answered: a router in between lets none of its packets through (809)",
    source="https://learn.microsoft.com/en-us/troubleshoot/windows-server/networking/configure-l2tp-ipsec-server-behind-nat-t-device",
    causes={"vpn-failed", "vpn-server-unreachable"},
    language="zh",
    named=("809",),
    false=("password is wrong", "wrong password"),
)
def tunnel_blocked(machine: Machine) -> datetime:
    month(machine)
    for when in machine.each(25, "08:50", "08:53", "09:05", "09:30"):
        dialled(machine, when, "809")
    return machine.at(25, "08:53")


@scenario(
    "The tunnel to the office refuses the person: an old password is stored in it (691)",
    source="https://learn.microsoft.com/en-us/previous-versions/windows/it-pro/windows-server-2008-R2-and-2008/cc773769(v=ws.10)",
    causes={"vpn-failed", "vpn-sign-in-refused"},
    language="en",
    named=("691", "lin"),
    with_it={"file-share-lost"},
    false=("not reached", "firewall"),
)
def tunnel_refused(machine: Machine) -> datetime:
    month(machine)
    for when in machine.each(25, "08:50", "08:53", "09:05", "09:30"):
        dialled(machine, when, "691")
    return machine.at(25, "08:53")


@scenario(
    "Remote management fails since the firewall's rule for it was deleted by a policy",
    source="https://learn.microsoft.com/en-us/windows/win32/winrm/installation-and-configuration-for-windows-remote-management",
    causes={"firewall-rule-changed", "firewall-rule-deleted"},
    language="en",
    named=("Windows Remote Management",),
    with_it={"remote-management-failed"},
)
def management_blocked(machine: Machine) -> datetime:
    month(machine)
    rule: Facts = {"RuleId": "WINRM-HTTP-In-TCP", "RuleName": "Windows Remote Management (HTTP-In)"}
    rule |= {"ModifyingUser": SYSTEM, "ModifyingApplication": "C:\\Windows\\System32\\svchost.exe"}
    when = machine.at(24, "16:02:14")
    machine.log(when, FIREWALL, 2006, rule, channel=f"{FIREWALL}/Firewall", user="S-1-5-19")
    source = "Microsoft-Windows-WinRM"
    for clock in ("09:00", "09:10", "09:20"):
        failed: Facts = {"operationName": "WSManClientReceiveResponse", "errorCode": 2150858770}
        when = machine.at(25, clock)
        machine.log(when, source, 142, failed, channel=f"{source}/Operational", level=ERROR, user=SYSTEM)
    return machine.at(25, "09:10")


@scenario(
    "The start menu does not open: its package is damaged since an update was broken off",
    source="https://github.com/MicrosoftDocs/windows-itpro-docs/blob/master/windows/configuration/start-layout-troubleshoot.md",
    causes={"app-package-damaged", "app-not-activated"},
    language="zh",
    named=("StartMenuExperienceHost",),
    with_it={"application-crash", "app-deployment-failed"},
)
def start_menu(machine: Machine) -> datetime:
    month(machine)
    package = "Microsoft.Windows.StartMenuExperienceHost_10.0.19041.3996_neutral_neutral_cw5n1h2txyewy"
    source = "Microsoft-Windows-AppXDeployment-Server"
    failed: Facts = {"DeploymentOperation": 5, "PackageFullName": package, "ErrorCode": "0x80073cf6"}
    failed |= {"ErrorText": machine.say("无法注册该程序包。", "The package could not be registered.")}
    when = machine.at(24, "17:30")
    machine.log(when, source, 401, failed, channel=f"{source}/Operational", level=ERROR, user=SYSTEM)
    app = "Microsoft.Windows.StartMenuExperienceHost_cw5n1h2txyewy!App"
    for when in machine.each(25, "08:41", "08:42", "08:50", "09:10", "09:30"):
        path = "C:\\WINDOWS\\System32\\Windows.UI.Xaml.dll"
        crash(machine, when, "StartMenuExperienceHost.exe", "Windows.UI.Xaml.dll", "c000027b", path)
        refused: Facts = {"AppId": app, "ErrorCode": 2147942405, "Flag": 0}
        shell = "Microsoft-Windows-Immersive-Shell"
        machine.log(when, shell, 5973, refused, channel=APPLICATION, level=ERROR, user=machine.user_sid)
    return machine.at(25, "08:50")


@scenario(
    "Each month's update fails since parts of the component store are missing (0x80073712)",
    source="https://learn.microsoft.com/en-us/troubleshoot/windows-server/installing-updates-features-roles/error-0x80073712",
    causes={"servicing-failed", "update-failed"},
    language="en",
    named=("0x80073712", "KB5035845"),
    with_it={"servicing-failed", "update-failed"},
    false=("disk is full", "restart is pending"),
)
def component_store(machine: Machine) -> datetime:
    month(machine)
    for day, clock in ((23, "12:02"), (24, "12:11"), (25, "12:05")):
        when = machine.at(day, clock)
        state: Facts = {"PackageIdentifier": "KB5035845", "IntendedPackageState": "Installed"}
        state |= {"ErrorCode": "0x80073712", "Client": "UpdateAgentLCU"}
        machine.log(when, "Microsoft-Windows-Servicing", 3, state, channel="Setup", level=ERROR, user=SYSTEM)
        failed: Facts = {"errorCode": 0x80073712, "updateTitle": "2026-03 Cumulative Update (KB5035845)"}
        failed |= {"updateGuid": "{1a2b3c4d-0000-4000-8000-000000000003}"}
        source = "Microsoft-Windows-WindowsUpdateClient"
        machine.log(when + timedelta(minutes=3), source, 20, failed, level=ERROR, user=SYSTEM)
    return machine.at(25, "12:08")


@scenario(
    "Windows is not activated any more after its main board was exchanged",
    source="https://support.microsoft.com/en-us/windows/reactivating-windows-after-a-hardware-change-2c0e962a-f04c-145b-6ead-fb3fc72b6665",
    causes={"activation-failed"},
    language="zh",
    named=("hardware",),
    false=("key is blocked",),
)
def board_exchanged(machine: Machine) -> datetime:
    month(machine)
    source, app = "Microsoft-Windows-Security-SPP", APPLICATION
    changed = ("hr=0xC004F200", "ddd=1", "0x00000001", "0xC004E015")
    machine.log(machine.at(24, "17:20"), source, 1034, changed, channel=app, level=INFORMATION)
    for when in machine.each(25, "08:40", "10:40", "12:40"):
        failed = (
            "hr=0xC004F211",
            "RuleId=eeba1977-569e-4571-b639-7623d8bfecc0;Action="
            "AutoActivate;AppId=55c92734-d682-4d71-983e-d6ec3f16059f;Trigger=UserLogon;SessionId=1",
        )
        machine.log(when, source, 8198, failed, channel=app, level=ERROR)
    return machine.at(25, "08:41")


@scenario(
    "Inventory and monitoring fail by turns: a WMI provider leaks handles and is stopped at its quota",
    source="https://learn.microsoft.com/en-us/troubleshoot/windows-server/system-management-components/scenario-guide-troubleshoot-wmiprvse-quota-exceeded-issues",
    causes={"wmi-quota-exceeded"},
    language="en",
    named=("HandleCount", "exprov.dll"),
    with_it={"wmi-queries-failed"},
    false=("repository",),
)
def wmi_quota(machine: Machine) -> datetime:
    month(machine)
    for hour in (9, 10, 11, 13, 14):
        when = machine.at(25, f"{hour:02}:12")
        stopped: Facts = {"Quota": "HandleCount", "Value": "4099", "Maximum": "4096", "PID": "4468"}
        stopped |= {"Providers": "C:\\Program Files\\Example Monitor\\exprov.dll"}
        source = "Microsoft-Windows-WMI"
        machine.log(when, source, 5612, stopped, channel=APPLICATION, level=WARNING, user=SYSTEM)
        for second in (1, 3, 9, 20):
            failed: Facts = {"Id": "{00000000-0000-0000-0000-000000000000}", "ClientMachine": machine.name}
            failed |= {"User": "NT AUTHORITY\\SYSTEM", "ClientProcessId": 4312, "Component": "Unknown"}
            failed |= {
                "Operation": "Start IWbemServices::ExecQuery - root\\cimv2 : SELECT * FROM Win32_Process"
            }
            failed |= {"ResultCode": "0x80041032", "PossibleCause": "Unknown"}
            log = "Microsoft-Windows-WMI-Activity"
            later = when + timedelta(seconds=second)
            machine.log(later, log, 5858, failed, channel=f"{log}/Operational", level=ERROR, user=SYSTEM)
    return machine.at(25, "11:15")
