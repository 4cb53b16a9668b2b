"""What people are told of each kind of activity: whom it reaches, how unless they choose otherwise, what it
says. The order is that of the page on which people choose."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from cases.signals import Activity, ActivityKind
from mail.notifications import customer_letters as to_customers
from mail.notifications import evidence_letters, report_letters
from mail.notifications import vendor_letters as to_vendor
from mail.notifications.audience import Reader
from mail.notifications.letters import Letter
from mail.notifications.models import Channel

AT_ONCE, DIGEST, PORTAL = Channel.AT_ONCE, Channel.DIGEST, Channel.PORTAL


@dataclass(frozen=True)
class Told:
    """What one side is told. ``channel``: how, where a person has chosen nothing. ``writes``: ``None`` where
    it is no news to this reader."""

    channel: Channel
    writes: Callable[[Activity, Reader], Letter | None]


@dataclass(frozen=True, kw_only=True)
class KindFacts:
    """All that is decided for one kind. On the customer's side are told: the contact, colleagues who
    follow, the Cc list; on the vendor's: the engineer or else the queue's, colleagues who follow, and
    whoever the activity names."""

    customer: Told | None = None
    vendor: Told | None = None
    leads: int
    """Of several things told in one mail, the one with the highest leads it."""
    essential: bool = False
    """The customer cannot choose it away: a promise hangs on it."""
    is_internal: bool = False
    """What the vendor's people are told of it holds what customers do not read: an answer to that mail is an
    internal note."""
    tells_actor: bool = False
    """Also the customer who caused it: it is an answer to what she did."""
    named_alone: bool = False
    """Only those whom the activity names."""
    reaches_cc: bool = True
    tells_managers: bool = False
    tells_administrators: bool = False
    tells_uploaders: bool = False
    """Whoever of the organisation has uploaded to the case."""


KINDS: dict[ActivityKind, KindFacts] = {
    ActivityKind.CASE_RECEIVED: KindFacts(
        customer=Told(AT_ONCE, to_customers.received),
        vendor=Told(AT_ONCE, to_vendor.received),
        leads=5,
        tells_actor=True,
    ),
    ActivityKind.REPLY: KindFacts(
        customer=Told(AT_ONCE, to_customers.reply), vendor=Told(AT_ONCE, to_vendor.reply), leads=8
    ),
    ActivityKind.EVIDENCE_REQUESTED: KindFacts(
        customer=Told(AT_ONCE, evidence_letters.evidence_requested),
        vendor=Told(DIGEST, to_vendor.evidence_requested),
        leads=9,
    ),
    ActivityKind.UPLOAD_CHECKED: KindFacts(
        customer=Told(AT_ONCE, evidence_letters.upload_checked),
        vendor=Told(AT_ONCE, to_vendor.upload_checked),
        leads=6,
        tells_actor=True,
    ),
    ActivityKind.ITEMS_MISSING: KindFacts(
        customer=Told(AT_ONCE, evidence_letters.items_missing),
        vendor=Told(DIGEST, to_vendor.items_missing),
        leads=6,
        tells_actor=True,
    ),
    ActivityKind.REPORT_SENT: KindFacts(
        customer=Told(AT_ONCE, report_letters.report_sent),
        vendor=Told(DIGEST, to_vendor.report_sent),
        leads=10,
    ),
    ActivityKind.WAITING_REMINDER: KindFacts(
        customer=Told(AT_ONCE, evidence_letters.waiting_reminder),
        vendor=Told(PORTAL, to_vendor.waiting_reminder),
        leads=5,
    ),
    ActivityKind.LONG_WAIT: KindFacts(
        vendor=Told(AT_ONCE, to_vendor.long_wait), leads=6, is_internal=True, reaches_cc=False
    ),
    ActivityKind.SCOPE: KindFacts(
        customer=Told(AT_ONCE, to_customers.scope), vendor=Told(AT_ONCE, to_vendor.entry), leads=9
    ),
    ActivityKind.APPOINTMENT: KindFacts(
        customer=Told(AT_ONCE, to_customers.appointment),
        vendor=Told(AT_ONCE, to_vendor.entry),
        leads=9,
        # Her calendar is told of what she agreed to herself.
        tells_actor=True,
    ),
    ActivityKind.SUSPENSION_PROPOSED: KindFacts(
        customer=Told(AT_ONCE, to_customers.suspension_proposed),
        vendor=Told(AT_ONCE, to_vendor.entry),
        leads=9,
    ),
    ActivityKind.SOLVED: KindFacts(
        customer=Told(AT_ONCE, to_customers.outcome), vendor=Told(AT_ONCE, to_vendor.outcome), leads=7
    ),
    ActivityKind.NOT_SOLVED: KindFacts(
        customer=Told(AT_ONCE, to_customers.outcome), vendor=Told(AT_ONCE, to_vendor.outcome), leads=7
    ),
    ActivityKind.SUSPENDED: KindFacts(
        customer=Told(AT_ONCE, to_customers.suspended), vendor=Told(AT_ONCE, to_vendor.status), leads=4
    ),
    ActivityKind.RESUMED: KindFacts(
        customer=Told(AT_ONCE, to_customers.resumed), vendor=Told(AT_ONCE, to_vendor.status), leads=2
    ),
    ActivityKind.CLOSED: KindFacts(
        customer=Told(AT_ONCE, to_customers.closed), vendor=Told(AT_ONCE, to_vendor.status), leads=3
    ),
    ActivityKind.REOPENED: KindFacts(
        customer=Told(AT_ONCE, to_customers.reopened), vendor=Told(AT_ONCE, to_vendor.status), leads=3
    ),
    ActivityKind.MERGED: KindFacts(
        customer=Told(AT_ONCE, to_customers.merged), vendor=Told(DIGEST, to_vendor.merged), leads=6
    ),
    ActivityKind.ASSIGNED: KindFacts(
        customer=Told(PORTAL, to_customers.assigned),
        vendor=Told(AT_ONCE, to_vendor.assigned),
        leads=1,
        is_internal=True,
        reaches_cc=False,
    ),
    ActivityKind.MENTIONED: KindFacts(
        vendor=Told(AT_ONCE, to_vendor.mentioned),
        leads=8,
        is_internal=True,
        named_alone=True,
        reaches_cc=False,
    ),
    ActivityKind.OVERDUE: KindFacts(
        vendor=Told(AT_ONCE, to_vendor.overdue),
        leads=5,
        is_internal=True,
        tells_managers=True,
        reaches_cc=False,
    ),
    ActivityKind.OWN_REMINDER: KindFacts(
        customer=Told(AT_ONCE, evidence_letters.own_reminder),
        vendor=Told(AT_ONCE, to_vendor.own_reminder),
        leads=5,
        is_internal=True,
        named_alone=True,
        reaches_cc=False,
    ),
    ActivityKind.PROGRESS: KindFacts(
        customer=Told(AT_ONCE, to_customers.entry),
        leads=8,
        tells_actor=True,
        named_alone=True,
        reaches_cc=False,
    ),
    ActivityKind.DELETION: KindFacts(
        customer=Told(AT_ONCE, to_customers.deletion),
        leads=9,
        essential=True,
        tells_uploaders=True,
        reaches_cc=False,
    ),
    ActivityKind.MAIL_FAILED: KindFacts(
        vendor=Told(AT_ONCE, to_vendor.mail_failed),
        leads=9,
        is_internal=True,
        tells_administrators=True,
        reaches_cc=False,
    ),
}


def told(kind: ActivityKind, *, is_customer: bool) -> Told | None:
    """What a person of that side is told of this kind."""
    facts = KINDS[kind]
    return {True: facts.customer, False: facts.vendor}[is_customer]
