"""Whether a person wrote a mail: by what it says of itself, and by habits of mail programs that say nothing.

By header: RFC 3834 (Auto-Submitted), RFC 3464 and 8098 (reports), RFC 5546 (answers to invitations),
RFC 2919 and 2369 (lists), and the fields that came before them. By habit: what a subject begins with or the
first lines say word for word, in the languages of the customers' mail programs; never a word in the middle,
which a customer may have written about such a mail.
"""

import re
from collections.abc import Iterator
from email.message import Message
from enum import StrEnum
from typing import cast

from engine.text_safety import one_line
from mail.reading.charsets import words
from mail.reading.headers import field

MAX_PARTS = 100
MAX_SUBJECT_LENGTH = 2000
MAX_LINES = 4
"""So many lines from the top are held against what robots write; a greeting may stand first."""


class Automatic(StrEnum):
    """Why a mail counts as written by no person."""

    OWN = "own"
    """The portal sent it."""
    BOUNCE = "bounce"
    """A report on delivery, of any outcome; ``mail.reading.bounces`` tells which."""
    READ_RECEIPT = "read-receipt"
    AUTO_REPLY = "auto-reply"
    CALENDAR_ANSWER = "calendar-answer"
    """An invitation accepted or declined without a word."""
    LIST = "list"
    NEWSLETTER = "newsletter"
    GENERATED = "generated"
    """By a program that watches, reports or reminds."""


