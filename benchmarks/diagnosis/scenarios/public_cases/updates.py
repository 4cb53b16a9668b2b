"""Updates that do not go in: no room on a hidden partition, no server, a rollback."""

from datetime import datetime, timedelta

from benchmarks.diagnosis.background import month
from benchmarks.diagnosis.machine import ERROR, SYSTEM, WARNING, Facts, Machine, Values
from benchmarks.diagnosis.scenario import scenario

CLIENT = "Microsoft-Windows-WindowsUpdateClient"
DEFENDER = "Microsoft-Windows-Windows Defender"


def refused(machine: Machine, when: datetime, code: int, title: str) -> None:
    """Event 20: an update was not installed, with this code."""
    facts: Facts = {
        "errorCode": code,
        "updateTitle": title,
        "updateGuid": "{5c1f7a20-3b4d-4e5f-8091-a2b3c4d5e6f7}",
    }
    facts |= {"updateRevisionNumber": 1, "serviceGuid": "{9482f4b4-e343-43b6-b170-9a65bc822c77}"}
    machine.log(when, CLIENT, 20, facts, level=ERROR, user=SYSTEM)


@scenario(
    "The monthly update goes in, restarts and is taken back (0x800f0922): the reserved partition has no room",
    source="https://learn.microsoft.com/en-us/troubleshoot/windows-client/installing-updates-features-roles/troubleshoot-windows-update-error-0x800f0922",
    causes={"servicing-failed", "update-failed"},
    language="en",
    named=("0x800f0922", "KB5034441"),
    with_it={"repeated-restarts", "restart-by-update", "servicing-failed", "update-failed"},
    false=("component store is damaged",),
)
def reserved_partition(machine: Machine) -> datetime:
    month(machine)
    title = "2026-03 Security Update for Windows 10 Version 22H2 for x64-based Systems (KB5034441)"
    for day in (23, 24, 25):
        when = machine.at(day, "12:30:40")
        begun: Facts = {"updateTitle": title, "updateGuid": "{5c1f7a20-3b4d-4e5f-8091-a2b3c4d5e6f7}"}
        begun |= {"updateRevisionNumber": 1}
        machine.log(when, CLIENT, 43, begun, user=SYSTEM)
        state: Facts = {"PackageIdentifier": "KB5034441", "IntendedPackageState": 5112}
        state |= {
            "IntendedPackageStateTextized": "Installed",
            "ErrorCode": "0x800F0922",
            "Client": "UpdateAgentLCU",
        }
        later = when + timedelta(minutes=4)
        machine.log(later, "Microsoft-Windows-Servicing", 3, state, channel="Setup", level=0, user=SYSTEM)
        refused(machine, when + timedelta(minutes=4, seconds=20), 0x800F0922, title)
    return machine.at(25, "12:40")


@scenario(
    "No machine finds updates since the update server was moved: the policy still names the old one",
    source="https://learn.microsoft.com/en-us/troubleshoot/windows-client/installing-updates-features-roles/common-windows-update-errors",
    causes={"update-check-failed", "update-service-unreachable"},
    language="zh",
    named=("0x8024401c",),
    with_it={"defender-update-failed", "update-check-failed", "update-service-unreachable"},
    false=("component store is damaged", "disk is full"),
)
def update_server_gone(machine: Machine) -> datetime:
    month(machine)
    for day in (19, 20, 23, 24, 25):
        for when in machine.each(day, "09:10:31", "13:40:02"):
            machine.log(when, CLIENT, 16, {}, level=WARNING, user=SYSTEM)
            unseen: Facts = {"errorCode": 0x8024401C, "serviceGuid": "{3da21691-e39d-4da6-8a4b-b43877bcb1b7}"}
            machine.log(when + timedelta(seconds=61), CLIENT, 25, unseen, level=ERROR, user=SYSTEM)
            old: Facts = {
                "Product Name": machine.say("Microsoft Defender 防病毒", "Microsoft Defender Antivirus")
            }
            old |= {
                "Product Version": "4.18.24010.12",
                "Current security intelligence Version": "1.405.1021.0",
            }
            old |= {"Previous security intelligence Version": "1.405.1021.0", "Update Source Index": "3"}
            old |= {"Update Source": machine.say("内部定义更新服务器", "Internal Definition Update Server")}
            old |= {"Unused": "", "Domain": "NT AUTHORITY", "User": "SYSTEM", "SID": SYSTEM}
            old |= {"Security intelligence Type Index": "1", "Security intelligence Type": "AntiVirus"}
            old |= {"Update Type Index": "2", "Update Type": machine.say("完全", "Full")}
            old |= {"Current Engine Version": "1.1.24010.10", "Previous Engine Version": "1.1.24010.10"}
            old |= {
                "Error Code": "0x8024401c",
                "Error Description": machine.say(
                    "安装更新时遇到意外问题。", "An unexpected problem occurred."
                ),
            }
            old |= {
                "Update State Index": "2",
                "Update State": machine.say("搜索", "Search"),
                "Source Path": "",
            }
            later = when + timedelta(seconds=75)
            machine.log(
                later, DEFENDER, 2001, old, channel=f"{DEFENDER}/Operational", level=ERROR, user=SYSTEM
            )
    return machine.at(25, "13:42")


@scenario(
    "The upgrade to the new version of Windows is taken back at the first start each time: a driver stops it",
    source="https://learn.microsoft.com/en-us/windows/deployment/upgrade/resolution-procedures",
    causes={"update-failed"},
    language="en",
    named=("0xC1900101", "22H2"),
    with_it={"repeated-restarts", "restart-by-update"},
    false=("disk is full", "component store is damaged"),
)
def upgrade_taken_back(machine: Machine) -> datetime:
    month(machine)
    title = "Feature update to Windows 10, version 22H2"
    for day in (20, 24, 25):
        when = machine.at(day, "12:20:10")
        begun: Facts = {"updateTitle": title, "updateGuid": "{5c1f7a20-3b4d-4e5f-8091-a2b3c4d5e6f7}"}
        machine.log(when - timedelta(minutes=50), CLIENT, 44, begun, user=SYSTEM)
        machine.log(when - timedelta(minutes=31), CLIENT, 43, begun, user=SYSTEM)
        refused(machine, when, 0xC1900101, title)
        reported: Values = (
            "",
            "0",
            "WinSetupDiag02",
            machine.say("不可用", "Not available"),
            "0",
            "10.0.19041.3636",
        )
        reported += (
            "X1",
            "0xC1900101",
            "0x30018",
            "SECOND_BOOT",
            "SYSPREP",
            "",
            "",
            "",
            "",
            "",
            "",
            "",
            "",
            "",
            "",
            "",
        )
        machine.log(when, "Windows Error Reporting", 1001, reported, channel="Application")
    return machine.at(25, "12:25")
