"""A mail of the outbox as the bytes that are sent: subject, thread, text and page, attachments."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.encoding import iri_to_uri
from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts.languages import current_language
from cases.signals import ActivityKind
from cases.status import Stage
from engine.text_safety import one_line, shortened
from mail.outbound import reports
from mail.outbound.addresses import header_line, recipient, reply_address, root_id
from mail.outbound.earlier import earlier_entries
from mail.outbound.entry_files import EntryFile, files_of
from mail.outbound.folding import form_for
from mail.outbound.frame import framed, mark_automatic, name_language
from mail.outbound.models import MailSettings
from mail.outbound.reader_links import opened, text_of
from mail.outbound.tokens import token_of
from mail.store.models import MailMessage
from uploads.custody.privacy import parts_of, statement_in_force

if TYPE_CHECKING:
    from cases.models import Case

MAX_REFERENCES = 20
MAX_TITLE_LENGTH = 120
MAX_PRIVACY_LENGTH = 300
LETTERS = frozenset(
    {
        ActivityKind.REPLY,
        ActivityKind.EVIDENCE_REQUESTED,
        ActivityKind.REPORT_SENT,
        ActivityKind.SCOPE,
        ActivityKind.APPOINTMENT,
        ActivityKind.SOLVED,
        ActivityKind.NOT_SOLVED,
    }
)
"""Kinds that carry what a person wrote to the other side; of all others the portal is the writer."""
_IDENTIFIER = re.compile(r"<[!-;=?-~]{1,900}>")
"""As a header field can hold it; some come from strangers."""


@dataclass(frozen=True)
class Composed:
    """``raw``: RFC 5322 with CRLF. ``dated_at``, ``references``: what stands in the fields of these names.
    ``files``: SHA-256 of those of the entry that go along."""

    raw: bytes
    dated_at: datetime
    subject: str
    references: list[str]
    files: frozenset[str] = frozenset()


def compose(mail: MailMessage) -> Composed:
    """Everything but the sending, in the language of its text. Raises ``TryAgain`` while a PDF or a file that
    goes with it is still on its way."""
    with override(mail.language):
        return _compose(mail)


def how_to_answer(mail: MailMessage) -> str:
    """What becomes of an answer, as the mail says it; empty for one of no case."""
    if mail.case is None:
        return ""
    if mail.facts.get("internal", False):
        return _("An answer to this mail is an internal note: the customer does not see it.")
    if mail.person is None:
        return _(
            "This is a copy for your information. An engineer looks at an answer of yours before it joins "
            "the case."
        )
    if mail.person.is_vendor:
        return _("Your answer to this mail joins the case, and the customer reads it.")
    return _("Simply answer this mail: your answer joins the case.")


def _compose(mail: MailMessage) -> Composed:
    files = files_of(mail)
    subject = subject_of(mail)
    to = recipient(mail.person.name if mail.person else "", mail.address)
    dated_at = timezone.now().replace(microsecond=0)
    message = framed(_page(mail) | {"files": files}, subject=subject, to=to, dated_at=dated_at)
    if mail.case is not None:
        message["Reply-To"] = reply_address(mail.case)
    _mark_what_nobody_wrote(message, mail)
    _add_files(message, [file for file in files if file.goes_along])
    for attachment in _attachments(mail):
        message.add_attachment(attachment.content, **attachment.headers)
    name_language(message)
    references = references_of(mail)
    raw = _long_fields(mail, references) + message.as_bytes()
    sent = frozenset(file.attachment.sha256 for file in files if file.goes_along)
    return Composed(raw, dated_at, subject, references, sent)


def _add_files(message: EmailMessage, files: list[EntryFile]) -> None:
    """Those of the entry: pictures beside the page that shows them, the others behind all of it."""
    page = message.get_body(("html",))
    assert page is not None
    for file in files:
        with file.attachment.file.open("rb") as stored:
            content = stored.read()
        main, sub = file.media_type
        headers: dict[str, Any] = {"maintype": main, "subtype": sub, "filename": file.attachment.name}
        if file.content_id:
            page.add_related(content, cid=f"<{file.content_id}>", disposition="inline", **headers)
        else:
            message.add_attachment(content, **headers)


def _page(mail: MailMessage) -> dict[str, Any]:
    """What the templates of text and page show alike."""
    return {
        "mail": mail,
        "text": text_of(mail),
        "action": _action(mail),
        "link": reports.link_of(mail),
        "how_to_answer": how_to_answer(mail),
        "privacy": _privacy() if _is_for_customers(mail) else None,
        "choices": _choices(mail),
        "earlier": earlier_entries(mail),
        "folding": f"mail/outbound/earlier_{form_for(mail)}.html",
        "subject": mail.case.title if mail.case else "",
    }


def _action(mail: MailMessage) -> dict[str, str] | None:
    """The one button."""
    action = mail.facts.get("action")
    return action | {"url": opened(action["url"], mail)} if action else None


def _choices(mail: MailMessage) -> list[dict[str, str]]:
    """Where its reader chooses what she is told, and ends mails like it; nothing where the portal does not
    know its own address."""
    choices = []
    if mail.facts.get("choice") and settings.PORTAL_URL:
        url = f"{settings.PORTAL_URL}{reverse('notifications')}"
        choices.append({"label": _("Choose what you are told by mail"), "url": url})
    if url := mail.facts.get("unsubscribe"):
        leave = _("You are on the Cc list of this case. Leave it, or choose the language of these mails")
        label = leave if mail.facts.get("cc") else _("No more mails of this kind")
        choices.append({"label": label, "url": url})
    return choices


def _is_for_customers(mail: MailMessage) -> bool:
    """A daily mail of several cases, too, is a customer's."""
    return not mail.person.is_vendor if mail.person else mail.case is not None


