"""Services that do not start: a stray file, a missing program, too slow a start, a service that is gone."""

from datetime import datetime, timedelta

from benchmarks.diagnosis.background import APPLICATION, month
from benchmarks.diagnosis.machine import ERROR, INFORMATION, SYSTEM, Facts, Machine
from benchmarks.diagnosis.scenario import scenario
from benchmarks.diagnosis.scenarios.programs import SCM_EVENTS


@scenario(
    "Several services fail since a file “Program” lies on C:: their paths are not in quotation marks",
    source="https://learn.microsoft.com/en-us/windows/win32/api/processthreadsapi/nf-processthreadsapi-createprocessa",
    causes={"service-start-failed"},
    language="zh",
    named=("C:\\Program",),
    with_it={"service-dependency-failed"},
    false=("password", "disk is full"),
)
def stray_program(machine: Machine) -> datetime:
    month(machine)
    services = (
        ("Example Report Service", "ExampleReport"),
        ("Example Device Gateway", "ExampleGateway"),
        ("Example Backup Agent", "ExampleBackup"),
    )
    for when in machine.each(25, "08:41:02", "09:20:31"):
        for second, (name, key) in enumerate(services):
            failed: Facts = {"param1": name, "param2": "%%193"}
            machine.service(when + timedelta(seconds=second), 7000, failed, key, ERROR)
    return machine.at(25, "08:45")


@scenario(
    "A service's program is gone: an uninstall of its neighbour the evening before took the folder with it",
    source=SCM_EVENTS,
    causes={"service-start-failed"},
    language="en",
    named=("Example Label Server",),
    with_it={"service-dependency-failed"},
    false=("password",),
)
def program_removed(machine: Machine) -> datetime:
    month(machine)
    gone = ("Example Label Designer", "6.2.1", "1033", "0", "Example Software", "(NULL)", "")
    machine.log(
        machine.at(24, "17:41:20"), "MsiInstaller", 1034, gone, channel=APPLICATION, user=machine.user_sid
    )
    words = "Product: Example Label Designer -- Removal completed successfully."
    told = (words, "(NULL)", "(NULL)", "(NULL)", "(NULL)", "(NULL)", "")
    machine.log(
        machine.at(24, "17:41:20"), "MsiInstaller", 11724, told, channel=APPLICATION, user=machine.user_sid
    )
    for when in machine.each(25, "08:50:04", "08:58:11", "09:02:40"):
        failed: Facts = {"param1": "Example Label Server", "param2": "%%2"}
        machine.service(when, 7000, failed, "ExampleLabel", ERROR)
    return machine.at(25, "08:59")


@scenario(
    "A large service gives up at the start since the updates: it answers later than in thirty seconds",
    source="https://learn.microsoft.com/en-us/troubleshoot/windows-server/system-management-components/service-not-start-events-7000-7011-time-out-error",
    causes={"service-start-failed", "service-start-timeout"},
    language="zh",
    named=("Example MES Server",),
    with_it={
        "restart-by-update",
        "service-dependency-failed",
        "service-start-failed",
        "service-start-timeout",
    },
    false=("password", "missing file"),
)
def slow_start(machine: Machine) -> datetime:
    month(machine)
    title = machine.say(
        "2026-03 适用于 Windows Server 2019 的 .NET Framework 累积更新 (KB5034619)",
        "2026-03 Cumulative Update for .NET Framework (KB5034619)",
    )
    put: Facts = {
        "updateTitle": title,
        "updateGuid": "{6d2f8b31-4c5e-4f60-91a2-b3c4d5e6f708}",
        "updateRevisionNumber": 1,
    }
    machine.log(machine.at(24, "17:20:02"), "Microsoft-Windows-WindowsUpdateClient", 19, put, user=SYSTEM)
    name, key = "Example MES Server", "ExampleMes"
    for day, clock in ((25, "08:42:31"), (25, "08:55:10"), (25, "09:14:44")):
        when = machine.at(day, clock)
        machine.service(when, 7009, {"param1": "30000", "param2": name}, key, ERROR)
        machine.service(when, 7000, {"param1": name, "param2": "%%1053"}, key, ERROR)
        needs: Facts = {"param1": "Example MES Portal", "param2": name, "param3": "%%1053"}
        machine.service(when + timedelta(seconds=1), 7001, needs, "ExampleMesPortal", ERROR)
    return machine.at(25, "08:50")


@scenario(
    "A service waits for one that no longer exists: the driver it needs was removed with the old antivirus",
    source=SCM_EVENTS,
    causes={"service-dependency-missing"},
    language="en",
    named=("Example Print Control", "ExFlt"),
    with_it={"service-start-failed"},
    false=("password", "timeout"),
)
def dependency_gone(machine: Machine) -> datetime:
    month(machine)
    gone = ("Example Endpoint Protection", "11.4", "1033", "0", "Example Security", "(NULL)", "")
    machine.log(
        machine.at(24, "16:05:40"),
        "MsiInstaller",
        1034,
        gone,
        channel=APPLICATION,
        user=SYSTEM,
        level=INFORMATION,
    )
    for when in machine.each(25, "08:44:10", "09:01:52", "09:30:20"):
        needs: Facts = {"param1": "Example Print Control", "param2": "ExFlt"}
        machine.service(when, 7003, needs, "ExamplePrint", ERROR)
    return machine.at(25, "09:02")
