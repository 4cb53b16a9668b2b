"""Who is told of a case besides those who work on it, how each person wants to be told, and what waits for
her daily mail."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import cache
from typing import TYPE_CHECKING, Self
from zoneinfo import ZoneInfo, available_timezones

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator
from django.db import models
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.shared_text import SharedTextField
from cases.models import Case, Message
from cases.relations.models import Relation
from cases.service_levels import Severity
from cases.signals import ActivityKind

if TYPE_CHECKING:
    from accounts.models import User


class Channel(models.TextChoices):
    """How a person is told of something."""

    AT_ONCE = "at_once", _("At once")
    DIGEST = "digest", _("In one mail a day")
    PORTAL = "portal", _("On the portal only")


def kind_choices() -> list[tuple[str, str | Promise]]:
    """For the fields: named by the migrations, which a new kind does not change."""
    return list(ActivityKind.choices)


@cache
def zone_names() -> frozenset[str]:
    """The names of the time zones that a person can live in."""
    return frozenset(name for name in available_timezones() if "/" in name and not name.startswith("Etc/"))


def check_zone(name: str) -> None:
    """A name of the IANA time zone database."""
    if name not in zone_names():
        raise ValidationError(_("Choose a time zone, as in Asia/Shanghai."))


class NotificationPreference(models.Model):
    """What a person chose for one kind; where she chose nothing, ``kinds`` says what holds for her role."""

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="notification_preferences"
    )
    kind = models.CharField(_("kind"), max_length=30, choices=kind_choices)
    channel = models.CharField(_("how"), max_length=10, choices=Channel)

    class Meta:
        verbose_name = _("notification preference")
        verbose_name_plural = _("notification preferences")
        constraints = (models.UniqueConstraint(fields=("person", "kind"), name="one_channel_a_kind"),)

    def __str__(self) -> str:
        return f"{self.kind} {self.channel}"


class NotificationTimes(models.Model):
    """When a person wants no mail, and when her daily one. No quiet hours where both ends are the same or
    either is empty; ``digest_hour`` is of her own time zone."""

    person = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        primary_key=True,
        related_name="notification_times",
    )
    quiet_from = models.TimeField(_("quiet from"), null=True, blank=True)
    quiet_until = models.TimeField(_("quiet until"), null=True, blank=True)
    digest_hour = models.PositiveSmallIntegerField(
        _("daily mail at"), default=9, validators=(MaxValueValidator(23),)
    )
    time_zone = models.CharField(
        _("time zone"), max_length=64, default="Asia/Shanghai", validators=(check_zone,)
    )

    class Meta:
        verbose_name = _("notification times")
        verbose_name_plural = _("notification times")

    def __str__(self) -> str:
        return self.time_zone

    @classmethod
    def of(cls, person: User) -> NotificationTimes:
        """Hers, or the defaults where she has changed none."""
        return cls._default_manager.filter(pk=person.pk).first() or cls(person=person)

    def end_of_quiet(self, now: datetime) -> datetime | None:
        """When the quiet hours that ``now`` lies in end; ``None`` outside of them."""
        begin, end = self.quiet_from, self.quiet_until
        if begin is None or end is None or begin == end:
            return None
        local = now.astimezone(ZoneInfo(self.time_zone))
        clock = local.time()
        if not (begin <= clock < end if begin < end else clock >= begin or clock < end):
            return None
        return _next(local, end.hour, end.minute)

    def waits_until(self, case: Case, now: datetime) -> datetime | None:
        """When a mail about this case, a daily one too, may reach her: at the end of her quiet hours; at once
        (``None``) outside of them, and of what stands still, which waits for nobody's night."""
        return None if case.severity == Severity.A else self.end_of_quiet(now)

    def next_digest(self, now: datetime) -> datetime:
        """When her next daily mail goes."""
        return _next(now.astimezone(ZoneInfo(self.time_zone)), self.digest_hour, 0)


def _next(local: datetime, hour: int, minute: int) -> datetime:
    then = local.replace(hour=hour, minute=minute, second=0, microsecond=0)
    return then if then > local else then + timedelta(days=1)


class DigestItem(models.Model):
    """One thing that a person's next daily mail tells of; gone once that mail is in the outbox.

    ``text`` is in her language, without a greeting; ``entry``: of the thread, where it tells of one.
    """

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="+")
    entry = models.ForeignKey(Message, on_delete=models.CASCADE, null=True, related_name="+")
    kind = models.CharField(_("kind"), max_length=30, choices=kind_choices)
    text = SharedTextField(_("text"))
    at = models.DateTimeField(_("at"))
    due_at = models.DateTimeField(_("due"))

    class Meta:
        verbose_name = _("item of a daily mail")
        verbose_name_plural = _("items of daily mails")
        ordering = ("at", "pk")
        indexes = (models.Index(fields=("due_at",), name="mail_digest_due"),)

    def __str__(self) -> str:
        return f"{self.kind} {self.case_id}"


class CaseFollower(models.Model):
    """A colleague who wants to be told of a case; its contact and its engineer are told anyway. ``merge``: by
    which she came along with a double."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="followers")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="followed")
    since = models.DateTimeField(_("since"), default=timezone.now)
    merge = models.ForeignKey(Relation, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name = _("follower")
        verbose_name_plural = _("followers")
        ordering = ("since",)
        constraints = (models.UniqueConstraint(fields=("case", "person"), name="follows_once"),)

    def __str__(self) -> str:
        return str(self.person)


class CaseCcQuerySet(models.QuerySet["CaseCc"]):
    """Entries of Cc lists."""

    def visible_to(self, user: User) -> Self:
        """Those of the cases this person may see."""
        return self.filter(case__in=Case.objects.visible_to(user))

    def in_force(self) -> Self:
        """Those that nobody has removed."""
        return self.filter(removed_at=None)


class CaseCc(models.Model):
    """The address of a person without an account who gets what the customer gets of a case.

    ``language``: of the mails to her. Removed, it stays as a record; ``removed_by`` is nobody where she took
    herself off by the link in a mail. ``merge``: by which she came along with a double.
    """

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="ccs")
    address = models.EmailField(_("mail address"))
    language = models.CharField(_("language"), max_length=10, default="zh-hans")
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField(_("added"))
    removed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    removed_at = models.DateTimeField(_("removed"), null=True, blank=True)
    merge = models.ForeignKey(Relation, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")

    objects = CaseCcQuerySet.as_manager()

    class Meta:
        verbose_name = _("entry of a Cc list")
        verbose_name_plural = _("entries of Cc lists")
        ordering = ("added_at",)
        constraints = (
            models.UniqueConstraint(
                fields=("case", "address"), condition=models.Q(removed_at=None), name="cc_once"
            ),
        )

    def __str__(self) -> str:
        return self.address
