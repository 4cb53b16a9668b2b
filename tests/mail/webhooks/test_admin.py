"""Administrators make webhooks, try them and send again; what a robot's address gives away is never shown."""

import re
from ipaddress import ip_network
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from cases.signals import ActivityKind
from mail.webhooks import signing
from mail.webhooks.models import Webhook, WebhookDelivery
from tests.people import reading_english

pytestmark = pytest.mark.django_db

ADD = "/admin/mail/webhook/add/"
LIST = "/admin/mail/webhook/"
DELIVERIES = "/admin/mail/webhookdelivery/"
ADDRESS = "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=a-key-of-the-group"
FACTS = {
    "name": "Team",
    "format": "wecom",
    "address": ADDRESS,
    "language": "en",
    "kinds": ["reply"],
    "active": "on",
}


@pytest.fixture
def office(root: User) -> Client:
    """The administrator's browser."""
    return reading_english(root)


def page(client: Client, at: str, **data: Any) -> str:
    answer = client.post(at, data, follow=True) if data else client.get(at)
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_webhook_is_made_tried_and_never_shows_its_address_again(office: Client, root: User) -> None:
    form = page(office, ADD)
    assert len(re.findall(r'name="kinds"[^>]*checked', form)) == len(ActivityKind.values) - 1
    assert "own_reminder" not in form
    assert "a-key-of-the-group" not in page(office, ADD, **FACTS)
    hook = Webhook.objects.get()
    assert (hook.address, hook.secret, hook.kinds, hook.made_by, hook.active) == (
        ADDRESS,
        "",
        ["reply"],
        root,
        True,
    )
    change = f"{LIST}{hook.pk}/change/"
    assert "Save and send a test" in page(office, change)
    told = page(office, change, **FACTS | {"address": "", "name": "All", "_test": "1"})
    assert "A test for “All” is on its way." in told
    for address in (change, LIST, DELIVERIES, f"{DELIVERIES}{WebhookDelivery.objects.get().pk}/change/"):
        shown = page(office, address)
        assert "a-key-of-the-group" not in shown
        assert "qyapi.weixin.qq.com" in shown or address.startswith(DELIVERIES)
    hook.refresh_from_db()
    assert (hook.name, hook.address) == ("All", ADDRESS)
    told = page(office, LIST, action="send_tests", _selected_action=[hook.pk])
    assert "is on its way" in told and WebhookDelivery.objects.filter(kind="test").count() == 2


def test_the_secret_of_json_is_made_shown_once_and_kept(office: Client) -> None:
    told = page(office, ADD, **FACTS | {"format": "json"})
    hook = Webhook.objects.get()
    assert len(signing.key_of(hook.secret)) == 32
    assert told.count(hook.secret) == 1
    change = f"{LIST}{hook.pk}/change/"
    assert hook.secret not in page(office, change)
    assert hook.secret not in page(office, change, **FACTS | {"format": "json", "address": ""})
    kept = Webhook.objects.get()
    assert kept.secret == hook.secret
    theirs = signing.new_secret()
    assert theirs not in page(office, change, **FACTS | {"format": "json", "secret": theirs})
    assert Webhook.objects.get().secret == theirs


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"address": ""}, "Say the whole address"),
        ({"address": "http://hooks.example/x"}, "Say the whole address"),
        ({"address": "ftp://hooks.example/x"}, "Say the whole address"),
        ({"address": "https://hooks.example/x y\r\nHost: z"}, "Say the whole address"),
        ({"address": "https://me:pass@hooks.example/"}, "Leave user, password"),
        ({"address": "https://hooks.example/#x"}, "Leave user, password"),
        ({"format": "json", "secret": "password"}, "Say whsec_"),
        ({"kinds": []}, "required"),
        ({"kinds": ["nothing"]}, "not one of the available choices"),
    ],
)
def test_what_cannot_work_is_refused_with_a_sentence(
    office: Client, wrong: dict[str, Any], sentence: str
) -> None:
    assert sentence in page(office, ADD, **FACTS | wrong)
    assert not Webhook.objects.exists()


def test_http_is_taken_only_where_private_networks_are_allowed(office: Client, settings: Any) -> None:
    settings.WEBHOOK_ALLOW_PRIVATE = [ip_network("10.20.0.0/16")]
    page(office, ADD, **FACTS | {"address": "http://10.20.3.4:8080/hook"})
    assert Webhook.objects.get().host == "10.20.3.4"


def test_switched_off_by_the_portal_it_says_why_and_switched_on_it_counts_anew(office: Client) -> None:
    page(office, ADD, **FACTS)
    Webhook.objects.update(
        active=False, switched_off="HTTP 410", failures=14, failing_since="2026-01-05T00:00Z"
    )
    assert "Switched off by the portal: HTTP 410" in page(office, LIST)
    change = f"{LIST}{Webhook.objects.get().pk}/change/"
    assert "HTTP 410" in page(
        office, change, **{name: value for name, value in FACTS.items() if name != "active"}
    )
    page(office, change, **FACTS)
    hook = Webhook.objects.get()
    assert (hook.active, hook.switched_off, hook.failures, hook.failing_since) == (True, "", 0, None)
    assert ">On<" in page(office, LIST)


def test_what_failed_is_sent_again_from_its_list(office: Client) -> None:
    page(office, ADD, **FACTS)
    hook = Webhook.objects.get()
    states = ("failed", "done", "queued")
    chosen = [
        WebhookDelivery.objects.create(
            webhook=hook,
            kind="test",
            happened_at="2026-01-05T00:00Z",
            state=state,
            attempt=14,
            answer="<b>no</b>",
        )
        for state in states
    ]
    shown = page(office, f"{DELIVERIES}?webhook__id__exact={hook.pk}")
    assert "&lt;b&gt;no&lt;/b&gt;" in shown
    told = page(
        office, DELIVERIES, action="send_again", _selected_action=[delivery.pk for delivery in chosen]
    )
    assert "2 deliveries are sent again." in told
    attempts = dict(WebhookDelivery.objects.values_list("pk", "attempt"))
    assert [attempts[delivery.pk] for delivery in chosen] == [0, 0, 14]
    assert set(WebhookDelivery.objects.values_list("state", flat=True)) == {"queued"}


def test_others_than_administrators_find_no_webhooks(jia: User, max_: User, alice: User) -> None:
    for person in (jia, max_, alice):
        client = reading_english(person)
        for address in (ADD, LIST, DELIVERIES):
            assert client.get(address).status_code in (302, 403, 404)
            assert client.post(address, FACTS).status_code in (302, 403, 404)
    assert not Webhook.objects.exists()
