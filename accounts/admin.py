"""The administrator's pages for people and organisations."""

from typing import Any, NoReturn, TypeVar

from allauth.account.decorators import secure_admin_login
from django import forms
from django.conf import settings
from django.contrib import admin
from django.contrib.auth.forms import ReadOnlyPasswordHashField
from django.core.exceptions import PermissionDenied
from django.db.models import Model
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.errors import KeptForGood
from accounts.models import Organisation, User
from accounts.roles import Right, rights_of

admin.site.site_header = admin.site.site_title = _("Anjuan: administration")
admin.site.index_title = _("Administration")
# Django's own sign-in page counts no attempts: administrators sign in where everybody does.
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]

M = TypeVar("M", bound=Model)


class NeverDeleted:
    """For pages of what is history: no button deletes it, and whoever asks by address hears why."""

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:
        """Never."""
        return False

    def delete_view(self, request: HttpRequest, object_id: str, extra_context: object = None) -> NoReturn:
        """Refused with a sentence. Raises ``KeptForGood``."""
        raise KeptForGood()


class OneRow(admin.ModelAdmin[M]):
    """A table of one row, made when it is first looked at: its list leads straight to it."""

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """The page of the one row."""
        if not self.has_view_or_change_permission(request):
            raise PermissionDenied
        rows = self.model._default_manager
        row = rows.order_by("pk").first() or rows.create(pk=1)
        name = f"admin:{row._meta.app_label}_{row._meta.model_name}_change"
        return HttpResponseRedirect(reverse(name, args=[row.pk]))

    def has_add_permission(self, request: HttpRequest) -> bool:
        """There is one already."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:
        """It stays."""
        return False


class PersonForm(forms.ModelForm[User]):
    """A person; a new password is optional (without one, a mailed code signs in)."""

    password = ReadOnlyPasswordHashField(label=_("password"))
    language = forms.ChoiceField(label=_("language"), choices=settings.LANGUAGES)
    new_password = forms.CharField(
        label=_("new password"),
        required=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_("Leave empty to keep the present one. Without any, the person signs in by mailed code."),
    )

    class Meta:
        model = User
        fields = ("email", "name", "role", "organisation", "language", "is_active")

    def clean_email(self) -> str:
        """Addresses are kept in lower case."""
        return str(self.cleaned_data["email"]).strip().lower()

    def clean(self) -> dict[str, Any]:
        """Customers belong to an organisation, the vendor's people to none."""
        facts = super().clean() or self.cleaned_data
        is_customer = Right.OWN_ORGANISATION in rights_of(facts.get("role", ""))
        if is_customer != (facts.get("organisation") is not None):
            self.add_error(
                "organisation", _("A customer needs an organisation; the vendor's people have none.")
            )
        return facts

    def clean_new_password(self) -> str:
        """Held against the password rules."""
        from django.contrib.auth.password_validation import validate_password

        password = str(self.cleaned_data["new_password"])
        if password:
            validate_password(password, self.instance)
        return password

    def save(self, commit: bool = True) -> User:
        """Stores the new password, if there is one."""
        if self.cleaned_data.get("new_password"):
            self.instance.set_password(self.cleaned_data["new_password"])
        elif not self.instance.pk:
            self.instance.set_unusable_password()
        return super().save(commit)


@admin.register(User)
class PersonAdmin(NeverDeleted, admin.ModelAdmin[User]):
    """People are made inactive, not deleted: their messages stay."""

    form = PersonForm
    list_display = ("email", "name", "role", "organisation", "is_active", "last_login")
    list_filter = ("role", "is_active", "organisation")
    search_fields = ("email", "name")
    ordering = ("email",)
    fields = ("email", "name", "role", "organisation", "language", "is_active", "new_password")
    autocomplete_fields = ("organisation",)

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        """Keeps Django's own flag in step with the role."""
        obj.is_superuser = obj.is_staff
        super().save_model(request, obj, form, change)


@admin.register(Organisation)
class OrganisationAdmin(admin.ModelAdmin[Organisation]):
    """Organisations."""

    list_display = ("name", "keep_days", "quota_gib", "created_at")
    search_fields = ("name",)
