"""Whether a person wrote a mail: by what it says of itself, and by habits of mail programs that say nothing.

By header: RFC 3834 (Auto-Submitted), RFC 3464 and 8098 (reports), RFC 5546 (answers to invitations),
RFC 2919 and 2369 (lists), and the fields that came before them. By habit: what a subject says apart from
its other words (``robots.known``), what a clause of its own declares (``robots.declared``), or that every
clause is of somebody away (``robots.away``); never a word in the middle, which a customer may have written of
such a mail.
"""

import re
from collections.abc import Callable, Iterator
from email.message import Message
from enum import StrEnum
from typing import cast

from cases.thread.quoting import own_text
from cases.thread.signatures import without_signature
from cases.thread.simplified import simplified
from engine.text_safety import one_line
from mail.reading.charsets import words
from mail.reading.headers import field
from mail.reading.mime.parameters import parameter
from mail.reading.robots import abroad, away, declared, known, receipts

MAX_PARTS = 100
MAX_SUBJECT_LENGTH = 2000
MAX_TEXT_LENGTH = 20_000
MAX_FIELDS = 200
MAX_LINES = 4
"""So many lines from the top are held against what robots write; a greeting may stand first."""
MAX_CLAUSES = 40
MAX_CLAUSE_LENGTH = 300
"""What says more is a person's."""


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
_BULK = {"bulk", "junk"}
_ANSWERS = {"reply", "counter", "declinecounter", "refresh"}
BESIDE_IT = tuple(
    pattern.fullmatch
    for pattern in (
        *(away.WHEN, away.DEPUTY, away.SLOWLY, away.COURTESY, away.RECEIVED, away.PROMISED),
        abroad.SAID,
    )
)
"""What else a program says for who is away."""
_OWN_ID = re.compile(r"<cas-[0-9]{5,9}-[0-9a-z]{6}\.[0-9a-f-]{32,36}@[^<>\s]{1,255}>", re.I)


