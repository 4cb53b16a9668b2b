"""A report is the engineer's until she sends it, and nobody's to change afterwards."""

import json
import re

import pytest
from django.core.files.storage import default_storage
from django.db import DatabaseError, connection, transaction
from django.utils import timezone
from django.utils.translation import override

from accounts.errors import NotAllowed
from accounts.models import User
from analysis.reports import services as reports
from analysis.reports import stored_pdfs
from analysis.reports.content import content_of, sha256_of
from analysis.reports.errors import (
    NewestDraft,
    ReportIsEmpty,
    ReportIsFrozen,
    ReportWasEdited,
)
from analysis.reports.models import Report, ReportState
from analysis.reports.page import page_of, run_page
from analysis.runs import services as runs
from analysis.runs.models import AnalysisRun
from analysis.runs.status import run_status
from analysis.runs.worker import execute
from cases.events import EventKind
from cases.models import Case, CaseEvent, Message, MessageKind
from cases.status import Status
from engine.schema.versions import stored_form
from tests.analysis import bundles
from tests.analysis.documents import result_document
from tests.people import reading_english

TEXTS = {"zh-hans": "结论：文件被改动。", "en": "Conclusion: the file was changed."}
ADVICE = {"zh-hans": "请全盘查杀。", "en": "Please scan the machine."}


def test_a_draft_says_in_both_languages_what_was_found(draft: Report) -> None:
    assert "CodeMeter.exe 被篡改" in draft.conclusion["zh-hans"]
    assert "CodeMeter.exe was tampered with" in draft.conclusion["en"]
    assert "3 个文件" in draft.conclusion["zh-hans"]
    assert draft.advice["zh-hans"] and draft.advice["en"]


def test_sending_freezes_the_report_and_shows_it_to_the_customer(
    draft: Report, case: Case, jia: User
) -> None:
    sent = reports.send(draft, jia)
    sent.refresh_from_db()
    assert sent.state == ReportState.SENT
    assert sent.content is not None
    assert sha256_of(sent.content) == sent.content_sha256
    assert sent.content["inputs"][0]["sha256"] == sent.run.bundle.sha256
    assert not sent.message.internal
    case.refresh_from_db()
    assert case.status == Status.RESULT_SENT
    assert CaseEvent.objects.filter(case=case, kind=EventKind.REPORT, actor=jia).count() == 1


@pytest.mark.parametrize("status", ["new", "scoping", "suspended"])
def test_whatever_the_case_waited_for_a_report_asks_whether_it_helped(
    draft: Report, jia: User, status: str
) -> None:
    Case.objects.filter(pk=draft.case_id).update(status=status)
    reports.send(draft, jia, seen=draft.edited_at, same_in_both=True)
    case = Case.objects.get(pk=draft.case_id)
    assert (case.status, case.next_due_at) == ("result_sent", None)


def test_a_report_answers_what_the_customer_sent_to_a_closed_case(draft: Report, jia: User) -> None:
    Case.objects.filter(pk=draft.case_id).update(
        status="closed", closed_at=timezone.now(), next_due_at=timezone.now()
    )
    reports.send(draft, jia, seen=draft.edited_at, same_in_both=True)
    case = Case.objects.get(pk=draft.case_id)
    assert (case.status, case.next_due_at) == ("closed", None)


def test_nothing_changes_a_sent_report(draft: Report, jia: User) -> None:
    sent = reports.send(draft, jia)
    sent.conclusion = TEXTS
    with pytest.raises(ReportIsFrozen):
        sent.save()
    with pytest.raises(ReportIsFrozen):
        Report.objects.filter(pk=sent.pk).update(conclusion=TEXTS)
    with pytest.raises(ReportIsFrozen):
        sent.delete()
    with pytest.raises(ReportIsFrozen):
        reports.edit(draft, jia, TEXTS, ADVICE, [])
    stored_pdfs.make_pdfs(sent.pk)
    _, stored = default_storage.listdir(f"reports/{sent.case.number}")
    with pytest.raises(ReportIsFrozen):
        reports.send(draft, jia)
    assert default_storage.listdir(f"reports/{sent.case.number}") == ([], stored), "no second pair of PDFs"
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE analysis_report SET content_sha256 = '' WHERE id = %s", [sent.pk])


