"""What a bundle holds beside one machine's month: captures, a second machine, a new name, a set clock."""

from datetime import datetime, timedelta

from benchmarks.diagnosis.background import APPLICATION, month
from benchmarks.diagnosis.machine import ERROR, SYSTEM, WARNING, Facts, Machine
from benchmarks.diagnosis.scenario import scenario
from benchmarks.diagnosis.scenarios.programs import LICENCE, crash

FOLDER = "C:\\Program Files\\Licence"
GOOD = "6f1c0d5e8a7b4392e1d0c9b8a7f6e5d4c3b2a190817263544536271809f0e1d2"
OTHER = "b7e29a1140c8d35f6e7a9b0c1d2e3f405162738495a6b7c8d9eafb0c1d2e3f40"


def captured(value: str, status: str, size: int, written: str) -> str:
    """What PowerShell says of the service's file."""
    return (
        f'PS C:\\> Get-FileHash "{FOLDER}\\licsrv.exe" | Format-List\r\n\r\nAlgorithm : SHA256\r\n'
        f"Hash      : {value.upper()}\r\nPath      : {FOLDER}\\licsrv.exe\r\n\r\n"
        f'PS C:\\> Get-Item "{FOLDER}\\licsrv.exe" | Format-List FullName,Length,LastWriteTime\r\n\r\n'
        f"FullName      : {FOLDER}\\licsrv.exe\r\nLength        : {size}\r\nLastWriteTime : {written}\r\n\r\n"
        f'PS C:\\> Get-AuthenticodeSignature "{FOLDER}\\licsrv.exe" | Format-List Status,Path\r\n\r\n'
        f"Status : {status}\r\nPath   : {FOLDER}\\licsrv.exe\r\n"
    )


@scenario(
    "A service crashes since its program file was changed: captures before and after lie beside the logs",
    source="https://learn.microsoft.com/en-us/powershell/module/microsoft.powershell.utility/get-filehash",
    causes={"file-state-changed", "file-tampered", "tampered-executable"},
    language="zh",
    named=("licsrv.exe",),
    with_it={"application-crash", "service-terminated-unexpectedly", "service-crashed"},
)
def tampered_file(machine: Machine) -> datetime:
    month(machine)
    name, key = LICENCE
    for number, when in enumerate(machine.each(25, "08:42:05", "08:44:10", "08:50:31", "09:30:02"), 1):
        crash(machine, when, "licsrv.exe", "licsrv.exe", "c0000005", f"{FOLDER}\\licsrv.exe")
        gone: Facts = {"param1": name, "param2": str(number)}
        machine.service(when + timedelta(seconds=1), 7034, gone, key, ERROR)
    before = captured(GOOD, "Valid", 2411520, "2025/11/18 10:02:11")
    machine.files["captures/before-2026-03-20.txt"] = before
    after = captured(OTHER, "HashMismatch", 2411520, "2026/3/25 18:41:37")
    machine.files["captures/after-2026-03-26.txt"] = after
    return machine.at(25, "08:50")


@scenario(
    "Clients lose the licence server: its service's account may not sign in (the logs of both machines)",
    source="https://learn.microsoft.com/en-us/troubleshoot/windows-server/system-management-components/service-startup-permissions",
    causes={"service-logon-failed"},
    language="en",
    named=("svc-lic",),
    with_it={"service-start-failed", "application-crash"},
)
def server_beside_client(machine: Machine) -> datetime:
    month(machine)
    server = machine.other("SRV-LIC")
    month(server)
    name, key = LICENCE
    for when in machine.each(25, "08:37", "08:45"):
        refused: Facts = {"param1": name, "param2": "CORP\\svc-lic", "param3": "%%1385"}
        server.service(when, 7041, refused, key, ERROR)
        server.service(when + timedelta(seconds=1), 7000, {"param1": name, "param2": "%%1069"}, key, ERROR)
    for minute in range(0, 40, 4):
        when = machine.at(25, f"09:{minute:02}")
        path = "C:\\Program Files\\ERP\\licclient.dll"
        crash(machine, when, "erpclient.exe", "licclient.dll", "c0000005", path)
    return machine.at(25, "09:04")


@scenario(
    "A licence does not fit its machine since it was renamed and restarted the evening before",
    source="https://learn.microsoft.com/en-us/windows-server/administration/server-core/server-core-administer",
    causes={"machine-renamed"},
    language="zh",
    named=("PC-0417", "ERP-SRV"),
    with_it={"service-ended-with-error", "service-terminated-unexpectedly"},
    false=("two machines", "another machine"),
)
def renamed_machine(machine: Machine) -> datetime:
    month(machine, last=24)
    machine.log(machine.at(24, "18:36"), "EventLog", 6011, ("PC-0417", "ERP-SRV"))
    machine.name = "ERP-SRV"
    machine.start(machine.at(24, "18:37"))
    name, key = LICENCE
    for when in machine.each(24, "18:37:50", "18:39:00"):
        ended: Facts = {"param1": name, "param2": "%%-2147012867"}
        machine.service(when, 7024, ended, key, ERROR)
    machine.start(machine.at(25, "08:30"))
    for when in machine.each(25, "08:31", "08:40", "09:02"):
        ended = {"param1": name, "param2": "%%-2147012867"}
        machine.service(when, 7024, ended, key, ERROR)
    return machine.at(25, "08:40")


