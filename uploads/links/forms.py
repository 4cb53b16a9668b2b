"""What an upload link allows, as an engineer sets it."""

from django import forms
from django.utils.translation import gettext_lazy as _


class LinkForm(forms.Form):
    """What a new link allows."""

    asked = forms.CharField(
        label=_("What do you ask for?"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("The page shows this and nothing else of the case. Name no person and no secret."),
    )
    shows_request = forms.BooleanField(
        label=_("Show the list of the evidence request, with what is still missing"),
        required=False,
        initial=True,
    )
    days = forms.IntegerField(label=_("Valid for how many days?"), min_value=1, max_value=60, initial=7)
    gigabytes = forms.IntegerField(label=_("How many GB in all?"), min_value=1, max_value=1024, initial=16)
    uploads = forms.IntegerField(label=_("How many uploads?"), min_value=1, max_value=500, initial=10)
    mail = forms.EmailField(
        label=_("Mail a code to"),
        required=False,
        help_text=_("The page then asks for a code that is sent to this address."),
    )
