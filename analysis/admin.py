"""What administrators keep by hand: baselines. Runs and reports are only looked at."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from accounts.admin import NeverDeleted
from analysis.baselines.models import Baseline
from analysis.reports.models import Report
from analysis.runs.models import AnalysisRun


@admin.register(Baseline)
class BaselineAdmin(admin.ModelAdmin[Baseline]):
    """Known-good file states."""

    list_display = ("product", "label", "path", "sha256", "size", "version")
    search_fields = ("product", "label", "path", "sha256")
    exclude = ("added_by",)

    def save_model(self, request: HttpRequest, obj: Baseline, form: Any, change: bool) -> None:
        """Keeps who added it, and the hash as the engine writes it."""
        obj.sha256 = obj.sha256.strip().upper()
        if not change:
            obj.added_by_id = request.user.pk
        super().save_model(request, obj, form, change)


class LookOnly(NeverDeleted):
    """Nothing is added, changed or deleted here."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Runs make themselves."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: object = None) -> bool:
        """The services change them."""
        return False


@admin.register(AnalysisRun)
class RunAdmin(LookOnly, admin.ModelAdmin[AnalysisRun]):
    """Runs, for finding out why one stopped."""

    list_display = ("bundle", "state", "attempt", "failure", "queued_at", "finished_at")
    list_filter = ("state", "failure")
    fields = (
        *("bundle", "state", "attempt", "token", "queued_at", "enqueued_at", "started_at"),
        *("heartbeat_at", "lease_until", "finished_at", "progress", "failure", "error"),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[AnalysisRun]:
        """Without the result documents, which can be long."""
        return super().get_queryset(request).defer("document")


@admin.register(Report)
class ReportAdmin(LookOnly, admin.ModelAdmin[Report]):
    """Reports and whether they are frozen."""

    list_display = ("case", "version", "state", "sent_at", "sent_by", "content_sha256")
    list_filter = ("state",)
    fields = (
        "case",
        "run",
        "version",
        "state",
        "created_at",
        "edited_at",
        "sent_at",
        "sent_by",
        "content_sha256",
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Report]:
        """Without the contents, which can be long."""
        return super().get_queryset(request).defer("content")
