"""The case, its thread and its history."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any, Self

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation
from accounts.roles import RIGHTS
from accounts.shared_text import SharedCharField, SharedTextField
from cases import events, times
from cases.events import MOVED, AppendOnly, AppendOnlyQuerySet, EventKind
from cases.lifecycle import Lifecycle, LockableQuerySet
from cases.relations.kinds import RelationKind
from cases.signals import ActivityKind
from cases.status import ENDED, Status, choices
from cases.thread.models import is_moved
from engine.text_safety import paragraphs, without_nul

if TYPE_CHECKING:
    from accounts.models import User


class Queue(models.Model):
    """A line of cases that a group of engineers serves."""

    name = models.CharField(_("name"), max_length=100, unique=True)
    engineers = models.ManyToManyField(
        settings.AUTH_USER_MODEL, verbose_name=_("engineers"), related_name="queues", blank=True
    )

    class Meta:
        verbose_name = _("queue")
        verbose_name_plural = _("queues")
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name


def nobodys() -> models.Q:
    """Of cases: they have no engineer who could work on them (``Lifecycle.working_engineer``)."""
    return models.Q(engineer=None) | ~models.Q(engineer__is_active=True, engineer__role__in=list(RIGHTS))


def word_awaited() -> models.Q:
    """Of cases: a scope, times of an appointment that are not all over, or a proposed suspension waits for
    the customer's word."""
    proposed = models.Q(appointments__state="proposed", appointments__times__starts_at__gt=timezone.now())
    return models.Q(scopes__state="sent") | proposed | models.Q(suspension_proposals__state="proposed")


class CaseQuerySet(LockableQuerySet["Case"]):
    """Every look-up of a case starts here."""

    def visible_to(self, user: User) -> Self:
        """The cases this person may see: customers their organisation's, engineers their own
        and their queues', managers and administrators all."""
        if not user.is_authenticated or not user.may_enter:
            return self.none()
        if user.is_manager:
            return self
        if user.is_engineer:
            # A subquery, not a join: a join repeats rows and "distinct" forbids locking them.
            return self.filter(models.Q(engineer=user) | models.Q(queue__in=user.queues.values("pk")))
        if user.is_customer:
            return self.filter(organisation=user.organisation_id)
        return self.none()

    def open(self) -> Self:
        """Cases that somebody still has to do something about."""
        return self.exclude(status__in=ENDED)

    def awaiting_word(self) -> Self:
        """Cases in which something waits for the customer's word, whatever their status."""
        return self.filter(pk__in=Case.objects.filter(word_awaited()).values("pk"))

    def asking_for_outcome(self) -> Self:
        """Cases whose result waits for the customer's answer, with ``result_sent_at``: also those that were
        closed for the time being since."""
        events = CaseEvent.objects.filter(case=models.OuterRef("pk")).order_by("-at", "-pk")
        suspended = events.filter(to_status=Status.SUSPENDED, at=models.F("case__suspensions__at"))
        sent = events.filter(to_status=Status.RESULT_SENT).exclude(reason=MOVED)
        stands = models.Q(status=Status.RESULT_SENT)
        cases = self.annotate(
            suspended_from=models.Subquery(suspended.values("from_status")[:1]),
            result_sent_at=models.Case(
                models.When(stands, then="status_since"), default=models.Subquery(sent.values("at")[:1])
            ),
        )
        return cases.filter(stands | models.Q(status=Status.SUSPENDED, suspended_from=Status.RESULT_SENT))

    def overdue(self, now: datetime | None = None) -> Self:
        """Cases whose customer has waited longer for an answer than her service level says."""
        return self.filter(next_due_at__lt=now or timezone.now())

    def search(self, text: str, user: User) -> Self:
        """Cases this person may see, with every word of ``text`` in the number, the title, the
        description or a thread entry that this person may read; at most 10 words count."""
        cases = self.visible_to(user)
        words = without_nul(text).split()[:10]
        for word in words:
            entries = Message.objects.visible_to(user).filter(case=models.OuterRef("pk"))
            cases = cases.filter(
                models.Q(number__icontains=word)
                | models.Q(title__icontains=word)
                | models.Q(description__icontains=word)
                | models.Exists(entries.filter(body__icontains=word))
            )
        return cases if words else self.none()


