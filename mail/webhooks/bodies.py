"""What a webhook is sent in each format, and how its receiver says that it has taken it.

Sources: Standard Webhooks 1.0.0; WeCom "消息推送配置说明" (markdown); DingTalk "自定义机器人发送消息的
消息类型" (markdown); Feishu "自定义机器人使用指南" (interactive); Slack "Sending messages using incoming
webhooks". The group robots answer 200 to what they refuse, with a code in the body.

A case's title is a stranger's text: where markup is read, none of it is left in it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode, urlsplit

from engine.text_safety import one_line, plain
from mail.webhooks import signing
from mail.webhooks.models import Format

USER_AGENT = "Anjuan-Webhooks/1"


@dataclass(frozen=True)
class Notice:
    """What is told. ``delivery`` is the same in each attempt, ``kind`` an ``ActivityKind``; ``what``, in the
    receiver's language, says it to people; ``link`` is empty where the portal does not know its address."""

    delivery: str
    kind: str
    at: datetime
    number: str
    title: str
    what: str
    link: str


@dataclass(frozen=True)
class Post:
    """An HTTP request that is to be made."""

    address: str
    headers: Mapping[str, str]
    body: bytes


def post_of(notice: Notice, *, format_: str, address: str, secret: str, now: datetime) -> Post:
    """The request at this moment. Raises ``ValueError`` where JSON's secret is none."""
    seconds = int(now.timestamp())
    document = _DOCUMENTS[Format(format_)](replace(notice, title=one_line(plain(notice.title))))
    headers = {
        "content-type": "application/json; charset=utf-8",
        "user-agent": USER_AGENT,
        "webhook-id": notice.delivery,
        "webhook-timestamp": str(seconds),
    }
    if secret and format_ == Format.FEISHU:
        document |= {"timestamp": str(seconds), "sign": signing.feishu(secret, seconds)}
    if secret and format_ == Format.DINGTALK:
        milliseconds = seconds * 1000
        sign = {"timestamp": milliseconds, "sign": signing.dingtalk(secret, milliseconds)}
        address += ("&" if urlsplit(address).query else "?") + urlencode(sign)
    body = json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()
    if format_ == Format.JSON:
        headers["webhook-signature"] = signing.standard(secret, notice.delivery, seconds, body)
    return Post(address, headers, body)


def is_accepted(format_: str, status: int, answer: str) -> bool:
    """Whether the receiver has taken it."""
    if not 200 <= status < 300:
        return False
    codes = {Format.WECOM: ("errcode",), Format.DINGTALK: ("errcode",), Format.FEISHU: ("code", "StatusCode")}
    if format_ not in codes:
        return True
    try:
        document = json.loads(answer)
    except (ValueError, RecursionError):
        return False
    return isinstance(document, dict) and any(document.get(name) == 0 for name in codes[Format(format_)])


def _json(notice: Notice) -> dict[str, Any]:
    data = {"case": notice.number, "title": notice.title, "what": notice.what, "url": notice.link}
    at = notice.at.astimezone(UTC).isoformat().replace("+00:00", "Z")
    return {"type": f"case.{notice.kind}", "timestamp": at, "data": data}


def _wecom(notice: Notice) -> dict[str, Any]:
    text = f"**{_no_markup(notice.what)}**\n{_linked(notice)} {_no_markup(notice.title)}"
    return {"msgtype": "markdown", "markdown": {"content": text}}


def _dingtalk(notice: Notice) -> dict[str, Any]:
    # The title is what the list of conversations shows.
    title = f"{_no_markup(notice.what)} {notice.number}"
    text = f"#### {_no_markup(notice.what)}\n\n{_linked(notice)} {_no_markup(notice.title)}"
    return {"msgtype": "markdown", "markdown": {"title": title, "text": text}}


def _feishu(notice: Notice) -> dict[str, Any]:
    def as_it_is(text: str) -> dict[str, str]:
        return {"tag": "plain_text", "content": text}

    elements: list[dict[str, Any]] = [{"tag": "div", "text": as_it_is(notice.title or notice.what)}]
    if notice.link:
        button = {"tag": "button", "text": as_it_is(notice.number), "url": notice.link, "type": "primary"}
        elements.append({"tag": "action", "actions": [button]})
    header = {"title": as_it_is(f"{notice.what} {notice.number}")}
    return {"msg_type": "interactive", "card": {"header": header, "elements": elements}}


def _slack(notice: Notice) -> dict[str, Any]:
    what, title = _for_slack(notice.what), _for_slack(notice.title)
    number = f"<{notice.link}|{notice.number}>" if notice.link else notice.number
    blocks = [
        {"type": "section", "text": {"type": "mrkdwn", "text": f"*{what}* {number}"}},
        {"type": "section", "text": {"type": "plain_text", "text": notice.title or notice.what}},
    ]
    return {"text": f"{what} {notice.number} {title}".strip(), "blocks": blocks}


_DOCUMENTS: dict[Format, Callable[[Notice], dict[str, Any]]] = {
    Format.JSON: _json,
    Format.WECOM: _wecom,
    Format.DINGTALK: _dingtalk,
    Format.FEISHU: _feishu,
    Format.SLACK: _slack,
}

_FULL_WIDTH = {ord(sign): chr(ord(sign) + 0xFEE0) for sign in "<>[]()*_`#~|\\!@&"}
"""Signs of markup and of mentions → the same sign in full width, which means nothing."""


def _no_markup(text: str) -> str:
    # Neither robot knows an escape that works in all of its clients.
    return text.replace("://", "：//").translate(_FULL_WIDTH)


def _for_slack(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _linked(notice: Notice) -> str:
    return f"[{notice.number}]({notice.link})" if notice.link else notice.number
