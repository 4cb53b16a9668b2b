"""Links that are a right themselves: whoever opens one answers, uploads or ends mails in its reader's name.

Each room names its own (``secret_links`` of its ``AppConfig``). Mails are quoted, passed on and pasted: what
others read (``accounts.shared_text``) and what is logged holds nothing that opens such a link.
"""

from __future__ import annotations

import re
from base64 import urlsafe_b64decode
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from django.apps import apps

HIDDEN = "…"

_ESCAPE = "[%-](?:25){0,3}"
"""Before two hexadecimal digits. Filters on the way put an address into one of their own, some one that was
put into another already; Proofpoint's second version writes ``-`` for ``%`` and ``_`` for ``/``."""
_SLASH = f"(?:[/_]|{_ESCAPE}2F)"
_CHARACTER = "(?:[0-9a-z_:=-]|%(?:25){0,3}(?:2D|3A|3D|5F))"
_BASE64 = re.compile(r"aHR0c[\w+/-]{16,4000}", re.ASCII)
"""An address that begins with ``http``, as Sophos puts it into its own."""

ANY = f"{_CHARACTER}{{8,2000}}+"
SIGNED = (
    rf"(?:Wy|\.eJ){ANY}"
    rf"(?:(?:\r?\n[> ]{{0,8}}(?!https?:){_CHARACTER}{{1,2000}}+){{1,3}}(?=/))?"
)
"""A list that ``django.core.signing`` has signed: JSON in Base64, or compressed before. Some mail programs
break it into lines."""


@dataclass(frozen=True)
class SecretLink:
    """``path``: all of the address, below the portal's own, that stands before the secret. ``secret``: the
    pattern of those that no text keeps; others are their maker's to pass on."""

    path: str
    secret: str = ANY


def without_secrets(text: str) -> str:
    """The text with what opens a link cut out, whether the link stands there by itself or wrapped."""
    return _BASE64.sub(_without_encoded, _secret().sub(_hidden, text))


def blotted(line: str) -> str:
    """A line of a log without whatever stands in the place of a secret."""
    return _place().sub(rf"\1{HIDDEN}", without_secrets(line))


def is_secret(path: str) -> bool:
    """Whether the path of a request holds a secret."""
    return _place().search(path) is not None


def secret_links() -> Iterator[SecretLink]:
    """Those of all rooms."""
    for config in apps.get_app_configs():
        yield from getattr(config, "secret_links", ())


@cache
def _secret() -> re.Pattern[str]:
    links = (f"({link.path.replace('/', _SLASH)}){link.secret}" for link in secret_links())
    return re.compile("|".join(links), re.IGNORECASE)


@cache
def _place() -> re.Pattern[str]:
    return re.compile(rf"({'|'.join(link.path for link in secret_links())})[^/?\s]+")


def _hidden(found: re.Match[str]) -> str:
    assert found.lastindex is not None
    return f"{found[found.lastindex]}{HIDDEN}"


def _without_encoded(found: re.Match[str]) -> str:
    text = found[0].replace("+", "-").replace("/", "_")
    address = urlsafe_b64decode(text[: len(text) // 4 * 4])
    return HIDDEN if _secret().search(address.decode("latin-1")) else found[0]
