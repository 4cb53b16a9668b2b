"""Members of a domain: a foreign name server, a damaged policy file, a drive and an account that are gone."""

from datetime import datetime, timedelta

from benchmarks.diagnosis.background import APPLICATION, month
from benchmarks.diagnosis.machine import ERROR, NETWORK_SERVICE, SYSTEM, WARNING, Facts, Machine, Values
from benchmarks.diagnosis.scenario import scenario
from benchmarks.diagnosis.scenarios.domain import POLICY

GROUP_POLICY = "Microsoft-Windows-GroupPolicy"


def unapplied(machine: Machine, when: datetime, event_id: int, code: int, zh: str, en: str) -> None:
    """Group Policy failed with this code, which these words explain."""
    facts: Facts = {"SupportInfo1": 1, "SupportInfo2": 1632, "ProcessingMode": 0}
    facts |= {
        "ProcessingTimeInMilliseconds": 5110,
        "ErrorCode": code,
        "ErrorDescription": machine.say(zh, en),
    }
    machine.log(when, GROUP_POLICY, event_id, facts, level=ERROR, user=SYSTEM)


@scenario(
    "A member asks a public name server since its card was set by hand: it finds no controller",
    source="https://learn.microsoft.com/en-us/troubleshoot/windows-server/networking/best-practices-for-dns-client-settings",
    causes={"dns-registration-failed", "name-server-wrong"},
    language="zh",
    named=("114.114.114.114",),
    with_it={"no-domain-controller", "policy-no-controller"},
    false=("cable", "password does not fit"),
)
def public_name_server(machine: Machine) -> datetime:
    month(machine)
    for when in machine.each(25, "08:39:10", "10:10:33", "11:42:05", "13:15:20"):
        machine.log(when, "NETLOGON", 5719, ("CORP", "%%1311"), level=ERROR)
        unregistered: Facts = {"AdapterName": "{A1B2C3D4-0001-4002-8003-000400050006}", "HostName": "PC-0417"}
        unregistered |= {"AdapterSuffixName": "corp.example", "DnsServerList": "\t114.114.114.114, 8.8.8.8"}
        unregistered |= {"Sent UpdateServer": "114.114.114.114:53", "Ipaddress": "192.0.2.57"}
        unregistered |= {"ErrorCode": 9005}
        later = when + timedelta(seconds=21)
        source = "Microsoft-Windows-DNS-Client"
        machine.log(later, source, 8018, unregistered, level=WARNING, user=NETWORK_SERVICE)
        later = when + timedelta(seconds=40)
        zh = "指定的域不存在，或无法联系。"
        unapplied(
            machine,
            later,
            1054,
            1355,
            zh,
            "The specified domain either does not exist or could not be contacted.",
        )
    return machine.at(25, "11:42")


@scenario(
    "A member takes no policies any more: its local policy file is damaged",
    source="https://learn.microsoft.com/en-us/troubleshoot/windows-server/group-policy/applying-group-policy-troubleshooting-guidance",
    causes={"policy-files-unreadable"},
    language="en",
    named=("registry.pol",),
    false=("domain controller could be reached", "from a domain controller", "cable", "share"),
)
def damaged_policy_file(machine: Machine) -> datetime:
    month(machine)
    for day in (20, 23, 24, 25):
        for when in machine.each(day, "09:01:10", "10:38:12", "13:55:41"):
            facts: Facts = {"SupportInfo1": 1, "SupportInfo2": 4219, "ProcessingMode": 0}
            facts |= {"ProcessingTimeInMilliseconds": 1203, "ErrorCode": 13}
            facts |= {"ErrorDescription": machine.say("数据无效。", "The data is invalid."), "DCName": ""}
            path = "C:\\Windows\\System32\\GroupPolicy\\Machine\\registry.pol"
            facts |= {"GPOCNName": "LocalGPO", "FilePath": path}
            machine.log(when, GROUP_POLICY, 1096, facts, level=ERROR, user=SYSTEM)
    return machine.at(25, "10:38")


@scenario(
    "Signing in takes three minutes since an old file server was switched off, which a policy still maps",
    source=POLICY,
    causes={"policy-preference-failed"},
    language="zh",
    named=("S:",),
    with_it={"slow-sign-in"},
    false=("profile is damaged", "disk is full"),
)
def mapped_drive_gone(machine: Machine) -> datetime:
    month(machine)
    for day in (23, 24, 25):
        when = machine.at(day, "09:03:10")
        source = "Microsoft-Windows-Winlogon"
        slow = when + timedelta(seconds=60)
        machine.log(slow, source, 6005, ("GPClient", "Logon"), channel=APPLICATION, level=WARNING)
        for number, drive in enumerate(("S:", "T:")):
            error = machine.say("0x80070035 找不到网络路径。", "0x80070035 The network path was not found.")
            item: Values = (machine.say("用户", "user"), drive)
            item += ("Drives {6C1E2D3F-5B4A-4C6D-8E7F-901A2B3C4D5E}", error, "%%100790273")
            later = when + timedelta(seconds=88 + 90 * number)
            machine.log(
                later, "Group Policy Drive Maps", 4098, item, channel=APPLICATION, level=WARNING, user=SYSTEM
            )
        ended = when + timedelta(seconds=184)
        machine.log(ended, source, 6006, ("GPClient", "184", "Logon"), channel=APPLICATION, level=WARNING)
    return machine.at(25, "09:04")


@scenario(
    "Nobody can sign in at a machine any more: its account was deleted in a clean-up of the directory",
    source="https://learn.microsoft.com/en-us/troubleshoot/windows-server/active-directory/troubleshoot-secure-channel-issues",
    causes={"trust-broken"},
    language="zh",
    named=("PC-0417$",),
    with_it={"no-domain-controller", "policy-files-unreadable", "policy-no-controller"},
    false=("cable", "no domain controller could be reached"),
)
def account_deleted(machine: Machine) -> datetime:
    month(machine)
    for when in machine.each(25, "08:38:40", "08:54:10", "09:25:31", "10:28:07"):
        missing = ("\\\\DC2.corp.example", "CORP", "PC-0417", "PC-0417$")
        machine.log(when, "NETLOGON", 5721, missing, level=ERROR)
        zh = "此工作站和主域间的信任关系失败。"
        en = "The trust relationship between this workstation and the primary domain failed."
        unapplied(machine, when + timedelta(seconds=30), 1097, 1789, zh, en)
    return machine.at(25, "08:54")
