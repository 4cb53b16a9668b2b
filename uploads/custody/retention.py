"""How long the bytes of bundles are kept, and how they go: the one place of the rule.

A case is closed: the days are those of its organisation, or fewer where a version of the privacy
statement that was agreed to promises fewer. So many days before the end its customer is told the day;
on that day its bundles are marked ``deleting``, then everything that repeats their bytes goes, then the
thread gets the certificate. What was uploaded under an agreement that is withdrawn goes the same way at
once. Each step is stored before the next one begins and may be repeated: a portal that is killed
anywhere goes on from there. A legal hold stops all of it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast

from django.conf import settings
from django.db import transaction
from django.db.models import (
    DurationField,
    Exists,
    ExpressionWrapper,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
)
from django.db.models.functions import Greatest, Least
from django.utils import timezone

from cases import times
from cases.models import Case, CaseQuerySet, Message, MessageKind
from cases.relations.kinds import RelationKind
from cases.relations.models import Relation
from cases.services import post_message
from cases.signals import ActivityKind
from cases.signals import announce as announce_activity
from cases.status import CLOSED
from uploads.attachments.models import MessageAttachment, MessageAttachmentQuerySet
from uploads.bundles import storing
from uploads.bundles.models import Bundle, BundleQuerySet, BundleState, bundle_path
from uploads.custody import notices
from uploads.custody.models import Consent, Deletion, DeletionNotice, DeletionRule, LegalHold, Statement
from uploads.signals import attachment_deleted, bundle_deleted
from uploads.transfer.models import Upload


class NotGone(OSError):
    """The storage says that a file is deleted, and it is still there."""


@dataclass(frozen=True)
class Keeping:
    """Until when the data of a case is kept. ``deletes_at`` is ``None`` while the case is not closed
    or held, and where nothing is kept any more (``left`` bundles and
    attachments). ``on_the_day``: it is so many ``days``
    after the closing, not later for the sake of the notice."""

    days: int
    left: int
    deletes_at: datetime | None
    on_the_day: bool
    hold: LegalHold | None
    deletion: Deletion | None


def keeping_of(case: Case) -> Keeping:
    """What the screens say of it."""
    hold = hold_of(case)
    left = case.bundles.filter(state=BundleState.SEALED).count() + _attachments_of(case).count()
    days = int(_with_days(Case.objects.filter(pk=case.pk)).values_list("days", flat=True)[0])
    deletes_at, on_the_day = None, True
    begun = _closed().filter(pk=case.pk).values_list("kept_from", flat=True).first()
    if begun is not None and left and not _holds(case.pk).exists():
        notice = case.deletion_notices.in_force().filter(closed_at=begun).first()
        planned = begun + timedelta(days=days)
        deletes_at = notice.deletes_at if notice else planned
        on_the_day = times.day_of(deletes_at) == times.day_of(planned)
    return Keeping(days, left, deletes_at, on_the_day, hold, case.deletions.last())


def hold_of(case: Case) -> LegalHold | None:
    """The legal hold that is in force, if there is one."""
    return LegalHold.objects.filter(case=case, lifted_at=None).select_related("placed_by").first()


# -- Before ---------------------------------------------------------------------------


def to_be_told(now: datetime) -> CaseQuerySet:
    """Closed cases with data whose customer is to be told now when it is deleted."""
    announced = DeletionNotice.objects.in_force().filter(case=OuterRef("pk"), closed_at=OuterRef("kept_from"))
    before = _days(F("days") - Least(F("days"), Value(settings.RETENTION_NOTICE_DAYS)))
    closed = _with_days(_not_held(_closed().filter(_any_data())))
    return closed.annotate(tell_at=F("kept_from") + before).filter(~Exists(announced), tell_at__lte=now)


def announce(case: Case) -> None:
    """Tells the customer, once a closing, on which day the data goes; nothing goes before that day.

    Where the portal stood still or the days were shortened, the day is later than planned rather
    than told too late.
    """
    now = timezone.now()
    with transaction.atomic():
        row = _locked(to_be_told(now).filter(pk=case.pk))
        if row is None:
            return
        # Told on its day, as ``to_be_told`` has it, this is the day that was planned; told late, a later one.
        deletes_at = now + timedelta(days=min(row.days, settings.RETENTION_NOTICE_DAYS))
        notice = DeletionNotice(case=row, closed_at=row.kept_from, deletes_at=deletes_at, told_at=now)
        notice.save()
        body = notices.announced(row, deletes_at)
        _tell(notice, post_message(row, by=None, body=body, kind=MessageKind.SYSTEM, at=now), now)


def to_be_mailed(now: datetime) -> QuerySet[DeletionNotice]:
    """Notices of earlier versions that no mail server had taken."""
    return DeletionNotice.objects.in_force().filter(mailed_at=None, deletes_at__gt=now)


@transaction.atomic
def mail(notice: DeletionNotice) -> None:
    """Announces such a notice, so that its mails are written."""
    _tell(notice, None, timezone.now())


def _tell(notice: DeletionNotice, message: Message | None, now: datetime) -> None:
    """Announces it; ``mailed_at`` says that its mails are in the outbox, which they are with the same
    transaction."""
    day = notice.deletes_at.isoformat()
    announce_activity(ActivityKind.DELETION, notice.case, by=None, at=now, message=message, deletes_at=day)
    DeletionNotice.objects.filter(pk=notice.pk, mailed_at=None).update(mailed_at=now)


# -- The deletion ---------------------------------------------------------------------


def over(now: datetime) -> CaseQuerySet:
    """Closed cases with data whose day has come."""
    announced = DeletionNotice.objects.in_force().filter(
        case=OuterRef("pk"), closed_at=OuterRef("kept_from"), deletes_at__lte=now
    )
    closed = _closed().filter(_any_data(), Exists(announced))
    return _with_days(_not_held(closed))


def past_keeping(now: datetime) -> CaseQuerySet:
    """Closed cases whose days of keeping are over and that no legal hold keeps, with data or without."""
    closed = _with_days(_not_held(_closed()))
    return cast(CaseQuerySet, closed.filter(kept_from__lte=now - _days(F("days"))))


def begin_deletion(case: Case) -> Deletion | None:
    """Marks every bundle and attachment of a closed case for deletion, if its day has come."""
    now = timezone.now()
    with transaction.atomic():
        row = _locked(over(now).filter(pk=case.pk))
        if row is None:
            return None
        bundles = Bundle.objects.filter(case=row, state=BundleState.SEALED)
        files = _attachments_of(row)
        return _marked(row, bundles, files, rule=DeletionRule.RETENTION, days=row.days, begun_at=now)


def withdrawn() -> CaseQuerySet:
    """Cases with data whose agreement is withdrawn."""
    bundles = _data().filter(consent__withdrawn_at__isnull=False)
    files = _attachments().filter(consent__withdrawn_at__isnull=False)
    return _not_held(Case.objects.filter(Exists(bundles) | Exists(files)))


def begin_deletion_of_withdrawn(case: Case) -> Deletion | None:
    """Marks for deletion what was uploaded under withdrawn agreements."""
    with transaction.atomic():
        row = _locked(withdrawn().filter(pk=case.pk))
        if row is None:
            return None
        ended = row.consents.exclude(withdrawn_at=None)
        bundles = Bundle.objects.filter(case=row, state=BundleState.SEALED, consent__in=ended)
        files = _attachments_of(row).filter(consent__in=ended)
        return _marked(row, bundles, files, rule=DeletionRule.WITHDRAWAL, begun_at=timezone.now())


def _marked(case: Case, bundles: BundleQuerySet, files: MessageAttachmentQuerySet, **facts: Any) -> Deletion:
    deletion = Deletion.objects.create(case=case, **facts)
    bundles.update(state=BundleState.DELETING, deletion=deletion)
    files.update(deletion=deletion)
    return deletion


def unfinished() -> QuerySet[Deletion]:
    """Deletions that are begun."""
    return Deletion.objects.filter(finished_at=None)


def carry_out(deletion: Deletion) -> None:
    """Deletes what is left of it, then certifies it in the thread. May be repeated.

    A receiver of ``bundle_deleted`` or ``attachment_deleted`` that stumbles keeps the file for the next
    sweep: what repeats its bytes goes with them, or nothing does. Raises what the receiver or the storage
    does.
    """
    for bundle in deletion.bundles.filter(state=BundleState.DELETING):
        with transaction.atomic():
            bundle_deleted.send(sender=Bundle, bundle=bundle)
        _delete_bytes(bundle)
        Bundle.objects.filter(pk=bundle.pk).update(state=BundleState.DELETED, file="")
    for attachment in deletion.attachments.exclude(file=""):
        with transaction.atomic():
            attachment_deleted.send(sender=MessageAttachment, attachment=attachment)
        storage, name = attachment.file.storage, str(attachment.file.name)
        storage.delete(name)
        if storage.exists(name):
            raise NotGone(f"attachment {attachment.pk}: {name}")
        MessageAttachment.objects.filter(pk=attachment.pk).update(file="")
    now = timezone.now()
    with transaction.atomic():
        row = Deletion.objects.select_for_update().get(pk=deletion.pk)
        if row.finished_at is not None:
            return
        row.finished_at = now
        body = notices.certificate(row)
        row.message = post_message(row.case, by=None, body=body, kind=MessageKind.SYSTEM, at=now)
        row.save(update_fields=["finished_at", "message"])


def _delete_bytes(bundle: Bundle) -> None:
    storage, name = bundle.file.storage, bundle.file.name
    if name:
        storage.delete(name)
        storing.delete_leftovers(storage, bundle_path(bundle, bundle.name))
        if storage.exists(name):
            raise NotGone(f"bundle {bundle.pk}: {name}")
    if bundle.upload_id:
        Upload(pk=bundle.upload_id).staged.unlink(missing_ok=True)


def _data() -> BundleQuerySet:
    return Bundle.objects.filter(case=OuterRef("pk"), state=BundleState.SEALED)


def _attachments() -> MessageAttachmentQuerySet:
    return MessageAttachment.objects.kept().filter(message__case=OuterRef("pk"))


def _attachments_of(case: Case) -> MessageAttachmentQuerySet:
    return MessageAttachment.objects.kept().filter(message__case=case)


def _any_data() -> Any:
    return Exists(_data()) | Exists(_attachments())


def _closed() -> Any:
    """Closed cases, with ``kept_from``: when the days of keeping began. A double's begin with those of the
    case that it went into, which rests on what was uploaded to it."""
    into = Relation.objects.in_force().filter(case=OuterRef("pk"), kind=RelationKind.DOUBLE)
    ended = Subquery(into.values("other__closed_at")[:1])
    closed = Case.objects.filter(~Exists(into.filter(other__closed_at=None)), status__in=CLOSED)
    # GREATEST of PostgreSQL passes over NULL: most cases are no doubles.
    return closed.annotate(kept_from=Greatest(F("closed_at"), ended))


def _holds(case: Any) -> QuerySet[LegalHold]:
    """Holds in force of a case, or of the one that it is a double of."""
    of_other = Q(
        case__relations_to__case=case,
        case__relations_to__kind=RelationKind.DOUBLE,
        case__relations_to__removed_at=None,
    )
    return LegalHold.objects.filter(Q(case=case) | of_other, lifted_at=None)


def _not_held(cases: CaseQuerySet) -> CaseQuerySet:
    return cases.exclude(Exists(_holds(OuterRef("pk"))))


def _with_days(cases: CaseQuerySet) -> Any:
    """Adds ``days``, for how many days after closing the data of the case is kept."""
    agreed = Consent.objects.filter(case=OuterRef(OuterRef("pk")), version=OuterRef("version"))
    promised = Statement.objects.filter(Exists(agreed), most_days__isnull=False).order_by("most_days")
    # LEAST of PostgreSQL passes over NULL: no version promises anything.
    return cases.annotate(
        days=Least(F("organisation__keep_days"), Subquery(promised.values("most_days")[:1]))
    )


def _locked(cases: CaseQuerySet) -> Any:
    return cases.locked().select_related("organisation").first()


def _days(number: Any) -> ExpressionWrapper:
    return ExpressionWrapper(number * Value(timedelta(days=1)), output_field=DurationField())
