"""The administrator's pages for queues and, read-only, cases: a case changes on its own page."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from accounts.admin import NeverDeleted, OneRow
from cases.corrections.services import correct
from cases.lookups import user_of
from cases.models import Case, CaseEvent, Queue
from cases.reminders.models import ReminderPlan
from cases.working_days.forms import WorkingCalendarForm
from cases.working_days.models import SpecialDay, WorkingCalendar


@admin.register(Queue)
class QueueAdmin(admin.ModelAdmin[Queue]):
    """Who serves which line of cases."""

    list_display = ("name",)
    filter_horizontal = ("engineers",)


@admin.register(ReminderPlan)
class ReminderPlanAdmin(OneRow[ReminderPlan]):
    """When customers are reminded."""


class SpecialDaysInline(admin.TabularInline[SpecialDay, WorkingCalendar]):
    """Holidays, and days that are worked in exchange."""

    model = SpecialDay
    extra = 3


@admin.register(WorkingCalendar)
class WorkingCalendarAdmin(OneRow[WorkingCalendar]):
    """On which days people work."""

    form = WorkingCalendarForm
    inlines = (SpecialDaysInline,)


class EventsInline(admin.TabularInline[CaseEvent, Case]):
    """The history of a case."""

    model = CaseEvent
    fk_name = "case"
    extra = 0
    fields = ("at", "kind", "actor", "from_status", "to_status", "assignee", "reason")

    def has_add_permission(self, request: HttpRequest, obj: Case | None = None) -> bool:
        """Never by hand."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Never."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Never."""
        return False


@admin.register(Case)
class CaseAdmin(NeverDeleted, admin.ModelAdmin[Case]):
    """Cases, to look at; only the queue can be set here."""

    list_display = ("number", "title", "organisation", "engineer", "status", "created_at")
    list_filter = ("status", "severity", "queue")
    search_fields = ("number", "title")
    list_select_related = ("organisation", "engineer")
    fields = (
        "number",
        "title",
        "organisation",
        "contact",
        "engineer",
        "queue",
        "severity",
        "status",
        "created_at",
        "closed_at",
    )
    readonly_fields = tuple(name for name in fields if name != "queue")
    inlines = (EventsInline,)

    def save_model(self, request: HttpRequest, obj: Case, form: Any, change: bool) -> None:
        """As the page of the case corrects it, so that the history tells of it."""
        if "queue" in form.changed_data:
            correct(Case.objects.get(pk=obj.pk), by=user_of(request), queue=obj.queue)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Cases are reported on the portal."""
        return False
