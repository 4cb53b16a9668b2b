"""What happens in a case reaches each webhook that wants it at least once, once where it was answered."""

import json
import threading
from collections.abc import Iterator
from datetime import timedelta
from ipaddress import ip_network
from typing import Any

import pytest
from django.db import connection, transaction
from django.db.models.functions import Now
from django.utils import timezone

from accounts.models import Organisation, User
from cases.models import Case, MessageKind, Queue
from cases.services import post_message
from cases.signals import ActivityKind, announce
from jobs import services as job_services
from jobs.errors import TryAgain
from jobs.models import JobState
from jobs.services import LEASE
from mail.store.models import MailMessage
from mail.webhooks import services as webhooks
from mail.webhooks import signing
from mail.webhooks.models import Format, Webhook, WebhookDelivery
from tests.jobs.conftest import Broker
from tests.mail.webhooks.receiver import Receiver, receiver, says
from tests.processes import Running, wait_until

pytestmark = pytest.mark.django_db

DOWN = says(500, b"down")


@pytest.fixture
def hooks(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Receiver]:
    monkeypatch.setenv("WEBHOOK_ALLOW_PRIVATE", "127.0.0.0/8")  # For a worker.
    settings.WEBHOOK_ALLOW_PRIVATE = [ip_network("127.0.0.0/8")]
    settings.PORTAL_URL = "https://portal.example"
    with receiver() as listening:
        yield listening


@pytest.fixture
def by_hand(monkeypatch: pytest.MonkeyPatch) -> Broker:
    """No worker: the test makes each attempt."""
    broker = Broker()
    monkeypatch.setattr(job_services, "current_app", broker)
    return broker


def webhook(hooks: Receiver, by: User, **facts: Any) -> Webhook:
    facts = {"format": Format.JSON, "secret": signing.new_secret(), "kinds": ActivityKind.values} | facts
    return Webhook.objects.create(name="Team", address=hooks.address, made_by=by, **facts)


def attempt_all() -> None:
    """One attempt at each delivery that waits, as if its time had come."""
    waiting = WebhookDelivery.objects.filter(state=JobState.QUEUED).order_by("queued_at")
    for pk in list(waiting.values_list("pk", flat=True)):
        WebhookDelivery.objects.filter(pk=pk).update(not_before=None)
        webhooks.deliver(pk)


def test_an_act_reaches_the_webhook_signed_and_with_nothing_of_what_was_written(
    hooks: Receiver,
    by_hand: Broker,
    case: Case,
    jia: User,
    root: User,
    django_capture_on_commit_callbacks: Any,
) -> None:
    hook = webhook(hooks, root, language="en")
    with django_capture_on_commit_callbacks(execute=True):
        post_message(case, by=jia, body="Please restart the service.")
        announce(
            ActivityKind.MENTIONED,
            case,
            by=jia,
            at=timezone.now(),
            reason="the note's secret",
            people=(root,),
        )
    assert [task for task, _key in by_hand.sent] == ["mail.tasks.deliver_webhook"] * 2
    attempt_all()
    reply, mention = hooks.received
    assert json.loads(reply.body)["data"] == {
        "case": case.number,
        "title": "The certificate service does not start",
        "what": "Reply",
        "url": f"https://portal.example/cases/{case.number}/",
    }
    assert json.loads(mention.body)["type"] == "case.mentioned"
    assert b"restart" not in reply.body and b"secret" not in mention.body
    for request in (reply, mention):
        at = int(request.headers["webhook-timestamp"])
        assert abs(at - timezone.now().timestamp()) < 60
        signature = signing.standard(hook.secret, request.headers["webhook-id"], at, request.body)
        assert request.headers["webhook-signature"] == signature
    assert sorted(hooks.ids) == sorted(key for _task, key in by_hand.sent)
    assert set(WebhookDelivery.objects.values_list("state", "answer_status", "answer")) == {
        ("done", 200, "ok")
    }


def test_what_is_taken_back_is_told_to_nobody(
    hooks: Receiver, by_hand: Broker, case: Case, jia: User, root: User
) -> None:
    webhook(hooks, root)
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        post_message(case, by=jia, body="Hello")
        assert WebhookDelivery.objects.count() == 1
        raise ZeroDivisionError
    assert WebhookDelivery.objects.count() == 0


