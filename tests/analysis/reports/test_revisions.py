"""A sent report is revised by a new version that says what is different; the old one stays as it was."""

import io
from typing import Any

import pypdf
import pytest
from django.core.files.storage import default_storage
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from accounts.errors import NotAllowed
from accounts.models import User
from analysis.reports import services as reports
from analysis.reports import stored_pdfs
from analysis.reports.content import content_of, sha256_of
from analysis.reports.errors import ChangeUnexplained, NotRevisable
from analysis.reports.models import Report, ReportState
from analysis.reports.page import page_of
from analysis.runs import services as runs
from analysis.runs.worker import execute
from cases.models import Case
from cases.signals import Activity, ActivityKind, case_activity
from tests.analysis import bundles
from tests.people import reading_english, signed_in

TEXTS = {"zh-hans": "结论：文件被改动。", "en": "Conclusion: the file was changed."}
CHANGE = {"zh-hans": "去掉了一项误报。", "en": "A false alarm is gone."}


def revised(sent: Report, by: User, **changed: Any) -> Report:
    """Version 2 of a sent report, sent: other words, and the first finding left out."""
    draft = reports.revise(sent, by)
    # Her advice is as drafted, so it goes without the steps of what she leaves out.
    edited = reports.edit(draft, by, TEXTS, draft.advice, [0], change=CHANGE, **changed)
    return reports.send(edited, by, seen=edited.edited_at)


def test_a_revised_report_says_what_changed_and_the_old_one_stays_as_it_was(
    draft: Report, jia: User, alice: User
) -> None:
    activities: list[Activity] = []

    def listen(activity: Activity, **_: Any) -> None:
        activities.append(activity)

    case_activity.connect(listen)
    first = reports.send(draft, jia)
    stored_pdfs.make_pdfs(first.pk)
    first.refresh_from_db()
    frozen, pdfs = first.content, first.pdfs
    pages = {language: page_of(content_of(first), language) for language in ("zh-hans", "en")}
    title = content_of(first).findings[0].title

    second = revised(first, jia)
    case_activity.disconnect(listen)

    assert (second.version, second.run_id, second.state) == (2, first.run_id, ReportState.SENT)
    content = content_of(second)
    assert content.revision is not None
    assert (content.revision.replaces, dict(content.revision.said)) == (1, CHANGE)
    assert (content.revision.conclusion, content.revision.advice) == (True, True)
    assert (content.revision.added, content.revision.removed) == ([], [title])
    assert second.content and sha256_of(second.content) == second.content_sha256

    again = Report.objects.get(pk=first.pk)
    assert again.superseded_by == second and second.superseded_by is None
    assert (again.content, again.pdfs, sha256_of(again.content or {})) == (
        frozen,
        pdfs,
        again.content_sha256,
    )
    assert {language: page_of(content_of(again), language) for language in pages} == pages
    with default_storage.open(pdfs["en"]["name"], "rb") as file:
        assert stored_pdfs.pdf_of(again, "en", as_sent=True) == file.read()
    for language, words in (("en", "Replaced by version 2"), ("zh-hans", "已由第 2 版取代")):
        reader = pypdf.PdfReader(io.BytesIO(stored_pdfs.pdf_of(again, language)))
        assert all(words in " ".join(page.extract_text().split()) for page in reader.pages)

    told = [activity for activity in activities if activity.kind == ActivityKind.REPORT_SENT]
    assert [(a.facts["version"], a.facts["revised"]) for a in told] == [(1, False), (2, True)]
    assert told[1].message == second.message and told[1].by == jia

    day = f"{timezone.localtime(first.sent_at):%Y-%m-%d}"
    said = f"Version 2, replaces version 1 of {day}."
    made = pypdf.PdfReader(io.BytesIO(stored_pdfs.pdf_of(second, "en")))
    pdf_text = " ".join(made.pages[0].extract_text().split())
    page = reading_english(alice).get(f"/analysis/{second.case.number}/report/2/").content.decode()
    for text in (pdf_text, page):
        for part in (said, CHANGE["en"], "The conclusion and the advice have changed.", title["en"]):
            assert part in text, part
    old = reading_english(alice).get(f"/analysis/{second.case.number}/report/1/").content.decode()
    thread = reading_english(alice).get(reverse("case", args=(second.case.number,))).content.decode()
    for text in (old, thread):
        assert f"Version 2 of {day} has taken the place of this report." in text
    assert f"Replaces version 1 of {day}." in thread and CHANGE["en"] in thread
    listed = reading_english(alice).get("/api/reports/").json()["results"]
    assert {row["version"]: (row["replaces"], row["superseded_by"]) for row in listed} == {
        1: (None, 2),
        2: (1, None),
    }
    assert "Revise it" not in thread and "Revise it" not in old, "that is the engineer's"
    with override("zh-hans"):
        chinese = page_of(content_of(second), "zh-hans")["revision"]
    assert chinese["said"] == f"第 2 版，替代 {day} 的第 1 版。"


