"""Mails that no person wrote: automatic replies, receipts, bounces, lists, newsletters, the desk's own."""

from collections.abc import Iterator
from dataclasses import replace

from benchmarks.mail_corpus.building import Part, encoded_words, several, text
from benchmarks.mail_corpus.cast import NUMBER, TITLE, envelope
from benchmarks.mail_corpus.labels import Desk, LabelledMail, Outcome

AWAY = "您好，我正在休假，12 月 7 日回来后会尽快回复您。"

HEADERS = {
    "auto-submitted": ("Auto-Submitted", "auto-replied"),
    "auto-generated": ("Auto-Submitted", "auto-generated; owner-email=x@client.example"),
    "x-autoreply": ("X-Autoreply", "yes"),
    "x-autorespond": ("X-Autorespond", "yes"),
    "x-qq-autoreply": ("X-QQ-AutoReply", "1"),
    "x-auto-response": ("X-Auto-Response", "yes"),
    "x-precedence-bulk": ("X-Precedence", "bulk"),
    "precedence-auto-reply": ("Precedence", "auto_reply"),
    "precedence-bulk": ("Precedence", "bulk"),
    "precedence-list": ("Precedence", "list"),
    "precedence-junk": ("Precedence", "junk"),
    "list-id": ("List-Id", "<windows.lists.client.example>"),
    "list-unsubscribe": ("List-Unsubscribe", "<mailto:leave@client.example>"),
    "return-path-empty": ("Return-Path", "<>"),
    "return-path-daemon": ("Return-Path", "<MAILER-DAEMON@client.example>"),
}
SUBJECTS = {
    "zh": f"自动回复: RE: [案例号: {NUMBER}] {TITLE}",
    "zh-brackets": f"[自动回复] RE: [案例号: {NUMBER}] {TITLE}",
    "zh-wide": f"自动回复：RE：[案例号：{NUMBER}] {TITLE}",
    "tw": f"自動回覆: RE: [案例号: {NUMBER}] {TITLE}",
    "en": f"Automatic reply: RE: [Case {NUMBER}]",
    "en-out": f"Out of Office: RE: [Case {NUMBER}]",
    "en-auto": f"Auto: RE: [Case {NUMBER}]",
    "zh-end": f"您的邮件已收到（自动回复） [案例号: {NUMBER}]",
    "zh-named": f"来自王爱丽的自动回复: [案例号: {NUMBER}] {TITLE}",
    "zh-mail": f"邮件自动回复 [案例号: {NUMBER}]",
    "en-ooo": f"OOO: [Case {NUMBER}]",
    "en-ooo-brackets": f"[OOO] Re: [Case {NUMBER}]",
    "en-vacation": f"Vacation: [Case {NUMBER}]",
    "en-end": f"RE: [Case {NUMBER}] (Out of Office)",
    "de": f"Automatische Antwort: RE: [Case {NUMBER}]",
    "fr": f"Réponse automatique : RE: [Case {NUMBER}]",
}
BODIES = {
    "qq": "这是来自QQ邮箱的假期自动回复邮件。您好，我最近正在休假中，无法亲自回复您的邮件。",
    "plain": "【自动回复】您的邮件我已收到，我会尽快给您回复。",
    "away": "我正在休假，12 月 7 日回来，期间无法及时回复您的邮件。",
    "received": "您好，您的来信已收到，我会尽快回复。\n\n王爱丽",
    "en-thanks": "Thank you for your email. I am out of the office until Monday.",
    "en-days": "Hello,\n\nI will be out of office from 1 to 5 Dec. Need help? Call the service desk.",
    "en-leave": "I'm on annual leave until 5 December.",
    "de": "Ich bin bis 7. Dezember nicht im Büro.",
}
RECEIPTS = {
    "zh": f"已读: [案例号: {NUMBER}] {TITLE}",
    "en": f"Read: [Case {NUMBER}]",
    "foxmail": f"已读回执: [案例号: {NUMBER}] {TITLE}",
}
NAMED_RECEIPTS = {
    "plain-zh": f"读取回执: [案例号: {NUMBER}] {TITLE}",
    "plain-zh-read": f"已读回执: [案例号: {NUMBER}] {TITLE}",
    "plain-en": f"Receipt read: [Case {NUMBER}]",
}


