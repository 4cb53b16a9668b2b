"""What each receiver is sent, signed as its makers ask; the values come from openssl and the makers."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from mail.webhooks import bodies, signing
from mail.webhooks.bodies import Notice, Post
from mail.webhooks.models import Format

NOW = datetime.fromtimestamp(1606179564, UTC)
LINK = "https://portal.example/cases/CAS-03282-J6Y6M6/"
NOTICE = Notice(
    delivery="8c2c2d5e-0000-4000-8000-000000000001",
    kind="report_sent",
    at=NOW,
    number="CAS-03282-J6Y6M6",
    title="CodeMeter 服务反复停止",
    what="报告已发出",
    link=LINK,
)
HOSTILE = (
    "]() <@all> **x** <!channel> <at user_id=all> `a` # [绑定](https://evil.example) & \u202e\n@13800000000"
)


def post(
    format_: Format, secret: str = "", notice: Notice = NOTICE, address: str = "https://h.example/x"
) -> Post:
    return bodies.post_of(notice, format_=format_, address=address, secret=secret, now=NOW)


def document(format_: Format, secret: str = "", notice: Notice = NOTICE) -> Any:
    return json.loads(post(format_, secret, notice).body)


def test_json_is_signed_as_the_specifications_own_example() -> None:
    signature = signing.standard(
        "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        "msg_p5jXN8AQM9LWM0D4loKWxJek",
        1614265330,
        b'{"test": 2432232314}',
    )
    assert signature == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_json_holds_what_happened_where_and_when_and_nothing_else() -> None:
    secret = "whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3"
    sent = post(Format.JSON, secret)
    assert json.loads(sent.body) == {
        "type": "case.report_sent",
        "timestamp": "2020-11-24T00:59:24Z",
        "data": {
            "case": "CAS-03282-J6Y6M6",
            "title": "CodeMeter 服务反复停止",
            "what": "报告已发出",
            "url": LINK,
        },
    }
    assert sent.headers["webhook-id"] == NOTICE.delivery
    assert sent.headers["webhook-timestamp"] == "1606179564"
    assert sent.headers["webhook-signature"] == signing.standard(
        secret, NOTICE.delivery, 1606179564, sent.body
    )
    assert signing.standard(secret, "msg_1", 1606179564, b'{"a":1}') == (
        "v1,vDLXUpOKMltixMPAGqOuGxxX5DPlWV5ISB3bkQ3Y/fU="
    )


@pytest.mark.parametrize(
    "secret", ["", "whsec_", "whsec_c2hvcnQ=", "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3", "whsec_ü"]
)
def test_json_without_a_key_of_24_bytes_is_not_sent_unsigned(secret: str) -> None:
    with pytest.raises(ValueError):
        post(Format.JSON, secret)


def test_a_secret_that_is_made_is_one_and_never_the_same() -> None:
    made = {signing.new_secret() for _ in range(20)}
    assert len(made) == 20
    assert {len(signing.key_of(secret)) for secret in made} == {32}


def test_wecom_reads_markdown_with_a_link() -> None:
    assert document(Format.WECOM) == {
        "msgtype": "markdown",
        "markdown": {"content": f"**报告已发出**\n[CAS-03282-J6Y6M6]({LINK}) CodeMeter 服务反复停止"},
    }


def test_dingtalk_reads_markdown_and_its_signature_stands_in_the_address() -> None:
    assert document(Format.DINGTALK) == {
        "msgtype": "markdown",
        "markdown": {
            "title": "报告已发出 CAS-03282-J6Y6M6",
            "text": f"#### 报告已发出\n\n[CAS-03282-J6Y6M6]({LINK}) CodeMeter 服务反复停止",
        },
    }
    signed = post(Format.DINGTALK, "SECdemo", address="https://h.example/robot?access_token=t").address
    assert signed == (
        "https://h.example/robot?access_token=t&timestamp=1606179564000"
        "&sign=bC1OvZ8lGprrPBCliPYSeUgPL0hbvHhtT3l7Ac7%2FIOI%3D"
    )
    assert post(Format.DINGTALK).address == "https://h.example/x"


def test_feishu_reads_a_card_of_plain_text_and_its_signature_stands_in_the_body() -> None:
    assert document(Format.FEISHU, "feishudemo") == {
        "timestamp": "1606179564",
        "sign": "WsTyDQ5IjXswMCVfD+A+6SWlH2525EgtrNXasAY2y+o=",
        "msg_type": "interactive",
        "card": {
            "header": {"title": {"tag": "plain_text", "content": "报告已发出 CAS-03282-J6Y6M6"}},
            "elements": [
                {"tag": "div", "text": {"tag": "plain_text", "content": "CodeMeter 服务反复停止"}},
                {
                    "tag": "action",
                    "actions": [
                        {
                            "tag": "button",
                            "text": {"tag": "plain_text", "content": "CAS-03282-J6Y6M6"},
                            "url": LINK,
                            "type": "primary",
                        }
                    ],
                },
            ],
        },
    }
    assert "sign" not in document(Format.FEISHU)


def test_slack_reads_blocks_and_a_text_for_its_notification() -> None:
    assert document(Format.SLACK) == {
        "text": "报告已发出 CAS-03282-J6Y6M6 CodeMeter 服务反复停止",
        "blocks": [
            {
                "type": "section",
                "text": {"type": "mrkdwn", "text": f"*报告已发出* <{LINK}|CAS-03282-J6Y6M6>"},
            },
            {"type": "section", "text": {"type": "plain_text", "text": "CodeMeter 服务反复停止"}},
        ],
    }


def test_a_title_of_a_stranger_makes_no_link_no_heading_and_calls_nobody() -> None:
    notice = replace(NOTICE, title=HOSTILE)
    for format_, key in ((Format.WECOM, "content"), (Format.DINGTALK, "text")):
        text = document(format_, notice=notice)["markdown"][key]
        title = text.partition(f"({LINK}) ")[2]
        assert title and not set("<>[]()*_`#&@\n") & set(title), title
        assert "://" not in title and "\u202e" not in title
    slack = document(Format.SLACK, notice=notice)
    assert "<" not in slack["text"] and "&lt;!channel&gt;" in slack["text"]
    assert slack["blocks"][1]["text"]["type"] == "plain_text"
    card = document(Format.FEISHU, notice=notice)["card"]
    assert card["elements"][0]["text"]["tag"] == "plain_text"


def test_where_the_portal_does_not_know_its_address_there_is_no_link() -> None:
    notice = replace(NOTICE, link="")
    for format_ in (Format.WECOM, Format.DINGTALK, Format.FEISHU, Format.SLACK):
        text = post(format_, notice=notice).body.decode()
        assert "http" not in text and "CAS-03282-J6Y6M6" in text
    assert document(Format.JSON, signing.new_secret(), notice)["data"]["url"] == ""


@pytest.mark.parametrize(
    ("format_", "status", "answer", "accepted"),
    [
        (Format.JSON, 204, "", True),
        (Format.JSON, 302, "", False),
        (Format.SLACK, 200, "ok", True),
        (Format.SLACK, 403, "invalid_token", False),
        (Format.WECOM, 200, '{"errcode":0,"errmsg":"ok"}', True),
        (Format.WECOM, 200, '{"errcode":45009,"errmsg":"api freq out of limit"}', False),
        (Format.DINGTALK, 200, '{"errcode":310000,"errmsg":"keywords not in content"}', False),
        (Format.DINGTALK, 200, "<html>Sign in to the hotel's network</html>", False),
        (Format.FEISHU, 200, '{"code":0,"msg":"success"}', True),
        (Format.FEISHU, 200, '{"StatusCode":0,"StatusMessage":"success"}', True),
        (
            Format.FEISHU,
            200,
            '{"code":19021,"msg":"sign match fail or timestamp is not within one hour"}',
            False,
        ),
        (Format.FEISHU, 200, "[" * 4000, False),
        (Format.WECOM, 200, "[0]", False),
    ],
)
def test_a_robots_200_counts_only_with_its_own_word_that_it_took_it(
    format_: Format, status: int, answer: str, accepted: bool
) -> None:
    assert bodies.is_accepted(format_, status, answer) is accepted
