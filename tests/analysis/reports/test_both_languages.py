"""Neither language of a report drifts from the other unseen."""

import re
from typing import Any

import pytest
from django.urls import reverse
from django.utils.translation import override

from accounts.models import User
from analysis.reports import services as reports
from analysis.reports.agreement import what_is_apart
from analysis.reports.errors import LanguagesApart
from analysis.reports.models import Report
from tests.people import reading_english


def edited(report: Report, by: User, **texts: Any) -> Report:
    row = Report.objects.get(pk=report.pk)
    conclusion, advice = (texts.pop(name, getattr(row, name)) for name in ("conclusion", "advice"))
    return reports.edit(row, by, conclusion, advice, row.left_out, seen=row.edited_at, **texts)


def test_a_text_changed_in_one_language_waits_for_the_other(draft: Report, jia: User) -> None:
    chinese = draft.conclusion | {"zh-hans": "文件被改动。"}
    assert edited(draft, jia, conclusion=chinese).unconfirmed == {"conclusion": "en"}
    row = edited(draft, jia)
    assert row.unconfirmed == {"conclusion": "en"}, "saving again confirms nothing"
    with override("en"), pytest.raises(LanguagesApart, match="the English text has not been confirmed"):
        reports.send(row, jia, seen=row.edited_at)
    assert edited(draft, jia, conclusion=chinese | {"en": "The file was changed."}).unconfirmed == {}
    assert edited(draft, jia, advice={"zh-hans": "查杀。", "en": draft.advice["en"]}).unconfirmed == {
        "advice": "en"
    }
    row = edited(draft, jia, confirmed=["advice"])
    assert row.unconfirmed == {} and [said["by"] for said in row.confirmations] == ["Jia"]
    assert edited(draft, jia, confirmed=["advice"]).confirmations == row.confirmations, (
        "there was nothing to say"
    )
    assert edited(draft, jia, advice={"zh-hans": "查杀。", "en": "Scan."}).unconfirmed == {
        "advice": "zh-hans"
    }
    assert edited(draft, jia, advice={"zh-hans": "全盘查杀。", "en": "Scan all."}).unconfirmed == {}


def test_a_text_that_only_follows_the_findings_confirms_no_words_of_hers(draft: Report, jia: User) -> None:
    chinese = draft.conclusion | {"zh-hans": "文件被改动。"}
    row = reports.edit(draft, jia, chinese, draft.advice, [0])
    assert row.conclusion["en"] != draft.conclusion["en"]
    assert row.unconfirmed == {"conclusion": "en"}
    row = edited(draft, jia, confirmed=["conclusion"])
    row = reports.edit(row, jia, row.conclusion, row.advice, [], seen=row.edited_at)
    assert row.unconfirmed == {"conclusion": "zh-hans"}, "the English one follows, hers does not"


def test_numbers_and_steps_that_differ_are_not_sent_unless_somebody_has_read_both(
    draft: Report, jia: User
) -> None:
    conclusion = {"zh-hans": "停止 8 次。", "en": "It stopped 9 times."}
    row = edited(draft, jia, conclusion=conclusion, advice={"zh-hans": "1. 甲\n2. 乙", "en": "1. A"})
    assert row.unconfirmed == {}
    with override("en"), pytest.raises(LanguagesApart) as refusal:
        reports.send(row, jia, seen=row.edited_at)
    with override("en"):
        why = str(refusal.value)
    for part in (
        "only the Chinese text has 8.",
        "only the English text has 9.",
        "2 steps in Chinese, 1 in English",
        "tick that they say the same",
    ):
        assert part in why
    sent = reports.send(row, jia, seen=row.edited_at, same_in_both=True)
    (confirmation,) = Report.objects.get(pk=sent.pk).confirmations
    assert (
        confirmation["by"] == "Jia"
        and "Conclusion: only the English text has 9." in confirmation["apart"]["en"]
    )
    seen = reading_english(jia).get(reverse("analysis:report", args=(sent.case.number, 1))).content.decode()
    assert "Confirmed: both languages say the same" in seen and "only the Chinese text has 8." in seen
    hers = reading_english(sent.case.contact).get(reverse("analysis:report", args=(sent.case.number, 1)))
    assert "Confirmed" not in hers.content.decode()


