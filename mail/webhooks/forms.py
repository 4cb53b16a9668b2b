"""What an administrator fills in for a webhook."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from django import forms
from django.conf import settings
from django.core.validators import URLValidator
from django.utils.translation import gettext_lazy as _

from cases.signals import PRIVATE, ActivityKind
from mail.webhooks import signing
from mail.webhooks.models import Format, Webhook

KINDS = [(kind.value, kind.label) for kind in ActivityKind if kind not in PRIVATE]


class WebhookForm(forms.ModelForm[Webhook]):
    """A webhook. Address and secret are written and never shown: an empty field keeps the present one.

    ``made_secret`` is the secret that ``clean`` has made, to be shown this once.
    """

    address = forms.CharField(
        label=_("address"),
        required=False,
        max_length=1000,
        widget=forms.TextInput(attrs={"class": "vTextField"}),
    )
    secret = forms.CharField(
        label=_("secret"),
        required=False,
        max_length=200,
        widget=forms.PasswordInput(attrs={"autocomplete": "off", "class": "vTextField"}),
        help_text=_(
            "DingTalk and Feishu: what the robot shows under signing. JSON: whsec_… as the receiver has it; "
            "left empty, one is made. It is kept encrypted and not shown again."
        ),
    )
    kinds = forms.MultipleChoiceField(label=_("told of"), choices=KINDS, widget=forms.CheckboxSelectMultiple)
    language = forms.ChoiceField(label=_("language"), choices=settings.LANGUAGES)

    class Meta:
        model = Webhook
        fields = (
            *("name", "format", "address", "secret", "language", "kinds", "queue", "organisation", "active"),
        )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.made_secret = ""
        self.present = (self.instance.address, self.instance.secret)
        self.initial.update(address="", secret="")
        if self.instance.pk:
            host = self.instance.host
            self.fields["address"].help_text = _("Leave empty to keep the present one, at %s.") % host
        else:
            self.initial.setdefault("kinds", [kind for kind, _label in KINDS])

    def clean_address(self) -> str:
        """An absolute address without user and password; http only where private networks are allowed."""
        address = str(self.cleaned_data["address"]) or self.present[0]
        schemes = ["https", "http"] if settings.WEBHOOK_ALLOW_PRIVATE else ["https"]
        URLValidator(schemes=schemes, message=_("Say the whole address, with https://."))(address)
        url = urlsplit(address)
        if url.username is not None or url.fragment:
            raise forms.ValidationError(_("Leave user, password and fragment (#) out of the address."))
        return address

    def clean(self) -> dict[str, Any]:
        """JSON is always signed."""
        facts = super().clean() or self.cleaned_data
        secret = facts.get("secret") or self.present[1]
        if facts.get("format") == Format.JSON:
            if not secret:
                secret = self.made_secret = signing.new_secret()
            try:
                signing.key_of(secret)
            except ValueError:
                self.add_error("secret", _("Say whsec_ and 24 to 64 bytes as base64, or leave it empty."))
        facts["secret"] = secret
        return facts
