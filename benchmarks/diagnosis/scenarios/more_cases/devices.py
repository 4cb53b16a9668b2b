"""Drivers and devices: a wireless card, a disk that foretells its end, resets, a battery, heat."""

from datetime import datetime, timedelta

from benchmarks.diagnosis.background import APPLICATION, month
from benchmarks.diagnosis.machine import ERROR, INFORMATION, SYSTEM, WARNING, Facts, Machine
from benchmarks.diagnosis.scenario import scenario
from benchmarks.diagnosis.scenarios.power import BUGCHECKS, bugcheck, unclean


@scenario(
    "Blue screens since Windows Update brought a driver for the wireless card, which fails before each",
    source=BUGCHECKS,
    causes={"bugcheck-after-driver", "wireless-adapter-failed"},
    language="zh",
    named=("Netwtw10",),
    with_it={"bugcheck", "repeated-restarts", "unexpected-restart", "unexpected-shutdown"},
    false=("memory is faulty", "lost its power"),
)
def wireless_driver(machine: Machine) -> datetime:
    month(machine, last=24)
    new: Facts = {
        "updateTitle": "Intel - net - 23.30.0.6",
        "updateGuid": "{2c3d4e5f-1111-4222-8333-444455556666}",
    }
    machine.log(machine.at(23, "12:40:11"), "Microsoft-Windows-WindowsUpdateClient", 19, new, user=SYSTEM)
    machine.start(machine.at(25, "08:37"))
    card = ("\\Device\\NDMP2", "Intel(R) Wi-Fi 6 AX201 160MHz")
    for when in machine.each(25, "09:48", "11:20", "14:05"):
        for minutes, event_id in ((9, 5005), (6, 5002), (2, 5005)):
            machine.log(when - timedelta(minutes=minutes), "Netwtw10", event_id, card, level=ERROR)
        bugcheck(
            machine,
            when,
            0x9F,
            "0x0000000000000003, 0xffffc08d1a2b3060, 0xffffd40a1f2a7b10, 0xffffc08d2c3d4010",
        )
    return machine.at(25, "11:20")


@scenario(
    "A disk foretells its end for days, then reads fail and the file system on it is damaged",
    source="https://learn.microsoft.com/en-us/troubleshoot/windows-server/backup-and-storage/troubleshoot-data-corruption-and-disk-errors",
    causes={"disk-bad-block", "disk-predicts-failure"},
    language="zh",
    named=("Harddisk1",),
    with_it={"disk-retries", "file-system-damaged"},
    false=("disk is full", "cable"),
)
def disk_foretold(machine: Machine) -> datetime:
    month(machine)
    for day in (18, 19, 20, 23, 24, 25):
        machine.log(
            machine.at(day, "09:30:12"),
            "disk",
            52,
            ("\\Device\\Harddisk1\\DR1",),
            level=WARNING,
            binary=bytes(40),
        )
    for when in machine.each(25, "10:02:11", "10:02:29", "10:02:47", "10:31:05"):
        tried = ("\\Device\\Harddisk1\\DR1", "0x1a2b3c40", "1", machine.name)
        machine.log(when, "disk", 153, tried, level=WARNING, binary=bytes(48))
        machine.log(
            when + timedelta(seconds=1),
            "disk",
            7,
            ("\\Device\\Harddisk1\\DR1",),
            level=ERROR,
            binary=bytes(48),
        )
    damaged: Facts = {"DriveName": "D:", "DeviceName": "\\Device\\HarddiskVolume5", "CorruptionState": "0x0"}
    damaged |= {
        "HeaderFlags": "0x922",
        "Severity": machine.say("严重", "Critical"),
        "Origin": machine.say("文件系统驱动程序", "File System Driver"),
    }
    damaged |= {
        "Verb": machine.say("错误的文件记录", "Bad FRS"),
        "Description": "The Master File Table (MFT) contains a corrupted file record.",
    }
    damaged |= {
        "Signature": "0x8bb7b1a5",
        "Outcome": machine.say("伪动词", "Pseudo Verb"),
        "SampleLength": 0,
        "SampleData": "",
    }
    damaged |= {"SourceFile": "0x5", "SourceLine": 5116, "SourceTag": 255, "CallStack": "Ntfs+0xcd5c0"}
    machine.log(machine.at(25, "10:31:40"), "Microsoft-Windows-Ntfs", 55, damaged, level=ERROR, user=SYSTEM)
    return machine.at(25, "10:35")


