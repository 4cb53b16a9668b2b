"""Drivers and devices: new ones that break the machine, devices that do not start."""

from datetime import datetime, timedelta

from benchmarks.diagnosis.background import APPLICATION, month
from benchmarks.diagnosis.machine import ERROR, SYSTEM, WARNING, Facts, Machine
from benchmarks.diagnosis.scenario import scenario
from benchmarks.diagnosis.scenarios.power import BUGCHECKS, bugcheck


@scenario(
    "Blue screens since the driver of the network card was updated",
    source=BUGCHECKS,
    causes={"bugcheck-after-driver"},
    language="zh",
    named=("rt640x64",),
    with_it={
        "bugcheck",
        "restart-after-bugcheck",
        "unexpected-shutdown",
        "repeated-restarts",
        "unexpected-restart",
    },
)
def bad_driver(machine: Machine) -> datetime:
    month(machine, last=24)
    machine.start(machine.at(25, "08:36"))
    added: Facts = {"ServiceName": "rt640x64", "DriverFileName": "rt640x64.sys", "AddServiceStatus": 0}
    added |= {"DeviceInstanceID": "PCI\\VEN_10EC&DEV_8168", "PrimaryService": True, "UpdateService": True}
    machine.log(machine.at(25, "08:50"), "Microsoft-Windows-UserPnp", 20003, added, user=SYSTEM)
    for when in machine.each(25, "09:40", "10:25", "13:10", "14:44"):
        bugcheck(machine, when, 0xD1)
    return machine.at(25, "13:10")


@scenario(
    "The driver of the graphics card hangs and is recovered again and again",
    source="https://learn.microsoft.com/en-us/windows-hardware/drivers/display/timeout-detection-and-recovery",
    causes={"display-driver-recovered"},
    language="en",
    named=("nvlddmkm",),
    with_it={"live-kernel-event", "application-hang", "application-crash"},
)
def display_driver(machine: Machine) -> datetime:
    month(machine)
    for when in machine.each(25, "10:05", "10:12", "10:30", "11:01"):
        machine.log(when, "Display", 4101, ("nvlddmkm", ""), level=WARNING)
        told = ("LKD_0x141", "0", "LiveKernelEvent", "Not available", "0", "141", "0")
        machine.log(
            when + timedelta(seconds=9),
            "Windows Error Reporting",
            1001,
            told,
            channel=APPLICATION,
        )
    return machine.at(25, "10:30")


@scenario(
    "The driver of a licence dongle is not signed as Windows wants it",
    source="https://learn.microsoft.com/en-us/windows-hardware/drivers/install/troubleshooting-driver-signing-installation",
    causes={"device-not-started", "device-driver-not-loaded", "driver-install-failed"},
    language="zh",
    named=("oem12.inf",),
    with_it={"application-crash", "image-hash-not-found", "signing-level-not-met"},
)
def dongle_driver(machine: Machine) -> datetime:
    month(machine)
    facts: Facts = {"DeviceInstanceId": "USB\\VID_064F&PID_2AF9\\3-1", "DriverName": "oem12.inf"}
    facts |= {"ClassGuid": "{36fc9e60-c465-11cf-8056-444553540000}", "ServiceName": "WibuKey2"}
    facts |= {"Problem": "0x34", "Status": "0xc0000428"}
    for when in machine.each(25, "08:50", "09:30"):
        machine.log(
            when,
            "Microsoft-Windows-Kernel-PnP",
            411,
            facts,
            channel="Microsoft-Windows-Kernel-PnP/Configuration",
            level=ERROR,
            user=SYSTEM,
        )
    return machine.at(25, "08:50")
