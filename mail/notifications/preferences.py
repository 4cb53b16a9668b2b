"""How a person wants to be told: what she chose, or what holds for her side."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from cases.signals import ActivityKind
from mail.notifications.audience import Reader
from mail.notifications.kinds import KINDS, told
from mail.notifications.models import Channel, DigestItem, NotificationPreference, NotificationTimes

if TYPE_CHECKING:
    from accounts.models import User


def channel_of(reader: Reader, kind: ActivityKind) -> Channel:
    """How this reader is told of this kind; Cc lists are for mails alone."""
    what = told(kind, is_customer=reader.is_customer)
    if what is None:
        return Channel.PORTAL
    if reader.person is None:
        return Channel.AT_ONCE if what.channel == Channel.AT_ONCE else Channel.PORTAL
    if not is_open_to_choice(kind, is_customer=reader.is_customer):
        return what.channel
    chosen = NotificationPreference.objects.filter(person=reader.person, kind=kind).first()
    return Channel(chosen.channel) if chosen else what.channel


def is_open_to_choice(kind: ActivityKind, *, is_customer: bool) -> bool:
    """Whether a person of that side may choose how she is told of it."""
    return told(kind, is_customer=is_customer) is not None and not (KINDS[kind].essential and is_customer)


def choices_of(person: User) -> dict[ActivityKind, Channel]:
    """How she is told of each kind that is open to her choice, in the order of the page."""
    chosen = dict(person.notification_preferences.values_list("kind", "channel"))
    choices = {}
    for kind in KINDS:
        what = told(kind, is_customer=person.is_customer)
        if what is not None and is_open_to_choice(kind, is_customer=person.is_customer):
            choices[kind] = Channel(chosen.get(kind, what.channel))
    return choices


@transaction.atomic
def choose(person: User, choices: Mapping[ActivityKind, Channel]) -> None:
    """Stores what differs from what holds for her side; kinds that are not open to her are passed over."""
    for kind, channel in choices.items():
        what = told(kind, is_customer=person.is_customer)
        if what is None or not is_open_to_choice(kind, is_customer=person.is_customer):
            continue
        if channel == what.channel:
            person.notification_preferences.filter(kind=kind).delete()
        else:
            NotificationPreference.objects.update_or_create(
                person=person, kind=kind, defaults={"channel": channel}
            )


def end_digest(person: User) -> None:
    """What came in her daily mail stands on the portal only from now on."""
    daily = [kind for kind, channel in choices_of(person).items() if channel == Channel.DIGEST]
    choose(person, dict.fromkeys(daily, Channel.PORTAL))


@transaction.atomic
def set_times(times: NotificationTimes) -> None:
    """Stores quiet hours and the hour of the daily mail; what waits for that mail waits for the new hour."""
    times.save()
    due = times.next_digest(timezone.now())
    DigestItem.objects.filter(person=times.person, due_at__gt=timezone.now()).update(due_at=due)