def test_who_edits_while_another_sends_is_told_that_it_was_sent(draft: Report, jia: User, yi: User) -> None:
    edited = reports.edit(draft, jia, TEXTS, ADVICE, [])
    reports.send(draft, yi, seen=edited.edited_at)
    with pytest.raises(ReportIsFrozen):
        reports.edit(draft, jia, TEXTS, ADVICE, [])


def test_a_sent_report_stays_as_it_was_when_the_case_and_the_run_change(
    draft: Report, case: Case, jia: User
) -> None:
    sent = reports.send(draft, jia)
    before = page_of(content_of(sent), "en")
    Case.objects.filter(pk=case.pk).update(title="Something else")
    AnalysisRun.objects.filter(pk=sent.run_id).update(document=stored_form(result_document()))
    assert page_of(content_of(Report.objects.get(pk=sent.pk)), "en") == before


def test_the_engineers_words_and_choice_are_what_the_customer_reads(draft: Report, jia: User) -> None:
    reports.edit(draft, jia, TEXTS, ADVICE, [0])
    sent = reports.send(draft, jia, seen=Report.objects.get(pk=draft.pk).edited_at)
    assert sent.content is not None
    assert sent.content["conclusion"] == TEXTS
    left_out, *kept = draft.run.findings.all()
    assert [finding["title"] for finding in sent.content["findings"]] == [finding.title for finding in kept]
    assert left_out.title["en"] not in json.dumps(sent.content, ensure_ascii=False)


def test_a_text_she_does_not_touch_follows_the_findings_she_keeps(draft: Report, jia: User) -> None:
    title = draft.run.findings.get(position=0).title["en"]
    assert title in draft.conclusion["en"]
    edited = reports.edit(draft, jia, draft.conclusion | {"zh-hans": "自己写的。"}, draft.advice, [0])
    assert title not in edited.conclusion["en"]
    assert edited.conclusion["zh-hans"] == "自己写的。"


def test_the_second_of_two_editors_is_told(draft: Report, jia: User, yi: User) -> None:
    first = reports.edit(draft, jia, TEXTS, ADVICE, [])
    with pytest.raises(ReportWasEdited):
        reports.edit(draft, yi, ADVICE, ADVICE, [])
    with pytest.raises(ReportWasEdited):
        reports.send(draft, yi)
    reports.edit(draft, yi, ADVICE, ADVICE, [], seen=first.edited_at)


def test_only_the_people_on_the_case_edit_and_send(draft: Report, alice: User, ding: User) -> None:
    for person in (alice, ding):
        with pytest.raises(NotAllowed):
            reports.edit(draft, person, TEXTS, ADVICE, [])
        with pytest.raises(NotAllowed):
            reports.send(draft, person)


def test_a_report_needs_its_conclusion_in_both_languages(draft: Report, jia: User) -> None:
    edited = reports.edit(draft, jia, TEXTS | {"en": "  "}, ADVICE, [])
    with pytest.raises(ReportIsEmpty):
        reports.send(draft, jia, seen=edited.edited_at)
    assert Report.objects.get(pk=draft.pk).state == ReportState.DRAFT


def test_a_later_bundle_makes_a_new_version_and_the_old_one_stays(
    draft: Report, case: Case, alice: User, jia: User
) -> None:
    reports.send(draft, jia)
    execute(runs.queue_run(bundles.sealed(case, alice, bundles.captures())).pk)
    second = Report.objects.get(case=case, version=2)
    assert second.state == ReportState.DRAFT
    assert list(Report.objects.visible_to(alice).values_list("version", flat=True)) == [1]
    reports.send(second, jia)
    assert list(Report.objects.visible_to(alice).values_list("version", flat=True)) == [1, 2]


def test_both_languages_are_renderings_of_the_same_data(draft: Report) -> None:
    chinese, english = (page_of(content_of(draft), language) for language in ("zh-hans", "en"))
    for chinese_finding, english_finding in zip(chinese["findings"], english["findings"], strict=True):
        assert chinese_finding["evidence_count"] == english_finding["evidence_count"]
        assert [e["excerpt"] for e in chinese_finding["evidence"]] == [
            e["excerpt"] for e in english_finding["evidence"]
        ]
        assert chinese_finding["title"] != english_finding["title"]
    assert re.search("[\u4e00-\u9fff]", json.dumps(english["summary"], ensure_ascii=False)) is None


