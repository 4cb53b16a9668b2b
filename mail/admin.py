"""What administrators keep by hand: how mails look and are taken, webhooks, and what became of their
deliveries."""

from typing import Any, cast

from django.contrib import admin, messages
from django.contrib.admin.widgets import AdminTextInputWidget
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from accounts.admin import OneRow
from accounts.models import User
from cases import times
from engine.text_safety import plain
from mail.errors import NotTaken
from mail.inbound.unreached import unreached
from mail.outbound.models import MailSettings
from mail.outbound.probe import missing_worker, send_test
from mail.webhooks import services as webhooks
from mail.webhooks.forms import WebhookForm
from mail.webhooks.models import Webhook, WebhookDelivery


@admin.register(MailSettings)
class MailSettingsAdmin(OneRow[MailSettings]):
    """How the portal writes and takes mails."""

    change_form_template = "mail/outbound/change_form.html"

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        """With room for the whole subject."""
        kwargs["widgets"] = {"subject": AdminTextInputWidget(attrs={"size": 80})}
        return super().get_form(request, obj, change, **kwargs)

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """With mailboxes that cannot be looked into."""
        return super().render_change_form(request, context | {"unreached": unreached()}, *args, **kwargs)

    def response_change(self, request: HttpRequest, obj: MailSettings) -> HttpResponse:
        """Sends a test to the administrator herself if that button was pressed."""
        if "_test" not in request.POST:
            return super().response_change(request, obj)
        # The administration saves within a transaction: what is sent in one may end as no row.
        transaction.on_commit(lambda: self._send_test(request))
        return HttpResponseRedirect(request.path)

    def _send_test(self, request: HttpRequest) -> None:
        try:
            messages.success(request, send_test(cast(User, request.user).email))
        except NotTaken as error:
            messages.error(request, _("The mail server did not take it: %s") % plain(str(error)))
        if missing := missing_worker():
            messages.warning(request, missing)


@admin.register(Webhook)
class WebhookAdmin(admin.ModelAdmin[Webhook]):
    """Who is told of what happens in cases."""

    form = WebhookForm
    change_form_template = "mail/webhooks/change_form.html"
    list_display = ("name", "format", "its_host", "queue", "organisation", "is_told", "its_deliveries")
    list_filter = ("active", "format")
    list_select_related = ("queue", "organisation")
    actions = ("send_tests",)

    @admin.display(description=_("address"))
    def its_host(self, webhook: Webhook) -> str:
        """All of it that may be shown."""
        return webhook.host

    @admin.display(description=_("state"))
    def is_told(self, webhook: Webhook) -> str:
        """Whether it works, and since when it does not."""
        if webhook.switched_off:
            return gettext("Switched off by the portal: %s") % webhook.switched_off
        if not webhook.active:
            return gettext("Off")
        if webhook.failing_since:
            facts = {"count": webhook.failures, "at": times.minute(webhook.failing_since)}
            text = ngettext(
                "%(count)d attempt failed, at %(at)s",
                "%(count)d attempts failed in a row, since %(at)s",
                webhook.failures,
            )
            return text % facts
        return gettext("On")

    @admin.display(description=_("deliveries"))
    def its_deliveries(self, webhook: Webhook) -> str:
        """A link to the list of them."""
        address = reverse("admin:mail_webhookdelivery_changelist")
        return format_html('<a href="{}?webhook__id__exact={}">{}</a>', address, webhook.pk, _("show"))

    @admin.action(description=_("Send a test to the selected webhooks"), permissions=("change",))
    def send_tests(self, request: HttpRequest, chosen: QuerySet[Webhook]) -> None:
        """A test to each, by the same way as everything else."""
        for webhook in chosen:
            self._send_test(request, webhook)

    def response_change(self, request: HttpRequest, obj: Webhook) -> HttpResponse:
        """Sends a test if that button was pressed."""
        if "_test" in request.POST:
            self._send_test(request, obj)
            return HttpResponseRedirect(request.path)
        return super().response_change(request, obj)

    def save_model(self, request: HttpRequest, obj: Webhook, form: Any, change: bool) -> None:
        """Switched on again its failures are counted anew; a secret that was made is shown this once."""
        if not change:
            obj.made_by = cast(User, request.user)
        if obj.active and "active" in form.changed_data:
            webhooks.switch_on(obj)
        super().save_model(request, obj, form, change)
        if form.made_secret:
            text = _("The secret for the receiver: %s – it is not shown again.") % form.made_secret
            messages.warning(request, text)

    def _send_test(self, request: HttpRequest, webhook: Webhook) -> None:
        delivery = webhooks.send_test(webhook)
        address = reverse("admin:mail_webhookdelivery_change", args=[delivery.pk])
        text = _("A test for “%s” is on its way.") % webhook.name
        messages.success(
            request, format_html('{} <a href="{}">{}</a>', text, address, _("See what became of it"))
        )


@admin.register(WebhookDelivery)
class WebhookDeliveryAdmin(admin.ModelAdmin[WebhookDelivery]):
    """What webhooks were told, to look at, and to send again."""

    list_display = ("happened_at", "webhook", "what", "case", "state", "attempt", "answer_status", "answer")
    list_filter = ("state", ("webhook", admin.RelatedOnlyFieldListFilter))
    list_select_related = ("webhook", "case")
    fields = (
        *("id", "webhook", "what", "case", "title", "happened_at", "state", "attempt"),
        *("answer_status", "answer", "not_before", "finished_at"),
    )
    readonly_fields = fields
    actions = ("send_again",)

    @admin.display(description=_("kind"))
    def what(self, delivery: WebhookDelivery) -> str:
        """What happened."""
        return str(delivery.kind_label)

    @admin.action(description=_("Send the selected deliveries again"))
    def send_again(self, request: HttpRequest, chosen: QuerySet[WebhookDelivery]) -> None:
        """Those that have ended, done or failed."""
        count = sum(webhooks.send_again(delivery) for delivery in chosen)
        text = ngettext("%d delivery is sent again.", "%d deliveries are sent again.", count) % count
        messages.success(request, text)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Never by hand."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: WebhookDelivery | None = None) -> bool:
        """Never."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: WebhookDelivery | None = None) -> bool:
        """They go by themselves, after 30 days or with their webhook."""
        return False
