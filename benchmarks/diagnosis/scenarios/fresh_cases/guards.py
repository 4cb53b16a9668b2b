"""What guards files: a protected folder keeps a program out, a screen sees an extortion."""

from datetime import datetime, timedelta

from benchmarks.diagnosis.background import APPLICATION, month
from benchmarks.diagnosis.machine import ERROR, SYSTEM, WARNING, Facts, Machine
from benchmarks.diagnosis.scenario import scenario

DEFENDER = "Microsoft-Windows-Windows Defender"


@scenario(
    "The accounting saves nothing since its update: Defender's protected folders do not know the program",
    source="https://learn.microsoft.com/en-us/defender-endpoint/controlled-folders",
    causes={"defender-blocked-operation"},
    language="zh",
    named=("ledger.exe",),
    false=("ransomware was found", "disk is full", "virus was found"),
)
def protected_folder(machine: Machine) -> datetime:
    month(machine)
    program = "C:\\Program Files (x86)\\Example Ledger\\ledger.exe"
    for clock in ("09:14:20", "09:14:58", "09:31:05", "10:20:17", "13:40:44"):
        when = machine.at(25, clock)
        blocked: Facts = {
            "Product Name": "Microsoft Defender Antivirus",
            "Product Version": "4.18.24010.12",
            "Unused": "",
            "ID": "",
            "Detection Time": when.strftime("%Y-%m-%dT%H:%M:%S.000Z"),
            "User": f"CORP\\{machine.user}",
            "Path": f"C:\\Users\\{machine.user}\\Documents\\Ledger\\2026\\book.ldg",
            "Process Name": program,
            "Security intelligence Version": "1.407.412.0",
            "Engine Version": "1.1.24020.9",
        }
        channel = f"{DEFENDER}/Operational"
        machine.log(when, DEFENDER, 1123, blocked, channel=channel, level=WARNING, user=SYSTEM)
        said = (machine.say("账套保存失败：无法创建文件 book.ldg (2)", "Saving failed: book.ldg (2)"),)
        later = when + timedelta(seconds=1)
        machine.log(later, "ExampleLedger", 101, said, channel=APPLICATION, level=ERROR)
    return machine.at(25, "09:16")


@scenario(
    "Files of a share get a new ending by the hundred: an extortion runs at one person's machine",
    source="https://learn.microsoft.com/en-us/windows-server/storage/fsrm/file-screening-management",
    causes={"file-screen-blocked"},
    language="en",
    named=("CORP\\wang", "D:\\Share"),
    false=("disk is dying", "quota", "antivirus removed"),
)
def screened_files(machine: Machine) -> datetime:
    machine.name = "FS01"
    month(machine)
    begun = machine.at(25, "11:42:03")
    for number in range(24):
        path = f"D:\\Share\\Projects\\offer-{number + 310}.xlsx.locked"
        words = (
            f"User CORP\\wang attempted to save {path} to D:\\Share on the FS01 server. This file is in the "
            '"Ransomware files" file group, which is not permitted on the server.'
        )
        when = begun + timedelta(seconds=7 * number)
        machine.log(when, "SRMSVC", 8215, (words,), channel=APPLICATION, level=WARNING)
    return machine.at(25, "11:50")
