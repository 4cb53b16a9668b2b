"""What is imported, and whose the writers are whom nobody knows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from engine.text_safety import plain
from mail.imports.plans import Planned, Side

PASTED = "pasted.txt"


class SourceForm(forms.Form):
    """A file or a text."""

    file = forms.FileField(
        label=_("File"), required=False, help_text=_("One mail or several: .eml, .mbox, .msg, .txt")
    )
    text = forms.CharField(
        label=_("Or the text of the mails"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=_("As copied from a mail program or exported: the newest on top, the older ones below."),
    )

    def clean(self) -> dict[str, Any]:
        """One of the two is needed."""
        cleaned = super().clean() or {}
        if not cleaned.get("file") and not cleaned.get("text", "").strip():
            self.add_error("file", _("Choose a file, or paste the text."))
        return cleaned

    def source(self) -> tuple[str, bytes]:
        """Name and bytes of what was given."""
        file = self.cleaned_data["file"]
        return (file.name, file.read()) if file else (PASTED, self.cleaned_data["text"].encode())


class SidesForm(forms.Form):
    """Whose each writer is whom the portal does not know."""

    CHOICES = (
        (Side.UNKNOWN, _("I do not know")),
        (Side.CUSTOMER, _("The customer's")),
        (Side.VENDOR, _("Ours")),
    )

    def __init__(self, *args: Any, planned: Sequence[Planned], **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        unknown = {each.key: each for each in planned if each.side == Side.UNKNOWN and not each.is_there}
        self.keys = list(unknown)
        for number, each in enumerate(unknown.values()):
            name = f"{each.name} {each.address}".strip()
            self.fields[f"side-{number}"] = forms.ChoiceField(
                label=plain(name) if name else _("The mail without a header"), choices=self.CHOICES
            )

    def sides(self) -> dict[str, Side]:
        """By writer (``Planned.key``)."""
        chosen = ((key, self.cleaned_data[f"side-{number}"]) for number, key in enumerate(self.keys))
        return {key: Side(side) for key, side in chosen if side != Side.UNKNOWN}