_OF_LISTS = ("List-Id", "List-Post", "Mailing-List", "X-Mailing-List", "X-ML-Name", "X-MLServer")
_OWN_ID = re.compile(r"<cas-[0-9]{5,9}-[0-9a-z]{6}\.[0-9a-f-]{32,36}@[^<>\s]{1,255}>", re.I)
_ROBOTS = re.compile(
    r"(?:mailer|mail)[-_ ]?daemon|mail[-_. ]delivery[-_. ](?:sub)?system|post[-_ ]?master", re.I
)
_REPLY = re.compile(r"[45][0-9]{2}(?: [45]\.[0-9]{1,3}\.[0-9]{1,3}\b| ?- )")
"""A server's answer, at the beginning of a line."""
_ANSWERS = {"reply", "counter", "declinecounter", "refresh"}
_BEGINS_AN_ANSWER = r"\s*(?:[:：\-–—\[\]【】()（）]|$|\s(?:re|fw|fwd|aw|回复|答复|回覆|转发)\s*[:：])"
_AUTO_REPLY_SUBJECT = re.compile(
    r"[\[【(（]?\s*(?:"
    r"(?:假期|休假|外出|系统)?\s*(?:自动|自動)\s*(?:回复|答复|应答|回覆|回復|答覆)|休假通知|外出通知"
    r"|(?:automatic|automated|auto)[ -]?(?:reply|response)|autoreply|autoresponse"
    r"|vacation (?:reply|response|message)"
    r"|out[ -]of[ -](?:the[ -])?office(?: auto ?reply| reply| notification| message)?"
    r"|(?:automatische|autom\.) antwort|automatisch antwoord|abwesenheit(?:snotiz|smeldung|sassistent)?"
    r"|r[ée]ponse automatique|message d['’]absence|respuesta autom[áa]tica|fuera de (?:la )?oficina"
    r"|risposta automatica|resposta autom[áa]tica|автоматический ответ|автоответ"
    r"|自動(?:応答|返信)|不在通知|자동 ?(?:회신|응답)|부재 ?중"
    rf"){_BEGINS_AN_ANSWER}"
    r"|auto(?:-?|\s*[:：]\s*)(?:re|aw|回复|答复)\s*[:：]|.{1,60} is out of the office\b",
    re.I,
)
_AUTO_REPLY_LINE = re.compile(
    r"(?:(?:您好|你好|hello|hi|dear [^,，]{1,40})\s*[,，!！。：:]?\s*)?(?:"
    r"[\[【(（]?\s*(?:系统)?(?:自动|自動)(?:回复|答复|回覆|回復)\s*(?:[:：\]】)）]|$)"
    r"|这是(?:一封|一个|来自.{1,30}的|由系统)?\s*(?:假期|休假|系统)?自动(?:回复|答复|发送|发出|生成)"
    r"|(?:此|本)(?:邮件|郵件|信件|邮箱)(?:为|是|由|係|為)?.{0,10}(?:自动|自動)(?:回复|答复|发送|发出|生成|回覆|發送)"
    r"|我(?:最近)?正在休假中?[,，]\s*无法亲自回复您的邮件"
    r"|this is an? (?:automatic|automated|automatically generated|auto[- ]?generated)[ -]"
    r"|(?:i am|i'm|i’m|i will be)(?: currently)? out of the office\b"
    r"|out of (?:the )?office\.?$"
    r"|(?:dies|das) ist eine automatische? |diese (?:e-?mail|nachricht) wurde automatisch "
    r"|ich bin .{0,40}nicht (?:im (?:büro|haus)|erreichbar)"
    r"|ceci est (?:une r[ée]ponse|un message) automatique|este es un mensaje autom[áa]tico"
    r"|このメールは自動|(?:本|이) ?메일은 자동"
    r")",
    re.I,
)
_AUTO_REPLY_SENTENCE = re.compile(
    r"(?:这是一[封个条]|(?:此|本|该)(?:邮件|信件|信)[为是系]?(?:一封)?|此为)(?:系统)?自动(?:回复|答复|应答)的?"
    r"(?:邮件|信件|消息|信息)?"
)
"""As a sentence of its own further on in a line; with any other word in it, it is somebody's own."""
_AUTO_REPLY_MARK = re.compile(
    r"(?=.{0,200}(?:(?<![没未])收到您?的?(?:来信|來信|来函|邮件|郵件)|(?:来信|來信|来函|邮件|郵件)(?:已经?)?收到"
    r"|尽快|盡快|休假|出差|不在)).{1,200}?"
    r"(?:[（(【\[]\s*|——\s*|--\s*)(?:系统|系統)?(?:自动|自動)(?:回复|答复|回覆)\s*[）)】\]。.]?"
)
"""As the end of a line that says that a mail has come or nobody is there."""
_SENTENCE_END = re.compile(r"[。！!；;，,~～（）()]|--")
_RECEIPT_SUBJECT = re.compile(
    r"(?:已读|已阅读|未读|已讀|(?:已读|阅读|邮件)?回执|邮件收条"
    r"|(?:not )?read|return receipt|gelesen|ungelesen"
    r"|lu|non lu|le[íi]do|letto|開封済み|开封确认)(?:\s*\(displayed\))?\s*(?:[:：]|-\s|$)",
    re.I,
)
_RECEIPT_LINE = re.compile(
    r"您(?:的|发送|发给|于|在|寄).{0,300}(?:阅读|已读|查看|打开|删除|閱讀)|这(?:是|封).{0,100}(?:回执|收条|已读)"
    r"|.{0,60}(?:收件人|对方).{0,60}已经?(?:阅读|查看|打开)"
    r"|this is a (?:return|read) receipt|your message\b|ihre nachricht\b|votre message\b",
    re.I,
)
_BOUNCE_SUBJECT = re.compile(
    r"undeliver|delivery (?:status|failure|report|has failed|delayed|notification)|mail delivery"
    r"|returned mail|failure notice|mail (?:system )?error|delivery problem|could not be delivered|blocked"
    r"|退信|退回|(?:未|无法|不能)(?:送达|传递|投递|发送)|(?:投递|发送|寄送)失败|傳遞失敗|無法傳遞"
    r"|unzustellbar|nicht zugestellt|non remis|no entregado"
    r"|(?:配信|配送|送信|送達|配達)(?:が?でき|に失敗)|配信不能|不達|반송|전송 ?실패",
    re.I,
)
_CALENDAR_LINE = re.compile(
    r".{0,80}(?:has (?:tentatively )?(?:accepted|declined)|已(?:暂定)?(?:接受|拒绝|谢绝)|(?:接受|拒绝)了)"
    r".{0,60}(?:invitation|meeting|event|邀请|会议|活动|日程)",
    re.I,
)


def reason(message: Message, text: str = "", *, with_subject: bool = True) -> Automatic | None:
    """Why a mail counts as written by no person, or ``None``. ``text``: what its reader sees of it; without
    it and the subject the header alone tells.

    Raises ``Unreadable``.
    """
    subject = one_line(words(field(message, "Subject")[:MAX_SUBJECT_LENGTH])) if with_subject else ""
    lines = [line.strip() for line in text[:20_000].splitlines() if line.strip()][:MAX_LINES]
    if _OWN_ID.search(field(message, "Message-ID")):
        return Automatic.OWN
    return (
        _report(message, subject, lines)
        or _auto_reply(message, subject, lines)
        or _receipt(subject, lines)
        or _calendar_answer(message, lines)
        or _list(message)
        or _sent_from_nobody(message)
    )


def may_be_answered(message: Message) -> bool:
    """Whether its sender's mail program lets itself be answered by a program (X-Auto-Response-Suppress)."""
    suppressed = {word.strip() for word in field(message, "X-Auto-Response-Suppress").lower().split(",")}
    return not suppressed & {"all", "autoreply", "oof"}


