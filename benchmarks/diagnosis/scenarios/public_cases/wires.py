"""Addresses and air: a certificate for the wireless network, addresses that run out or are used twice."""

from datetime import datetime, timedelta

from benchmarks.diagnosis.background import APPLICATION, month
from benchmarks.diagnosis.machine import (
    ERROR,
    LOCAL_SERVICE,
    NETWORK_SERVICE,
    SYSTEM,
    WARNING,
    Facts,
    Machine,
)
from benchmarks.diagnosis.scenario import scenario

WLAN = "Microsoft-Windows-WLAN-AutoConfig"
CARD = "Intel(R) Wi-Fi 6 AX201 160MHz"
GUID = "{6b7c1a02-4d5e-4f80-9a1b-2c3d4e5f6071}"


@scenario(
    "The notebook no longer gets into the company's wireless network: its own certificate ran out yesterday",
    source="https://learn.microsoft.com/en-us/troubleshoot/windows-client/networking/802-1x-authentication-issues-troubleshooting",
    causes={"wireless-authentication-failed", "wireless-connect-failed"},
    language="zh",
    named=("CORP-WIFI", "certificate"),
    with_it={
        "wireless-authentication-failed",
        "certificate-expires",
        "dns-timeouts",
        "no-domain-controller",
        "wireless-connect-failed",
    },
    false=("wrong password", "weak signal", "update the wireless driver"),
)
def wireless_certificate(machine: Machine) -> datetime:
    month(machine)
    enrol = "Microsoft-Windows-CertificateServicesClient-AutoEnrollment"
    for day in (18, 19, 20, 23):
        ageing = (
            machine.say("本地系统", "local system"),
            "4e 1f 3c 0a 7a 55 4b 0e 8d 3c 0a 1b 2c 3d 4e 5f 60 71 82 93",
        )
        machine.log(machine.at(day, "09:01:10"), enrol, 64, ageing, channel=APPLICATION, level=WARNING)
    log = f"{WLAN}/Operational"
    why = machine.say("收到显式 EAP 失败", "Explicit Eap failure received")
    for when in machine.each(25, "08:50:11", "08:51:20", "08:55:02", "09:20:40"):
        failed: Facts = {
            "Adapter": CARD,
            "DeviceGuid": GUID,
            "LocalMac": "4C:79:6E:0A:11:22",
            "SSID": "CORP-WIFI",
        }
        failed |= {
            "BSSType": "Infrastructure",
            "PeerMac": "00:24:6C:7F:10:91",
            "Identity": "host/PC-0417.corp.example",
        }
        failed |= {
            "User": "-",
            "Domain": "-",
            "ReasonText": why,
            "ReasonCode": 0x50005,
            "ErrorCode": 0x800B0101,
        }
        failed |= {
            "EAPReasonCode": 0x800B0101,
            "EAPRootCauseString": machine.say("证书已过期。", "The certificate has expired."),
        }
        failed |= {"EAPErrorCode": 0x800B0101, "ConnectionId": 0x9, "ExplicitCredentials": False}
        machine.log(when, WLAN, 12013, failed, channel=log, level=ERROR, user=SYSTEM)
        security: Facts = {
            "Adapter": CARD,
            "DeviceGuid": GUID,
            "LocalMac": "4C:79:6E:0A:11:22",
            "SSID": "CORP-WIFI",
        }
        security |= {"BSSType": "Infrastructure", "PeerMac": "00:24:6C:7F:10:91", "ReasonText": why}
        security |= {"ReasonCode": 0x50005, "ErrorCode": 0x0, "ConnectionId": 0x9}
        machine.log(when, WLAN, 11006, security, channel=log, level=ERROR, user=SYSTEM)
        ended: Facts = {"InterfaceGuid": GUID, "InterfaceDescription": CARD}
        ended |= {"ConnectionMode": machine.say("自动连接到配置文件", "Automatic connection with a profile")}
        ended |= {"ProfileName": "CORP-WIFI", "SSID": "CORP-WIFI", "BSSType": "Infrastructure"}
        ended |= {"FailureReason": why, "ReasonCode": 327685, "ConnectionId": 0x9, "RSSI": -51}
        machine.log(when + timedelta(seconds=1), WLAN, 8002, ended, channel=log, level=ERROR, user=SYSTEM)
    return machine.at(25, "08:52")


