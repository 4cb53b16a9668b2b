"""A canned reply as a form; ``cases.canned_replies.services`` decides."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cases.canned_replies.services import MAX_LENGTH, MAX_NAME_LENGTH


def _text(label: Any) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": 7, "class": "form-control"})
    return forms.CharField(label=label, max_length=MAX_LENGTH, widget=widget)


class CannedReplyForm(forms.Form):
    """Its name and its text in both languages."""

    name = forms.CharField(
        label=_("Name"), max_length=MAX_NAME_LENGTH, help_text=_("Only colleagues see it.")
    )
    text_zh = _text(_("Chinese text"))
    text_en = _text(_("English text"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