@scenario(
    "Somebody sets the clock back by a month; the licence service notices and stops",
    source="https://learn.microsoft.com/en-us/previous-versions/windows/it-pro/windows-10/security/threat-protection/auditing/event-4616",
    causes={"clock-moved-back", "clock-was-wrong"},
    language="en",
    with_it={"service-ended-with-error"},
    false=("No log covers the incident",),
)
def clock_set_back(machine: Machine) -> datetime:
    month(machine, last=24)
    machine.start(machine.at(25, "08:40"))
    real, wrong = machine.at(25, "09:10"), machine.at(25, "09:10") - timedelta(days=31)
    changed: Facts = {"NewTime": wrong, "OldTime": real, "Reason": 1}
    source = "Microsoft-Windows-Kernel-General"
    machine.log(wrong, source, 1, changed, user=machine.user_sid, written=real)
    name, key = LICENCE
    for minute in (1, 4, 9, 20):
        after = timedelta(minutes=minute)
        said = ("System clock has been set back (-88,309). Server stops.",)
        machine.log(wrong + after, key, 309, said, channel=APPLICATION, level=ERROR, written=real + after)
        ended: Facts = {"param1": name, "param2": "%%-88"}
        binary = f"{key}\0".encode("utf-16-le")
        later = after + timedelta(seconds=1)
        at, order = wrong + later, real + later
        scm = "Service Control Manager"
        machine.log(at, scm, 7024, ended, level=ERROR, binary=binary, written=order)
    return machine.at(25, "09:14")


@scenario(
    "Parts of the registry are damaged after a cut of the power: settings are gone, services start wrongly",
    source="https://support.microsoft.com/kb/822705",
    causes={"registry-hive-damaged"},
    language="zh",
    named=("SOFTWARE",),
    with_it={"unexpected-restart", "unexpected-shutdown", "service-start-failed", "file-system-damaged"},
)
def damaged_hive(machine: Machine) -> datetime:
    month(machine, last=24)
    machine.start(machine.at(25, "08:31"), clean=False)
    told = ("18:20:51", machine.say("2026/3/25", "3/25/2026"), "", "", "33411", "", "")
    machine.log(machine.at(25, "08:31:12"), "EventLog", 6008, told, level=ERROR)
    hive = "\\SystemRoot\\System32\\Config\\SOFTWARE"
    facts: Facts = {"FinalStatus": "0x8000002a", "ExtraStringLength": len(hive), "ExtraString": hive}
    machine.log(
        machine.at(25, "08:31:14"), "Microsoft-Windows-Kernel-General", 5, facts, level=ERROR, user=SYSTEM
    )
    name, key = LICENCE
    for when in machine.each(25, "08:32", "08:50", "09:10"):
        machine.service(when, 7000, {"param1": name, "param2": "%%2"}, key, ERROR)
    return machine.at(25, "08:50")


@scenario(
    "A dongle drops out when the port saves power; the licence is lost in the middle of work",
    source="https://learn.microsoft.com/en-us/windows-hardware/drivers/usbcon/usb-selective-suspend",
    causes={"device-not-started"},
    language="zh",
    named=("VID_0529",),
    with_it={"application-hang"},
)
def dongle_suspended(machine: Machine) -> datetime:
    month(machine)
    device = "USB\\VID_0529&PID_0001\\5&2A7C1B0&0&3"
    pnp, umdf = "Microsoft-Windows-Kernel-PnP", "Microsoft-Windows-DriverFrameworks-UserMode"
    for when in machine.each(25, "09:22:10", "10:51:43", "13:40:02", "15:12:58"):
        gone: Facts = {"lifetime": "{5a1f9d1e-0000-4c57-9d5e-2a6b0a6f1c13}", "instance": device, "major": 27}
        gone |= {"minor": 23, "argument1": "0x0", "status": 3221225473}
        machine.log(when, umdf, 2102, gone, channel=f"{umdf}/Operational", user=SYSTEM)
        failed: Facts = {"DeviceInstanceId": device, "DriverName": "oem12.inf", "ServiceName": "akshasp"}
        failed |= {
            "ClassGuid": "{36fc9e60-c465-11cf-8056-444553540000}",
            "Problem": "0x2b",
            "Status": "0xc00000e5",
        }
        later = when + timedelta(seconds=2)
        machine.log(later, pnp, 411, failed, channel=f"{pnp}/Configuration", level=ERROR, user=SYSTEM)
        said = ("Licence of feature 100 lost: key not found (H0007)",)
        machine.log(later + timedelta(seconds=5), "ExampleCAD", 7, said, channel=APPLICATION, level=WARNING)
    return machine.at(25, "10:52")