def _report(message: Message, subject: str, lines: list[str]) -> Automatic | None:
    kinds = {part.get_content_type() for part in parts_of(message)}
    report = str(message.get_param("report-type", "")).lower()
    if report == "disposition-notification" or "message/disposition-notification" in kinds:
        return Automatic.READ_RECEIPT
    if (
        report == "delivery-status"
        or "message/delivery-status" in kinds
        or field(message, "X-Failed-Recipients")
    ):
        return Automatic.BOUNCE
    robot = _ROBOTS.search(field(message, "From")[:MAX_SUBJECT_LENGTH])
    is_server = robot is not None and robot.group()[:4].lower() != "post"
    reports = _BOUNCE_SUBJECT.search(subject) or any(map(_REPLY.match, lines))
    is_report = message.get_content_type() == "multipart/report"
    if is_server or ((robot or (is_report and not report)) and reports):
        return Automatic.BOUNCE
    return Automatic.GENERATED if is_report else None


def _auto_reply(message: Message, subject: str, lines: list[str]) -> Automatic | None:
    submitted = field(message, "Auto-Submitted").partition(";")[0].strip().lower()
    has_replied = (
        submitted.startswith("auto-replied")
        or any(
            _says_yes(message, name)
            for name in (
                *("X-Autoreply", "X-Autorespond", "X-Auto-Reply", "X-Mail-Autoreply"),
                *("X-Autoreply-From", "X-Autoresponse", "X-Vacation"),
            )
        )
        or any(
            _word(message, name) in {"auto_reply", "auto-reply", "autoreply"}
            for name in ("Precedence", "X-Precedence", "Preference")
        )
        or "autoresponder" in field(message, "X-POST-MessageClass").lower()
        or _word(message, "Delivered-To") == "autoresponder"
    )
    if has_replied or _AUTO_REPLY_SUBJECT.match(subject):
        return Automatic.AUTO_REPLY
    if submitted not in {"", "no"} or any(
        _says_yes(message, name) for name in ("X-Autogenerated", "X-FC-MachineGenerated", "X-Cron-Env")
    ):
        return Automatic.GENERATED
    sentences = (sentence.strip() for line in lines for sentence in _SENTENCE_END.split(line))
    is_stock = (
        any(map(_AUTO_REPLY_LINE.match, lines))
        or any(map(_AUTO_REPLY_SENTENCE.fullmatch, sentences))
        or any(map(_AUTO_REPLY_MARK.fullmatch, lines))
    )
    return Automatic.AUTO_REPLY if is_stock else None


def _receipt(subject: str, lines: list[str]) -> Automatic | None:
    is_stock = not lines or any(map(_RECEIPT_LINE.match, lines))
    return Automatic.READ_RECEIPT if is_stock and _RECEIPT_SUBJECT.match(subject) else None


def _calendar_answer(message: Message, lines: list[str]) -> Automatic | None:
    if lines and not any(map(_CALENDAR_LINE.match, lines)):
        return None
    calendars = [part for part in parts_of(message) if part.get_content_type() == "text/calendar"]
    return Automatic.CALENDAR_ANSWER if any(_method(part) in _ANSWERS for part in calendars) else None


def _method(calendar: Message) -> str:
    if named := calendar.get_param("method"):
        return str(named).lower()
    content = calendar.get_payload(decode=True)
    found = (
        re.search(rb"^METHOD:([A-Za-z]{1,20})\s", content[:4096], re.M)
        if isinstance(content, bytes)
        else None
    )
    return found[1].decode().lower() if found else ""


def _list(message: Message) -> Automatic | None:
    precedence = _word(message, "Precedence")
    if precedence == "list" or any(name in message for name in _OF_LISTS):
        return Automatic.LIST
    is_bulk = precedence in {"bulk", "junk"} or "List-Unsubscribe" in message
    return Automatic.NEWSLETTER if is_bulk else None


def _sent_from_nobody(message: Message) -> Automatic | None:
    path = field(message, "Return-Path").strip().lower()
    # Postfix writes the null sender so, unless it is told otherwise.
    return Automatic.BOUNCE if path == "<>" or path.startswith("<mailer-daemon") else None


def _says_yes(message: Message, name: str) -> bool:
    return _word(message, name) not in {"", "no", "false", "0"}


def _word(message: Message, name: str) -> str:
    return field(message, name).strip().lower()


def parts_of(message: Message) -> Iterator[Message]:
    """The message and its parts, the first ``MAX_PARTS``; not those of a message within it."""
    waiting = [message]
    for _ in range(MAX_PARTS):
        if not waiting:
            return
        part = waiting.pop()
        if part.get_content_maintype() == "multipart" and part.is_multipart():
            waiting += reversed(cast("list[Message]", part.get_payload())[:MAX_PARTS])
        yield part