class Case(Lifecycle):
    """One problem of one customer, from her report to the closing.

    ``number`` is ``CAS-NNNNN-XXXXXX`` (``cases.numbers``). ``status`` changes only through the
    methods of ``Lifecycle``, by the table in ``cases.status``. ``incident_at`` is when the trouble
    happened or was first seen, about, as far as somebody has said.
    """

    number = models.CharField(_("case number"), max_length=20, unique=True, editable=False)
    title = SharedCharField(_("title"), max_length=200)
    description = SharedTextField(_("description"), blank=True)
    product = SharedCharField(_("product"), max_length=100, blank=True)
    edition = SharedCharField(_("edition"), max_length=100, blank=True)
    organisation = models.ForeignKey(
        Organisation, verbose_name=_("organisation"), on_delete=models.PROTECT, related_name="cases"
    )
    contact = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("contact"),
        on_delete=models.PROTECT,
        related_name="reported_cases",
    )
    queue = models.ForeignKey(
        Queue, verbose_name=_("queue"), on_delete=models.PROTECT, null=True, blank=True, related_name="cases"
    )
    incident_at = models.DateTimeField(_("when it happened"), null=True, blank=True)
    created_at = models.DateTimeField(_("reported"))

    objects = CaseQuerySet.as_manager()

    if TYPE_CHECKING:
        # Annotations of ``cases.desk.activity.with_activity``.
        last_message_at: datetime | None
        last_customer_at: datetime | None
        last_vendor_at: datetime | None
        last_post_at: datetime | None
        items_asked: int
        items_settled: int
        asked_at: datetime | None
        reminded: int
        draft_waits: bool
        word_awaited: bool
        contradicted: bool
        # Of ``CaseQuerySet.asking_for_outcome``.
        result_sent_at: datetime

    class Meta:
        verbose_name = _("case")
        verbose_name_plural = _("cases")
        ordering = ("-created_at",)
        indexes = (
            models.Index(fields=("status", "next_due_at")),
            models.Index(fields=("organisation", "-created_at")),
        )

    def __str__(self) -> str:
        return f"{self.number} {self.title}"

    def get_absolute_url(self) -> str:
        """The case page."""
        return reverse("case", kwargs={"number": self.number})

    def is_visible_to(self, user: User) -> bool:
        """Whether the case exists for this person at all."""
        return Case.objects.visible_to(user).filter(pk=self.pk).exists()

    def record(
        self, kind: EventKind, *, by: User | None, at: datetime, reason: str = "", **facts: Any
    ) -> None:
        """Adds an event to the history; ``facts`` are further fields of ``CaseEvent``."""
        CaseEvent.objects.create(case=self, kind=kind, actor=by, at=at, reason=reason, **facts)

    def tell_of(self, kind: ActivityKind, *, by: User | None, at: datetime, reason: str) -> Message:
        """Adds an entry of a change by hand; ``kind`` is one of ``OF_CHANGES``."""
        kind_of_entry = MessageKind(kind.value)
        return Message.objects.create(
            case=self, kind=kind_of_entry, author=by, body=paragraphs(reason), created_at=at
        )

    @property
    def awaits_items(self) -> bool:
        """Whether it waits for items of an open request: an upload that leaves some of them out does
        not move it on."""
        return self.status == Status.WAITING and self.evidence_requests.open().exists()

    @property
    def merged_into(self) -> Case | None:
        """The case that this one is a double of and goes on in."""
        relations = self.relations.filter(kind=RelationKind.DOUBLE, removed_at=None)
        relation = relations.select_related("other").first()
        return relation.other if relation else None

    @property
    def awaits_word(self) -> bool:
        """Whether something waits for the customer's word beside the status."""
        return Case.objects.filter(pk=self.pk).awaiting_word().exists()

    @property
    def result_asked_at(self) -> datetime | None:
        """When the result was sent that waits for the customer's answer; ``None`` where none does."""
        asking = Case.objects.filter(pk=self.pk).asking_for_outcome().first()
        return asking.result_sent_at if asking else None

    @property
    def is_overdue(self) -> bool:
        """Whether the customer has waited too long for an answer."""
        due = self.next_due_at
        return bool(due and due < timezone.now())


class MessageKind(models.TextChoices):
    """What one entry of the thread is."""

    PORTAL = "portal", _("Post")
    MAIL_IN = "mail_in", _("Mail received")
    MAIL_OUT = "mail_out", _("Mail sent")
    NOTE = "note", _("Internal note")
    PHONE = "phone", _("Phone note")
    SYSTEM = "system", _("System")
    BUNDLE = "bundle", _("Upload")
    REPORT = "report", _("Report")
    REQUEST = "request", _("Evidence request")
    SCOPE = "scope", _("Scope of the case")
    APPOINTMENT = "meeting", _("Appointment")
    REMOTE = "remote", _("Remote session")
    OUTCOME = "outcome", _("Answer to the result")
    SUSPENSION = "pause", _("Closing for the time being")
    CLOSED = "closed", _("Closed")
    REOPENED = "reopened", _("Reopened")
    RESUMED = "resumed", _("Resumed")