def test_each_webhook_hears_of_its_kinds_its_queue_and_its_organisation_alone(
    hooks: Receiver, by_hand: Broker, case: Case, jia: User, root: User, contoso: Organisation, queue: Queue
) -> None:
    elsewhere = Queue.objects.create(name="Rail")
    wanting = {
        "all": webhook(hooks, root),
        "its queue": webhook(hooks, root, queue=queue),
        "its organisation": webhook(hooks, root, organisation=case.organisation, queue=queue),
        "its kind": webhook(hooks, root, kinds=["reply"]),
    }
    webhook(hooks, root, kinds=["closed"])
    webhook(hooks, root, queue=elsewhere)
    webhook(hooks, root, organisation=contoso)
    webhook(hooks, root, organisation=contoso, queue=queue)
    webhook(hooks, root, active=False)
    post_message(case, by=jia, body="Hello")
    told = set(WebhookDelivery.objects.values_list("webhook", flat=True))
    assert told == {hook.pk for hook in wanting.values()}


def test_an_internal_note_is_told_to_nobody(
    hooks: Receiver, by_hand: Broker, case: Case, jia: User, root: User
) -> None:
    webhook(hooks, root)
    post_message(case, by=jia, body="Between us", kind=MessageKind.NOTE)
    assert not WebhookDelivery.objects.exists()


def test_after_an_error_it_is_sent_again_under_the_same_id_and_after_200_never_more(
    hooks: Receiver, by_hand: Broker, root: User
) -> None:
    hook = webhook(hooks, root)
    hooks.script += [DOWN, says(302, Location="/elsewhere"), says(200, b"ok")]
    delivery = webhooks.send_test(hook)
    for status, state, wait in ((500, "queued", 30), (302, "queued", 60), (200, "done", 0)):
        webhooks.deliver(delivery.pk)
        delivery.refresh_from_db()
        assert (delivery.state, delivery.answer_status) == (state, status)
        soon = WebhookDelivery.objects.filter(not_before__gt=Now() + timedelta(seconds=wait - 10))
        assert soon.filter(not_before__lte=Now() + timedelta(seconds=wait)).exists() is bool(wait)
        WebhookDelivery.objects.update(not_before=None)
    hook.refresh_from_db()
    assert (hook.failures, hook.failing_since) == (0, None)
    webhooks.deliver(delivery.pk)
    webhooks.sweep()
    assert hooks.ids == [str(delivery.pk)] * 3
    assert json.loads(hooks.received[2].body)["type"] == "case.test"


def test_nobody_who_answers_is_an_error_in_words_without_the_address_and_its_key(
    by_hand: Broker, hooks: Receiver, root: User, settings: Any
) -> None:
    hook = webhook(hooks, root)
    settings.WEBHOOK_ALLOW_PRIVATE = []
    delivery = webhooks.send_test(hook)
    webhooks.deliver(delivery.pk)
    delivery.refresh_from_db()
    assert "127.0.0.1" in delivery.answer and "WEBHOOK_ALLOW_PRIVATE" in delivery.answer
    assert "a-key-of-the-group" not in delivery.answer + delivery.error
    assert (delivery.state, delivery.answer_status, hooks.received) == ("queued", None, [])


def test_a_silent_receiver_costs_one_attempt_and_not_one_for_each_message(
    hooks: Receiver, by_hand: Broker, root: User
) -> None:
    hook, other = webhook(hooks, root), webhook(hooks, root)
    deliveries = [webhooks.send_test(hook) for _ in range(3)]
    of_another = webhooks.send_test(other)
    hooks.script.append(DOWN)
    for delivery in (*deliveries, of_another):
        webhooks.deliver(delivery.pk)
    assert hooks.ids == [str(deliveries[0].pk), str(of_another.pk)]
    assert WebhookDelivery.objects.filter(webhook=hook, state="queued", not_before__gt=Now()).count() == 3


def test_a_webhook_that_has_failed_for_a_day_is_switched_off_and_administrators_are_told(
    hooks: Receiver, by_hand: Broker, root: User, max_: User
) -> None:
    User.objects.update(language="en")
    hook = webhook(hooks, root)
    hooks.script += [DOWN] * 12
    waiting = webhooks.send_test(hook)
    for count in range(1, 11):
        assert Webhook.objects.get(pk=hook.pk).active, "ten failures within a minute are a short fault"
        attempt_all()
        assert Webhook.objects.get(pk=hook.pk).failures == count
    Webhook.objects.update(failing_since=timezone.now() - timedelta(hours=25))
    behind = webhooks.send_test(hook)
    attempt_all()
    hook.refresh_from_db()
    assert (hook.active, hook.switched_off) == (False, "HTTP 500")
    letter = MailMessage.objects.get()
    assert (letter.address, letter.facts["subject"]) == (
        "root@vendor.example",
        "The webhook “Team” is switched off",
    )
    assert "127.0.0.1" in letter.facts["text"] and "HTTP 500" in letter.facts["text"]
    assert "a-key-of-the-group" not in str(letter.facts)
    for delivery in (waiting, behind):
        delivery.refresh_from_db()
        assert (delivery.state, delivery.failure) == ("failed", "off")
    webhooks.switch_on(hook)
    hook.save()
    assert webhooks.send_again(behind) and not webhooks.send_again(behind), "it is on its way"
    hooks.script.clear()
    attempt_all()
    behind.refresh_from_db()
    assert (behind.state, behind.answer_status, hooks.ids[-1]) == ("done", 200, str(behind.pk))


