"""Certificates and what they are for: an unreadable key, a list that ran out, mail without encryption."""

from datetime import datetime, timedelta

from benchmarks.diagnosis.background import APPLICATION, month
from benchmarks.diagnosis.machine import ERROR, SYSTEM, WARNING, Facts, Machine
from benchmarks.diagnosis.scenario import scenario


@scenario(
    "Remote sessions break off at once since the certificate was exchanged: its private key may not be read",
    source="https://learn.microsoft.com/en-us/troubleshoot/windows-server/remote/event-id-36870-rds-connection-fails",
    causes={"tls-private-key-unreadable"},
    language="en",
    named=("private key", "0x8009030D"),
    with_it={"rdp-protocol-error", "tls-alerts"},
    false=("expired", "password"),
)
def key_unreadable(machine: Machine) -> datetime:
    month(machine)
    source = "Microsoft-Windows-TerminalServices-RemoteConnectionManager"
    for when in machine.each(25, "08:41:10", "08:41:52", "08:50:33", "09:05:12", "09:31:40"):
        unread: Facts = {"Type": "server", "ErrorCode": 0x8009030D, "ErrorStatus": 10001}
        machine.log(when, "Schannel", 36870, unread, level=ERROR, user=SYSTEM)
        ended = ("\\Device\\Termdd", "198.51.100.44")
        machine.log(when + timedelta(seconds=1), "TermDD", 56, ended, level=ERROR, binary=bytes(40))
    changed = ("9A4C2E17B05D3F66A1C8E4F0729D55B13C0E7788",)
    machine.log(machine.at(24, "17:12:40"), source, 1063, changed, level=WARNING)
    return machine.at(25, "08:51")


@scenario(
    "The certificate service does not start and nobody gets certificates: the root's revocation list ran out",
    source="https://learn.microsoft.com/en-us/troubleshoot/windows-server/certificates-and-public-key-infrastructure-pki/event-id-100-certificate-services-not-start",
    causes={"certificate-authority-impaired", "certificate-authority-not-started"},
    language="zh",
    named=("Corp Issuing CA",),
    with_it={"certificate-enrolment-failed", "service-ended-with-error"},
    false=("disk is full", "password"),
)
def list_ran_out(machine: Machine) -> datetime:
    month(machine)
    source, app = "Microsoft-Windows-CertificationAuthority", APPLICATION
    why = machine.say(
        "由于吊销服务器已脱机，吊销功能无法检查吊销。 0x80092013 (-2146885613 CRYPT_E_REVOCATION_OFFLINE)",
        "The revocation function was unable to check revocation because the revocation server was offline. "
        "0x80092013 (-2146885613 CRYPT_E_REVOCATION_OFFLINE)",
    )
    for when in machine.each(25, "08:39:40", "08:58:12", "09:22:05"):
        machine.log(
            when,
            source,
            48,
            {"CACommonName": "Corp Issuing CA", "ErrorCode": why},
            channel=app,
            level=ERROR,
            user=SYSTEM,
        )
        machine.log(
            when,
            source,
            100,
            {"CACommonName": "Corp Issuing CA", "ErrorCode": why},
            channel=app,
            level=ERROR,
            user=SYSTEM,
        )
        ended: Facts = {"param1": "Active Directory Certificate Services", "param2": "%%-2146885613"}
        machine.service(when + timedelta(seconds=1), 7024, ended, "CertSvc", ERROR)
    enrol = "Microsoft-Windows-CertificateServicesClient-AutoEnrollment"
    refused = (
        machine.say("本地系统", "local system"),
        "0x800706ba",
        machine.say("RPC 服务器不可用。", "The RPC server is unavailable."),
    )
    machine.log(machine.at(25, "09:05"), enrol, 6, refused, channel=app, level=ERROR)
    return machine.at(25, "09:00")


@scenario(
    "Partners' mails bounce for want of encryption: no certificate bears the name that the connector gives",
    source="https://learn.microsoft.com/en-us/troubleshoot/exchange/email-delivery/event-id-12014",
    causes={"mail-certificate-missing"},
    language="en",
    named=("mail.corp.example",),
    with_it={"tls-alerts"},
    false=("disk is full", "expired"),
)
def mail_unencrypted(machine: Machine) -> datetime:
    month(machine)
    source, app = "MSExchangeTransport", APPLICATION
    connector = "Default Frontend EX01"
    for day in (24, 25):
        for when in machine.each(day, "09:02:11", "10:02:12", "11:02:11", "13:40:20"):
            missing = ("mail.corp.example", connector, "mail.corp.example")
            machine.log(when, source, 12014, missing, channel=app, level=ERROR)
    removed = ("C1D2E3F405162738495A6B7C8D9EAFB0C1D2E3F4", "mail.corp.example")
    machine.log(
        machine.at(24, "08:49"),
        "Microsoft-Windows-CertificateServicesClient-Lifecycle-System",
        1004,
        removed,
        channel="Microsoft-Windows-CertificateServicesClient-Lifecycle-System/Operational",
    )
    return machine.at(25, "10:05")
