"""Every mail that was received or is sent: one row, its raw source beside it in the storage."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models, transaction
from django.db.models import F, Func, Value
from django.db.models.functions import Lower, Now
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.roles import Right, with_right
from accounts.shared_text import SharedCharField, SharedTextField
from cases import times
from cases.models import Case, Message
from cases.signals import ActivityKind
from mail.errors import MovedOn
from mail.reading.authentication import Proof
from mail.store.reasons import Reason, Unanswered, reason_choices

if TYPE_CHECKING:
    from accounts.models import User


MAX_YEAR = 9000
MAX_COUNTED = 999
"""What is more is told as “999+”: pages need not count a flood to its end."""
STUCK_AFTER = timedelta(minutes=15)
LATE_AFTER = timedelta(hours=1)
DIGEST = "digest"
"""The kind of a daily mail."""


class Direction(models.TextChoices):
    """Which way a mail goes."""

    IN = "in", _("received")
    OUT = "out", _("sent")


class MailState(models.TextChoices):
    """What has become of a mail."""

    RECEIVED = "received", _("Stored, not read yet")
    TAKEN = "taken", _("In the case")
    PARKED = "parked", _("Waits for a person")
    SET_ASIDE = "set_aside", _("No action needed")
    QUEUED = "queued", _("Waits to be sent")
    SENT = "sent", _("Sent")
    FAILED = "failed", _("Could not be sent")
    BOUNCED = "bounced", _("Came back")
    WITHHELD = "withheld", _("Not sent any more")


CHANGES: dict[MailState, frozenset[MailState]] = {
    MailState.RECEIVED: frozenset({MailState.TAKEN, MailState.PARKED, MailState.SET_ASIDE}),
    # Moved to another case, or a decision taken back.
    MailState.TAKEN: frozenset({MailState.TAKEN, MailState.PARKED, MailState.SET_ASIDE, MailState.RECEIVED}),
    # Put off, or back before its time.
    MailState.PARKED: frozenset({MailState.TAKEN, MailState.PARKED, MailState.SET_ASIDE, MailState.RECEIVED}),
    MailState.SET_ASIDE: frozenset(
        {MailState.TAKEN, MailState.PARKED, MailState.SET_ASIDE, MailState.RECEIVED}
    ),
}
"""What a received mail may become (``MailMessage.becomes``)."""


class MatchedBy(models.TextChoices):
    """What led a mail to its case."""

    REFERENCES = "references", _("an answer to a mail of this case")
    REPLY_ADDRESS = "reply_address", _("the reply address of this case")
    NUMBER = "number", _("the case number")
    TOKEN = "token", _("the mail token of this case")
    NEW_CASE = "new_case", _("a new case")
    BY_HAND = "by_hand", _("a colleague's choice")


def state_choices() -> list[tuple[str, str | Promise]]:
    """For the field: named by the migrations, which a new state does not change."""
    return list(MailState.choices)


def match_choices() -> list[tuple[str, str | Promise]]:
    """As above."""
    return list(MatchedBy.choices)


UNFINISHED = models.Q(direction=Direction.IN) & (
    models.Q(state=MailState.RECEIVED) | models.Q(state=MailState.TAKEN, done_at=None)
)

LATE = models.Q(direction=Direction.OUT, state=MailState.QUEUED, delivery__queued_at__lt=Now() - LATE_AFTER)
"""Ours that have not left for so long, tried or not."""


class MailMessageQuerySet(models.QuerySet["MailMessage"]):
    """Mails, as far as a person may see them."""

    def visible_to(self, user: User) -> Self:
        """Those of visible cases. Received ones of no case for the vendor's people alone: those that name a
        case for whoever sees that, the others for all of them. What the vendor's people were mailed is
        theirs: internal notes are in it."""
        visible = Case.objects.visible_to(user)
        of_cases = models.Q(case__in=visible)
        if user.is_authenticated and user.may_enter and user.is_vendor:
            named = models.Q(named_case=None) | models.Q(named_case__in=visible)
            of_nobody = models.Q(named, case=None, direction=Direction.IN)
            if user.is_staff:
                # Sign-in codes and the like; their bytes are gone once they are sent.
                of_nobody |= models.Q(case=None, direction=Direction.OUT)
            return self.filter(of_cases | of_nobody)
        if not user.is_authenticated:
            return self.none()
        own = models.Q(person=None) | models.Q(person__organisation=user.organisation_id)
        return self.filter(of_cases, models.Q(direction=Direction.IN) | own)

    def sent_to(self, user: User) -> Self:
        """What has gone to this person herself: what lies in her mailbox. Of use where nothing leaves the
        machine."""
        if not user.is_authenticated or not user.may_enter:
            return self.none()
        hers = models.Q(person=user.pk) | models.Q(person=None, address__iexact=user.email)
        return self.filter(hers, direction=Direction.OUT, state=MailState.SENT)

    def laid_out_for(self, user: User) -> Self:
        """Those whose page this person may be shown. A customer those that are proven to be her own
        organisation's, where she reads the entry: in the page of another may stand what its text, which was
        looked through for internal notes, does not say."""
        mails = self.visible_to(user)
        if user.is_authenticated and user.is_vendor:
            return mails
        entries = Message.objects.visible_to(user)
        own = models.Q(direction=Direction.IN, person__organisation=user.organisation_id)
        return mails.filter(own, person__role__in=with_right(Right.OWN_ORGANISATION), entry__in=entries)

    def parked(self) -> Self:
        """Those that wait for a person, and are not put off."""
        is_time = models.Q(put_off_until=None) | models.Q(put_off_until__lte=timezone.now())
        return self.filter(is_time, state=MailState.PARKED)

    def put_off(self) -> Self:
        """Those that wait for a person later."""
        return self.filter(state=MailState.PARKED, put_off_until__gt=timezone.now())

    def of_no_case(self, user: User) -> Self:
        """Received ones of no case that this person sees: as ``visible_to``, and quick among very many cases
        and mails."""
        if not user.is_authenticated or not user.may_enter or not user.is_vendor:
            return self.none()
        named = models.Exists(Case.objects.visible_to(user).filter(pk=models.OuterRef("named_case")))
        is_seen = models.Q(named_case=None) | models.Q(named)
        return self.filter(is_seen, direction=Direction.IN, case=None)

    def back_first(self) -> Self:
        """Those that were put off on top, the newest of them first, then the others."""
        return self.order_by(F("put_off_until").desc(nulls_last=True), "-created_at")

    def counted(self) -> int:
        """How many, up to ``MAX_COUNTED`` and one more."""
        return self.order_by()[: MAX_COUNTED + 1].count()

    def unfinished(self) -> Self:
        """Received ones with which a worker has something to do yet: to read them, or to take their files."""
        return self.filter(UNFINISHED)

    def stuck(self) -> Self:
        """Received ones that something stands in the way of for longer than a worker needs, and those that
        a fault of the portal's stopped: an operator looks at them."""
        long_since = models.Q(created_at__lt=timezone.now() - STUCK_AFTER)
        stopped = models.Q(direction=Direction.IN, state=MailState.PARKED, reason=Reason.FAULT)
        return self.filter(UNFINISHED & long_since | stopped)

    def late(self) -> Self:
        """Ours that should have left an hour ago: the mail server does not take them, or no worker runs."""
        return self.filter(LATE)

    def locked(self) -> Self:
        """These rows, locked until the transaction ends."""
        return self.select_for_update(of=("self",))


