"""Signatures of webhooks: the receiver knows that it was we who wrote, and when.

Sources: Standard Webhooks 1.0.0 (https://github.com/standard-webhooks/standard-webhooks, spec);
DingTalk, "自定义机器人安全设置", 加签; Feishu, "自定义机器人使用指南", 签名校验.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import secrets

PREFIX = "whsec_"
MIN_KEY, MAX_KEY = 24, 64
"""Bytes of a key, as the specification asks."""


def new_secret() -> str:
    """A random secret in the specification's form."""
    return PREFIX + base64.b64encode(secrets.token_bytes(32)).decode()


def key_of(secret: str) -> bytes:
    """The key in ``whsec_…``. Raises ``ValueError`` for anything else, and beyond the sizes."""
    try:
        key = base64.b64decode(secret.removeprefix(PREFIX), validate=True)
    except binascii.Error as error:
        raise ValueError("no base64") from error
    if not secret.startswith(PREFIX) or not MIN_KEY <= len(key) <= MAX_KEY:
        raise ValueError("not of the form whsec_…")
    return key


def standard(secret: str, delivery: str, seconds: int, body: bytes) -> str:
    """The value of ``webhook-signature``. Raises ``ValueError`` where the secret is none."""
    return "v1," + _mac(key_of(secret), f"{delivery}.{seconds}.".encode() + body)


def dingtalk(secret: str, milliseconds: int) -> str:
    """The value of ``sign`` in the address, not yet quoted."""
    return _mac(secret.encode(), f"{milliseconds}\n{secret}".encode())


def feishu(secret: str, seconds: int) -> str:
    """The value of ``sign`` in the body; what is signed is the key there, and the text is empty."""
    return _mac(f"{seconds}\n{secret}".encode(), b"")


def _mac(key: bytes, text: bytes) -> str:
    return base64.b64encode(hmac.new(key, text, hashlib.sha256).digest()).decode()