@scenario(
    "New machines get no address: the range that the server hands out is used up (the logs of both machines)",
    source="https://learn.microsoft.com/en-us/previous-versions/windows/it-pro/windows-server-2008-R2-and-2008/cc726929(v=ws.10)",
    causes={"dhcp-scope-full"},
    language="en",
    named=("198.51.100.0",),
    with_it={"dhcp-no-address", "dns-timeouts", "no-domain-controller"},
    false=("cable",),
)
def addresses_used_up(machine: Machine) -> datetime:
    month(machine)
    server = machine.other("SRV-DHCP")
    month(server)
    source = "Microsoft-Windows-DHCP-Server"
    for day, percent, left in ((18, "81", "46"), (20, "88", "29"), (23, "96", "9"), (24, "100", "0")):
        near: Facts = {"Address": "198.51.100.0", "Percent": percent, "Remaining": left}
        server.log(server.at(day, "09:15:02"), source, 1020, tuple(near.values()), level=WARNING)
    for minute in range(0, 180, 9):
        when = server.at(25, "08:41") + timedelta(minutes=minute)
        server.log(when, source, 1063, ("198.51.100.0",), level=WARNING)
    for when in machine.each(25, "08:42:14", "08:47:20", "08:58:31", "09:30:02"):
        missing: Facts = {"HWLength": 6, "HWAddress": bytes.fromhex("4C796E0A1122"), "StatusCode": 121}
        machine.log(when, "Microsoft-Windows-Dhcp-Client", 1001, missing, level=ERROR, user=LOCAL_SERVICE)
    return machine.at(25, "08:45")


@scenario(
    "A control computer drops off the network by turns: another machine uses its fixed address",
    source="https://learn.microsoft.com/en-us/previous-versions/windows/it-pro/windows-server-2008-R2-and-2008/cc726858(v=ws.10)",
    causes={"address-conflict"},
    language="zh",
    named=("198.51.100.24", "00-1B-1B-7A-44-09"),
    with_it={"file-share-lost"},
    false=("cable",),
)
def address_twice(machine: Machine) -> datetime:
    month(machine)
    for when in machine.each(25, "09:05:30", "09:41:12", "10:10:55", "13:22:08"):
        twice = ("", "198.51.100.24", "00-1B-1B-7A-44-09")
        machine.log(when, "Tcpip", 4199, twice, level=ERROR, binary=bytes(40))
    return machine.at(25, "10:12")


NETSTAT_HEAD = (
    "\r\nActive Connections\r\n\r\n"
    "  Proto  Local Address          Foreign Address        State           PID\r\n"
)
NETSTAT = (
    "  TCP    198.51.100.10:{port}    203.0.113.40:1433      ESTABLISHED     4912\r\n [MesGateway.exe]\r\n"
)


@scenario(
    "A server reaches nothing any more after days of running: one program keeps all ports (netstat beside)",
    source="https://learn.microsoft.com/en-us/troubleshoot/windows-client/networking/tcp-ip-port-exhaustion-troubleshooting",
    causes={"port-exhaustion"},
    language="en",
    named=("MesGateway.exe",),
    with_it={"dns-timeouts", "no-domain-controller", "policy-no-controller"},
    false=("cable", "firewall"),
)
def ports_used_up(machine: Machine) -> datetime:
    month(machine)
    for when in machine.each(25, "10:02:11", "10:32:11", "11:02:12", "11:32:12"):
        machine.log(when, "Tcpip", 4231, (), level=WARNING, binary=bytes(40))
        machine.log(when + timedelta(seconds=20), "Tcpip", 4227, (), level=WARNING, binary=bytes(40))
        unread: Facts = {"SupportInfo1": 1, "SupportInfo2": 1632, "ProcessingMode": 0}
        unread |= {"ProcessingTimeInMilliseconds": 1014, "ErrorCode": 1237}
        unread |= {"ErrorDescription": "The operation could not be completed. A retry should be performed. "}
        group = "Microsoft-Windows-GroupPolicy"
        machine.log(when + timedelta(seconds=44), group, 1055, unread, level=ERROR, user=SYSTEM)
        query: Facts = {"QueryName": "dc1.corp.example", "AddressLength": 16, "Address": bytes(16)}
        source = "Microsoft-Windows-DNS-Client"
        machine.log(when + timedelta(seconds=50), source, 1014, query, level=WARNING, user=NETWORK_SERVICE)
    machine.files["captures/netstat-anob.txt"] = NETSTAT_HEAD + "".join(
        NETSTAT.format(port=port) for port in range(49200, 51200)
    )
    return machine.at(25, "11:05")