class MailMessage(models.Model):
    """One mail. ``source``: the name of its raw bytes in the storage, empty before an outgoing one is
    composed and after retention has deleted it.

    Received: ``address`` and ``name`` are its From as written (hostile text), ``domain`` what stands behind
    the last ``@``, ``proof`` (``mail.reading.authentication``) what our mail server says of it, ``person`` is
    set where it was proven and is hers; ``content_key`` (SHA-256 of sender, text, files and Message-ID, else
    Date and subject) is the same for the same mail by another way. Sent: ``address`` and ``person`` are the
    recipient, ``kind`` says what it tells (``ActivityKind`` or a name of the sending room's), ``facts`` what
    the composer needs.

    ``named_case``: the one that a mail of no case names, rightly or not. ``dated_at`` is its own Date.
    ``attachments``: one entry for each that was dealt with, in the mail's order: ``{"upload": id}``,
    ``{"picture": id}`` or ``{"name": …, "refused": sentence}``. ``done_at``: when nothing was left to do
    with it. ``put_off_until``: it waits for a person from then on. ``becomes`` alone changes the state of a
    received one. A trigger in the database refuses that
    direction, time, bytes and ``content_key``, once there, become others, and that a row goes.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    direction = models.CharField(_("direction"), max_length=3, choices=Direction)
    state = models.CharField(_("state"), max_length=10, choices=state_choices)
    reason = models.CharField(_("reason"), max_length=20, choices=reason_choices, blank=True)
    detail = models.CharField(_("detail"), max_length=500, blank=True)
    created_at = models.DateTimeField(_("stored"))
    dated_at = models.DateTimeField(_("date of the mail"), null=True, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)
    put_off_until = models.DateTimeField(_("put off until"), null=True, blank=True)

    address = models.CharField(_("mail address"), max_length=320, blank=True)
    domain = models.GeneratedField(
        expression=Lower(Func(F("address"), Value("@"), Value(-1), function="SPLIT_PART")),
        output_field=models.CharField(max_length=320),
        db_persist=True,
    )
    name = models.CharField(_("name"), max_length=200, blank=True)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    proof = models.CharField(_("proof"), max_length=20, blank=True)
    subject = SharedCharField(_("subject"), max_length=1000, blank=True)
    message_id = models.CharField("Message-ID", max_length=998, blank=True)
    references = ArrayField(models.CharField(max_length=998), default=list, blank=True)
    preview = SharedTextField(_("beginning"), blank=True)
    """Of a received one: so much of its text as the page of mails shows (``mail.inbound.outline``)."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, null=True, blank=True, related_name="mails")
    entry = models.ForeignKey(Message, on_delete=models.PROTECT, null=True, blank=True, related_name="mails")
    named_case = models.ForeignKey(Case, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    matched_by = models.CharField(_("matched by"), max_length=20, choices=match_choices, blank=True)

    source = models.CharField(max_length=200, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    size = models.PositiveBigIntegerField(_("bytes"), default=0)
    content_key = models.CharField(max_length=64, blank=True)
    way = models.CharField(_("way"), max_length=10, blank=True)
    envelope = models.JSONField(default=dict, blank=True)
    attachments = models.JSONField(default=list, blank=True)
    kind = models.CharField(_("kind"), max_length=30, blank=True)
    facts = models.JSONField(default=dict, blank=True)

    objects = MailMessageQuerySet.as_manager()

    class Meta:
        verbose_name = _("mail")
        verbose_name_plural = _("mails")
        ordering = ("-created_at",)
        constraints = (
            models.UniqueConstraint(
                fields=("sha256",),
                condition=models.Q(direction="in") & ~models.Q(sha256=""),
                name="mail_once",
            ),
            models.UniqueConstraint(
                fields=("content_key",), condition=~models.Q(content_key=""), name="mail_content_once"
            ),
            models.CheckConstraint(
                condition=models.Q(put_off_until=None) | models.Q(direction="in", state="parked"),
                name="mail_put_off_waits",
            ),
        )
        indexes = (
            models.Index(fields=("message_id",), name="mail_message_id"),
            models.Index(fields=("direction", "state", "-created_at"), name="mail_by_state"),
            models.Index(fields=("case", "created_at"), name="mail_of_case"),
            models.Index(
                fields=("domain", "created_at"),
                condition=models.Q(direction="in", state="parked"),
                name="mail_waiting_by_sender",
            ),
            models.Index(fields=("address", "created_at"), name="mail_of_address"),
            models.Index(
                F("put_off_until").desc(nulls_last=True),
                F("created_at").desc(),
                condition=models.Q(direction="in", state="parked", case=None),
                name="mail_back_first",
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_direction_display()} {times.minute(self.created_at)}"

    @property
    def is_unfinished(self) -> bool:
        """As ``MailMessageQuerySet.unfinished``."""
        files_to_come = self.state == MailState.TAKEN and self.done_at is None
        return self.direction == Direction.IN and (self.state == MailState.RECEIVED or files_to_come)

    def becomes(self, state: MailState, *, put_off_until: datetime | None = None, **values: Any) -> None:
        """Moves a received mail on, with further fields of its row, all or nothing; whatever happens to it,
        it is put off no longer than that says.

        Raises ``MovedOn`` where somebody else was quicker, or the table (``CHANGES``) does not have it.
        """
        with transaction.atomic():
            there = type(self).objects.locked().filter(pk=self.pk).values_list("state", flat=True).get()
            if there != self.state or state not in CHANGES[MailState(there)]:
                raise MovedOn(f"mail {self.pk} is {there}, was {self.state}, does not become {state}")
            changed = {"state": state, "put_off_until": put_off_until, **values}
            for name, value in changed.items():
                setattr(self, name, value)
            self.save(update_fields=[*changed])

    @property
    def is_put_off(self) -> bool:
        """Whether it waits for a person later."""
        return self.put_off_until is not None and self.put_off_until > timezone.now()

    @property
    def kind_label(self) -> str:
        """What one of ours tells, in the reader's language; empty for what is no activity of a case."""
        return str(ActivityKind(self.kind).label) if self.kind in ActivityKind else ""

    @property
    def heading(self) -> str:
        """Its subject; of one of ours that was not composed yet, or never, what it was to be about."""
        if self.subject or self.direction == Direction.IN:
            return self.subject
        return self.facts.get("subject") or (self.case.title if self.case else "") or self.kind_label

    @property
    def language(self) -> str:
        """In which one of ours is written, all of it; of earlier versions, which did not note it, the
        recipient's, or the contact's where she has no account."""
        if language := self.facts.get("language"):
            return str(language)
        if self.person:
            return self.person.language
        return self.case.contact.language if self.case else settings.LANGUAGE_CODE

    @property
    def is_proven(self) -> bool:
        """Whether our mail server has proven the address of a received one; nobody here need have it."""
        return self.proof in {Proof.DMARC, Proof.DKIM}

    @property
    def why_unanswered(self) -> str:
        """Why the portal did not answer it by itself; empty where it did, or had no reason to."""
        code = self.facts.get("unanswered", "")
        return str(Unanswered(code).label) if code in Unanswered else ""

    @property
    def elsewhere(self) -> list[tuple[str, datetime | None]]:
        """Files that did not come with it, and until when who keeps them does so, where that is known."""
        files = self.facts.get("elsewhere", [])
        told = [(file["name"], parse_datetime(file.get("until", ""))) for file in files]
        # An earlier version kept years that no zone can be told in.
        return [(name, until if until and until.year < MAX_YEAR else None) for name, until in told]

    @property
    def why(self) -> str:
        """Why it is in no case, or was not sent, in the reader's language."""
        return str(dict(reason_choices()).get(self.reason, ""))
