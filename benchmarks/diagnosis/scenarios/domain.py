"""The network and the domain: names, trust, time, policies."""

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

SECURE_CHANNEL = (
    "https://learn.microsoft.com/en-us/troubleshoot/windows-server/active-directory/event-5719-netlogon"
)
POLICY = "https://learn.microsoft.com/en-us/troubleshoot/windows-server/group-policy/applying-group-policy-troubleshooting-guidance"
NO_SERVERS = "%%1311"


@scenario(
    "The trust to the domain is broken: the machine's password does not fit",
    source="https://learn.microsoft.com/en-us/troubleshoot/windows-server/windows-security/trust-relationship-between-workstation-domain-fails",
    causes={"trust-broken"},
    language="en",
    with_it={"no-domain-controller", "policy-files-unreadable", "policy-no-controller", "kerberos-wrong-key"},
)
def broken_trust(machine: Machine) -> datetime:
    month(machine)
    for when in machine.each(25, "08:41", "08:56", "09:30"):
        machine.log(when, "NETLOGON", 3210, ("CORP", "\\\\DC1.corp.example", "%%5"), level=ERROR)
        facts: Facts = {"SupportInfo1": 1, "SupportInfo2": 5012, "ProcessingMode": 0, "ErrorCode": 1326}
        facts |= {
            "ErrorDescription": machine.say("用户名或密码不正确。", "The user name or password is incorrect.")
        }
        policy = "Microsoft-Windows-GroupPolicy"
        machine.log(when + timedelta(seconds=20), policy, 1006, facts, level=ERROR, user=SYSTEM)
    return machine.at(25, "08:56")


@scenario(
    "The network cable is loose: link lost, then no address, no names, no domain",
    source="https://learn.microsoft.com/en-us/troubleshoot/windows-client/networking/networking-overview",
    causes={"link-lost"},
    language="zh",
    named=("I219-LM",),
    with_it={
        *(
            "dhcp-no-address",
            "dns-timeouts",
            "no-domain-controller",
            "policy-no-controller",
            "address-conflict",
        ),
        *("clock-not-synchronised", "file-share-lost"),
    },
)
def loose_cable(machine: Machine) -> datetime:
    month(machine)
    for hour in (9, 10, 11):
        for minute in (5, 20, 44):
            when = machine.at(25, f"{hour:02}:{minute:02}")
            told = ("", "Intel(R) Ethernet Connection I219-LM")
            machine.log(when, "e1dexpress", 27, told, level=WARNING)
            lost: Facts = {"Address1": 167772687, "HWLength": 6, "HWAddress": bytes(6), "StatusCode": 121}
            later = when + timedelta(seconds=40)
            machine.log(later, "Microsoft-Windows-Dhcp-Client", 1003, lost, level=WARNING, user=LOCAL_SERVICE)
            for second in range(0, 60, 10):
                name: Facts = {"QueryName": "files.corp.example", "AddressLength": 16, "Address": bytes(16)}
                machine.log(
                    when + timedelta(seconds=50 + second),
                    "Microsoft-Windows-DNS-Client",
                    1014,
                    name,
                    level=WARNING,
                    user=NETWORK_SERVICE,
                )
            machine.log(when + timedelta(seconds=75), "NETLOGON", 5719, ("CORP", NO_SERVERS), level=ERROR)
    return machine.at(25, "10:44")


@scenario(
    "The name server does not answer",
    source="https://learn.microsoft.com/en-us/troubleshoot/windows-server/networking/troubleshoot-dns-client-resolution-issues",
    causes={"dns-timeouts"},
    language="en",
    with_it={"policy-files-unreadable", "no-domain-controller", "file-share-lost", "policy-no-controller"},
)
def dns_down(machine: Machine) -> datetime:
    month(machine)
    for second in range(0, 1800, 45):
        name: Facts = {"QueryName": "licence.corp.example", "AddressLength": 16, "Address": bytes(16)}
        machine.log(
            machine.at(25, "10:00") + timedelta(seconds=second),
            "Microsoft-Windows-DNS-Client",
            1014,
            name,
            level=WARNING,
            user=NETWORK_SERVICE,
        )
    return machine.at(25, "10:12")


@scenario(
    "A battery of the board is empty: the clock starts years ago, sign-ins and certificates fail",
    source="https://learn.microsoft.com/en-us/windows-server/networking/windows-time-service/windows-time-service-tools-and-settings",
    causes={"clock-moved-back", "clock-was-wrong"},
    language="zh",
    with_it={"kerberos-clock-skew", "tls-alerts", "no-domain-controller", "certificate-not-valid"},
)
def wrong_clock(machine: Machine) -> datetime:
    month(machine, last=24)
    real = machine.at(25, "08:40")
    wrong = datetime(2020, 1, 1, 0, 0, 12, tzinfo=real.tzinfo)
    for second in range(0, 600, 30):
        skew: Facts = {"Server": "krbtgt/CORP.EXAMPLE", "ErrorCode": "0x25"}
        machine.log(
            wrong + timedelta(seconds=second),
            "Microsoft-Windows-Security-Kerberos",
            5,
            skew,
            level=ERROR,
            written=real + timedelta(seconds=second),
        )
    changed: Facts = {
        "NewTime": real + timedelta(minutes=12),
        "OldTime": wrong + timedelta(minutes=12),
        "Reason": 1,
    }
    machine.log(
        real + timedelta(minutes=12),
        "Microsoft-Windows-Kernel-General",
        1,
        changed,
        user=LOCAL_SERVICE,
    )
    return machine.at(25, "08:45")


@scenario(
    "A policy cannot be read: the share of the domain is not reached",
    source=POLICY,
    causes={"policy-files-unreadable"},
    language="en",
    named=("gpt.ini",),
    with_it={"policy-extension-failed", "policy-no-controller"},
)
def policy_unreadable(machine: Machine) -> datetime:
    month(machine)
    for when in machine.each(25, "08:45", "10:20", "11:55"):
        facts: Facts = {"SupportInfo1": 1, "SupportInfo2": 816, "ProcessingMode": 0, "ErrorCode": 53}
        facts |= {"ErrorDescription": machine.say("找不到网络路径。", "The network path was not found.")}
        facts |= {"DCName": "\\\\DC1.corp.example", "GPOCNName": "cn={31B2F340-016D-11D2-945F-00C04FB984F9}"}
        facts |= {"FilePath": "\\\\corp.example\\SysVol\\corp.example\\Policies\\{31B2F340}\\gpt.ini"}
        machine.log(when, "Microsoft-Windows-GroupPolicy", 1058, facts, level=ERROR, user=SYSTEM)
    return machine.at(25, "10:20")


@scenario(
    "The profile cannot be loaded: the user gets a temporary one",
    source="https://learn.microsoft.com/en-us/troubleshoot/windows-server/user-profiles-and-logon/fix-corrupted-user-profile",
    causes={"temporary-profile"},
    language="zh",
    with_it={"registry-hive-damaged", "profile-in-use"},
)
def temporary_profile(machine: Machine) -> datetime:
    month(machine)
    source = "Microsoft-Windows-User Profiles Service"
    for when in machine.each(25, "08:50", "09:05"):
        damaged: Facts = {
            "Error": machine.say("系统找不到指定的文件。", "The system cannot find the file specified.")
        }
        machine.log(
            when,
            source,
            1508,
            damaged,
            channel=APPLICATION,
            level=ERROR,
            user=machine.user_sid,
        )
        machine.log(when, source, 1511, (), channel=APPLICATION, level=ERROR, user=SYSTEM)
    return machine.at(25, "08:50")
