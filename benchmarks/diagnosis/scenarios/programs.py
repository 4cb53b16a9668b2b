"""Programs and services: a file that was changed, a module at fault, a login, a licence."""

from datetime import datetime, timedelta

from benchmarks.diagnosis.background import APPLICATION, month
from benchmarks.diagnosis.machine import ERROR, INFORMATION, Facts, Machine, Values
from benchmarks.diagnosis.scenario import scenario

SCM_EVENTS = "https://learn.microsoft.com/en-us/previous-versions/windows/it-pro/windows-server-2008-R2-and-2008/dd349328(v=ws.10)"
CRASHES = "https://learn.microsoft.com/en-us/troubleshoot/windows-client/shell-experience/application-crashes"
LICENCE = ("Example Licence Service", "ExampleLicence")


def crash(machine: Machine, when: datetime, program: str, module: str, code: str, path: str) -> None:
    """A program crashed in a module; its folder is the path's."""
    folder = path.rpartition("\\")[0]
    told: Values = (
        program,
        "7.10.0.0",
        "5f0a1b2c",
        module,
        "7.10.0.0",
        "5f0a1b2d",
        code,
        "0000000000021f30",
        "0x9c4",
    )
    told += (
        "0x1da7e4b2c3d4e5f",
        f"{folder}\\{program}",
        path,
        "0c5d9d1a-5b5c-4f9e-8a55-0f1e2d3c4b5a",
        "",
        "",
    )
    machine.log(when, "Application Error", 1000, told, channel=APPLICATION, level=ERROR)


@scenario(
    "A service crashes in a third party's module that was injected into it",
    source=CRASHES,
    causes={"application-crash"},
    language="zh",
    named=("licsrv.exe", "hook64.dll"),
    with_it={"service-terminated-unexpectedly", "service-recovery-failed"},
)
def foreign_module(machine: Machine) -> datetime:
    month(machine)
    name, key = LICENCE
    for number, when in enumerate(machine.each(25, "08:58", "09:01", "09:07", "10:15"), 1):
        crash(machine, when, "licsrv.exe", "hook64.dll", "c0000005", "C:\\Program Files\\Guard\\hook64.dll")
        gone: Facts = {"param1": name, "param2": str(number)}
        machine.service(when + timedelta(seconds=2), 7034, gone, key, ERROR)
    return machine.at(25, "09:07")


@scenario(
    "The password of a service's account has expired",
    source="https://learn.microsoft.com/en-us/troubleshoot/windows-server/system-management-components/service-startup-permissions",
    causes={"service-logon-failed"},
    language="en",
    named=("svc-lic",),
    with_it={"service-start-failed"},
)
def service_password(machine: Machine) -> datetime:
    month(machine)
    name, key = LICENCE
    for when in machine.each(25, "08:37", "09:10", "09:42"):
        refused: Facts = {"param1": name, "param2": "CORP\\svc-lic", "param3": "%%1330"}
        machine.service(when, 7038, refused, key, ERROR)
        machine.service(when + timedelta(seconds=1), 7000, {"param1": name, "param2": "%%1069"}, key, ERROR)
    return machine.at(25, "09:10")


@scenario(
    "A service that others need is disabled by hand, and six others fail",
    source=SCM_EVENTS,
    causes={"service-start-type-changed", "protection-service-disabled", "service-disabled"},
    language="zh",
    named=("DHCP Client",),
    with_it={
        "service-dependency-failed",
        "service-start-failed",
        "dcom-service-start-failed",
        "dhcp-no-address",
    },
)
def disabled_by_hand(machine: Machine) -> datetime:
    month(machine, last=24)
    changed: Facts = {
        "param1": "DHCP Client",
        "param2": machine.say("自动启动", "auto start"),
        "param3": machine.say("已禁用", "disabled"),
        "param4": "Dhcp",
    }
    machine.service(machine.at(24, "17:20"), 7040, changed, "Dhcp", INFORMATION)
    machine.start(machine.at(25, "08:40"))
    for name in ("WinHTTP Web Proxy Auto-Discovery Service", "IP Helper", "Network List Service"):
        needs: Facts = {"param1": name, "param2": "DHCP Client", "param3": "%%1058"}
        machine.service(machine.at(25, "08:41"), 7001, needs, name.replace(" ", ""), ERROR)
    return machine.at(25, "08:45")


@scenario(
    "A .NET program cannot load an assembly after its update",
    source="https://learn.microsoft.com/en-us/dotnet/framework/deployment/how-the-runtime-locates-assemblies",
    causes={"dotnet-unhandled", "dotnet-fatal"},
    language="en",
    named=("Reporter.exe", "FileNotFoundException"),
    with_it={"application-crash", "installer-error"},
)
def missing_assembly(machine: Machine) -> datetime:
    month(machine)
    for when in machine.each(25, "13:01", "13:05", "13:30"):
        text = (
            "Application: Reporter.exe\nFramework Version: v4.0.30319\n"
            "Description: The process was terminated due to an unhandled exception.\n"
            "Exception Info: System.IO.FileNotFoundException\n   at Reporter.Program.Main()\n"
        )
        machine.log(when, ".NET Runtime", 1026, (text,), channel=APPLICATION, level=ERROR)
        path = "C:\\WINDOWS\\System32\\KERNELBASE.dll"
        crash(machine, when + timedelta(seconds=1), "Reporter.exe", "KERNELBASE.dll", "e0434352", path)
    return machine.at(25, "13:01")


@scenario(
    "A program misses its run-time library: side-by-side configuration",
    source="https://learn.microsoft.com/en-us/windows/win32/sbscs/isolated-applications-and-side-by-side-assemblies-portal",
    causes={"side-by-side"},
    language="zh",
    named=("measure.exe", "Microsoft.VC90.CRT"),
    with_it={"service-start-failed"},
)
def missing_runtime(machine: Machine) -> datetime:
    month(machine)
    told: Values = ('Microsoft.VC90.CRT,processorArchitecture="x86",type="win32",version="9.0.21022.8"',)
    told += ("",) * 9 + ("C:\\Program Files (x86)\\Measure\\measure.exe",)
    for when in machine.each(25, "09:00", "09:02", "09:15"):
        machine.log(when, "SideBySide", 33, told, channel=APPLICATION, level=ERROR)
    return machine.at(25, "09:02")
