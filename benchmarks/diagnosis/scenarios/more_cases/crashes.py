"""Programs that crash: an add-in, a licence service, a web application, a run-time, a print driver."""

from datetime import datetime, timedelta

from benchmarks.diagnosis.background import APPLICATION, month
from benchmarks.diagnosis.machine import ERROR, SYSTEM, WARNING, Facts, Machine, Values
from benchmarks.diagnosis.scenario import scenario
from benchmarks.diagnosis.scenarios.programs import crash


def reported(machine: Machine, when: datetime, program: str, module: str, code: str) -> None:
    """Event 1001: a crash was reported."""
    told: Values = ("1624173901238846121", "4", "APPCRASH", machine.say("不可用", "Not available"), "0")
    told += (program, "16.0.17328.20162", "65f1a2b3", module, "3.2.1.0", "64a0b1c2", code, "0001a2c4")
    told += ("", "", "\\\\?\\C:\\ProgramData\\Microsoft\\Windows\\WER\\Temp\\WER1A2B.tmp.dmp")
    told += ("C:\\ProgramData\\Microsoft\\Windows\\WER\\ReportArchive", "", "0", "f00d2b1c", "268435456", "")
    machine.log(when, "Windows Error Reporting", 1001, told, channel=APPLICATION)


@scenario(
    "Outlook crashes a minute after its start: an add-in for signatures was updated the day before",
    source="https://learn.microsoft.com/en-us/outlook/troubleshoot/performance/outlook-crash-issues",
    causes={"application-crash"},
    language="en",
    named=("OUTLOOK.EXE", "SignHelper64.dll"),
    false=("disk", "blue screen"),
)
def outlook_add_in(machine: Machine) -> datetime:
    month(machine)
    installed = ("Sign Helper for Outlook", "3.2.1", "1033", "0", "Sign Helper Ltd.", "(NULL)", "")
    machine.log(machine.at(24, "16:20:12"), "MsiInstaller", 1033, installed, channel=APPLICATION, user=SYSTEM)
    module = "C:\\Program Files\\Sign Helper\\SignHelper64.dll"
    for when in machine.each(25, "08:52:10", "08:54:31", "09:03:44", "09:40:05", "11:12:50"):
        loaded = (
            "Outlook loaded the following add-in(s):\r\n\r\nName: Sign Helper\r\nDescription: Sign Helper\r\n"
            "ProgID: SignHelper.Connect\r\nGUID: {6B1F0C3D-2A4E-4B57-9C0A-1D2E3F405162}\r\n"
            "Load Behavior: 03\r\nHKLM: 1\r\nLocation: " + module + "\r\nBoot Time (Milliseconds): 1437\r\n"
        )
        early = when - timedelta(seconds=50)
        machine.log(early, "Outlook", 45, (loaded,), channel=APPLICATION)
        crash(machine, when, "OUTLOOK.EXE", "SignHelper64.dll", "c0000005", module)
        reported(machine, when + timedelta(seconds=12), "OUTLOOK.EXE", "SignHelper64.dll", "c0000005")
    return machine.at(25, "09:04")


@scenario(
    "The dongle's licence service crashes at each start in its own module; two programs find no licence",
    source="https://docs.sentinel.thalesgroup.com/ldk/LDKdocs/rte/relnotes.htm",
    causes={"application-crash"},
    language="zh",
    named=("hasplms.exe", "haspvlib_98765.dll"),
    with_it={"service-recovery-failed", "service-terminated-unexpectedly"},
    false=("password", "signature"),
)
def licence_service_module(machine: Machine) -> datetime:
    month(machine)
    module = "C:\\Program Files (x86)\\Common Files\\Aladdin Shared\\HASP\\haspvlib_98765.dll"
    for number, when in enumerate(machine.each(25, "08:44:12", "08:45:14", "08:47:20", "09:31:02"), 1):
        crash(machine, when, "hasplms.exe", "haspvlib_98765.dll", "c0000005", module)
        gone: Facts = {"param1": "Sentinel LDK License Manager", "param2": str(number), "param3": "60000"}
        gone |= {"param4": "1", "param5": machine.say("重新启动服务", "Restart the service")}
        machine.service(when + timedelta(seconds=2), 7031, gone, "hasplms", ERROR)
        if number == 4:
            for program in ("CadMain.exe", "MoldFlow.exe"):
                unseen = (f"{program}: {machine.say('找不到许可证密钥', 'license key not found')} (H0007)",)
                later = when + timedelta(minutes=3)
                machine.log(later, "CadSuite", 7, unseen, channel=APPLICATION, level=WARNING)
    return machine.at(25, "09:31")


