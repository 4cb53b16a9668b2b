"""What notifications do when something has happened in a case, and around the sending of mails."""

from datetime import datetime
from typing import Any

from django.dispatch import receiver

from cases.models import Case
from cases.relations.models import Relation
from cases.signals import (
    Activity,
    ActivityKind,
    case_activity,
    case_merged,
    ends_in_silence,
    merge_undone,
)
from mail.notifications import followers
from mail.notifications.failures import is_unreached, tell_of_lost
from mail.notifications.rechecks import why_not
from mail.notifications.telling import tell
from mail.outbound.signals import about_to_send, mail_lost
from mail.store.models import MailMessage
from mail.store.reasons import NotSent


@receiver(case_activity, dispatch_uid="mail-tells-people")
def tell_people(sender: Any, activity: Activity, **_: Any) -> None:
    """Their mails stand or fall with the act."""
    tell(activity)


@receiver(case_activity, dispatch_uid="mail-who-writes-follows")
def who_writes_follows(sender: Any, activity: Activity, **_: Any) -> None:
    """She is told of the answer."""
    if activity.kind == ActivityKind.REPLY and activity.by is not None:
        followers.follow_by_writing(activity.case, activity.by)


@receiver(case_merged, dispatch_uid="mail-followers-come-along")
def come_along(sender: Any, relation: Relation, **_: Any) -> None:
    """Who is told of a double is told of the case that goes on."""
    followers.come_along(relation)


@receiver(merge_undone, dispatch_uid="mail-followers-stay-behind")
def stay_behind(sender: Any, relation: Relation, **_: Any) -> None:
    """And no more, once that is taken back."""
    followers.stay_behind(relation)


@receiver(ends_in_silence, dispatch_uid="mail-knows-who-is-reached")
def know_who_is_reached(sender: Any, case: Case, announced_at: datetime, **_: Any) -> bool:
    """Silence says nothing of somebody who was not reached."""
    return is_unreached(case, announced_at)


@receiver(about_to_send, dispatch_uid="mail-rechecks")
def recheck(sender: Any, mail: MailMessage, **_: Any) -> NotSent | None:
    """What was settled, or is wanted no more, is not sent."""
    return why_not(mail)


@receiver(mail_lost, dispatch_uid="mail-tells-of-lost")
def tell_of_failure(sender: Any, mail: MailMessage, answer: str, **_: Any) -> None:
    """Somebody hears of it."""
    tell_of_lost(mail, answer)