def test_a_report_is_revised_as_often_as_needed_and_each_is_replaced_once(
    draft: Report, jia: User, alice: User, ding: User
) -> None:
    with pytest.raises(NotRevisable):
        reports.revise(draft, jia)
    first = reports.send(draft, jia)
    for person in (alice, ding):
        with pytest.raises(NotAllowed):
            reports.revise(first, person)
    assert reports.revise(first, jia) == reports.revise(first, jia), "one draft at a time"
    second = revised(first, jia)
    with pytest.raises(NotRevisable):
        reports.revise(first, jia)
    third = revised(second, jia)
    assert (third.version, third.replaces) == (3, second)
    late = reports.revise(third, jia)
    with pytest.raises(IntegrityError), transaction.atomic():
        Report.objects.filter(pk=late.pk).update(state=ReportState.SENT, replaces=first)


def test_a_new_version_is_not_sent_without_a_word_on_what_changed(draft: Report, jia: User) -> None:
    revision = reports.revise(reports.send(draft, jia), jia)
    assert (revision.conclusion, revision.advice) == (draft.conclusion, draft.advice)
    with override("en"), pytest.raises(ChangeUnexplained, match=r"replaces v1.*in Chinese"):
        reports.send(revision, jia)


def test_a_report_of_a_later_upload_takes_the_place_of_the_earlier_unless_the_engineer_says_no(
    draft: Report, case: Case, alice: User, jia: User
) -> None:
    first = reports.send(draft, jia)
    execute(runs.queue_run(bundles.sealed(case, alice, bundles.captures(), "日志_1201.zip")).pk)
    later = Report.objects.get(case=case, version=2)
    assert later.replaces == first and "日志_1201.zip" in later.change["zh-hans"]
    page = signed_in(jia)
    edit = reverse("analysis:report-edit", args=(case.number, 2))
    assert 'name="replaces" value="1" checked' in page.get(edit).content.decode()
    fields = {"conclusion_zh": "甲", "conclusion_en": "A", "change_zh": "", "change_en": "", "seen": ""}
    page.post(edit, fields)
    later.refresh_from_db()
    assert later.replaces is None
    sent = reports.send(later, jia, seen=later.edited_at)
    assert first.superseded_by is None and content_of(sent).revision is None


def test_a_version_written_while_another_took_the_place_replaces_that_one(
    draft: Report, case: Case, alice: User, jia: User
) -> None:
    first = reports.send(draft, jia)
    execute(runs.queue_run(bundles.sealed(case, alice, bundles.captures(), "later.zip")).pk)
    later = Report.objects.get(case=case, version=2)
    third = revised(first, jia)
    assert third.version == 3 and reports.newer_than(later) is None, "a revision replaces no later analysis"
    sent = reports.send(later, jia)
    assert sent.replaces == third and third.superseded_by == sent


def test_a_revision_always_takes_the_others_place(draft: Report, jia: User) -> None:
    revision = reports.revise(reports.send(draft, jia), jia)
    edited = reports.edit(revision, jia, TEXTS, draft.advice, [], replaces=False)
    assert edited.replaces is not None


def test_the_engineer_revises_from_the_page(draft: Report, jia: User, alice: User) -> None:
    sent = reports.send(draft, jia)
    revise = reverse("analysis:report-revise", args=(sent.case.number, 1))
    assert signed_in(alice).post(revise).status_code == 404
    answer = signed_in(jia).post(revise)
    assert answer["Location"] == reverse("analysis:report-edit", args=(sent.case.number, 2))
    assert "In place of version 1" in reading_english(jia).get(answer["Location"]).content.decode()
    assert "2" not in [str(r.version) for r in Report.objects.visible_to(alice)]
