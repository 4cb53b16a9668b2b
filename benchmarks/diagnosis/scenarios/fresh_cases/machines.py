"""A foreign library, a supply of the server, a dock's driver, and a pool of the kernel that runs dry."""

from datetime import datetime, timedelta

from benchmarks.diagnosis.background import APPLICATION, month
from benchmarks.diagnosis.machine import ERROR, SYSTEM, Facts, Machine, Values
from benchmarks.diagnosis.scenario import scenario
from benchmarks.diagnosis.scenarios.power import bugcheck, unclean


@scenario(
    "A service crashes with 0xc06d007f: a scanner's set-up put an older library into the system folder",
    source="https://learn.microsoft.com/en-us/cpp/build/reference/error-handling-and-notification",
    causes={"application-crash"},
    language="zh",
    named=("archsrv.exe", "0xc06d007f"),
    with_it={"service-terminated-unexpectedly"},
    false=("bad memory", "memory test", "blue screen"),
)
def older_library(machine: Machine) -> datetime:
    month(machine)
    put: Values = ("Example Scan Suite", "3.0.7", "2052", "0", "Example Imaging", "(NULL)", "")
    done = machine.at(24, "16:48:12")
    machine.log(done, "MsiInstaller", 1033, put, channel=APPLICATION, user=machine.user_sid)
    words = "Product: Example Scan Suite -- Installation completed successfully."
    told: Values = (words, "(NULL)", "(NULL)", "(NULL)", "(NULL)", "(NULL)", "")
    machine.log(done, "MsiInstaller", 11707, told, channel=APPLICATION, user=machine.user_sid)
    path = "C:\\Program Files\\Example Archive\\archsrv.exe"
    for number, when in enumerate(machine.each(25, "08:41:50", "08:43:55", "08:46:02", "09:12:40"), 1):
        told = ("archsrv.exe", "7.10.0.0", "5f0a1b2c", "KERNELBASE.dll", "10.0.19041.4170", "2ae02001")
        told += ("c06d007f", "000000000002cf19", "0x11f8", "0x1da7f3c4d5e6f70", path)
        told += ("C:\\WINDOWS\\System32\\KERNELBASE.dll", "8f21c0de-3a1b-4b6c-9a4d-5e6f70819203", "", "")
        machine.log(when, "Application Error", 1000, told, channel=APPLICATION, level=ERROR)
        gone: Facts = {"param1": "Example Archive Server", "param2": str(number), "param3": "60000"}
        gone |= {"param4": "1", "param5": machine.say("重新启动服务", "Restart the service")}
        machine.service(when + timedelta(seconds=1), 7031, gone, "ExampleArchive", ERROR)
    return machine.at(25, "08:44")


@scenario(
    "A server goes off twice: one supply failed days ago, the other one does not carry the load alone",
    source="https://www.dell.com/support/manuals/en-us/openmanage-server-administrator-v9.1/omsa_9.1_messagesreference/power-supply-messages",
    causes={"power-supply-failed"},
    language="en",
    named=("power supply",),
    with_it={"repeated-restarts", "unexpected-restart", "unexpected-shutdown"},
    false=("blue screen", "held the power button", "disk array"),
)
def one_supply_left(machine: Machine) -> datetime:
    month(machine, last=24, without=frozenset({23, 24}))
    machine.start(machine.at(23, "07:58"))
    agent = "Server Administrator"
    lost = machine.at(23, "10:14:31")
    failed = (
        "Power supply detected a failure\nSensor location: PS2 Status\nChassis location: Main System\n"
        "Previous state was: OK (Normal)\nPower Supply type: AC\nPower Supply state: Presence detected, "
        "Failure detected"
    )
    machine.log(lost, agent, 1354, (failed,), level=ERROR)
    fewer = (
        "Redundancy lost\nRedundancy unit: PS Redundancy\nChassis location: Main System Chassis\n"
        "Previous redundancy state was: Normal"
    )
    machine.log(lost + timedelta(seconds=1), agent, 1306, (fewer,), level=ERROR)
    for when in (machine.at(24, "14:20:40"), machine.at(25, "09:32:08")):
        unclean(machine, when)
        for after, instance in ((44, "MSSQL"), (52, "LICDB")):
            words = f"{instance}: recovery is complete after the service had not been shut down in order."
            later = when + timedelta(seconds=after)
            machine.log(later, "ExampleDatabase", 301, (words,), channel=APPLICATION)
    return machine.at(25, "09:30")