def test_a_receiver_that_says_it_is_gone_is_not_asked_again(
    hooks: Receiver, by_hand: Broker, root: User
) -> None:
    hook = webhook(hooks, root)
    hooks.script.append(says(410))
    webhooks.deliver(webhooks.send_test(hook).pk)
    hook.refresh_from_db()
    assert (hook.active, hook.switched_off) == (False, "HTTP 410")


def test_the_last_attempt_is_made_a_day_after_the_first() -> None:
    waits = [webhooks.RETRY_AFTER(attempt) for attempt in range(1, webhooks.MAX_ATTEMPTS)]
    assert waits[:4] == [timedelta(seconds=seconds) for seconds in (30, 60, 120, 240)]
    assert timedelta(hours=24) < sum(waits, timedelta()) < timedelta(hours=36)


def test_old_deliveries_are_deleted_and_those_that_wait_are_not(
    hooks: Receiver, by_hand: Broker, root: User
) -> None:
    hook = webhook(hooks, root)
    old, waiting, new = (webhooks.send_test(hook) for _ in range(3))
    WebhookDelivery.objects.exclude(pk=waiting.pk).update(
        state="done", finished_at=Now() - timedelta(days=29)
    )
    WebhookDelivery.objects.filter(pk=old.pk).update(finished_at=Now() - timedelta(days=31))
    WebhookDelivery.objects.filter(pk=waiting.pk).update(queued_at=Now() - timedelta(days=90))
    webhooks.sweep()
    assert set(WebhookDelivery.objects.all()) == {waiting, new}


def test_address_and_secret_cannot_be_read_out_of_the_database(
    hooks: Receiver, root: User, settings: Any
) -> None:
    hook = webhook(hooks, root)
    with connection.cursor() as cursor:
        cursor.execute("SELECT row_to_json(mail_webhook)::text FROM mail_webhook")
        stored = str(cursor.fetchone()[0])
    assert "a-key-of-the-group" not in stored and hook.secret not in stored and "Team" in stored
    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], "another" * 8
    assert Webhook.objects.get(pk=hook.pk).address == hooks.address
    settings.SECRET_KEY_FALLBACKS = []
    assert Webhook.objects.get(pk=hook.pk).address == ""


def test_what_an_attempt_that_was_thought_dead_brings_home_is_not_written(
    hooks: Receiver, by_hand: Broker, root: User
) -> None:
    delivery = webhooks.send_test(webhook(hooks, root))

    hooks.script.append(says(200, b"first"))
    taken = webhooks.DELIVERIES.claim(WebhookDelivery.objects.filter(pk=delivery.pk))
    assert taken is not None
    WebhookDelivery.objects.update(lease_until=Now() - LEASE)
    webhooks.deliver(delivery.pk)
    done = WebhookDelivery.objects.values().get()
    with pytest.raises(TryAgain):
        webhooks._failed(taken, 500, "too late")
    assert WebhookDelivery.objects.values().get() == done


@pytest.mark.django_db(transaction=True)
def test_a_worker_killed_before_it_hears_the_answer_is_replaced_and_the_id_stays(
    hooks: Receiver, root: User, worker: Running
) -> None:
    received, go_on = threading.Event(), threading.Event()

    def keeps_waiting(handler: Any) -> None:
        received.set()
        go_on.wait(30)
        says(200, b"to nobody")(handler)

    hooks.script.append(keeps_waiting)
    delivery = webhooks.send_test(webhook(hooks, root))
    assert received.wait(30)
    worker.kill()
    go_on.set()
    assert WebhookDelivery.objects.get().state == JobState.RUNNING
    WebhookDelivery.objects.update(lease_until=Now() - LEASE)
    worker.start()
    webhooks.sweep()
    wait_until(lambda: WebhookDelivery.objects.get().state == JobState.DONE)
    assert hooks.ids == [str(delivery.pk)] * 2
    assert WebhookDelivery.objects.get().answer == "ok"
