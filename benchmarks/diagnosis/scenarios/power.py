"""Ends that nobody ordered: no power, heat, memory, a processor that fails."""

from datetime import datetime, timedelta

from benchmarks.diagnosis.background import month
from benchmarks.diagnosis.machine import CRITICAL, ERROR, SYSTEM, WARNING, Facts, Machine
from benchmarks.diagnosis.scenario import scenario

BUGCHECKS = "https://learn.microsoft.com/en-us/windows-hardware/drivers/debugger/bug-check-code-reference2"
KERNEL_POWER = "https://learn.microsoft.com/en-us/troubleshoot/windows-client/performance/event-id-41-restart"
WHEA = "https://learn.microsoft.com/en-us/windows-hardware/drivers/whea/"


def unclean(machine: Machine, when: datetime, *, code: int = 0, sleeping: bool = False) -> None:
    """The machine starts after an end in disorder; ``code``: the bug check that ended it."""
    machine.start(when, clean=False)
    facts: Facts = {
        "BugcheckCode": code,
        "BugcheckParameter1": 0,
        "BugcheckParameter2": 0,
        "BugcheckParameter3": 0,
    }
    facts |= {"BugcheckParameter4": 0, "SleepInProgress": 5 if sleeping else 0, "PowerButtonTimestamp": 0}
    machine.log(
        when + timedelta(seconds=3), "Microsoft-Windows-Kernel-Power", 41, facts, level=CRITICAL, user=SYSTEM
    )
    said = ("14:02:51", machine.say("2026/3/26", "3/26/2026"), "", "", "20411", "", "")
    machine.log(when + timedelta(seconds=12), "EventLog", 6008, said, level=ERROR)


def bugcheck(machine: Machine, when: datetime, code: int, parameters: str = "0x0, 0x2, 0x0, 0x0") -> None:
    """A blue screen, told at the start after it."""
    unclean(machine, when, code=code)
    told: Facts = {
        "param1": f"0x{code:08x} ({parameters})",
        "param2": "C:\\WINDOWS\\MEMORY.DMP",
        "param3": "r-1",
    }
    source = "Microsoft-Windows-WER-SystemErrorReporting"
    machine.log(when + timedelta(seconds=40), source, 1001, told, level=ERROR)


@scenario(
    "The power fails three times in an afternoon",
    source=KERNEL_POWER,
    causes={"unexpected-restart", "unexpected-shutdown", "power-lost"},
    language="zh",
    with_it={"unexpected-restart", "unexpected-shutdown", "repeated-restarts", "power-lost"},
    false=("blue screen",),
)
def power_loss(machine: Machine) -> datetime:
    month(machine, last=24)
    for when in machine.each(25, "14:10", "14:55", "15:31"):
        unclean(machine, when)
    return machine.at(25, "15:30")


@scenario(
    "The processor grows too hot, is throttled, and the machine switches itself off",
    source="https://learn.microsoft.com/en-us/windows-hardware/design/device-experiences/design-guide",
    causes={"thermal-shutdown"},
    language="en",
    with_it={"processor-throttled", "unexpected-restart", "unexpected-shutdown"},
)
def overheated(machine: Machine) -> datetime:
    month(machine, last=24)
    machine.start(machine.at(25, "08:40"))
    for minute in range(20, 50, 5):
        slow: Facts = {"Group": 0, "Number": 2, "CapDurationInSeconds": 71, "PpcChanges": 0, "TpcChanges": 1}
        machine.log(
            machine.at(25, f"13:{minute}"),
            "Microsoft-Windows-Kernel-Processor-Power",
            37,
            slow,
            level=WARNING,
        )
    hot: Facts = {
        "ThermalZoneDeviceInstanceLength": 15,
        "ThermalZoneDeviceInstance": "ACPI\\ThermalZone\\TZ00",
    }
    hot |= {"ShutdownTime": machine.at(25, "13:52"), "_PSV": 0, "_TMP": 3732, "_CRT": 3732}
    machine.log(
        machine.at(25, "13:52"), "Microsoft-Windows-Kernel-Power", 86, hot, level=CRITICAL, user=SYSTEM
    )
    machine.start(machine.at(25, "14:20"), clean=False)
    return machine.at(25, "13:52")


@scenario(
    "Corrected memory errors for a week, then blue screens of several codes",
    source=WHEA,
    causes={"memory-test-failed", "whea-corrected", "whea-fatal"},
    language="zh",
    with_it={
        "bugcheck",
        "restart-after-bugcheck",
        "whea-corrected",
        "unexpected-shutdown",
        "application-crash",
    },
)
def bad_memory(machine: Machine) -> datetime:
    month(machine, last=23)
    for day in range(16, 24):
        if machine.is_workday(day):
            error: Facts = {"ErrorSource": 1, "ErrorType": 3, "PhysicalAddress": "0x2f4a11000", "Length": 256}
            machine.log(
                machine.at(day, "10:21"),
                "Microsoft-Windows-WHEA-Logger",
                47,
                error,
                level=WARNING,
                user=LOCAL,
            )
    for clock, code in (("09:40", 0x1A), ("11:02", 0x50), ("13:15", 0x3B)):
        bugcheck(machine, machine.at(24, clock), code)
    failed: Facts = {"LaunchType": "Manual", "CompletionType": "Fail", "MemorySize": 16384, "TestType": 10}
    source = "Microsoft-Windows-MemoryDiagnostics-Results"
    machine.log(machine.at(24, "15:40"), source, 1202, failed, level=ERROR, user=SYSTEM)
    return machine.at(24, "13:15")


LOCAL = "S-1-5-19"


@scenario(
    "A machine check of the processor ends the machine",
    source=WHEA,
    causes={"whea-fatal"},
    language="en",
    with_it={"bugcheck", "restart-after-bugcheck", "unexpected-shutdown", "unexpected-restart"},
)
def machine_check(machine: Machine) -> datetime:
    month(machine, last=24)
    machine.start(machine.at(25, "08:36"))
    bugcheck(machine, machine.at(25, "10:12"), 0x124, "0x0, 0xffff9c8f5a2d8028, 0xbe000000, 0x800400")
    error: Facts = {
        "ErrorSource": 3,
        "ApicId": 4,
        "MCABank": 0,
        "MciStat": "0xbe00000000800400",
        "ErrorType": 9,
    }
    machine.log(
        machine.at(25, "10:12:20"), "Microsoft-Windows-WHEA-Logger", 18, error, level=ERROR, user=LOCAL
    )
    return machine.at(25, "10:11")
