"""The PDF of a report with a mail, or its address where it is too large for one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.languages import current_language
from analysis.reports.models import Report
from analysis.reports.stored_pdfs import pdf_of, waits_for
from jobs.errors import TryAgain
from mail.outbound.models import MailSettings

if TYPE_CHECKING:
    from mail.store.models import MailMessage


@dataclass(frozen=True)
class Attached:
    """``headers``: for ``EmailMessage.add_attachment``."""

    content: bytes
    headers: dict[str, Any]


def attached(mail: MailMessage) -> list[Attached]:
    """The report that the mail tells of, as PDF in the language of now; nothing where it is too large."""
    report = _report(mail)
    if report is None or _is_too_large(mail, report):
        return []
    name = _("%(number)s report version %(version)s.pdf") % {
        "number": report.case.number,
        "version": report.version,
    }
    content = pdf_of(report, current_language())
    return [Attached(content, {"maintype": "application", "subtype": "pdf", "filename": name})]


def link_of(mail: MailMessage) -> dict[str, str] | None:
    """The address of a report that is too large to be attached; without one for who has no account."""
    report = _report(mail)
    if report is None or not _is_too_large(mail, report):
        return None
    if mail.person is None or not settings.PORTAL_URL:
        label = _("The report is too large for a mail. Whoever has an account finds it on the portal.")
        return {"label": label, "url": ""}
    path = reverse("analysis:report", kwargs={"number": report.case.number, "version": report.version})
    return {"label": _("The report is too large for a mail:"), "url": f"{settings.PORTAL_URL}{path}"}


def _report(mail: MailMessage) -> Report | None:
    if not mail.facts.get("report"):
        return None
    report = Report.objects.select_related("case").get(pk=mail.facts["report"], case=mail.case)
    if waits_for(report):
        raise TryAgain("the report's PDF is still being made")
    return report


def _is_too_large(mail: MailMessage, report: Report) -> bool:
    if mail.facts.get("linked"):
        return True
    stored = report.pdfs.get(current_language())
    return stored is not None and stored["size"] > MailSettings.load().attach_up_to_mib * 2**20
