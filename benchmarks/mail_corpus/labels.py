"""One generated mail and what is right for it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Outcome(StrEnum):
    """What has to become of a mail."""

    IN_CASE = "in_case"
    """An entry of ``LabelledMail.case``."""
    FOR_REVIEW = "for_review"
    """In no case, but where a person of the vendor sees it, or a new case: never silence."""
    ROBOT = "robot"
    """In no thread; nobody is answered, nothing is uploaded or analysed."""
    UNPROVEN = "unproven"
    """In no thread: its sender is not who it says, or takes no part in the case."""
    AGAIN = "again"
    """The mail named in ``follows`` once more: nothing is added."""


@dataclass(frozen=True)
class Thread:
    """What a desk has told the customer about one of its cases, as her mail program would send it back."""

    message_id: str
    reply_address: str
    token: str


@dataclass(frozen=True)
class LabelledMail:
    """A mail (RFC 5322) and its label.

    ``case``: its number, where the outcome is one case. ``visible``: what a reader of the entry must see
    without a click; ``folded``: old mail and small print that must be folded away. ``files``: names that must
    be kept. ``follows``: mails that have to come first.
    """

    name: str
    raw: bytes
    outcome: Outcome
    case: str = ""
    visible: tuple[str, ...] = ()
    folded: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    follows: tuple[str, ...] = ()
    note: str = ""


@dataclass(frozen=True)
class Desk:
    """The desk under test: its cases' threads by number, its mailbox, and the name of its mail server."""

    threads: Mapping[str, Thread] = field(default_factory=dict)
    mailbox: str = "support@vendor.example"
    authserv_id: str = "mx.vendor.example"
