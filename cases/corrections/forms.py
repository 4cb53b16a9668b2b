"""The form of corrections; it checks shape only, the service decides."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.choosers import offer_rows
from accounts.models import User
from cases.corrections.services import FIELDS
from cases.lookups import customers_of
from cases.models import Case, Queue
from cases.service_levels import Severity
from engine.text_safety import plain


class CorrectionForm(forms.Form):
    """What the case says of itself."""

    title = forms.CharField(label=_("Title"), max_length=200)
    severity = forms.ChoiceField(
        label=_("Severity"), choices=Severity.choices, help_text=_("The next answer is due accordingly.")
    )
    product = forms.CharField(label=_("Product"), max_length=100, required=False)
    edition = forms.CharField(label=_("Edition or version"), max_length=100, required=False)
    contact = forms.ModelChoiceField(label=_("Contact"), queryset=User.objects.none(), empty_label=None)
    queue = forms.ModelChoiceField(
        label=_("Queue"),
        queryset=Queue.objects.all(),
        required=False,
        empty_label="–",
        help_text=_("Engineers of another queue see the case from then on."),
    )

    def __init__(self, *args: Any, case: Case, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        first = {field: getattr(case, field) for field in FIELDS}
        kwargs.setdefault("initial", first | {"contact": case.contact_id, "queue": case.queue_id})
        super().__init__(*args, **kwargs)
        self.case = case
        for field in self.fields.values():
            # What the page showed comes back with it: somebody else may have corrected the case meanwhile.
            field.show_hidden_initial = True
        offer_rows(self, "contact", customers_of(case) | User.objects.filter(pk=case.contact_id))

    def clean(self) -> dict[str, Any]:
        """Refuses, once, what would take back a correction that she has not seen."""
        for name in self.changed_data:
            shown, now = self.add_initial_prefix(name), str(self.initial[name] or "")
            if now in {self.data.get(shown, now), self.data.get(self.add_prefix(name))}:
                continue
            value = self.case.get_severity_display() if name == "severity" else getattr(self.case, name)
            sentence = _(
                "Somebody has corrected this meanwhile. It is now: %(value)s. Save again to replace it."
            )
            self.add_error(name, sentence % {"value": plain(str(value or "–"))})
            # A later answer of the same page replaces what is there now.
            self.data = dict(self.data.items()) | {shown: now}
        return self.cleaned_data