def reason(
    message: Message, text: str = "", *, with_subject: bool = True, is_sure: bool = False
) -> Automatic | None:
    """Why a mail counts as written by no person, or ``None``. ``text``: what its reader sees of it; without
    it and the subject the header alone tells. ``is_sure``: by what hardly a person writes into a subject,
    unless ``text`` says more than a receipt does. Neither asks for the fields of ticket systems, which
    stand on a person's comments too.

    Raises ``Unreadable``.
    """
    subject = one_line(words(field(message, "Subject")[:MAX_SUBJECT_LENGTH])) if with_subject else ""
    subject = simplified(subject)
    every = [" ".join(line.split()) for line in text.splitlines()]
    # What stands below a large gap is said as well.
    text = "\n".join(line for above, line in zip(["", *every], every, strict=False) if above or line)
    text = text[:MAX_TEXT_LENGTH]
    lines = [] if is_sure else [simplified(line) for line in text.splitlines() if line][:MAX_LINES]
    own = declared.QUOTED_SUBJECT.sub(r"\1", simplified(own_text(text))) if text.strip() else ""
    if _OWN_ID.search(field(message, "Message-ID")):
        return Automatic.OWN
    return (
        _report(message, subject, lines)
        or _auto_reply(message, subject)
        or _generated(message)
        or _receipt(subject, own, is_sure=is_sure)
        or (None if is_sure else _recalled(subject, own) or _away(subject, own))
        or (_of_tickets(message) if with_subject and not is_sure else None)
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
    report = parameter(message, "Content-Type", "report-type").lower()
    if report == "disposition-notification" or "message/disposition-notification" in kinds:
        return Automatic.READ_RECEIPT
    if (
        report == "delivery-status"
        or "message/delivery-status" in kinds
        or field(message, "X-Failed-Recipients")
    ):
        return Automatic.BOUNCE
    robot = known.ROBOTS.search(field(message, "From")[:MAX_SUBJECT_LENGTH])
    is_server = robot is not None and robot.group()[:4].lower() != "post"
    reports = known.BOUNCE_SUBJECT.search(subject) or any(map(known.SERVERS_ANSWER.match, lines))
    is_report = message.get_content_type() == "multipart/report"
    if is_server or ((robot or (is_report and not report)) and reports):
        return Automatic.BOUNCE
    return Automatic.GENERATED if is_report else None


def _auto_reply(message: Message, subject: str) -> Automatic | None:
    has_replied = (
        _submitted(message).startswith("auto-replied")
        or _has_field(message, known.AUTO_REPLY_FIELD)
        or any(
            _word(message, name) in {"auto_reply", "auto-reply", "autoreply"}
            for name in ("Precedence", "X-Precedence", "Preference")
        )
        or any(_says_yes(message, name) for name in ("X-Mail-Autoreply", "X-Autoreply-From"))
        or "autoresponder" in field(message, "X-POST-MessageClass").lower()
        or _word(message, "Delivered-To") == "autoresponder"
        or _is_by_rule(message)
    )
    return Automatic.AUTO_REPLY if has_replied or known.AUTO_REPLY_SUBJECT.match(subject) else None


def _is_by_rule(message: Message) -> bool:
    """Whether a rule in an Exchange mailbox answered; what a rule passes on, a person wrote."""
    is_by_rule = _word(message, "X-MS-Exchange-Generated-Message-Source") == "mailbox rules agent"
    subject = words(field(message, "Subject")[:MAX_SUBJECT_LENGTH])
    return is_by_rule and not known.PASSED_ON.match(subject)


def _generated(message: Message) -> Automatic | None:
    is_generated = _submitted(message) not in {"", "no"} or any(
        _says_yes(message, name) for name in ("X-Autogenerated", "X-FC-MachineGenerated", "X-Cron-Env")
    )
    return Automatic.GENERATED if is_generated else None


def _of_tickets(message: Message) -> Automatic | None:
    return Automatic.GENERATED if _has_field(message, known.TICKETS_FIELD) else None


def _submitted(message: Message) -> str:
    return field(message, "Auto-Submitted").partition(";")[0].strip().lower()


def _away(subject: str, own: str) -> Automatic | None:
    """An automatic reply by words that a person may use as well: they are all that it says."""
    clauses = _clauses(without_signature(own)) or [subject]
    if _declares_itself(subject, own, clauses):
        return Automatic.AUTO_REPLY
    if _begins_away(clauses) and _say_only(clauses, _is_of_no_case):
        return Automatic.AUTO_REPLY
    if not _say_only(clauses, _is_away, *BESIDE_IT):
        return None
    says_so = (
        known.HINTING_SUBJECT.search(subject)
        or any(map(_is_away, clauses))
        or (any(map(away.RECEIVED.fullmatch, clauses)) and any(map(away.PROMISED.fullmatch, clauses)))
    )
    return Automatic.AUTO_REPLY if says_so else None


def _declares_itself(subject: str, own: str, clauses: list[str]) -> bool:
    """Whether it begins by saying that a program wrote it, or says so elsewhere and nothing of a person's."""
    lines = _lines(own)
    begins = next((line for line in lines if not _say_only(_clauses(line), away.COURTESY.fullmatch)), "")
    if declared.AT_THE_TOP.match(begins):
        return True
    says_so = (
        known.MARKED_SUBJECT.search(subject) is not None
        or _says_one(lines, declared.LINE.fullmatch)
        or _says_one(_clauses(own), declared.CLAUSE.fullmatch)
    )
    return says_so and _say_only(clauses, _is_of_no_person)


def _begins_away(clauses: list[str]) -> bool:
    """Whether somebody is away before anything else is said than courtesy and the like."""
    for clause in clauses[:MAX_CLAUSES]:
        if len(clause) > MAX_CLAUSE_LENGTH or not _is_stock(clause):
            return False
        if _is_away(clause):
            return True
    return False


def _is_of_no_person(clause: str) -> bool:
    """Whether it neither asks nor tells of trouble; what is said for who is away may do so."""
    return _is_stock(clause) or declared.OF_A_PERSON.search(clause) is None


def _is_of_no_case(clause: str) -> bool:
    """Whether it does not name a machine or ask for anything, either."""
    return _is_stock(clause) or not (declared.OF_A_PERSON.search(clause) or declared.OF_A_CASE.search(clause))


def _is_stock(clause: str) -> bool:
    return _is_away(clause) or any(is_kind(clause) for is_kind in BESIDE_IT)


def _is_away(clause: str) -> bool:
    if declared.AT_THE_TOP.match(clause) or declared.CLAUSE.fullmatch(clause):
        return clause[-1] != "?"
    for pattern in (away.AWAY, abroad.AWAY):
        begins = pattern.match(clause)
        if begins and any(kind.fullmatch(clause, begins.end()) for kind in (away.WHEN, abroad.SAID)):
            return True
    return False


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def _clauses(text: str) -> list[str]:
    pieces = (
        piece.strip().rstrip(".") for line in text.splitlines() for piece in away.CLAUSE_END.split(line)
    )
    return [piece for piece in pieces if piece]


def _say_only(clauses: list[str], *kinds: Callable[[str], object]) -> bool:
    """Whether each clause is of one of these kinds."""
    return len(clauses) <= MAX_CLAUSES and all(
        len(clause) <= MAX_CLAUSE_LENGTH and any(is_kind(clause) for is_kind in kinds) for clause in clauses
    )


def _says_one(pieces: list[str], is_kind: Callable[[str], object]) -> bool:
    """Whether one of these lines or clauses is of this kind."""
    return len(pieces) <= MAX_CLAUSES and any(
        len(piece) <= MAX_CLAUSE_LENGTH and is_kind(piece) for piece in pieces
    )


def _receipt(subject: str, own: str, *, is_sure: bool) -> Automatic | None:
    lines = [line for line in _lines(own) if not _is_of_receipt(line)]
    clauses = _clauses("\n".join(lines))
    kinds = (receipts.LINE.match, receipts.DECLARED.fullmatch, *BESIDE_IT)
    is_declared = receipts.SUBJECT.match(subject) or (
        not is_sure and _says_one(clauses, receipts.DECLARED.fullmatch)
    )
    is_named = not is_sure and receipts.NAMED.match(subject)
    is_receipt = (is_declared and _say_only(clauses, *kinds)) or (
        is_named and _say_only(clauses, *kinds, _is_of_no_case)
    )
    return Automatic.READ_RECEIPT if is_receipt else None


def _is_of_receipt(line: str) -> bool:
    """Whether a whole line names the mail or tells that it was read."""
    if receipts.FIELD.match(line) or receipts.READ_AT.fullmatch(line):
        return True
    told = receipts.LINE.match(line)
    return told is not None and not line[told.end() :].strip(" .。") and _say_only([line], _is_of_no_case)


def _recalled(subject: str, own: str) -> Automatic | None:
    is_recalled = receipts.RECALLED_SUBJECT.match(subject) and receipts.RECALLED.fullmatch(own.strip())
    return Automatic.GENERATED if is_recalled else None


def _calendar_answer(message: Message, lines: list[str]) -> Automatic | None:
    if lines and not any(map(known.CALENDAR_LINE.match, lines)):
        return None
    calendars = [part for part in parts_of(message) if part.get_content_type() == "text/calendar"]
    return Automatic.CALENDAR_ANSWER if any(_method(part) in _ANSWERS for part in calendars) else None


def _method(calendar: Message) -> str:
    if named := parameter(calendar, "Content-Type", "method"):
        return named.lower()
    content = calendar.get_payload(decode=True)
    found = (
        re.search(rb"^METHOD:([A-Za-z]{1,20})\s", content[:4096], re.M)
        if isinstance(content, bytes)
        else None
    )
    return found[1].decode().lower() if found else ""


def _list(message: Message) -> Automatic | None:
    precedence = {_word(message, name) for name in ("Precedence", "X-Precedence")}
    if "list" in precedence or any(name in message for name in _OF_LISTS):
        return Automatic.LIST
    return Automatic.NEWSLETTER if precedence & _BULK or "List-Unsubscribe" in message else None


def _sent_from_nobody(message: Message) -> Automatic | None:
    path = field(message, "Return-Path").strip().lower()
    # Postfix writes the null sender so, unless it is told otherwise.
    return Automatic.BOUNCE if path == "<>" or path.startswith("<mailer-daemon") else None


def _has_field(message: Message, names: re.Pattern[str]) -> bool:
    return any(names.fullmatch(name) and _says_yes(message, name) for name in message.keys()[:MAX_FIELDS])


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
