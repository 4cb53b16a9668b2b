"""What administrators keep by hand: the privacy statement."""

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from uploads.custody.models import Statement


class StatementForm(forms.ModelForm[Statement]):
    """A draft; with ``publish`` it comes into force."""

    publish = forms.BooleanField(
        label=_("publish now"),
        required=False,
        help_text=_(
            "From then on this text never changes, and everybody is asked again before the next upload. "
            "Save and look at the preview first."
        ),
    )

    class Meta:
        model = Statement
        fields = ("version", "text_zh", "text_en", "most_days")


@admin.register(Statement)
class StatementAdmin(admin.ModelAdmin[Statement]):
    """Versions of the privacy statement: a draft is written, looked at, published, and then kept."""

    form = StatementForm
    list_display = ("version", "published_at", "published_by", "preview")
    readonly_fields = ("preview",)

    @admin.display(description=_("preview"))
    def preview(self, statement: Statement) -> str:
        """A link to the page as it will be."""
        if not statement.pk:
            return "–"
        address = reverse("privacy-version", args=[statement.version])
        return format_html('<a href="{}" target="_blank">{}</a>', address, _("open"))

    def get_fields(self, request: HttpRequest, obj: Statement | None = None) -> tuple[str, ...]:
        """What was published is only looked at."""
        fields = ("version", "text_zh", "text_en", "most_days", "preview")
        return (*fields, "published_at", "published_by") if obj and obj.published_at else (*fields, "publish")

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """The next number, and the text in force to begin with."""
        newest = Statement.objects.first()
        versions = Statement.objects.values_list("version", flat=True)
        numbers = [int(version) for version in versions if version.isdecimal()]
        texts = {"text_zh": newest.text_zh, "text_en": newest.text_en} if newest else {}
        return {"version": str(max(numbers, default=0) + 1), **texts}

    def has_change_permission(self, request: HttpRequest, obj: Statement | None = None) -> bool:
        """Drafts only."""
        return super().has_change_permission(request, obj) and (obj is None or obj.published_at is None)

    def has_delete_permission(self, request: HttpRequest, obj: Statement | None = None) -> bool:
        """One draft at a time; what was published stays."""
        may = super().has_delete_permission(request, obj)
        return may and obj is not None and obj.published_at is None

    def save_model(self, request: HttpRequest, obj: Statement, form: Any, change: bool) -> None:
        """Publishes it if that is asked for."""
        if form.cleaned_data["publish"]:
            obj.published_at, obj.published_by_id = timezone.now(), request.user.pk
        super().save_model(request, obj, form, change)
