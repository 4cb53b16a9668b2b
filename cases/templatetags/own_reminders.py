"""A person's own reminders on pages."""

from django import template
from django.template.context import Context
from django.utils import timezone

from cases.models import Case
from cases.own_reminders import services
from cases.own_reminders.models import OwnReminder

register = template.Library()


@register.simple_tag(takes_context=True)
def own_reminder_of(context: Context, case: Case) -> OwnReminder | None:
    """The reader's own of this case, if one is in force."""
    return OwnReminder.objects.visible_to(context["user"]).in_force().filter(case=case).first()


@register.simple_tag
def reminder_times() -> list[services.Preset]:
    """The usual times."""
    return services.presets(timezone.now())