@scenario(
    "The network stands still for seconds many times a day: the card's hardware does not answer and is reset",
    source="https://learn.microsoft.com/en-us/windows-hardware/drivers/network/miniport-adapter-check-for-hang-and-reset-operations",
    causes={"adapter-reset"},
    language="en",
    named=("Realtek PCIe GbE Family Controller",),
    with_it={"dns-timeouts"},
    false=("cable is", "password"),
)
def card_resets(machine: Machine) -> datetime:
    month(machine)
    number = 0
    for day in (24, 25):
        for when in machine.each(day, "09:21:10", "10:02:45", "11:15:03", "13:40:20", "15:08:32"):
            number += 1
            reset: Facts = {"IfGuid": "{4B5C6D7E-0000-4111-8222-9333A444B555}", "IfIndex": 12}
            reset |= {"IfLuid": 1689399632855040, "AdapterName": "Realtek PCIe GbE Family Controller"}
            reset |= {"ResetReason": 2, "ResetCount": number}
            machine.log(when, "Microsoft-Windows-NDIS", 10400, reset, level=WARNING, user=SYSTEM)
            unnamed: Facts = {"QueryName": "fs01.corp.example", "AddressLength": 16, "Address": bytes(16)}
            machine.log(
                when + timedelta(seconds=4),
                "Microsoft-Windows-DNS-Client",
                1014,
                unnamed,
                level=WARNING,
                user="S-1-5-20",
            )
            timed = ("erpclient.exe", machine.say("连接丢失", "connection lost: 10054"))
            machine.log(
                when + timedelta(seconds=5), "ErpClient", 12, timed, channel=APPLICATION, level=WARNING
            )
    return machine.at(25, "13:40")


@scenario(
    "A notebook goes off at meetings: its worn battery is empty within minutes after the plug is pulled",
    source="https://learn.microsoft.com/en-us/windows-hardware/customize/power-settings/battery-threshold-settings-critical-battery-action",
    causes={"battery-empty"},
    language="zh",
    with_it={"repeated-restarts", "unexpected-restart", "unexpected-shutdown"},
    false=("blue screen", "UPS"),
)
def empty_battery(machine: Machine) -> datetime:
    month(machine, last=24, without=frozenset({24}))
    for day, clock, after in ((24, "10:04", 14), (25, "09:31", 12), (25, "14:02", 9)):
        if clock != "14:02":
            machine.start(machine.at(day, "08:37"))
        pulled = machine.at(day, clock)
        source: Facts = {"AcOnline": False, "RemainingCapacity": 11230, "FullChargeCapacity": 12010}
        machine.log(pulled, "Microsoft-Windows-Kernel-Power", 105, source, level=INFORMATION, user=SYSTEM)
        empty = pulled + timedelta(minutes=after)
        machine.log(empty, "Microsoft-Windows-Kernel-Power", 524, {}, user=SYSTEM)
        sleep: Facts = {"TargetState": 5, "EffectiveState": 5, "Reason": 2, "Flags": 0, "TransitionsToOn": 4}
        later = empty + timedelta(seconds=3)
        machine.log(later, "Microsoft-Windows-Kernel-Power", 42, sleep, user=SYSTEM)
        unclean(machine, empty + timedelta(minutes=15))
        if day == 24:
            machine.stop(machine.at(24, "18:05"))
    return machine.at(25, "14:10")


@scenario(
    "A server is switched off by heat: the air of its room was warned of for an hour by the maker's agent",
    source="https://www.dell.com/support/manuals/en-us/dell-opnmang-srvr-admin-v9.5/srvr_admin_9.5_msg_ref",
    causes={"hardware-too-hot", "thermal-shutdown"},
    language="en",
    named=("System Board Inlet Temp",),
    with_it={"unexpected-restart", "unexpected-shutdown"},
    false=("blue screen",),
)
def warm_room(machine: Machine) -> datetime:
    month(machine, last=24)
    machine.start(machine.at(25, "08:40"))
    for event_id, level, clock, degrees in (
        (1053, WARNING, "13:02:10", "42.0"),
        (1053, WARNING, "13:20:10", "44.0"),
        (1054, ERROR, "13:41:15", "47.0"),
        (1055, ERROR, "13:58:40", "50.0"),
    ):
        what = {1053: "a warning", 1054: "a failure", 1055: "a non-recoverable"}[event_id]
        told = (
            f"Temperature sensor detected {what} value\r\nSensor location: System Board Inlet Temp\r\n"
            f"Chassis location: Main System Chassis\r\nPrevious state was: OK (Normal)\r\n"
            f"Temperature sensor value (in degrees Celsius): {degrees}",
        )
        machine.log(machine.at(25, clock), "Server Administrator", event_id, told, level=level)
    unclean(machine, machine.at(25, "14:32"))
    return machine.at(25, "14:00")