def _privacy() -> dict[str, str]:
    """The footer: which version of the statement is in force, how it begins, where all of it stands."""
    statement = statement_in_force()
    begins = one_line(parts_of(statement.text(current_language()))[0])
    if len(begins) > MAX_PRIVACY_LENGTH:
        begins = f"{begins[:MAX_PRIVACY_LENGTH]}…"
    path = reverse("privacy-version", args=[statement.version])
    return {
        "version": statement.version,
        "begins": begins,
        "url": f"{settings.PORTAL_URL}{path}" if settings.PORTAL_URL else "",
    }


def _mark_what_nobody_wrote(message: EmailMessage, mail: MailMessage) -> None:
    """What a person wrote to the other side goes without the mark; a
    confirmation of what its reader wrote herself carries it."""
    author = mail.entry.author if mail.entry else None
    is_for_vendor = mail.person is not None and mail.person.is_vendor
    is_letter = mail.kind in LETTERS and author is not None and author.is_vendor != is_for_vendor
    if mail.facts.get("automatic") or not is_letter:
        mark_automatic(message, "auto-replied" if mail.facts.get("answers") else "auto-generated")
    message["X-Anjuan"] = mail.kind


def _attachments(mail: MailMessage) -> list[reports.Attached]:
    attached = reports.attached(mail)
    if calendar := mail.facts.get("calendar"):
        method = re.search(r"^METHOD:([A-Z]+)", calendar, re.MULTILINE)
        parameters = {"method": method[1] if method else "PUBLISH", "charset": "utf-8"}
        headers = {"maintype": "text", "subtype": "calendar", "filename": "invite.ics", "params": parameters}
        attached.append(reports.Attached(calendar.encode(), headers))
    return attached


def _long_fields(mail: MailMessage, references: list[str]) -> bytes:
    # Written by hand: the library folds a long one after its colon, and some programs then thread nothing; an
    # address it writes in encoded words, which are none there (RFC 2047), and no program finds it.
    fields = [f"Message-ID: {mail.message_id}"]
    if references:
        fields.append(f"In-Reply-To: {references[-1]}")
        fields.append("References: " + "\r\n ".join(references))
    if address := mail.facts.get("unsubscribe"):
        fields.append(f"List-Unsubscribe: <{iri_to_uri(address)}>")
        fields.append("List-Unsubscribe-Post: List-Unsubscribe=One-Click")
    return "".join(f"{field}\r\n" for field in fields).encode("ascii")


def subject_of(mail: MailMessage) -> str:
    """By the template of the mail settings; mails of no case bring their own."""
    if mail.facts.get("subject") or mail.case is None:
        return header_line(mail.facts.get("subject", ""))
    case, mail_settings = mail.case, MailSettings.load()
    return one_line(
        mail_settings.subject.format(
            label=mail_settings.label,
            number=case.number,
            title=shortened(header_line(case.title), MAX_TITLE_LENGTH),
            stage=stage_of(case),
            token=f"{mail_settings.token_prefix}{token_of(case):07d}",
        )
    )


def stage_of(case: Case) -> str:
    """The word of the subject: until a result is there, the first answer."""
    has_result = case.status_facts.stage in {Stage.RESULT, Stage.CLOSED}
    return _("Analysis result") if has_result else _("Initial response")


def references_of(mail: MailMessage) -> list[str]:
    """The root of the case's thread, then what this recipient has got and sent of it, the newest last."""
    if mail.case is None:
        return []
    earlier = MailMessage.objects.filter(case=mail.case, address=mail.address).exclude(message_id="")
    earlier = earlier.filter(created_at__lt=mail.created_at).order_by("-created_at")
    ids = list(earlier.values_list("message_id", flat=True)[:MAX_REFERENCES])
    known = [root_id(mail.case), *reversed(ids), mail.facts.get("answers", "")]
    return list(dict.fromkeys(identifier for identifier in known if _IDENTIFIER.fullmatch(identifier)))
