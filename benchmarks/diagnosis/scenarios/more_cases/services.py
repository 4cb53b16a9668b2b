"""What does not start: a port in other hands, a missing library, a changed password, a moved program."""

from datetime import datetime, timedelta

from benchmarks.diagnosis.background import APPLICATION, month
from benchmarks.diagnosis.machine import ERROR, INFORMATION, SYSTEM, Facts, Machine
from benchmarks.diagnosis.scenario import scenario

BACKUP = (
    ("Backup Engine", "BackupEngine"),
    ("Backup Catalog", "BackupCatalog"),
    ("Backup Agent", "BackupAgent"),
)


@scenario(
    "The web server does not start: its port 80 is taken since IIS was switched on",
    source="https://httpd.apache.org/docs/2.4/platform/windows.html",
    causes={"port-taken"},
    language="zh",
    named=("Apache2.4", "80"),
    with_it={"service-ended-with-error"},
    false=("password", "component store"),
)
def apache_port(machine: Machine) -> datetime:
    month(machine)
    machine.state(machine.at(24, "17:10:20"), "World Wide Web Publishing Service", "W3SVC", running=True)
    for when in machine.each(25, "08:42:10", "09:05:33", "09:06:20"):
        for line in (
            "(OS 10048)"
            + machine.say(
                "通常每个套接字地址(协议/网络地址/端口)只允许使用一次。",
                "Only one usage of each socket address is normally permitted.",
            )
            + "  : AH00072: make_sock: could not bind to address 0.0.0.0:80",
            "AH00451: no listening sockets available, shutting down",
            "AH00015: Unable to open logs",
        ):
            told = ("Apache2.4", f">>> {line}")
            machine.log(when, "Apache Service", 3299, told, channel=APPLICATION, level=ERROR)
        ended: Facts = {"param1": "Apache2.4", "param2": "%%1"}
        machine.service(when + timedelta(seconds=1), 7024, ended, "Apache2.4", ERROR)
    return machine.at(25, "09:06")


@scenario(
    "A measuring program does not start on the new machine: a run-time library is missing",
    source="https://learn.microsoft.com/en-us/cpp/windows/determining-which-dlls-to-redistribute",
    causes={"error-popup"},
    language="en",
    named=("MeasureServer.exe", "VCRUNTIME140_1.dll"),
    with_it={"service-start-failed", "service-start-timeout"},
    false=("password", "disk is full"),
)
def missing_library(machine: Machine) -> datetime:
    month(machine)
    for when in machine.each(25, "08:45:02", "09:12:40", "09:13:51"):
        caption = "MeasureServer.exe - System Error"
        text = (
            "The code execution cannot proceed because VCRUNTIME140_1.dll was not found. "
            "Reinstalling the program may fix this problem. "
        )
        popup: Facts = {"Caption": caption, "Message": text}
        machine.log(when, "Application Popup", 26, popup, user=SYSTEM)
        slow: Facts = {"param1": "30000", "param2": "Measure Server"}
        machine.service(when + timedelta(seconds=30), 7009, slow, "MeasureServer", ERROR)
        failed: Facts = {"param1": "Measure Server", "param2": "%%1053"}
        machine.service(when + timedelta(seconds=30), 7000, failed, "MeasureServer", ERROR)
    return machine.at(25, "09:13")


@scenario(
    "Three services of the backup fail at the Monday's start: their account's password was changed on Friday",
    source="https://learn.microsoft.com/en-us/troubleshoot/windows-server/system-management-components/service-startup-permissions",
    causes={"service-logon-failed"},
    language="zh",
    named=("bkadmin",),
    with_it={"service-start-failed"},
    false=("disk is full", "blue screen"),
)
def changed_password(machine: Machine) -> datetime:
    month(machine)
    for moment, code in (("08:41:10", "%%1326"), ("09:20:31", "%%1326"), ("09:48:02", "%%1909")):
        for number, (name, key) in enumerate(BACKUP):
            when = machine.at(29, moment) + timedelta(seconds=number)
            refused: Facts = {"param1": name, "param2": "CORP\\bkadmin", "param3": code}
            machine.service(when, 7038, refused, key, ERROR)
            machine.service(when, 7000, {"param1": name, "param2": "%%1069"}, key, ERROR)
    return machine.at(29, "09:21")


@scenario(
    "The nightly export writes nothing: the task's program was moved with the folder",
    source="https://learn.microsoft.com/en-us/windows/win32/taskschd/task-scheduler-error-and-success-constants",
    causes={"task-failed"},
    language="zh",
    named=("ERP-Export",),
    false=("password", "disk is full"),
)
def moved_program(machine: Machine) -> datetime:
    month(machine)
    source = "Microsoft-Windows-TaskScheduler"
    channel = f"{source}/Operational"
    task = "\\Company\\ERP-Export"
    for day in range(16, 27):
        if not machine.is_workday(day):
            continue
        when = machine.at(day, "12:30:00")
        instance = f"{{5f3c1d20-7a11-4c58-9be0-0000000000{day:02}}}"
        begun: Facts = {"TaskName": task, "TaskInstanceId": instance}
        machine.log(when, source, 107, begun, channel=channel, user=SYSTEM)
        if day < 24:
            done: Facts = {"TaskName": task, "TaskInstanceId": instance, "ActionName": "D:\\ERP\\export.bat"}
            done |= {"ResultCode": 0, "EnginePID": 4120}
            later = when + timedelta(minutes=2)
            machine.log(later, source, 201, done, channel=channel, level=INFORMATION, user=SYSTEM)
            continue
        failed: Facts = {"TaskName": task, "TaskInstanceId": instance, "ActionName": "D:\\ERP\\export.bat"}
        failed |= {"ResultCode": 2147942402}
        machine.log(when, source, 203, failed, channel=channel, level=ERROR, user=SYSTEM)
        refused: Facts = {"TaskName": task, "UserContext": "CORP\\erp", "ResultCode": 2147942402}
        machine.log(when, source, 101, refused, channel=channel, level=ERROR, user=SYSTEM)
    return machine.at(26, "12:30")