def test_a_count_that_the_analysis_has_otherwise_is_named_though_both_languages_agree(
    draft: Report, jia: User
) -> None:
    changed = {
        language: re.sub(r"\d+ (项结论|findings?)", r"97 \1", text)
        for language, text in draft.conclusion.items()
    }
    assert changed["en"] != draft.conclusion["en"] and changed["zh-hans"] != draft.conclusion["zh-hans"]
    row = edited(draft, jia, conclusion=changed)
    with override("en"), pytest.raises(LanguagesApart) as refusal:
        reports.send(row, jia, seen=row.edited_at)
    with override("en"):
        why = str(refusal.value)
    assert re.search("Conclusion: the English text says 97 findings?; the analysis has [0-9]+ findings?", why)
    assert re.search("Conclusion: the Chinese text says 97 项结论; the analysis has [0-9]+ 项结论", why)
    # Her own words, and her own numbers, are nobody's business.
    own = {"zh-hans": "重启 3 遍后恢复。", "en": "It works after 3 restarts."}
    assert reports.send(edited(draft, jia, conclusion=own), jia, seen=Report.objects.get().edited_at).is_sent


@pytest.mark.parametrize(
    ("written", "known", "is_contrary"),
    [
        ("停止了 97 次。", "停止了 8 次。", True),
        ("It stopped 97 times.", "It stopped 8 times.", True),
        ("读取了 80000 条记录。", "读取了 80,000 条记录。", False),
        ("读取了 80,001 条记录。", "读取了 80000 条记录。", True),
        ("有 2 个问题。", "比较了 5 个文件。", False),
        ("有 2 个文件不同。", "比较了 5 个文件。", True),
        ("第 2 项已做。", "1 项结论。", False),
        ("5 个文件中有 2 个文件不同。", "比较了 5 个文件。", False),
    ],
)
def test_only_counts_of_the_same_thing_are_contrary(
    draft: Report, monkeypatch: pytest.MonkeyPatch, written: str, known: str, is_contrary: bool
) -> None:
    monkeypatch.setattr(
        "analysis.reports.agreement.drafted_conclusion", lambda *_: dict.fromkeys(("zh-hans", "en"), known)
    )
    draft.conclusion = dict.fromkeys(("zh-hans", "en"), written)
    with override("en"):
        assert any("the analysis has" in each for each in what_is_apart(draft)) is is_contrary


def test_what_the_analysis_drafts_is_the_same_in_both(draft: Report, jia: User) -> None:
    assert reports.send(draft, jia).is_sent


def test_the_pages_show_both_sides_and_ask_for_the_tick(draft: Report, jia: User) -> None:
    where = (draft.case.number, 1)
    page, edit = reading_english(jia), reverse("analysis:report-edit", args=where)
    assert 'name="same"' not in page.get(reverse("analysis:report", args=where)).content.decode()
    fields = {
        f"{name}_{language[:2]}": text
        for name in ("conclusion", "advice")
        for language, text in getattr(draft, name).items()
    }
    fields |= {"conclusion_zh": "停止 8 次。", "conclusion_en": draft.conclusion["en"], "seen": ""}
    page.post(edit, fields | {"keep": list(range(draft.run.findings.count()))})
    editor = page.get(edit).content.decode()
    assert "the English one has not been confirmed since" in editor
    preview = page.get(reverse("analysis:report", args=where)).content.decode()
    assert "停止 8 次。" in preview and "Both languages side by side" in preview and 'name="same"' in preview
    assert "English not confirmed" in preview and "Chinese not confirmed" not in preview
    draft.refresh_from_db()
    assert draft.edited_at is not None
    send, seen = reverse("analysis:report-send", args=where), draft.edited_at.isoformat()
    refused = page.post(send, {"seen": seen}, follow=True).content.decode()
    assert "Read both sides and correct what differs" in refused
    page.post(send, {"seen": seen, "same": "1"})
    draft.refresh_from_db()
    assert draft.is_sent


def test_a_link_that_answers_in_her_name_stands_in_no_report(draft: Report, jia: User) -> None:
    link = "https://support.vendor.example/mail/unsubscribe/WyJyZXBseSIsNV0:1xXjWe:r9_lVhIX9_i3NLKz00afWNDE6Yk4jo/"
    row = edited(draft, jia, advice={"zh-hans": f"请看 {link}", "en": f"See {link}"})
    assert "r9_lVhIX9" not in f"{row.advice}" and "请看" in row.advice["zh-hans"]
