"""The forms of the case pages; they check shape only, the services decide."""

from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from accounts.choosers import CustomerField, offer_choices, offer_rows
from accounts.models import User
from accounts.roles import Right, with_right
from cases.errors import NothingSaid
from cases.local_datetime import LocalDateTimeField
from cases.models import Case, MessageKind
from cases.service_levels import Severity
from cases.services import MAX_BODY_LENGTH
from cases.status import CHANGES, Status, is_possible
from engine.text_safety import clean_name

SEVERITY_WORDS = {
    Severity.A: (
        _("Work stands still"),
        _("A machine or service that people need does not work, and there is no way round."),
    ),
    Severity.B: (_("Work is hindered"), _("It works badly, or only by a way round.")),
    Severity.C: (_("A question"), _("Nothing is broken; you want to know something.")),
}

WHEN = _("When did it happen, about?")
WHEN_HELP = _(
    "The first time you noticed it, or the clearest time. We look in the logs around this time, and tell you "
    "whether they reach back to it. An estimate is enough."
)


def _severity_choices() -> list[tuple[str, SafeString]]:
    return [
        (value, format_html('<strong>{}</strong> <span class="soft">{}</span>', name, meaning))
        for value, (name, meaning) in SEVERITY_WORDS.items()
    ]


class Choices(forms.RadioSelect):
    """Radio buttons, each with its meaning in words."""

    template_name = "cases/choices.html"


class ReportCaseForm(forms.Form):
    """What a customer tells of a problem; the vendor's people also choose whose it is."""

    contact = CustomerField(
        label=_("For which customer?"), queryset=User.objects.none(), empty_label=_("Choose a contact")
    )
    title = forms.CharField(
        label=_("What does not work, in one line?"),
        max_length=200,
        help_text=_("For example: after a restart the licence service does not start."),
    )
    product = forms.CharField(label=_("Product"), max_length=100, required=False)
    edition = forms.CharField(
        label=_("Edition or version"),
        max_length=100,
        required=False,
        help_text=_("As the product shows it, for example V0-H or 22H2."),
    )
    happens = forms.CharField(
        label=_("What happens?"),
        max_length=MAX_BODY_LENGTH // 2,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("What you did, what you expected, what you saw. Copy error messages word for word."),
    )
    incident_at = LocalDateTimeField(label=WHEN, required=False, help_text=WHEN_HELP)
    since = forms.CharField(
        label=_("What changed before?"),
        max_length=500,
        required=False,
        help_text=_("For example: the antivirus program was updated the day before."),
    )
    severity = forms.ChoiceField(label=_("How badly does it hinder you?"), initial=Severity.B, widget=Choices)

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        offer_choices(self, "severity", _severity_choices())
        if not user.is_vendor:
            del self.fields["contact"]
        else:
            customers = with_right(Right.OWN_ORGANISATION)
            people = User.objects.filter(role__in=customers, is_active=True).select_related("organisation")
            offer_rows(self, "contact", people.order_by("organisation__name", "name"))

    def description(self) -> str:
        """The first message: what happens, and what changed before."""
        since = self.cleaned_data["since"]
        happens = str(self.cleaned_data["happens"])
        return f"{happens}\n\n{_('What changed before?')} {since}" if since else happens


class IncidentForm(forms.Form):
    """When the trouble happened; empty takes it back."""

    incident_at = LocalDateTimeField(label=WHEN, required=False, help_text=WHEN_HELP)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)


class SeveralFiles(forms.ClearableFileInput):
    """A chooser of any number of files."""

    allow_multiple_selected = True


class SeveralFilesField(forms.FileField):
    """Any number of files, cleaned one by one into a list."""

    widget = SeveralFiles

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        """Each as ``FileField`` cleans it."""
        return [super(SeveralFilesField, self).clean(file, initial) for file in data or ()]


