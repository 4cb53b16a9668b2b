"""What is soldered or plugged in: memory, a processor held back by its firmware, a slot's connection."""

from datetime import datetime, timedelta

from benchmarks.diagnosis.background import month
from benchmarks.diagnosis.machine import ERROR, LOCAL_SERVICE, SYSTEM, WARNING, Facts, Machine, Values
from benchmarks.diagnosis.scenario import scenario
from benchmarks.diagnosis.scenarios.power import WHEA, bugcheck
from benchmarks.diagnosis.scenarios.programs import crash


@scenario(
    "Different programs crash at random places; the memory test that was run at the restart finds bad pages",
    source="https://learn.microsoft.com/en-us/previous-versions/windows/it-pro/windows-server-2008-R2-and-2008/dd364604(v=ws.10)",
    causes={"memory-test-failed"},
    language="en",
    named=("memory",),
    with_it={
        "application-crash",
        "bugcheck",
        "restart-after-bugcheck",
        "unexpected-restart",
        "unexpected-shutdown",
    },
    false=("no errors",),
)
def memory_test(machine: Machine) -> datetime:
    month(machine, last=24, without=frozenset({25}))
    programs = (
        (
            23,
            "10:12:04",
            "WINWORD.EXE",
            "mso40uiwin32client.dll",
            "C:\\Program Files\\Microsoft Office\\root\\Office16",
        ),
        (23, "15:40:55", "explorer.exe", "ntdll.dll", "C:\\Windows"),
        (24, "09:03:12", "erpclient.exe", "ucrtbase.dll", "C:\\Program Files\\ERP"),
        (24, "11:26:48", "browser.exe", "render.dll", "C:\\Program Files\\Browser"),
    )
    for day, clock, program, module, folder in programs:
        crash(machine, machine.at(day, clock), program, module, "c0000005", f"{folder}\\{program}")
    bugcheck(machine, machine.at(24, "14:20"), 0x1A, "0x41792, 0xffff8a4512c0a3d8, 0x4000000000000, 0x0")
    started = machine.at(25, "08:50")
    machine.start(started)
    found: Facts = {"LaunchType": "Manual", "CompletionType": "Fail", "MemorySize": 16384, "TestType": 11}
    found |= {"TestDuration": 1264, "TestCount": 11, "NumPagesTested": 4161400, "NumPagesUnTested": 512}
    found |= {"NumBadPages": 3, "T1NumBadPages": 0, "T2NumBadPages": 2, "T3NumBadPages": 1}
    source = "Microsoft-Windows-MemoryDiagnostics-Results"
    machine.log(started + timedelta(minutes=1), source, 1102, found, level=ERROR, user=SYSTEM)
    fault: Facts = {"CompletionType": "Fail"}
    machine.log(started + timedelta(minutes=1), source, 1202, fault, level=ERROR, user=SYSTEM)
    machine.stop(machine.at(25, "18:02"))
    return machine.at(24, "14:18")


@scenario(
    "A notebook is slow all day: its firmware holds the processor back since a weaker supply is used",
    source="https://learn.microsoft.com/en-us/answers/questions/3212046/kernel-processor-power-event-id-37",
    causes={"processor-throttled"},
    language="zh",
    named=("firmware",),
    with_it={"application-hang", "slow-boot"},
    false=("too hot", "overheat", "blue screen"),
)
def held_back(machine: Machine) -> datetime:
    month(machine)
    source = "Microsoft-Windows-Kernel-Processor-Power"
    for when in machine.each(25, "08:58:12", "09:58:12", "10:58:13", "13:02:40", "14:02:41"):
        for number in range(8):
            held: Facts = {"Group": 0, "Number": number, "CapDurationInSeconds": 3600}
            held |= {"PpcChanges": 4, "TpcChanges": 0, "PccChanges": 0}
            machine.log(when, source, 37, held, level=WARNING, user=SYSTEM)
    return machine.at(25, "10:30")


@scenario(
    "The drawing program stutters and hangs: hundreds of corrected errors on the graphics card's slot",
    source=WHEA,
    causes={"whea-corrected"},
    language="en",
    named=("PCI Express", "VEN_10DE"),
    with_it={"application-hang", "display-driver-recovered"},
    false=("memory module", "processor is faulty", "too hot"),
)
def slot_errors(machine: Machine) -> datetime:
    month(machine)
    port = "PCI\\VEN_8086&DEV_1901&SUBSYS_20158086&REV_0A"
    card = "PCI\\VEN_10DE&DEV_1E04&SUBSYS_37131462&REV_A1"
    for day in (24, 25):
        for minute in range(0, 360, 2):
            corrected: Facts = {
                "ErrorSource": 4,
                "FRUId": "{00000000-0000-0000-0000-000000000000}",
                "FRUText": "",
            }
            corrected |= {
                "ValidBits": 0xDF,
                "PortType": 4,
                "Version": 0x101,
                "Command": 0x10,
                "Status": 0x507,
            }
            corrected |= {"Bus": 0, "Device": 1, "Function": 0, "Segment": 0, "SecondaryBus": 0}
            corrected |= {
                "SecondaryDevice": 0,
                "SecondaryFunction": 0,
                "VendorID": 0x8086,
                "DeviceID": 0x1901,
            }
            corrected |= {
                "ClassCode": 0x30400,
                "DeviceSerialNumber": 0,
                "BridgeControl": 0,
                "BridgeStatus": 0,
            }
            corrected |= {
                "UncorrectableErrorStatus": 0,
                "CorrectableErrorStatus": 0x1,
                "HeaderLog": bytes(16),
            }
            corrected |= {"PrimaryDeviceName": port, "SecondaryDeviceName": card}
            when = machine.at(day, "09:30") + timedelta(minutes=minute, seconds=machine.chance.randrange(50))
            source = "Microsoft-Windows-WHEA-Logger"
            machine.log(when, source, 17, corrected, level=WARNING, user=LOCAL_SERVICE)
    for when in machine.each(25, "10:14:20", "11:40:02", "14:05:33"):
        hung: Values = ("CadStudio.exe", "12.4.0.118", "2f1c", "01da7e6c0b22d7f1", "4294967295")
        hung += (
            "C:\\Program Files\\CadStudio\\CadStudio.exe",
            "4e1f3c0a-7a55-4b0e-8d3c-0a1b2c3d4e5f",
            "",
            "",
            "Top level window is idle",
        )
        machine.log(when, "Application Hang", 1002, hung, channel="Application", level=ERROR)
    return machine.at(25, "11:40")
