"""The facts of a call, beside the text of its note."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cases.local_datetime import LocalDateTimeField

MAX_MINUTES = 24 * 60


class CallForm(forms.Form):
    """All of it may be left out."""

    with_whom = forms.CharField(label=_("With whom"), max_length=200, required=False)
    began_at = LocalDateTimeField(label=_("When"), required=False)
    minutes = forms.IntegerField(
        label=_("How many minutes"), min_value=1, max_value=MAX_MINUTES, required=False
    )
    tool = forms.CharField(label=_("Tool"), max_length=100, required=False)
    word = forms.CharField(label=_("Whose word for what"), max_length=300, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        kwargs.setdefault("auto_id", "call-%s")
        super().__init__(*args, **kwargs)