def _robot(name: str, raw: bytes) -> LabelledMail:
    return LabelledMail(f"robot-{name}", raw, Outcome.ROBOT)


def mails(desk: Desk) -> Iterator[LabelledMail]:
    """All of them are proven and name the case: only what they are keeps them out."""
    for name, field in HEADERS.items():
        mail = replace(envelope(desk, f"robot-header-{name}"), extra=[field])
        yield _robot(f"header-{name}", mail.mail(text(AWAY)))
    for name, subject in SUBJECTS.items():
        mail = replace(envelope(desk, f"robot-subject-{name}"), subject=encoded_words(subject))
        yield _robot(f"subject-{name}", mail.mail(text(AWAY)))
    for name, body in BODIES.items():
        yield _robot(f"body-{name}", envelope(desk, f"robot-body-{name}").mail(text(body)))
    for name, subject in RECEIPTS.items():
        mail = replace(envelope(desk, f"robot-receipt-{name}"), subject=encoded_words(subject))
        yield _robot(f"receipt-{name}", mail.mail(_report("disposition-notification", _DISPOSITION)))
    for name, subject in NAMED_RECEIPTS.items():
        mail = replace(envelope(desk, f"robot-receipt-{name}"), subject=encoded_words(subject))
        yield _robot(f"receipt-{name}", mail.mail(text("此邮件于 2020年11月27日 10:20 打开过。")))
    for status, action in (("5.1.1", "failed"), ("4.4.1", "delayed"), ("5.2.2", "failed")):
        mail = replace(
            envelope(desk, f"robot-bounce-{status}-{action}"),
            subject="Undelivered Mail Returned to Sender",
            extra=[("In-Reply-To", desk.threads[NUMBER].message_id)],
        )
        yield _robot(
            f"bounce-{status}-{action}", mail.mail(_report("delivery-status", _status(status, action)))
        )
    for answer in ("ACCEPTED", "DECLINED", "TENTATIVE"):
        mail = replace(
            envelope(desk, f"robot-calendar-{answer.lower()}"),
            subject=encoded_words(f"已答复: [案例号: {NUMBER}] 电话"),
        )
        yield _robot(f"calendar-{answer.lower()}", mail.mail(_calendar(answer)))
    own = replace(
        envelope(desk, "robot-own"),
        sender=f"Support <{desk.mailbox}>",
        extra=[("Auto-Submitted", "auto-generated"), ("X-Loop", desk.mailbox)],
    )
    yield _robot("own", own.mail(text("您的案例已收到。")))


_DISPOSITION = (
    "Reporting-UA: client.example; Outlook\r\nFinal-Recipient: rfc822;customer@client.example\r\n"
    "Disposition: manual-action/MDN-sent-manually; displayed\r\n"
)


def _status(status: str, action: str) -> str:
    return (
        "Reporting-MTA: dns; mx.client.example\r\n\r\nFinal-Recipient: rfc822; customer@client.example\r\n"
        f"Action: {action}\r\nStatus: {status}\r\nDiagnostic-Code: smtp; 550 {status} no such user\r\n"
    )


def _report(kind: str, facts: str) -> Part:
    """``multipart/report`` (RFC 6522)."""
    branch = several(
        "report",
        text("The following is for your information."),
        Part(f"message/{kind}", facts.encode(), "7bit"),
    )
    return replace(branch, content_type=f"{branch.content_type}; report-type={kind}")


def _calendar(answer: str) -> Part:
    facts = (
        "BEGIN:VCALENDAR\r\nMETHOD:REPLY\r\nBEGIN:VEVENT\r\nUID:1@vendor.example\r\n"
        f"ATTENDEE;PARTSTAT={answer}:mailto:customer@client.example\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
    )
    return several(
        "alternative", text(" "), Part('text/calendar; charset="utf-8"; method=REPLY', facts.encode(), "7bit")
    )
