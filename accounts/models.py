"""Organisations and the people who sign in."""

from datetime import datetime, timedelta
from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.roles import Right, Role, rights_of, role_choices, with_right


class Organisation(models.Model):
    """A customer of the vendor: its people see its cases and no other's."""

    name = models.CharField(_("name"), max_length=200, unique=True)
    keep_days = models.PositiveIntegerField(
        _("days of keeping"),
        default=90,
        validators=(MinValueValidator(1), MaxValueValidator(3650)),
        help_text=_("Uploads are deleted so many days after their case is closed."),
    )
    quota_gib = models.PositiveIntegerField(
        _("room in GiB"),
        null=True,
        blank=True,
        help_text=_("What its uploads may hold together. Empty: no limit of its own."),
    )
    created_at = models.DateTimeField(_("created"), auto_now_add=True)

    class Meta:
        verbose_name = _("organisation")
        verbose_name_plural = _("organisations")
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name


class UserManager(BaseUserManager["User"]):
    """Makes users; the mail address is the name to sign in with."""

    def create_user(self, email: str, password: str | None = None, **fields: object) -> "User":
        """A user whose address is stored in lower case; no password means none works."""
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: object) -> "User":
        """An administrator."""
        return self.create_user(email, password, role=Role.ADMINISTRATOR, is_superuser=True, **fields)

    def get_by_natural_key(self, username: str | None) -> "User":
        """Finds a person by mail address, whatever its case."""
        return self.get(email=(username or "").strip().lower())


class User(AbstractBaseUser, PermissionsMixin):
    """A person. Customers belong to an organisation, all others to the vendor."""

    email = models.EmailField(_("mail address"), unique=True)
    name = models.CharField(_("name"), max_length=120)
    role = models.CharField(_("role"), max_length=20, choices=role_choices, default=Role.CUSTOMER)
    organisation = models.ForeignKey(
        Organisation,
        verbose_name=_("organisation"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="users",
    )
    language = models.CharField(_("language"), max_length=10, default="zh-hans")
    is_active = models.BooleanField(_("active"), default=True)
    date_joined = models.DateTimeField(_("joined"), auto_now_add=True)

    objects: ClassVar[UserManager] = UserManager()

    _password: str | None  # Django's own: a new password in clear, until it is saved.

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        constraints = (
            models.UniqueConstraint(Lower("email"), name="user_email_any_case"),
            models.CheckConstraint(
                name="user_customer_has_organisation",
                condition=models.Q(role__in=with_right(Right.OWN_ORGANISATION), organisation__isnull=False)
                | (
                    ~models.Q(role__in=with_right(Right.OWN_ORGANISATION))
                    & models.Q(organisation__isnull=True)
                ),
            ),
        )

    def __str__(self) -> str:
        return self.name or self.email

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Stores the person; with a new password her API tokens end."""
        # Django clears ``_password`` itself where it only hashes the same password anew.
        changed = self._password is not None
        super().save(*args, **kwargs)
        if changed:
            now = timezone.now()
            self.api_tokens.filter(revoked_at=None).update(revoked_at=now, ended_by_password=True)

    def has_right(self, right: Right) -> bool:
        """Whether the person's role has it (``accounts.roles.RIGHTS``)."""
        return right in rights_of(self.role)

    @property
    def may_enter(self) -> bool:
        """Whether this person may use the portal at all: active, and of a role that we know."""
        return self.is_active and bool(rights_of(self.role))

    @property
    def is_customer(self) -> bool:
        """Whether this person belongs to a customer's organisation."""
        return self.has_right(Right.OWN_ORGANISATION)

    @property
    def is_engineer(self) -> bool:
        """Whether this person works on cases."""
        return self.has_right(Right.OWN_CASES)

    @property
    def is_manager(self) -> bool:
        """Whether this person answers for all cases."""
        return self.has_right(Right.ALL_CASES)

    @property
    def is_vendor(self) -> bool:
        """Whether this person works for the vendor, in any role."""
        return self.has_right(Right.VENDOR)

    @property
    def is_staff(self) -> bool:
        """Whether the administration pages open (Django's admin asks this name)."""
        return self.has_right(Right.ADMINISTRATION)


TOKEN_LIFE = timedelta(days=365)
"""How long an API token lives at most."""


def token_end() -> datetime:
    """When a token that is made now ends."""
    return timezone.now() + TOKEN_LIFE


class ApiToken(models.Model):
    """A machine's right to act as a person: shown once when it is made, kept as a SHA-256 only.

    ``hint`` is the token's beginning, by which its owner tells it from her others. Rows are never
    deleted (a trigger in the database): made, first and last used, revoked by hand or by a new password
    stand in them.
    """

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="api_tokens")
    name = models.CharField(_("name"), max_length=80)
    hint = models.CharField(_("begins with"), max_length=12)
    digest = models.CharField(max_length=64, unique=True, editable=False)
    made_at = models.DateTimeField(_("made"), auto_now_add=True)
    expires_at = models.DateTimeField(_("expires"), default=token_end)
    first_used_at = models.DateTimeField(_("first used"), null=True)
    used_at = models.DateTimeField(_("last used"), null=True)
    revoked_at = models.DateTimeField(_("revoked"), null=True)
    ended_by_password = models.BooleanField(_("ended by a new password"), default=False)

    class Meta:
        verbose_name = _("API token")
        verbose_name_plural = _("API tokens")
        ordering = ("-made_at",)

    def __str__(self) -> str:
        return self.name

    @property
    def is_expired(self) -> bool:
        """Whether its time is over."""
        return self.expires_at <= timezone.now()
