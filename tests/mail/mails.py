"""Mails as customers send them, and what carries them through the portal without a worker beside it."""

from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default

from cases.models import Case, MessageKind
from jobs.models import JobState
from jobs.worker import carry_out
from mail.inbound import services
from mail.inbound.jobs import READINGS
from mail.inbound.models import Reading
from mail.inbound.storing import store_raw
from mail.outbound.composing import compose
from mail.outbound.delivery import deliver as send
from mail.outbound.models import Delivery
from mail.store.models import Direction, MailMessage
from uploads.transfer.models import Upload

HERE = "mx.vendor.example"
PROVEN = f"{HERE}; dkim=none; dmarc=pass (p=reject) header.from=customer.example"


def letter(case: Case, *, results: str | None = PROVEN, **fields: str) -> EmailMessage:
    """Alice's mail to the case; ``fields`` replace its header fields, ``_`` for ``-``."""
    message = EmailMessage()
    if results:
        message["Authentication-Results"] = results
    fields = {
        "From": "Alice <alice@customer.example>",
        "To": "support@vendor.example",
        "Subject": f"Re: [{case.number}] logs",
        "Message-ID": "<1@customer.example>",
    } | {name.replace("_", "-"): value for name, value in fields.items()}
    for name, value in fields.items():
        message[name] = value
    message.set_content("Here are the logs.\n")
    return message


def attach(message: EmailMessage, content: bytes = b"a log", name: str = "system.log") -> EmailMessage:
    message.add_attachment(content, maintype="application", subtype="octet-stream", filename=name)
    return message


def deliver(message: EmailMessage | bytes) -> MailMessage:
    """As a mail server brings it and a worker reads it."""
    mail = store_raw(message if isinstance(message, bytes) else bytes(message), way="pipe")
    read_all()
    mail.refresh_from_db()
    return mail


def read_all() -> None:
    """What the workers do with mails that wait to be read, put off or not."""
    Reading.objects.filter(state=JobState.QUEUED).update(not_before=None)
    for key in Reading.objects.filter(state=JobState.QUEUED).values_list("pk", flat=True):
        carry_out(READINGS, Reading.objects.filter(pk=key), services.read)


def send_all() -> None:
    """What the workers do with the outbox, put off or not."""
    Delivery.objects.filter(state=JobState.QUEUED).update(not_before=None)
    for key in (
        Delivery.objects.filter(state=JobState.QUEUED).order_by("queued_at").values_list("pk", flat=True)
    ):
        send(key)


def outgoing() -> list[MailMessage]:
    """The outbox, the oldest first."""
    return list(MailMessage.objects.filter(direction=Direction.OUT).order_by("created_at"))


def last_to(address: str) -> MailMessage:
    return [mail for mail in outgoing() if mail.address == address][-1]


def as_sent(mail: MailMessage) -> EmailMessage:
    """As it goes out."""
    return message_from_bytes(compose(mail).raw, policy=default)


def bodies(case: Case, kind: MessageKind = MessageKind.MAIL_IN) -> list[str]:
    return [message.body for message in case.messages.filter(kind=kind)]


def staged(name: str) -> bytes:
    """What was uploaded under this name."""
    return Upload.objects.get(name=name).staged.read_bytes()
