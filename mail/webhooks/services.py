"""Telling webhooks: written with the act, sent by a worker, tried again for a day and more.

A delivery is a job (``jobs``): a worker that is killed after the receiver has answered and before that is
written sends it again under the same ``webhook-id``; what was answered and written is never sent again.
"""

from __future__ import annotations

import logging
from datetime import timedelta
from http.client import HTTPException
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.db.models.functions import Coalesce, Greatest, Now
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts.models import User
from accounts.roles import Right, with_right
from cases.signals import PRIVATE
from engine.text_safety import one_line, shown
from jobs.errors import GaveUp, TryAgain
from jobs.models import JobState
from jobs.services import Jobs, doubling
from jobs.worker import Attempt, carry_out
from mail.outbound.outbox import enqueue
from mail.webhooks import bodies, sending
from mail.webhooks.models import TEST, Webhook, WebhookDelivery

if TYPE_CHECKING:
    from uuid import UUID

    from cases.signals import Activity

logger = logging.getLogger(__name__)

MAX_ATTEMPTS = 14
RETRY_AFTER = doubling(timedelta(seconds=30), timedelta(hours=6))
"""With it the last attempt is made about 27 hours after the first."""
MAX_FAILURES, FAILING_FOR = 10, timedelta(hours=24)
"""A webhook of which so many attempts in a row have failed, over so long a time, is switched off."""
KEPT_FOR = timedelta(days=30)
GONE = 410
OFF = "off"
"""The failure of a delivery whose webhook is switched off."""

DELIVERIES = Jobs(
    WebhookDelivery, "mail.tasks.deliver_webhook", max_attempts=MAX_ATTEMPTS, retry_after=RETRY_AFTER
)


def queue(activity: Activity) -> None:
    """Writes a delivery for each webhook that wants to hear of it, in the transaction of the act."""
    if activity.kind in PRIVATE:
        return
    for webhook in Webhook.objects.wanting(activity.kind, activity.case):
        delivery = WebhookDelivery.objects.create(
            webhook=webhook,
            kind=activity.kind,
            case=activity.case,
            title=activity.case.title,
            happened_at=activity.at,
        )
        DELIVERIES.enqueue_on_commit(delivery)


@transaction.atomic
def send_test(webhook: Webhook) -> WebhookDelivery:
    """A message that names no case, by the same way as all others."""
    delivery = WebhookDelivery.objects.create(webhook=webhook, kind=TEST, happened_at=timezone.now())
    DELIVERIES.enqueue_on_commit(delivery)
    return delivery


@transaction.atomic
def send_again(delivery: WebhookDelivery) -> bool:
    """Once more from the first attempt on, under the same ``webhook-id``; false while it is on its way."""
    ended = WebhookDelivery.objects.filter(pk=delivery.pk, state__in=(JobState.DONE, JobState.FAILED))
    queued = ended.update(
        state=JobState.QUEUED,
        attempt=0,
        failure="",
        error="",
        finished_at=None,
        answer="",
        answer_status=None,
    )
    if queued:
        DELIVERIES.enqueue_on_commit(delivery)
    return bool(queued)


def deliver(delivery_id: UUID) -> None:
    """One attempt, unless the delivery is done or in other hands."""
    rows = WebhookDelivery.objects.select_related("webhook", "case").filter(pk=delivery_id)
    carry_out(DELIVERIES, rows, _deliver)


def sweep() -> None:
    """Sends on what was lost with a worker or the broker, and what is due again; deletes what is old."""
    DELIVERIES.sweep()
    WebhookDelivery.objects.filter(finished_at__lt=Now() - KEPT_FOR).delete()


def switch_on(webhook: Webhook) -> None:
    """From now on it is told again, and its failures are counted from none."""
    webhook.active, webhook.switched_off = True, ""
    webhook.failures, webhook.failing_since = 0, None


