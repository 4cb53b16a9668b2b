"""Controllers of a domain: away for too long, a wrong name server, old ciphers, one name twice."""

from datetime import datetime, timedelta

from benchmarks.diagnosis.background import month
from benchmarks.diagnosis.machine import ERROR, SYSTEM, Facts, Machine
from benchmarks.diagnosis.scenario import scenario

DIRECTORY = "Microsoft-Windows-ActiveDirectory_DomainService"
DIRECTORY_LOG = "Directory Service"


@scenario(
    "New accounts do not reach the branch: its controller was off for months and may not replicate any more",
    source="https://learn.microsoft.com/en-us/troubleshoot/windows-server/active-directory/active-directory-replication-event-id-2042",
    causes={"directory-replication-stopped"},
    language="en",
    named=("a1c7e2d0", "180"),
    with_it={"directory-replication-overdue"},
    false=("password is wrong",),
)
def away_too_long(machine: Machine) -> datetime:
    month(machine)
    server = "a1c7e2d0-5b4f-4a39-8d61-0f2e3c4b5a69._msdcs.corp.example"
    for when in machine.each(25, "08:45:10", "09:45:10", "10:45:11"):
        told = ("2025-08-30 03:12:44", "7d2b9c10-3e4f-4051-8263-748596a7b8c9", server, "180")
        machine.log(when, DIRECTORY, 2042, told, channel=DIRECTORY_LOG, level=ERROR, user="S-1-5-7")
        late = ("DC=corp,DC=example", "0", "0", "1", "1", "1", "180")
        later = when + timedelta(seconds=4)
        machine.log(later, DIRECTORY, 1864, late, channel=DIRECTORY_LOG, level=ERROR, user="S-1-5-7")
    return machine.at(25, "09:50")


@scenario(
    "A controller cannot enter its own names: its network card asks the provider's router instead of itself",
    source="https://learn.microsoft.com/en-us/troubleshoot/windows-server/networking/domain-controllers-not-located",
    causes={"controller-records-not-registered"},
    language="zh",
    named=("203.0.113.1",),
    with_it={"dns-timeouts", "no-domain-controller", "policy-no-controller"},
    false=("cable", "certificate"),
)
def wrong_name_server(machine: Machine) -> datetime:
    month(machine)
    names = ("_ldap._tcp.corp.example.", "_kerberos._tcp.dc._msdcs.corp.example.", "_gc._tcp.corp.example.")
    for when in machine.each(25, "08:41:30", "09:41:30", "10:41:31"):
        for second, name in enumerate(names):
            port = {0: 389, 1: 88, 2: 3268}[second]
            record = f"{name} 600 IN SRV 0 100 {port} dc1.corp.example."
            refused = (record, "%%9005", "203.0.113.1", "5", "9005")
            machine.log(
                when + timedelta(seconds=second), "NETLOGON", 5774, refused, level=ERROR, binary=bytes(4)
            )
        unread: Facts = {"SupportInfo1": 1, "SupportInfo2": 1632, "ProcessingMode": 0}
        unread |= {"ProcessingTimeInMilliseconds": 15640, "ErrorCode": 1355}
        unread |= {
            "ErrorDescription": machine.say(
                "指定的域不存在，或无法联系。",
                "The specified domain either does not exist or could not be contacted. ",
            )
        }
        later = when + timedelta(minutes=3)
        machine.log(later, "Microsoft-Windows-GroupPolicy", 1054, unread, level=ERROR, user=SYSTEM)
    return machine.at(25, "09:45")


@scenario(
    "The old scanner's account no longer gets in since RC4 was switched off: its ticket has no common cipher",
    source="https://learn.microsoft.com/en-us/troubleshoot/windows-server/windows-security/unsupported-etype-error-accessing-trusted-domain",
    causes={"kerberos-no-common-encryption"},
    language="zh",
    named=("svc-scan",),
    with_it={"account-locked", "sign-in-failure-burst"},
    false=("password is wrong", "locked out", "clock"),
)
def no_common_cipher(machine: Machine) -> datetime:
    month(machine)
    source = "Microsoft-Windows-Kerberos-Key-Distribution-Center"
    for when in machine.each(25, "08:40:11", "09:10:12", "09:40:11", "10:10:13", "10:40:12"):
        told = ("krbtgt/CORP.EXAMPLE", "svc-scan", "1", "23  -133  -128", "18  17")
        machine.log(when, source, 14, told, level=ERROR, binary=bytes(4))
        failed: Facts = {
            "TargetUserName": "svc-scan",
            "TargetDomainName": "CORP.EXAMPLE",
            "TargetSid": "S-1-0-0",
        }
        failed |= {"ServiceName": "krbtgt/CORP.EXAMPLE", "ServiceSid": "S-1-0-0", "TicketOptions": 0x40810010}
        failed |= {
            "Status": 0xE,
            "TicketEncryptionType": 0xFFFFFFFF,
            "PreAuthType": "-",
            "IpAddress": "::ffff:198.51.100.61",
        }
        failed |= {"IpPort": "49881", "CertIssuerName": "", "CertSerialNumber": "", "CertThumbprint": ""}
        auditing = "Microsoft-Windows-Security-Auditing"
        machine.log(when, auditing, 4768, failed, channel="Security", level=0)
    return machine.at(25, "09:12")


@scenario(
    "A cloned machine drops off the network: another one in the office bears the same name",
    source="https://learn.microsoft.com/en-us/previous-versions/windows/it-pro/windows-server-2008-R2-and-2008/dd349397(v=ws.10)",
    causes={"netbios-name-conflict"},
    language="zh",
    named=("198.51.100.92",),
    with_it={"file-share-lost", "no-domain-controller", "trust-broken"},
    false=("cable",),
)
def same_name(machine: Machine) -> datetime:
    month(machine)
    for when in machine.each(25, "08:38:30", "09:10:02", "10:40:15", "13:05:20"):
        taken = ("", f"{machine.name}        :20", "198.51.100.31", "198.51.100.92")
        machine.log(when, "NetBT", 4321, taken, level=ERROR, binary=bytes(40))
        bound = ("\\Device\\NetBT_Tcpip_{6B7C1A02-4D5E-4F80-9A1B-2C3D4E5F6071}",)
        machine.log(
            when + timedelta(seconds=2), "Server", 2505, bound, level=ERROR, binary=bytes.fromhex("34000000")
        )
    return machine.at(25, "09:12")
