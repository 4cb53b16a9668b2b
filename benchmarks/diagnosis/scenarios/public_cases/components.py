"""Programs and what they are made of: settings, returning repairs, a rule against them, transactions."""

from datetime import datetime, timedelta

from benchmarks.diagnosis.background import APPLICATION, month
from benchmarks.diagnosis.machine import ERROR, WARNING, Facts, Machine, Values
from benchmarks.diagnosis.scenario import scenario
from benchmarks.diagnosis.scenarios.programs import crash

NONE = "(NULL)"


@scenario(
    "A program does not start since somebody wrote a sign into its settings file that is not allowed there",
    source="https://learn.microsoft.com/en-us/troubleshoot/developer/visualstudio/cpp/libraries/side-by-side-configuration-incorrect",
    causes={"program-settings-unreadable"},
    language="zh",
    named=("LabelPrint.exe.Config",),
    with_it={"service-start-failed"},
    false=("Visual C++", "Redistributable", "run-time library"),
)
def settings_unreadable(machine: Machine) -> datetime:
    month(machine)
    program = "C:\\Program Files (x86)\\LabelPrint\\LabelPrint.exe"
    told = ("",) * 7 + (f"{program}.Config", "14", "", program)
    for when in machine.each(25, "09:01:20", "09:03:02", "09:20:44"):
        machine.log(when, "SideBySide", 59, told, channel=APPLICATION, level=ERROR)
    return machine.at(25, "09:03")


@scenario(
    "Each start of a program begins a repair that fails: a file of another product's feature is missing",
    source="https://learn.microsoft.com/en-us/windows/win32/msi/searching-for-a-broken-feature-or-component",
    causes={"installer-self-repair"},
    language="en",
    named=("Example Viewer", "exview.ocx"),
    with_it={"installation-ended-with-code", "installation-failed", "installer-error"},
    false=("disk is full", "permission"),
)
def repair_returns(machine: Machine) -> datetime:
    month(machine)
    source, app = "MsiInstaller", APPLICATION
    product = "{3A5D1F20-7B4E-4C19-8F0A-1B2C3D4E5F60}"
    part = "{91E0C4B7-2D3F-4A58-9C6B-7D8E9F0A1B2C}"
    for when in machine.each(25, "08:44:10", "08:52:31", "09:40:02", "10:22:15", "11:05:48"):
        missing = (
            product,
            "ViewerControl",
            part,
            "C:\\Program Files (x86)\\Example Viewer\\exview.ocx",
            NONE,
            NONE,
            "",
        )
        machine.log(when, source, 1004, missing, channel=app, level=WARNING, user=machine.user_sid)
        asked = (product, "ViewerMain", "{0C7B1A2D-3E4F-4051-8263-748596A7B8C9}", NONE, NONE, NONE, "")
        machine.log(when, source, 1001, asked, channel=app, level=WARNING, user=machine.user_sid)
        later = when + timedelta(seconds=41)
        words = "Product: Example Viewer -- Error 1706. An installation package for the product "
        words += "Example Viewer cannot be found. Try the installation again using a valid copy of the "
        words += "installation package 'exviewer.msi'."
        failed = (words, NONE, NONE, NONE, NONE, NONE, "")
        machine.log(later, source, 11706, failed, channel=app, level=ERROR, user=machine.user_sid)
        ended = ("Example Viewer", "4.1.0", "1033", "1603", "Example Software", NONE, "")
        machine.log(later, source, 1035, ended, channel=app, user=machine.user_sid)
    return machine.at(25, "09:41")


