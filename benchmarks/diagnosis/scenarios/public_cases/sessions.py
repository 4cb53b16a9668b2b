"""What a person sees: no paper, an empty profile, no windows, crashing programs, a threat."""

from datetime import datetime, timedelta

from benchmarks.diagnosis.background import APPLICATION, month
from benchmarks.diagnosis.machine import ERROR, SYSTEM, WARNING, Facts, Machine
from benchmarks.diagnosis.scenario import scenario
from benchmarks.diagnosis.scenarios.clients import PROFILES
from benchmarks.diagnosis.scenarios.programs import crash

PRINT = "Microsoft-Windows-PrintService"
DEFENDER = "Microsoft-Windows-Windows Defender"


@scenario(
    "Documents end in the queue with an error: the print processor of the maker is no longer there",
    source="https://learn.microsoft.com/en-us/troubleshoot/windows-server/printing/print-spooler-crashes-troubleshooting",
    causes={"print-processor-failed", "spooler-plugin-failed"},
    language="zh",
    named=("hpcpp230.dll",),
    with_it={"print-job-failed"},
    false=("paper", "spooler crashed"),
)
def print_processor(machine: Machine) -> datetime:
    month(machine)
    path = "C:\\Windows\\system32\\spool\\PRTPROCS\\x64\\hpcpp230.dll"
    for day, clock in ((24, "08:39:51"), (25, "08:41:12")):
        gone: Facts = {"PluginDllName": path, "ErrorCode": 0x7E, "Context": 110}
        machine.log(
            machine.at(day, clock), PRINT, 808, gone, channel=f"{PRINT}/Admin", level=ERROR, user=SYSTEM
        )
    for number, when in enumerate(machine.each(25, "08:55:02", "09:02:31", "09:20:10", "10:05:44"), 41):
        job: Facts = {
            "Param1": f"{number}",
            "Param2": machine.user,
            "Param3": "HP LaserJet 3F",
            "Param4": "RAW",
        }
        job |= {
            "Param5": "182344",
            "Param6": "0",
            "Param7": "3",
            "Param8": "0",
            "Param9": f"\\\\{machine.name}",
        }
        job |= {
            "Param10": "126",
            "Param11": machine.say("找不到指定的模块。", "The specified module could not be found. "),
        }
        machine.log(when, PRINT, 372, job, channel=f"{PRINT}/Admin", level=ERROR, user=machine.user_sid)
    return machine.at(25, "09:05")


@scenario(
    "A person gets an empty desktop on the session host: her profile's disk is still held by another session",
    source="https://learn.microsoft.com/en-us/fslogix/troubleshooting-events-logs-diagnostics",
    causes={"profile-disk-in-use"},
    language="en",
    named=("lin", "FSLogix"),
    with_it={"file-share-lost", "temporary-profile"},
    false=("disk is full", "damaged"),
)
def profile_held(machine: Machine) -> datetime:
    month(machine)
    source = "Microsoft-FSLogix-Apps"
    disk = "\\\\FS1\\profiles\\lin_S-1-5-21-1042338761-2210734452-3981127740-1001\\Profile_lin.VHDX"
    for when in machine.each(25, "08:44:10", "08:52:31", "09:10:02"):
        busy = "(The process cannot access the file because it is being used by another process.)"
        words = f"Failed to open virtual disk: {disk} 0x00000020 {busy}"
        machine.log(
            when, source, 26, {"Message": words}, channel=f"{source}/Operational", level=ERROR, user=SYSTEM
        )
        loaded = f"LoadProfile failed. Version: 2.9.8884.27471 User: lin. SID: {machine.user_sid}. "
        loaded += f"0x00000020 {busy}"
        later = when + timedelta(seconds=1)
        machine.log(
            later, source, 26, {"Message": loaded}, channel=f"{source}/Operational", level=ERROR, user=SYSTEM
        )
        machine.log(later, PROFILES, 1511, (), channel=APPLICATION, level=ERROR, user=machine.user_sid)
    return machine.at(25, "08:54")


@scenario(
    "After days batch programs end with 0xc0000142: the room for windows of services is used up",
    source="https://learn.microsoft.com/en-us/troubleshoot/windows-server/performance/desktop-heap-limitation-out-of-memory",
    causes={"desktop-heap"},
    language="en",
    named=("desktop heap",),
    with_it={"application-crash", "error-popup", "service-start-failed", "task-failed"},
    false=("out of disk", "memory module"),
)
def windows_used_up(machine: Machine) -> datetime:
    month(machine)
    for when in machine.each(25, "14:02:10", "14:17:10", "14:32:11", "15:02:10"):
        machine.log(when, "Microsoft-Windows-Win32k", 243, {}, level=WARNING, user=SYSTEM)
        popup: Facts = {"Caption": "erpbatch.exe - Application Error"}
        popup |= {"Message": "The application was unable to start correctly (0xc0000142). "}
        machine.log(when + timedelta(seconds=1), "Application Popup", 26, popup)
    return machine.at(25, "14:20")


