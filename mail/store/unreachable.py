"""Addresses that do not accept mail, by what became of the mails to them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db.models import Max
from django.utils import timezone

from mail.store.models import Direction, MailMessage, MailState
from mail.store.reasons import NotSent

COMES_BACK_WITHIN = timedelta(hours=1)
"""A mail that a server took, and that has not come back for so long, has arrived."""


def unreachable_since(addresses: Iterable[str]) -> dict[str, datetime]:
    """Those of the addresses that take no mail, in lower case, with the time of the first mail that did not
    arrive since one last did."""
    wanted = {address.lower() for address in addresses if address}
    newest = last_arrived(wanted)
    ours = MailMessage.objects.filter(direction=Direction.OUT, address__in=wanted)
    refused = ours.filter(
        state__in=(MailState.FAILED, MailState.BOUNCED), reason=NotSent.NO_MAILBOX
    ).order_by()
    found: dict[str, datetime] = {}
    for address, at in refused.values_list("address", "created_at"):
        if (last := newest.get(address)) is None or at > last:
            found[address] = min(at, found.get(address, at))
    return found


def last_arrived(addresses: Iterable[str]) -> dict[str, datetime]:
    """For each of the addresses when the newest mail was written that has arrived there, if one has."""
    ours = MailMessage.objects.filter(direction=Direction.OUT, address__in=set(addresses))
    arrived = ours.filter(state=MailState.SENT, done_at__lt=timezone.now() - COMES_BACK_WITHIN)
    return dict(arrived.order_by().values_list("address").annotate(Max("created_at")))