class WriteForm(forms.Form):
    """One entry of the thread. Customers reply; the vendor also notes, and says what comes after what the
    customer reads: her word, or her answer to the result that it is."""

    KINDS = (
        ("reply", _("Reply")),
        ("note", _("Internal note")),
        ("phone", _("Phone note")),
        ("remote", _("Remote session")),
    )
    THEN = (
        ("", _("The case stays as it is")),
        ("wait_for_customer", _("Then wait for the customer")),
        ("send_result", _("This is the result: ask whether it is solved")),
    )

    kind = forms.ChoiceField(choices=KINDS, initial="reply", widget=forms.RadioSelect)
    body = forms.CharField(required=False, max_length=MAX_BODY_LENGTH, widget=forms.Textarea)
    customer_reads = forms.BooleanField(required=False)
    then = forms.ChoiceField(choices=THEN, required=False)
    attachments = SeveralFilesField(required=False, allow_empty_file=True)

    def __init__(self, *args: Any, user: User, case: Case, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.case = case
        if not user.is_vendor:
            for name in ("kind", "customer_reads", "then"):
                del self.fields[name]

    def clean(self) -> dict[str, Any]:
        """A picture says enough: its name stands for the text."""
        facts = self.cleaned_data
        if not facts.get("body") and "body" not in self.errors:
            facts["body"] = ", ".join(clean_name(file.name) for file in facts.get("attachments", ()))
            if not facts["body"]:
                self.add_error("body", str(NothingSaid()))
        return facts

    def files_are_gone(self) -> None:
        """Says so on a page that is shown again: a browser does not send chosen files twice."""
        if self.files:
            self.add_error(None, _("Please add your files again; they were not sent."))

    def entry(self) -> tuple[MessageKind, bool]:
        """The entry's kind and whether it is internal; of calls, unless the customer may read it."""
        kind = self.cleaned_data.get("kind", "reply")
        if kind == "note":
            return MessageKind.NOTE, True
        if kind in {MessageKind.PHONE, MessageKind.REMOTE}:
            return MessageKind(kind), not self.cleaned_data["customer_reads"]
        return MessageKind.PORTAL, False

    def offered(self) -> list[tuple[str, str | Promise]]:
        """What may come after the entry, of the case as it is now."""
        return [(name, label) for name, label in self.THEN if not name or is_possible(name, self.case.status)]

    def waits(self) -> bool:
        """Whether the case waits for the customer after this entry, as far as it does not already."""
        return self._then("wait_for_customer") and is_possible("wait_for_customer", self.case.status)

    def is_result(self) -> bool:
        """Whether the customer is asked if it is solved."""
        return self._then("send_result")

    def _then(self, name: str) -> bool:
        # Beside what colleagues alone read the page offers nothing.
        return self.cleaned_data.get("then") == name and not self.entry()[1]


class StatusForm(forms.Form):
    """A change of status by hand: only legal ones are offered, every one is tried."""

    change = forms.ChoiceField(
        label=_("Change"), choices=[(c.name, c.label) for c in CHANGES.values() if c.by_hand]
    )
    reason = forms.CharField(
        label=_("Reason"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("The customer reads it. Needed to wait, to resume and to close."),
    )

    def __init__(self, *args: Any, case: Case, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        self.case = case
        if not self.is_bound:
            self.offer_what_is_possible()

    def offer_what_is_possible(self) -> None:
        """Of the case as it is now."""
        offered = [(change.name, change.label) for change in self.case.changes_by_hand]
        offer_choices(self, "change", offered)


class AssignForm(forms.Form):
    """Which engineer the case goes to."""

    engineer = forms.ModelChoiceField(label=_("Engineer"), queryset=User.objects.none(), empty_label=None)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        engineers = User.objects.filter(role__in=with_right(Right.OWN_CASES), is_active=True).order_by("name")
        offer_rows(self, "engineer", engineers)


class FilterForm(forms.Form):
    """What a list of cases shows."""

    status = forms.ChoiceField(label=_("Status"), required=False)
    engineer = forms.ModelChoiceField(
        label=_("Engineer"), queryset=User.objects.none(), required=False, empty_label=_("All engineers")
    )
    overdue = forms.BooleanField(label=_("Only late ones"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        choices = [("open", _("All open")), ("", _("All statuses")), *Status.choices]
        offer_choices(self, "status", choices)
        engineers = User.objects.filter(role__in=with_right(Right.OWN_CASES)).order_by("name")
        offer_rows(self, "engineer", engineers)