OF_CHANGES = frozenset({MessageKind.CLOSED, MessageKind.REOPENED, MessageKind.RESUMED})
"""Entries that tell of a change of the status by hand, in the words of who made it."""


def kinds_of_message() -> list[tuple[str, str | Promise]]:
    """For the model field: named by the migrations, which a new kind does not change."""
    return list(MessageKind.choices)


class MessageQuerySet(models.QuerySet["Message"]):
    """The thread, as far as a person may read it."""

    def in_place(self) -> Self:
        """Without what was moved to another case, or out of this one."""
        return self.exclude(is_moved())

    def visible_to(self, user: User) -> Self:
        """Entries of visible cases; internal ones for the vendor only."""
        messages = self.in_place().filter(case__in=Case.objects.visible_to(user))
        return messages if user.is_authenticated and user.is_vendor else messages.filter(internal=False)


class Message(models.Model):
    """One entry of a case's thread, of any kind; the thread is ordered by ``created_at``.

    An entry of a bundle, a report, an evidence request, a scope, an appointment or a proposed suspension is
    pointed at by that object (``message.bundle`` …). ``internal`` entries never reach a customer. A trigger
    in the database keeps entries as they are; a draft report's becomes its report's, or says that it was
    discarded.
    """

    case = models.ForeignKey(Case, verbose_name=_("case"), on_delete=models.CASCADE, related_name="messages")
    kind = models.CharField(_("kind"), max_length=10, choices=kinds_of_message, default=MessageKind.PORTAL)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("author"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="messages",
    )
    body = SharedTextField(_("text"), blank=True)
    internal = models.BooleanField(_("internal"), default=False)
    created_at = models.DateTimeField(_("written"))

    objects = MessageQuerySet.as_manager()

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        ordering = ("created_at", "pk")
        indexes = (models.Index(fields=("case", "created_at")),)

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {times.minute(self.created_at)}"


class CaseEventQuerySet(AppendOnlyQuerySet["CaseEvent"]):
    """The history, as far as a person may read it."""

    def visible_to(self, user: User) -> Self:
        """Events of visible cases, of relations only where the other case is visible, too. Customers read
        reasons as well, but not who else worked on it."""
        seen = Case.objects.visible_to(user)
        numbers = seen.values("number")
        other = models.Q(after__in=numbers) | models.Q(before__in=numbers)
        events = self.filter(~models.Q(kind=EventKind.RELATION) | other, case__in=seen)
        if user.is_authenticated and user.is_vendor:
            return events
        inside = events.exclude(kind__in=(EventKind.ASSIGNED, EventKind.MAIL))
        return inside.exclude(kind=EventKind.CORRECTED, field="queue")


class CaseEvent(AppendOnly):
    """Who changed what, when and why.

    ``reason`` is a person's own words, or an English sentence of ours (read it by ``why``). Of what was
    corrected: ``field`` of the case, ``before`` and ``after`` (hostile text). Of a relation: ``after``, the
    number of the other case, or ``before`` where it was taken back; so the number of a step of the advice.
    """

    case = models.ForeignKey(Case, verbose_name=_("case"), on_delete=models.PROTECT, related_name="events")
    kind = models.CharField(_("kind"), max_length=12, choices=events.choices)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("by"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    at = models.DateTimeField(_("at"))
    from_status = models.CharField(_("from"), max_length=20, choices=choices, blank=True)
    to_status = models.CharField(_("to"), max_length=20, choices=choices, blank=True)
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("engineer"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    reason = SharedCharField(_("reason"), max_length=500, blank=True)
    field = models.CharField(max_length=20, blank=True)
    before = SharedCharField(max_length=200, blank=True)
    after = SharedCharField(max_length=200, blank=True)

    objects = CaseEventQuerySet.as_manager()

    class Meta:
        verbose_name = _("case event")
        verbose_name_plural = _("case events")
        ordering = ("at", "pk")

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {times.minute(self.at)}"

    @property
    def field_label(self) -> str:
        """What the corrected field is called."""
        field = Case._meta.get_field(self.field) if self.field else None
        return str(field.verbose_name) if isinstance(field, models.Field) else ""

    @property
    def why(self) -> str:
        """The reason in the reader's language, where it is a sentence of ours."""
        return gettext(self.reason) if self.reason else ""