@scenario(
    "Users lose their sessions: an exception in a timer of the web application ends its whole process",
    source="https://learn.microsoft.com/en-us/troubleshoot/developer/webapps/aspnet/site-behavior-performance/exceptions-cause-apps-quit",
    causes={"asp-net-process-ended", "dotnet-unhandled"},
    language="en",
    named=("w3wp.exe", "System.Data.SqlClient.SqlException"),
    with_it={"application-crash", "iis-worker-process-failed"},
    false=("password", "disk is full"),
)
def timer_exception(machine: Machine) -> datetime:
    month(machine)
    trace = (
        "   at Orders.Web.PriceTimer.Refresh(Object state)\n   at System.Threading.TimerQueueTimer.Fire()\n"
    )
    for number, when in enumerate(machine.each(25, "10:00:05", "10:30:05", "11:00:06", "11:30:05"), 1):
        told = (
            "An unhandled exception occurred and the process was terminated.\r\n\r\n"
            f"Application ID: /LM/W3SVC/2/ROOT\r\n\r\nProcess ID: {4120 + number}\r\n\r\n"
            "Exception: System.Data.SqlClient.SqlException\r\n\r\n"
            f"Message: Execution Timeout Expired.\r\n\r\nStackTrace: {trace}"
        )
        machine.log(when, "ASP.NET 4.0.30319.0", 1325, (told,), channel=APPLICATION, level=ERROR)
        text = (
            "Application: w3wp.exe\nFramework Version: v4.0.30319\n"
            "Description: The process was terminated due to an unhandled exception.\n"
            f"Exception Info: System.Data.SqlClient.SqlException\n{trace}\n"
        )
        later = when + timedelta(seconds=1)
        machine.log(later, ".NET Runtime", 1026, (text,), channel=APPLICATION, level=ERROR)
        path = "C:\\Windows\\System32\\KERNELBASE.dll"
        crash(machine, when + timedelta(seconds=2), "w3wp.exe", "KERNELBASE.dll", "e0434352", path)
        ended: Facts = {"AppPoolID": "OrdersPool", "ProcessID": str(4120 + number), "ExitCode": "e0434352"}
        later = when + timedelta(seconds=5)
        machine.log(later, "Microsoft-Windows-WAS", 5011, ended, level=WARNING)
    return machine.at(25, "11:00")


@scenario(
    "An agent's service does not start since its update: it wants .NET 8, which nobody installed",
    source="https://learn.microsoft.com/en-us/dotnet/core/install/how-to-detect-installed-versions",
    causes={"dotnet-fatal"},
    language="en",
    named=("LabelAgent.exe", "8.0.0"),
    with_it={"service-start-failed", "service-start-timeout"},
    false=("disk is full", "password"),
)
def no_framework(machine: Machine) -> datetime:
    month(machine)
    installed = ("Label Agent", "5.0.0", "1033", "0", "Label Software", "(NULL)", "")
    machine.log(machine.at(25, "08:58:30"), "MsiInstaller", 1033, installed, channel=APPLICATION, user=SYSTEM)
    for when in machine.each(25, "08:59:02", "09:20:40", "10:05:11"):
        told = (
            "Description: A .NET application failed.\nApplication: LabelAgent.exe\n"
            "Path: C:\\Program Files\\Label Agent\\LabelAgent.exe\n"
            "Message: You must install or update .NET to run this application.\n\n"
            "App: C:\\Program Files\\Label Agent\\LabelAgent.exe\nArchitecture: x64\n"
            "Framework: 'Microsoft.NETCore.App', version '8.0.0' (x64)\n"
            ".NET location: C:\\Program Files\\dotnet\\\n\nThe following frameworks were found:\n"
            "  6.0.25 at [C:\\Program Files\\dotnet\\shared\\Microsoft.NETCore.App]\n"
        )
        machine.log(when, ".NET Runtime", 1023, (told,), channel=APPLICATION, level=ERROR)
        slow: Facts = {"param1": "30000", "param2": "Label Agent"}
        machine.service(when + timedelta(seconds=30), 7009, slow, "LabelAgent", ERROR)
        failed: Facts = {"param1": "Label Agent", "param2": "%%1053"}
        machine.service(when + timedelta(seconds=30), 7000, failed, "LabelAgent", ERROR)
    return machine.at(25, "09:21")


@scenario(
    "One printer prints nothing: its driver crashes in the process that Windows keeps it apart in",
    source="https://learn.microsoft.com/en-us/windows-hardware/drivers/print/printer-driver-isolation",
    causes={"application-crash"},
    language="zh",
    named=("PrintIsolationHost.exe", "KOAXPJ_G.dll"),
    with_it={"print-job-failed"},
    false=("spooler is disabled", "disk is full"),
)
def isolated_driver(machine: Machine) -> datetime:
    month(machine)
    module = "C:\\Windows\\System32\\spool\\DRIVERS\\x64\\3\\KOAXPJ_G.dll"
    source = "Microsoft-Windows-PrintService"
    for number, when in enumerate(
        machine.each(25, "09:10:21", "09:14:02", "09:33:48", "10:20:30", "10:21:44"), 31
    ):
        crash(machine, when, "PrintIsolationHost.exe", "KOAXPJ_G.dll", "c0000005", module)
        unprinted = {
            "JobFailed": {
                "@xmlns": "http://manifests.microsoft.com/win/2005/08/windows/printing/spooler/core/events",
                "Param1": str(number),
                "Param2": machine.say("送货单.pdf", "delivery note.pdf"),
                "Param3": machine.user,
                "Param4": f"\\\\{machine.name}",
                "Param5": "KONICA MINOLTA 4752",
                "Param6": "USB001",
                "Param7": "RAW",
                "Param8": "65536",
                "Param9": "0",
                "Param10": "1",
                "Param11": "0",
                "Param12": "winprint",
                "Param13": "1722",
                "Param14": machine.say("RPC 服务器不可用。", "The RPC server is unavailable."),
            }
        }
        later = when + timedelta(seconds=1)
        machine.log(later, source, 372, channel=f"{source}/Admin", level=ERROR, user_data=unprinted)
    return machine.at(25, "09:34")