def _deliver(attempt: Attempt[WebhookDelivery]) -> None:
    delivery, webhook = attempt.job, attempt.job.webhook
    if not webhook.active:
        raise GaveUp(OFF, "the webhook is switched off")
    try:
        post = bodies.post_of(
            _notice(delivery),
            format_=webhook.format,
            address=webhook.address,
            secret=webhook.secret,
            now=timezone.now(),
        )
        answer = sending.send(post)
    except (OSError, HTTPException, ValueError) as error:
        _failed(delivery, None, f"{type(error).__name__}: {error}")
        return
    if not bodies.is_accepted(webhook.format, answer.status, answer.text):
        _failed(delivery, answer.status, answer.text)
        return
    with DELIVERIES.conclude(delivery):
        _note_answer(delivery, answer.status, answer.text)
        Webhook.objects.filter(pk=webhook.pk, failures__gt=0).update(failures=0, failing_since=None)


def _notice(delivery: WebhookDelivery) -> bodies.Notice:
    case = delivery.case
    link = f"{settings.PORTAL_URL}{case.get_absolute_url() if case else ''}" if settings.PORTAL_URL else ""
    with override(delivery.webhook.language):
        return bodies.Notice(
            delivery=delivery.key,
            kind=delivery.kind,
            at=delivery.happened_at,
            # A robot that asks for a keyword lets a test through as well.
            number=case.number if case else "CAS-TEST",
            title=delivery.title,
            what=str(delivery.kind_label),
            link=link,
        )


def _note_answer(delivery: WebhookDelivery, status: int | None, text: str) -> None:
    # What an attempt that was thought dead brings home late is not written.
    held = WebhookDelivery.objects.filter(pk=delivery.pk, token=delivery.token, state=JobState.RUNNING)
    held.update(answer_status=status, answer=shown(text, 500))


def _failed(delivery: WebhookDelivery, status: int | None, text: str) -> None:
    """Counts it. Raises ``TryAgain``, or ``GaveUp`` where the webhook was switched off for it."""
    webhook = delivery.webhook
    reason = f"HTTP {status}" if status else shown(text, 500)
    with transaction.atomic():
        _note_answer(delivery, status, text)
        Webhook.objects.filter(pk=webhook.pk).update(
            failures=F("failures") + 1, failing_since=Coalesce("failing_since", Now())
        )
        # Those behind it would each wait for the same silence; they are put off with it.
        later = Now() + RETRY_AFTER(delivery.attempt)
        WebhookDelivery.objects.filter(webhook=webhook, state=JobState.QUEUED).update(
            not_before=Greatest(Coalesce("not_before", later), later)
        )
        too_long = Webhook.objects.filter(failures__gte=MAX_FAILURES, failing_since__lt=Now() - FAILING_FOR)
        if status == GONE or too_long.filter(pk=webhook.pk).exists():
            _switch_off(webhook, reason)
            raise_now: Exception = GaveUp(OFF, reason)
        else:
            raise_now = TryAgain(reason)
    raise raise_now


def _switch_off(webhook: Webhook, reason: str) -> None:
    if not Webhook.objects.filter(pk=webhook.pk, active=True).update(active=False, switched_off=reason):
        return
    logger.error("The webhook %s (%s) is switched off: %s", webhook.pk, webhook.host, reason)
    facts = {"name": one_line(webhook.name), "host": webhook.host, "reason": reason}
    for person in User.objects.filter(is_active=True, role__in=with_right(Right.ADMINISTRATION)):
        with override(person.language):
            subject = _("The webhook “%(name)s” is switched off") % facts
            text = _(
                "The webhook “%(name)s” (%(host)s) is told of nothing any more, since it has failed too "
                "often. The last reason: %(reason)s\n\n"
                "Once its receiver works, make it active again in the administration. "
                "What was not delivered can be sent again from the list of its deliveries."
            )
            enqueue(person.email, kind="webhook_off", text=text % facts, person=person, subject=subject)
