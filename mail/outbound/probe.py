"""One mail that says that mails arrive: a mail like all others, but sent by the process in which somebody
waits for the mail server's answer, and by one attempt."""

from __future__ import annotations

from celery import current_app
from django.utils.translation import gettext as _
from kombu.exceptions import OperationalError

from accounts.languages import current_language
from engine.text_safety import one_line, plain
from mail.errors import NotTaken
from mail.outbound import transport
from mail.outbound.delivery import deliver_here
from mail.outbound.models import Delivery
from mail.outbound.outbox import DELIVERIES, enqueue
from mail.store.models import MailState

TEST = "test"
"""The kind of the mail."""


def send_test(address: str) -> str:
    """What has become of it, as a sentence. Raises ``NotTaken``."""
    mail = enqueue(
        address,
        kind=TEST,
        text=_("This mail was sent by the portal to try its mail settings. It has arrived."),
        sent_here=True,
        subject=_("Test of the mail settings"),
        language=current_language(),
    )
    deliver_here(mail.pk)
    mail.refresh_from_db()
    if mail.state != MailState.SENT:
        delivery = Delivery.objects.get(pk=mail.pk)
        raise NotTaken(one_line(delivery.answer or delivery.error))
    if transport.keeps_all_here():
        return _("No mail leaves this machine: the test mail to %s is under Mails, “Sent”.") % plain(address)
    return _("The mail server has taken a test mail to %s.") % plain(address)


def missing_worker() -> str:
    """What stands in the way of all other mails, as a sentence; empty where a worker takes them. All workers
    are asked, and have a second to answer."""
    queue = current_app.amqp.router.route({}, DELIVERIES.task)["queue"].name
    try:
        answers = current_app.control.inspect(timeout=1).active_queues() or {}
    except (OperationalError, OSError):
        answers = {}
    if any(taken["name"] == queue for queues in answers.values() for taken in queues):
        return ""
    return _("No worker sends mails at the moment: all others wait in the outbox until one runs.")