@scenario(
    "Office, accounting and browser crash while typing: one input method's module is in all of them",
    source="https://learn.microsoft.com/en-us/troubleshoot/windows-client/shell-experience/application-crashes",
    causes={"crashes-in-one-module"},
    language="zh",
    named=("SampleIme.ime",),
    with_it={"application-crash"},
    false=("memory is faulty",),
)
def input_method(machine: Machine) -> datetime:
    month(machine)
    put = ("示例拼音输入法", "13.9", "2052", "0", "Example Software", "(NULL)", "")
    machine.log(
        machine.at(24, "17:02:40"), "MsiInstaller", 1033, put, channel=APPLICATION, user=machine.user_sid
    )
    module = "C:\\Windows\\System32\\SampleIme.ime"
    programs = ("wps.exe", "et.exe", "U8Client.exe", "notepad.exe", "wps.exe", "erpclient.exe")
    clocks = ("08:51:10", "09:02:44", "09:30:12", "10:11:05", "10:40:31", "11:02:20")
    for program, when in zip(programs, machine.each(25, *clocks), strict=True):
        crash(machine, when, program, "SampleIme.ime", "c0000005", module)
    return machine.at(25, "09:31")


@scenario(
    "The processor is always busy: a miner is found again and again and cannot be removed",
    source="https://learn.microsoft.com/en-us/defender-endpoint/troubleshoot-microsoft-defender-antivirus",
    causes={"defender-action-failed", "defender-threat"},
    language="zh",
    named=("Trojan:Win64/CoinMiner", "winupd.exe"),
    with_it={"defender-action-failed", "defender-threat", "service-installed", "suspicious-service"},
    false=("is a false alarm",),
)
def miner(machine: Machine) -> datetime:
    month(machine)
    path = "C:\\ProgramData\\winupd\\winupd.exe"
    for when in machine.each(25, "08:45:10", "09:15:12", "09:45:11", "10:15:10"):
        found: Facts = {
            "Product Name": machine.say("Microsoft Defender 防病毒", "Microsoft Defender Antivirus")
        }
        found |= {
            "Product Version": "4.18.24010.12",
            "Detection ID": "{82C6A580-0C4C-48BD-A0AC-6D3DE58FDABB}",
        }
        found |= {"Detection Time": when.isoformat(), "Unused": "", "Unused2": "", "Threat ID": "2147780199"}
        found |= {
            "Threat Name": "Trojan:Win64/CoinMiner",
            "Severity ID": "5",
            "Severity Name": machine.say("严重", "Severe"),
        }
        found |= {
            "Category ID": "8",
            "Category Name": machine.say("特洛伊木马", "Trojan"),
            "FWLink": "",
            "Status Code": "1",
        }
        found |= {
            "Status Description": "",
            "State": "1",
            "Source ID": "3",
            "Source Name": machine.say("实时保护", "Real-Time Protection"),
        }
        found |= {
            "Process Name": "C:\\Windows\\System32\\svchost.exe",
            "Detection User": "NT AUTHORITY\\SYSTEM",
            "Unused3": "",
        }
        found |= {
            "Path": f"file:_{path}",
            "Origin ID": "1",
            "Origin Name": machine.say("本地计算机", "Local machine"),
        }
        found |= {
            "Execution ID": "1",
            "Action ID": "9",
            "Action Name": machine.say("不适用", "Not Applicable"),
        }
        found |= {"Error Code": "0x00000000", "Error Description": ""}
        log = f"{DEFENDER}/Operational"
        machine.log(when, DEFENDER, 1116, found, channel=log, level=WARNING, user=SYSTEM)
        kept: Facts = {
            **found,
            "Status Code": "103",
            "State": "5",
            "Action ID": "2",
            "Action Name": machine.say("隔离", "Quarantine"),
        }
        kept |= {
            "Error Code": "0x80070005",
            "Error Description": machine.say("拒绝访问。", "Access is denied. "),
        }
        machine.log(when + timedelta(seconds=9), DEFENDER, 1119, kept, channel=log, level=ERROR, user=SYSTEM)
    return machine.at(25, "09:20")
