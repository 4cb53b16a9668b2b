"""Around the directory: a restored member, the controller's certificate, port 53, a policy's lost account."""

from datetime import datetime, timedelta

from benchmarks.diagnosis.background import APPLICATION, month
from benchmarks.diagnosis.machine import ERROR, INFORMATION, SYSTEM, WARNING, Facts, Machine
from benchmarks.diagnosis.scenario import scenario

KDC = "Microsoft-Windows-Kerberos-Key-Distribution-Center"
IN_USE = bytes.fromhex("40270000")


@scenario(
    "A scanning station lets nobody in since it was set back to a snapshot (the controller's log alone)",
    source="https://learn.microsoft.com/en-us/troubleshoot/windows-server/windows-security/netlogon-event-id-5722-logged-domain-controller",
    causes={"trust-broken"},
    language="en",
    named=("SCAN-07",),
    false=("wrong password of a person", "network cable", "expired certificate"),
)
def snapshot_restored(machine: Machine) -> datetime:
    machine.name = "DC01"
    month(machine)
    denied = bytes.fromhex("220000c0")
    for clock in ("08:51:20", "08:53:02", "09:06:41", "09:36:43", "10:06:44"):
        when = machine.at(25, clock)
        machine.log(when, "NETLOGON", 5805, ("SCAN-07", "%%5"), level=ERROR, binary=denied)
        named = ("SCAN-07", "SCAN-07$", "%%5")
        machine.log(when + timedelta(seconds=1), "NETLOGON", 5722, named, level=ERROR, binary=denied)
    return machine.at(25, "08:55")


@scenario(
    "Smart cards no longer sign in: the controller's own certificate ran out and was not renewed",
    source="https://learn.microsoft.com/en-us/previous-versions/windows/it-pro/windows-server-2008-R2-and-2008/dd348638(v=ws.10)",
    causes={"certificate-enrolment-failed", "certificate-expires", "kdc-certificate-unusable"},
    language="zh",
    named=("certificate",),
    false=("wrong password", "clock", "no controller"),
)
def controller_certificate(machine: Machine) -> datetime:
    machine.name = "DC01"
    month(machine)
    enrolment = "Microsoft-Windows-CertificateServicesClient-AutoEnrollment"
    thumb = "3f 9a 11 0c 52 e7 84 6d b0 21 5e 77 c4 90 1b aa d8 63 04 f2"
    for day in (18, 20, 24, 25):
        expiring: Facts = {"Context": machine.say("本地系统", "local system"), "ObjId": thumb}
        when = machine.at(day, "09:04:12")
        machine.log(when, enrolment, 64, expiring, channel=APPLICATION, level=WARNING)
        failed: Facts = {"Context": machine.say("本地系统", "local system"), "ErrorCode": "0x800706ba"}
        failed |= {"ErrorMsg": machine.say("RPC 服务器不可用。", "The RPC server is unavailable.")}
        later = when + timedelta(seconds=31)
        machine.log(later, enrolment, 6, failed, channel=APPLICATION, level=ERROR)
    for clock in ("09:05:40", "09:11:02", "09:26:31", "10:14:50"):
        when = machine.at(25, clock)
        machine.log(when, KDC, 20, {}, level=WARNING, user=SYSTEM, binary=bytes.fromhex("00010b80"))
        machine.log(when + timedelta(seconds=2), KDC, 19, {}, level=WARNING, user=SYSTEM)
    return machine.at(25, "09:10")


@scenario(
    "No names in the office since the restart: another program holds port 53 of the name server",
    source="https://learn.microsoft.com/en-us/previous-versions/windows/it-pro/windows-server-2008-R2-and-2008/dd349679(v=ws.10)",
    causes={"dns-server-port-taken"},
    language="zh",
    named=("10.20.0.10",),
    false=("does not answer", "network cable", "expired"),
)
def port_53_taken(machine: Machine) -> datetime:
    machine.name = "DC02"
    month(machine)
    source, channel = "Microsoft-Windows-DNS-Server-Service", "DNS Server"
    machine.log(machine.at(24, "18:02:40"), source, 3, {}, channel=channel, user=SYSTEM)
    for clock in ("08:58:11", "09:20:40", "09:44:02"):
        when = machine.at(25, clock)
        for second, event_id in ((0, 407), (0, 408), (1, 404), (1, 408)):
            bound: Facts = {"param1": "10.20.0.10"}
            later = when + timedelta(seconds=second)
            machine.log(
                later, source, event_id, bound, channel=channel, level=ERROR, user=SYSTEM, binary=IN_USE
            )
        machine.log(
            when + timedelta(seconds=3), source, 2, {}, channel=channel, level=INFORMATION, user=SYSTEM
        )
    return machine.at(25, "09:05")


@scenario(
    "A domain's security settings no longer arrive whole: the policy grants a right to a deleted account",
    source="https://learn.microsoft.com/en-us/troubleshoot/windows-server/group-policy/scecli-1202-events",
    causes={"security-policy-failed"},
    language="en",
    named=("0x534", "account"),
    with_it={"policy-extension-failed"},
    false=("share", "no controller", "password"),
)
def deleted_account_in_policy(machine: Machine) -> datetime:
    month(machine)
    words = "0x534 : No mapping between account names and security IDs was done."
    for day, clock in (
        (24, "09:12:44"),
        (24, "10:48:51"),
        (25, "08:50:31"),
        (25, "10:22:10"),
        (25, "11:57:02"),
    ):
        when = machine.at(day, clock)
        machine.log(when, "SceCli", 1202, (words,), channel=APPLICATION, level=WARNING)
        failed: Facts = {"SupportInfo1": 1, "SupportInfo2": 4404, "ProcessingMode": 0}
        failed |= {"ProcessingTimeInMilliseconds": 1203, "ErrorCode": 1332}
        failed |= {"ErrorDescription": "No mapping between account names and security IDs was done. "}
        failed |= {"DCName": "\\\\dc01.corp.example", "ExtensionName": "Security"}
        failed |= {"ExtensionId": "{827D319E-6EAC-11D2-A4EA-00C04F79F83A}"}
        later, source = when + timedelta(seconds=1), "Microsoft-Windows-GroupPolicy"
        machine.log(later, source, 1085, failed, level=WARNING, user=SYSTEM)
    return machine.at(25, "10:25")
