"""What people fill in when they decide about a mail."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.choosers import CustomerField, offer_rows
from accounts.models import User
from accounts.roles import Right, with_right
from cases.local_datetime import LocalDateTimeField


class IntoCaseForm(forms.Form):
    """The case that a mail goes into."""

    number = forms.CharField(label=_("Case number"), max_length=40)


class PutOffForm(forms.Form):
    """Until when a mail is put off."""

    until = LocalDateTimeField(label=_("Until when?"), may_lie_ahead=True)


class NewCaseForm(forms.Form):
    """The case that a mail opens."""

    contact = CustomerField(label=_("For which customer?"), queryset=User.objects.none())
    title = forms.CharField(label=_("Title"), max_length=200)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        customers = User.objects.filter(role__in=with_right(Right.OWN_ORGANISATION), is_active=True)
        people = customers.select_related("organisation").order_by("organisation__name", "name")
        offer_rows(self, "contact", people)
