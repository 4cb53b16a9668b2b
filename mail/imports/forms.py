"""What is imported, whose the writers are whom nobody knows, and who reads each mail."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from engine.text_safety import plain
from mail.imports.plans import Planned
from mail.imports.readership import Readers, Side

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


class PreviewForm(forms.Form):
    """Whose each writer is whom the portal does not know, and who reads each new mail.

    ``seen``: the proposals that the page shows; where others follow from what is said of the writers, the
    page is shown once more.
    """

    SIDES = (
        (Side.UNKNOWN, _("I do not know")),
        (Side.CUSTOMER, _("The customer's")),
        (Side.VENDOR, _("Ours")),
    )
    READERS = (
        (Readers.EVERYBODY, _("Everybody on the case")),
        (Readers.INTERNAL, _("Our people only")),
        (Readers.NOBODY, _("Leave it out")),
    )

    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(
        self, *args: Any, nobody_knows: Sequence[Planned], planned: Sequence[Planned], **kwargs: Any
    ) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        self.initial["seen"] = proposals(planned)
        unknown = {each.key: each for each in nobody_knows if each.side == Side.UNKNOWN and not each.is_there}
        said = {each.key: each.side for each in planned}
        self.writers = {f"side-{number}": key for number, key in enumerate(unknown)}
        for name, each in zip(self.writers, unknown.values(), strict=True):
            writer = plain(f"{each.name} {each.address}".strip())
            self.fields[name] = forms.ChoiceField(
                label=writer or _("The mail without a header"),
                choices=self.SIDES,
                required=False,
                initial=said.get(each.key),
            )
        self.mails = {f"readers-{each.fingerprint[:16]}": each for each in planned if not each.is_there}
        for name, each in self.mails.items():
            # Beside the mail, not within the form's own element.
            widget = forms.Select(attrs={"form": "import-form", "class": "form-select form-select-sm"})
            self.fields[name] = forms.ChoiceField(
                label=_("Who reads it"),
                choices=self.READERS,
                required=False,
                widget=widget,
                initial=each.readers,
            )

    def side_fields(self) -> list[forms.BoundField]:
        """One for each writer whom nobody knows."""
        return [self[name] for name in self.writers]

    def rows(self, planned: Sequence[Planned]) -> list[tuple[Planned, forms.BoundField | None]]:
        """Each mail and the choice of its readers; ``None`` where the thread has it already."""
        names = {each.fingerprint: name for name, each in self.mails.items()}
        return [(each, None if each.is_there else self[names[each.fingerprint]]) for each in planned]

    def sides(self) -> dict[str, Side]:
        """By writer (``Planned.key``)."""
        chosen = {key: self.cleaned_data[name] for name, key in self.writers.items()}
        return {key: Side(side) for key, side in chosen.items() if side and side != Side.UNKNOWN}

    def choices(self) -> dict[str, Readers]:
        """By mail (``Planned.fingerprint``), where a colleague chose what the page did not propose."""
        seen = self.cleaned_data["seen"]
        shown = zip(self.mails.items(), seen.ljust(len(self.mails)), strict=False)
        return {
            each.fingerprint: Readers(chosen)
            for (name, each), proposal in shown
            if (chosen := self.cleaned_data[name]) and not chosen.startswith(proposal)
        }


def proposals(planned: Sequence[Planned]) -> str:
    """Who is proposed to read each new mail, a letter each: by it two plans of one source are compared."""
    return "".join(each.proposed[0] for each in planned if not each.is_there)