def test_the_one_differing_digit_is_marked(draft: Report) -> None:
    page = page_of(content_of(draft), "en")
    rows = next(finding["matrix"]["rows"] for finding in page["findings"] if finding["matrix"])
    slipped = next(row for row in rows if row["label"] == "after-reinstall")
    assert [part["text"] for part in slipped["hash"] if part["marked"]] == ["F"]
    assert "".join(part["text"] for part in slipped["hash"]) == bundles.SLIPPED
    tampered = next(row for row in rows if row["label"] == "after-restart")
    assert not any(part["marked"] for part in tampered["hash"])
    assert tampered["delta"] == f"+{bundles.MORE:,}"


# -- PDF ------------------------------------------------------------------------------


def test_a_check_of_which_some_findings_are_left_out_counts_those_that_are_kept(draft: Report) -> None:
    document = draft.run.document or {}
    twice = document | {"findings": [*document["findings"], document["findings"][0]]}
    AnalysisRun.objects.filter(pk=draft.run_id).update(document=twice)
    report = Report.objects.get(pk=draft.pk)
    rule = content_of(report).findings[0].rule
    report.left_out = [0]
    (kept,) = [examination for examination in content_of(report).examined if examination.rule == rule]
    assert kept.detail["en"].endswith("; 1 finding.")


def test_a_check_whose_finding_is_left_out_is_not_said_to_have_found_nothing(
    draft: Report, jia: User
) -> None:
    left_out = content_of(draft).findings[0]
    title = next(e.title for e in content_of(draft).examined if e.rule == left_out.rule)
    edited = reports.edit(draft, jia, draft.conclusion, draft.advice, [0])
    sent = reports.send(edited, jia, seen=edited.edited_at)
    assert left_out.rule not in {examination.rule for examination in content_of(sent).examined}
    for language in ("zh-hans", "en"):
        assert title[language] not in json.dumps(page_of(content_of(sent), language), ensure_ascii=False)
        assert title[language] in json.dumps(run_page(sent.run, language), ensure_ascii=False), "ours"


def test_a_draft_that_nobody_would_wait_for_says_what_to_do(
    draft: Report, case: Case, jia: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stored_pdfs, "MAX_DRAFT", 4)
    answer = reading_english(jia).get(f"/analysis/{case.number}/report/1/pdf/?lang=en")
    assert answer.status_code == 409
    assert "its PDFs are made in the background" in answer.content.decode()


def test_a_draft_that_a_newer_one_replaces_can_be_discarded(
    draft: Report, run: AnalysisRun, jia: User
) -> None:
    with pytest.raises(NewestDraft):
        reports.discard(draft, jia)
    execute(runs.queue_again(run.bundle).pk)
    newest = Report.objects.get(case=draft.case, version=2)
    reports.discard(draft, jia)
    assert list(Report.objects.filter(case=draft.case)) == [newest]
    entry = Message.objects.get(pk=draft.message_id)
    assert (
        entry.internal and entry.kind == MessageKind.SYSTEM and "v1" in entry.body and jia.name in entry.body
    )


def test_a_sent_report_cannot_be_discarded(draft: Report, run: AnalysisRun, jia: User) -> None:
    reports.send(draft, jia)
    execute(runs.queue_again(run.bundle).pk)
    with pytest.raises(ReportIsFrozen):
        reports.discard(draft, jia)


def test_of_an_upload_that_held_nothing_no_draft_is_made_and_nobody_is_told_that_all_is_well(
    case: Case, alice: User, jia: User
) -> None:
    run = runs.queue_run(bundles.sealed(case, alice, b"just a letter", "letter.docx"))
    execute(run.pk)
    assert not Report.objects.exists() and not Message.objects.filter(kind=MessageKind.REPORT).exists()
    for person in (alice, jia):
        status = run_status(case, person)
        assert status.tone == "warn", "neither is told that the logs have been analysed"
    with override("en"):
        told = run_status(case, alice)
        assert (told.tone, told.badge) == ("warn", "nothing read")
        assert "nothing can be concluded from it" in told.sentence
        assert "What can be analysed: event logs (.evtx)" in told.reasons[0]