@scenario(
    "The accounting client opens for nobody since a rule of the domain allows programs only in two folders",
    source="https://learn.microsoft.com/en-us/windows/security/application-security/application-control/app-control-for-business/applocker/using-event-viewer-with-applocker",
    causes={"applocker-blocked"},
    language="zh",
    named=("U8Client.exe",),
    with_it={"app-control-blocked"},
    false=("malware", "virus", "damaged"),
)
def program_forbidden(machine: Machine) -> datetime:
    month(machine)
    source = "Microsoft-Windows-AppLocker"
    path = "D:\\U8SOFT\\U8CLIENT.EXE"
    for when in machine.each(25, "08:47:02", "08:47:31", "08:55:10", "09:12:44"):
        denied: Facts = {
            "PolicyNameLength": 3,
            "PolicyName": "EXE",
            "RuleId": "{00000000-0000-0000-0000-000000000000}",
        }
        denied |= {"RuleNameLength": 1, "RuleName": "-", "RuleSddlLength": 1, "RuleSddl": "-"}
        denied |= {
            "TargetUser": machine.user_sid,
            "TargetProcessId": 7412,
            "FilePathLength": len(path),
            "FilePath": path,
        }
        denied |= {
            "FileHashLength": 0,
            "FileHash": b"",
            "FqbnLength": 1,
            "Fqbn": "-",
            "TargetLogonId": 0x2B4C1,
        }
        denied |= {"FullFilePathLength": 22, "FullFilePath": "D:\\U8SOFT\\U8Client.exe"}
        machine.log(
            when, source, 8004, denied, channel=f"{source}/EXE and DLL", level=ERROR, user=machine.user_sid
        )
    return machine.at(25, "08:48")


@scenario(
    "A .NET program ends at its start since its settings name a section that nobody declares",
    source="https://learn.microsoft.com/en-us/dotnet/framework/configure-apps/",
    causes={"dotnet-unhandled"},
    language="en",
    named=("Dispatch.exe", "ConfigurationErrorsException"),
    with_it={"application-crash"},
    false=("assembly", "reinstall .NET"),
)
def settings_section(machine: Machine) -> datetime:
    month(machine)
    told = (
        "Application: Dispatch.exe\nFramework Version: v4.0.30319\n"
        "Description: The process was terminated due to an unhandled exception.\n"
        "Exception Info: System.Configuration.ConfigurationErrorsException\n"
        "   at System.Configuration.BaseConfigurationRecord.EvaluateOne(System.String[], "
        "System.Configuration.SectionInput, Boolean, System.Configuration.FactoryRecord, "
        "System.Configuration.SectionRecord, System.Object)\n"
        "   at System.Configuration.ClientConfigurationSystem.System.Configuration.Internal."
        "IInternalConfigSystem.GetSection(System.String)\n   at Dispatch.Program.Main(System.String[])\n"
    )
    for when in machine.each(25, "08:51:10", "08:51:44", "09:07:20"):
        machine.log(when, ".NET Runtime", 1026, (told,), channel=APPLICATION, level=ERROR)
        path = "C:\\Windows\\System32\\KERNELBASE.dll"
        crash(machine, when + timedelta(seconds=1), "Dispatch.exe", "KERNELBASE.dll", "e0434352", path)
    return machine.at(25, "08:52")


@scenario(
    "The ERP's middle tier lets nobody in: the coordinator of transactions finds its log no more",
    source="https://learn.microsoft.com/en-us/previous-versions/windows/it-pro/windows-server-2008-R2-and-2008/cc774415(v=ws.10)",
    causes={"transaction-coordinator-failed"},
    language="zh",
    named=("MSDTC",),
    with_it={"service-ended-with-error", "unexpected-restart", "unexpected-shutdown"},
    false=("password", "firewall"),
)
def transactions_stopped(machine: Machine) -> datetime:
    month(machine)
    source, app = "Microsoft-Windows-MSDTC 2", APPLICATION
    name, key = "Distributed Transaction Coordinator", "MSDTC"
    for when in machine.each(25, "08:40:22", "08:58:10", "09:15:31"):
        machine.log(when, source, 4163, (), channel=app, level=ERROR)
        machine.log(when, source, 4185, (), channel=app, level=ERROR)
        machine.log(when, source, 4112, (), channel=app, level=ERROR)
        ended: Facts = {"param1": name, "param2": "%%-1073737669"}
        machine.service(when + timedelta(seconds=1), 7024, ended, key, ERROR)
        com: Values = (
            "COM+",
            machine.say(
                "错误代码 = 0x8004d01b : 事务管理器不可用",
                "Error Code = 0x8004d01b : The Transaction Manager is not available.",
            ),
        )
        com += ("Comsvcs.dll", "Process Name: kdsvrmgr.exe")
        later = when + timedelta(seconds=9)
        machine.log(later, "Microsoft-Windows-Complus", 4691, com, channel=app, level=ERROR)
    return machine.at(25, "09:00")
