"""What is kept up: a namespace of management, an update that never goes in, a printer that a policy maps."""

from datetime import datetime, timedelta

from benchmarks.diagnosis.background import month
from benchmarks.diagnosis.machine import ERROR, SYSTEM, Facts, Machine
from benchmarks.diagnosis.scenario import scenario


@scenario(
    "The database's configuration manager opens no more: its classes are missing in WMI since an uninstall",
    source="https://learn.microsoft.com/en-us/troubleshoot/sql/tools/error-message-when-you-open-configuration-manager",
    causes={"sql-wmi-classes-missing"},
    language="zh",
    named=("ComputerManagement15",),
    false=("whole repository", "disk is full", "access is denied"),
)
def lost_namespace(machine: Machine) -> datetime:
    month(machine)
    log = "Microsoft-Windows-WMI-Activity"
    space = "root\\Microsoft\\SqlServer\\ComputerManagement15"
    for clock in ("13:31:02", "13:31:40", "13:36:11", "14:02:05", "14:40:33"):
        failed: Facts = {
            "Id": "{00000000-0000-0000-0000-000000000000}",
            "ClientMachine": machine.name,
            "User": f"CORP\\{machine.user}",
            "ClientProcessId": 9120,
            "Component": "Unknown",
            "Operation": f"Start IWbemServices::CreateInstanceEnum - {space} : SqlServerAlias",
            "ResultCode": "0x80041010",
            "PossibleCause": "Unknown",
        }
        machine.log(
            machine.at(25, clock),
            log,
            5858,
            channel=f"{log}/Operational",
            level=ERROR,
            user=SYSTEM,
            user_data={"Operation_ClientFailure": failed},
        )
    return machine.at(25, "13:32")


@scenario(
    "The same update fails each day with 0x80070643: the recovery partition is too small for it",
    source="https://support.microsoft.com/en-us/topic/kb5034441-windows-recovery-environment-update-for-windows-10-62c04204-aaa5-4fee-a02a-2fdea17075a8",
    causes={"update-failed"},
    language="zh",
    named=("KB5034441", "0x80070643"),
    false=("component store is damaged", "disk is dying", "network cable"),
)
def recovery_update(machine: Machine) -> datetime:
    month(machine)
    title = machine.say(
        "2024-01 用于基于 x64 的系统的 Windows 10 Version 22H2 安全更新程序 (KB5034441)",
        "2024-01 Security Update for Windows 10 Version 22H2 for x64-based Systems (KB5034441)",
    )
    known: Facts = {"updateTitle": title, "updateGuid": "{f0e1c2d3-4a5b-4c6d-8e7f-9a0b1c2d3e4f}"}
    known |= {"updateRevisionNumber": 201}
    source = "Microsoft-Windows-WindowsUpdateClient"
    for day, clock in (
        (18, "11:05:10"),
        (19, "10:41:33"),
        (20, "11:20:08"),
        (23, "10:58:47"),
        (24, "11:12:20"),
    ):
        when = machine.at(day, clock)
        machine.log(when, source, 44, known, user=SYSTEM)
        machine.log(when + timedelta(seconds=22), source, 43, known, user=SYSTEM)
        failed: Facts = {"errorCode": 0x80070643, **known}
        machine.log(when + timedelta(seconds=95), source, 20, failed, level=ERROR, user=SYSTEM)
    return machine.at(24, "11:15")


@scenario(
    "The floor's printer is missing on all machines: its driver may no longer be fetched from the server",
    source="https://support.microsoft.com/en-us/topic/kb5005652-manage-new-point-and-print-default-driver-installation-behavior-cve-2021-34481-873642bf-2634-49c5-a23b-6d8e9a302872",
    causes={"policy-printer-not-added"},
    language="en",
    named=("PRT01", "3019"),
    false=("spooler crashed", "disk is full", "offline"),
)
def printer_not_fetched(machine: Machine) -> datetime:
    month(machine)
    source = "Microsoft-Windows-PrintService"
    for day, clock in ((24, "09:02:51"), (25, "08:58:30"), (25, "10:31:12")):
        when = machine.at(day, clock)
        for second, queue in ((0, "\\\\PRT01\\Floor2-Colour"), (2, "\\\\PRT01\\Floor2-Mono")):
            unmapped = {"GroupPolicyAddConnectionFailed": {"Name": queue, "Error": "0xBCB"}}
            later = when + timedelta(seconds=second)
            channel = f"{source}/Admin"
            machine.log(later, source, 513, channel=channel, level=ERROR, user=SYSTEM, user_data=unmapped)
    return machine.at(25, "09:05")
