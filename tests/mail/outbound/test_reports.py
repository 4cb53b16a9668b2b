"""The PDF of a report goes along with its mail, or, where it is too large for one, an address of it."""

from pathlib import Path
from typing import Any

import pytest

from accounts.models import User
from analysis.reports import services as reports
from analysis.reports.models import PdfJob, Report
from jobs.models import JobState
from mail.outbound.models import MailSettings
from mail.outbound.outbox import enqueue
from mail.store.models import MailMessage
from tests.analysis.conftest import draft, read_once, run, whole_bundle
from tests.mail.bodies import bodies_of
from tests.mail.mails import as_sent

__all__ = ["draft", "read_once", "run", "whole_bundle"]

TOO_LARGE = "报告太大，无法随邮件发送"


@pytest.fixture(autouse=True)
def _home(settings: Any, tmp_path: Path) -> None:
    settings.ANJUAN_HOME = tmp_path
    settings.PORTAL_URL = "https://portal.example"


@pytest.fixture
def sent(draft: Report, jia: User) -> Report:
    """A report whose PDFs are made."""
    report = reports.send(draft, jia, seen=draft.edited_at)
    files = {language: {"size": 3 * 2**20} for language in ("zh-hans", "en")}
    PdfJob.objects.filter(pk=report.pk).update(state=JobState.DONE, files=files)
    return report


def told(report: Report, person: User | None, **facts: Any) -> MailMessage:
    address = person.email if person else "site@plant.example"
    return enqueue(
        address,
        kind="report_sent",
        text="结论如下。",
        case=report.case,
        person=person,
        report=report.pk,
        **facts,
    )


@pytest.mark.parametrize("why", ["its size", "the mail server"])
def test_a_report_too_large_for_a_mail_is_an_address_for_who_has_an_account(
    sent: Report, alice: User, why: str
) -> None:
    facts: dict[str, Any] = {"linked": True}
    if why == "its size":
        facts = {}
        MailSettings.objects.create(pk=1, attach_up_to_mib=2)
    address = f"https://portal.example/analysis/{sent.case.number}/report/1/"
    hers = as_sent(told(sent, alice, **facts))
    assert not list(hers.iter_attachments())
    for text in bodies_of(hers):
        assert TOO_LARGE in text and address in text
    copy = as_sent(told(sent, None, **facts))
    assert not list(copy.iter_attachments())
    for text in bodies_of(copy):
        assert TOO_LARGE in text and "；有账号的人员可在门户上查看。" in text
        assert "/report/" not in text, "it would end where one signs in"
