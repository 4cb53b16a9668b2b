"""Group robots in a process of their own take what they are sent: each body, signed as its makers ask; what
they refuse with a 200 is sent again."""

import json
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from ipaddress import ip_network
from typing import IO, Any

import pytest

from accounts.models import User
from cases.models import Case
from cases.services import post_message
from mail.webhooks import services as webhooks
from mail.webhooks.models import Format, Webhook, WebhookDelivery
from tests.jobs.conftest import Broker
from tests.mail.webhooks import robots
from tests.mail.webhooks.test_deliveries import attempt_all, by_hand
from tests.processes import PYTHON

__all__ = ["by_hand"]

pytestmark = pytest.mark.django_db

LOOPBACK = ip_network("127.0.0.0/8")
TITLE = "The certificate service does not start"


@dataclass
class Robots:
    """Their port, and what they are sent."""

    port: int
    output: IO[str]

    def heard(self) -> Any:
        """The next request."""
        return json.loads(self.output.readline())


@pytest.fixture(scope="module")
def robots_process() -> Iterator[Robots]:
    with subprocess.Popen([PYTHON, robots.__file__], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        yield Robots(int(process.stdout.readline()), process.stdout)
        process.kill()


def body_of(format_: Format, case: Case) -> Any:
    """What the group reads of a reply."""
    link = f"https://portal.example/cases/{case.number}/"
    if format_ == Format.WECOM:
        return {
            "msgtype": "markdown",
            "markdown": {"content": f"**Reply**\n[{case.number}]({link}) {TITLE}"},
        }
    if format_ == Format.DINGTALK:
        text = f"#### Reply\n\n[{case.number}]({link}) {TITLE}"
        return {"msgtype": "markdown", "markdown": {"title": f"Reply {case.number}", "text": text}}
    if format_ == Format.SLACK:
        return {
            "text": f"Reply {case.number} {TITLE}",
            "blocks": [
                {"type": "section", "text": {"type": "mrkdwn", "text": f"*Reply* <{link}|{case.number}>"}},
                {"type": "section", "text": {"type": "plain_text", "text": TITLE}},
            ],
        }
    button = {"tag": "plain_text", "content": case.number}
    return {
        "msg_type": "interactive",
        "card": {
            "header": {"title": {"tag": "plain_text", "content": f"Reply {case.number}"}},
            "elements": [
                {"tag": "div", "text": {"tag": "plain_text", "content": TITLE}},
                {
                    "tag": "action",
                    "actions": [{"tag": "button", "text": button, "url": link, "type": "primary"}],
                },
            ],
        },
    }


@pytest.mark.parametrize(
    ("format_", "address", "busy", "taken"),
    [
        (Format.WECOM, "/wecom?key=k", (200, "45009"), '"errcode": 0'),
        (Format.DINGTALK, "/dingtalk?access_token=k", (200, "130101"), '"errcode": 0'),
        (Format.FEISHU, "/feishu", (200, "11232"), '"code": 0'),
        (Format.SLACK, "/slack", (429, "rate_limited"), "ok"),
    ],
)
def test_a_group_robot_takes_it_and_hears_again_of_what_it_refused(
    robots_process: Robots,
    by_hand: Broker,
    case: Case,
    jia: User,
    root: User,
    settings: Any,
    format_: Format,
    address: str,
    busy: tuple[int, str],
    taken: str,
) -> None:
    settings.WEBHOOK_ALLOW_PRIVATE = [LOOPBACK]
    settings.PORTAL_URL = "https://portal.example"
    is_signed = format_ in {Format.DINGTALK, Format.FEISHU}
    hook = Webhook.objects.create(
        name="Team",
        address=f"http://127.0.0.1:{robots_process.port}{address}",
        format=format_,
        secret=robots.SECRET if is_signed else "",
        kinds=["reply"],
        language="en",
        made_by=root,
    )
    post_message(case, by=jia, body="Please restart the service.")
    attempt_all()
    delivery = WebhookDelivery.objects.get()
    assert (delivery.state, delivery.answer_status) == ("queued", busy[0])
    assert busy[1] in delivery.answer, "its code stands on the delivery"
    attempt_all()
    delivery.refresh_from_db()
    assert (delivery.state, delivery.answer_status) == ("done", 200)
    assert taken in delivery.answer
    for heard in (robots_process.heard(), robots_process.heard()):
        assert heard["headers"]["content-type"].startswith("application/json")
        assert heard["headers"]["webhook-id"] == str(delivery.pk)
        body = json.loads(heard["body"])
        if format_ == Format.FEISHU:
            assert body.pop("timestamp") and body.pop("sign")
        assert body == body_of(format_, case)
        assert "restart" not in heard["body"]
    if is_signed:
        hook.secret = "another"
        hook.save()
        again = webhooks.send_test(hook)
        attempt_all()
        again.refresh_from_db()
        refusal = {Format.DINGTALK: "310000", Format.FEISHU: "19021"}[format_]
        assert (again.state, again.answer_status) == ("queued", 200) and refusal in again.answer
        assert robots_process.heard()["headers"]["webhook-id"] == str(again.pk)