@scenario(
    "Blue screens 0x9f when the notebook sleeps, since a dock's graphics driver came in the evening before",
    source="https://learn.microsoft.com/en-us/windows-hardware/drivers/debugger/bug-check-0x9f--driver-power-state-failure",
    causes={"bugcheck"},
    language="zh",
    named=("Example Dock Graphics",),
    with_it={"driver-installed", "service-installed", "unexpected-restart"},
    false=("bad memory", "power was cut", "disk is dying"),
)
def dock_driver(machine: Machine) -> datetime:
    month(machine, last=24)
    put = machine.at(24, "17:12:30")
    driver: Facts = {"ServiceName": "Example Dock Graphics", "ImagePath": "System32\\drivers\\exdock.sys"}
    driver |= {
        "ServiceType": machine.say("内核模式驱动程序", "kernel mode driver"),
        "StartType": machine.say("按需启动", "demand start"),
        "AccountName": "",
    }
    binary = "exdock\0".encode("utf-16-le")
    machine.log(put, "Service Control Manager", 7045, driver, user=machine.user_sid, binary=binary)
    device = "USB\\VID_1A86&PID_4300&MI_00\\6&1C2D3E4F&0&0000"
    installed: Facts = {
        "DriverName": "oem41.inf",
        "DriverVersion": "11.2.3146.0",
        "DriverProvider": "Example Dock",
        "DeviceInstanceID": device,
        "SetupClass": "{4D36E968-E325-11CE-BFC1-08002BE10318}",
        "RebootOption": "false",
        "UpgradeDevice": "false",
        "IsDriverOEM": "true",
        "InstallStatus": "0x0",
        "DriverDescription": "Example Dock Graphics",
    }
    later, pnp = put + timedelta(seconds=4), "Microsoft-Windows-UserPnp"
    machine.log(later, pnp, 20001, user=SYSTEM, user_data={"InstallDeviceID": installed})
    machine.start(machine.at(25, "08:36:10"))
    for sleeps, wakes in (("09:58:02", "10:21:15"), ("12:01:40", "13:24:33"), ("15:40:12", "15:58:50")):
        asleep: Facts = {"TargetState": 4, "EffectiveState": 4, "Reason": 0, "Flags": 0, "TransitionsToOn": 1}
        machine.log(machine.at(25, sleeps), "Microsoft-Windows-Kernel-Power", 42, asleep, user=SYSTEM)
        stop = "0x0000000000000003, 0xffffc08f4a2e1060, 0xfffff8047b46f7e8, 0xffffc08f5d3a1a20"
        bugcheck(machine, machine.at(25, wakes), 0x9F, stop)
    return machine.at(25, "10:21")


@scenario(
    "A file server stops answering after weeks of running: a driver has used up the nonpaged pool",
    source="https://learn.microsoft.com/en-us/previous-versions/troubleshoot/windows-server/event-id-2019-nonpaged-pool-empty",
    causes={"kernel-pool-empty"},
    language="en",
    named=("nonpaged pool",),
    with_it={"dcom-server-timeout", "service-transaction-timeout"},
    false=("disk is full", "bad memory", "network cable"),
)
def pool_empty(machine: Machine) -> datetime:
    month(machine, last=25)
    for clock in ("13:02:11", "13:04:40", "13:09:12", "13:20:03", "13:41:55"):
        when = machine.at(25, clock)
        machine.log(when, "srv", 2019, ("\\Device\\LanmanServer",), level=ERROR, binary=bytes(40))
        refused: Facts = {"param1": "{F9717507-6651-4EDB-BFF7-AE615179BCCF}"}
        source = "Microsoft-Windows-DistributedCOM"
        machine.log(when + timedelta(seconds=9), source, 10010, refused, level=ERROR, user=SYSTEM)
    reached: Facts = {"param1": "30000", "param2": "LanmanServer"}
    machine.service(machine.at(25, "13:42:30"), 7011, reached, "LanmanServer", ERROR)
    return machine.at(25, "13:05")
