"""A sent report's PDFs are stored once, given out as they were, and hold what the page says."""

import io
import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pypdf
import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import DatabaseError, transaction
from django.utils import timezone
from pytest_django import Settings

from accounts.models import User
from analysis.reports import pdf, stored_pdfs
from analysis.reports import services as reports
from analysis.reports.content import content_of
from analysis.reports.errors import (
    PdfUnavailable,
)
from analysis.reports.models import PdfJob, Report
from analysis.reports.page import page_of
from tests.analysis import bundles
from tests.people import reading_english


def pdf_answer(who: User, report: Report) -> Any:
    return reading_english(who).get(f"/analysis/{report.case.number}/report/{report.version}/pdf/?lang=en")


def test_the_pdfs_are_stored_after_the_report_is_sent_and_given_out_as_they_were(
    draft: Report, jia: User, alice: User
) -> None:
    sent = reports.send(draft, jia)
    waiting = pdf_answer(alice, sent)
    assert (waiting.status_code, waiting["Refresh"]) == (202, "2")
    assert "The PDF is being made" in waiting.content.decode()
    stored_pdfs.make_pdfs(sent.pk)
    for language in ("zh-hans", "en"):
        made = stored_pdfs.pdf_of(sent, language)
        assert made.startswith(b"%PDF")
        assert pdf.sha256_of(made) == sent.pdfs[language]["sha256"]
    before = sent.pdfs
    stored_pdfs.make_pdfs(sent.pk)
    assert sent.pdfs == before, "made once"
    assert pdf_answer(alice, sent).content == stored_pdfs.pdf_of(sent, "en")


def test_nothing_changes_stored_pdfs(draft: Report, jia: User) -> None:
    sent = reports.send(draft, jia)
    stored_pdfs.make_pdfs(sent.pk)
    for change in (
        lambda: PdfJob.objects.filter(pk=sent.pk).update(files={}),
        lambda: PdfJob.objects.filter(pk=sent.pk).delete(),
    ):
        with pytest.raises(DatabaseError, match="History is kept"), transaction.atomic():
            change()


def test_a_lost_pdf_is_made_again_with_the_same_bytes(draft: Report, jia: User) -> None:
    sent = reports.send(draft, jia)
    stored_pdfs.make_pdfs(sent.pk)
    default_storage.delete(sent.pdfs["en"]["name"])
    assert pdf.sha256_of(stored_pdfs.pdf_of(sent, "en")) == sent.pdfs["en"]["sha256"]


def test_a_late_worker_stores_no_pdf_over_those_that_are_there(
    draft: Report, jia: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent = reports.send(draft, jia)
    save = default_storage.save

    def another_was_faster(name: str, content: Any) -> str:
        monkeypatch.undo()
        PdfJob.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
        stored_pdfs.make_pdfs(sent.pk)
        return save(name, content)

    monkeypatch.setattr(default_storage, "save", another_was_faster)
    stored_pdfs.make_pdfs(sent.pk)
    assert PdfJob.objects.get().attempt == 2
    for language in ("zh-hans", "en"):
        with default_storage.open(sent.pdfs[language]["name"], "rb") as file:
            assert pdf.sha256_of(file.read()) == sent.pdfs[language]["sha256"]
    assert len(default_storage.listdir(f"reports/{sent.case.number}")[1]) == 2


def test_a_stored_pdf_that_was_altered_is_not_given_out(draft: Report, jia: User) -> None:
    sent = reports.send(draft, jia)
    stored_pdfs.make_pdfs(sent.pk)
    name = sent.pdfs["en"]["name"]
    default_storage.delete(name)
    default_storage.save(name, ContentFile(b"%PDF-1.7 with another conclusion"))
    assert pdf.sha256_of(stored_pdfs.pdf_of(sent, "en")) == sent.pdfs["en"]["sha256"]


def test_the_pdf_holds_the_chinese_conclusion_as_text(draft: Report) -> None:
    made = pypdf.PdfReader(io.BytesIO(stored_pdfs.pdf_of(draft, "zh-hans")))
    text = "".join(page.extract_text() for page in made.pages)
    assert "被篡改" in text
    assert bundles.SLIPPED in re.sub(r"\s", "", text)


def test_hostile_text_is_text_in_the_pdf_too(draft: Report) -> None:
    page = page_of(content_of(draft), "en")
    odd = '#panic("x") $1/0$ *b* [c] <d> \\u{0} @e "\u202e' + "W" * 500
    page["case_title"] = odd
    page["findings"][0]["title"] = odd
    page["findings"][0]["evidence"][0]["excerpt"] = odd
    assert pdf.render(page).startswith(b"%PDF")


def test_a_pdf_that_cannot_be_stored_is_told_to_the_engineer_and_made_later(
    draft: Report, jia: User, alice: User
) -> None:
    in_the_way = Path(default_storage.path(f"reports/{draft.case.number}"))
    in_the_way.parent.mkdir(parents=True, exist_ok=True)
    in_the_way.touch()
    sent = reports.send(draft, jia)
    stored_pdfs.make_pdfs(sent.pk)
    assert sent.is_sent and sent.pdfs == {}
    assert "could not be made yet" in pdf_answer(jia, sent).content.decode()
    assert "could not be made yet" not in pdf_answer(alice, sent).content.decode()
    address = f"/analysis/{sent.case.number}/report/{sent.version}/"
    assert "could not be made yet" in reading_english(jia).get(address).content.decode()
    in_the_way.unlink()
    assert not stored_pdfs.PDFS.lost().exists(), "not at once"
    PdfJob.objects.update(not_before=timezone.now() - timedelta(seconds=1))
    assert stored_pdfs.PDFS.lost().get().report == sent
    stored_pdfs.make_pdfs(sent.pk)
    assert set(sent.pdfs) == {"zh-hans", "en"}


def test_a_missing_font_is_named(draft: Report, settings: Settings, tmp_path: Path) -> None:
    settings.FONTS_DIR = tmp_path
    with pytest.raises(PdfUnavailable, match="NotoSansHans-Regular"):
        stored_pdfs.pdf_of(draft, "en")
