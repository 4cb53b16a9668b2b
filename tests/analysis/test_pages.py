"""The pages of analysis: who sees what, and that hostile text stays text."""

import pytest
from django.urls import reverse
from msgspec import structs

from accounts.models import User
from analysis.reports import services as reports
from analysis.reports.content import content_of
from analysis.reports.models import Report
from analysis.reports.stored_pdfs import make_pdfs
from analysis.runs import services as runs
from analysis.runs.models import AnalysisRun, Failure
from analysis.runs.worker import execute
from cases.models import Case
from engine.schema.evidence import Evidence, Locator
from engine.schema.versions import opened, stored_form
from engine.text import text
from tests.analysis import bundles
from tests.analysis.documents import finding, result_document, stored_before
from tests.people import signed_in


def report_urls(report: Report) -> list[str]:
    where = (report.case.number, report.version)
    return [reverse(f"analysis:report{part}", args=where) for part in ("", "-pdf", "-edit")]


def test_a_draft_does_not_exist_for_customers(draft: Report, alice: User) -> None:
    page = signed_in(alice)
    for url in report_urls(draft):
        assert page.get(url).status_code == 404
    assert page.post(reverse("analysis:report-send", args=(draft.case.number, 1))).status_code == 404
    case_page = page.get(reverse("case", args=(draft.case.number,))).content.decode()
    title = draft.run.findings.get(position=0).title
    assert title["en"] not in case_page and title["zh-hans"] not in case_page
    assert page.get("/api/reports/").json()["results"] == []
    assert page.get(f"/api/reports/{draft.pk}/").status_code == 404
    assert page.get(f"/api/runs/{draft.run_id}/document/").status_code == 404
    assert page.get(f"/api/runs/{draft.run_id}/findings/").status_code == 404
    evidence = reverse("analysis:evidence", args=(draft.case.number, draft.run_id, 0, 0))
    assert page.get(evidence).status_code == 404


def test_a_sent_report_is_read_by_the_customer_in_both_languages(
    draft: Report, jia: User, alice: User
) -> None:
    make_pdfs(reports.send(draft, jia).pk)
    page = signed_in(alice)
    url = report_urls(draft)[0]
    chinese = page.get(url + "?lang=zh-hans").content.decode()
    english = page.get(url + "?lang=en").content.decode()
    assert "CodeMeter.exe 被篡改" in chinese
    assert "was tampered with" in english
    assert "<mark>F</mark>" in english
    assert page.get(url + "pdf/?lang=en")["Content-Type"] == "application/pdf"
    assert page.get(report_urls(draft)[2]).status_code == 404, "the editor is not hers"
    assert page.get(f"/api/reports/{draft.pk}/?lang=en").json()["content"]["conclusion"]
    (listed,) = page.get("/api/reports/").json()["results"]
    assert "content" not in listed, "a list of reports is no list of everything that they say"


def test_people_of_another_organisation_see_nothing(
    draft: Report, jia: User, charlie: User, ding: User
) -> None:
    reports.send(draft, jia)
    run = draft.run
    urls = [
        *report_urls(draft),
        reverse("analysis:run-panel", args=(draft.case.number,)),
        reverse("analysis:evidence", args=(draft.case.number, run.pk, 0, 0)),
        f"/api/reports/{draft.pk}/",
        f"/api/runs/{run.pk}/",
        f"/api/runs/{run.pk}/document/",
    ]
    for person in (charlie, ding):
        for url in urls:
            assert signed_in(person).get(url).status_code == 404, url


def test_a_report_of_another_case_is_not_found_under_this_ones_number(
    draft: Report, alice: User, jia: User
) -> None:
    from tests.people import report as report_case

    other = report_case(alice, engineer=jia)
    assert signed_in(jia).get(reverse("analysis:report", args=(other.number, 1))).status_code == 404
    url = reverse("analysis:evidence", args=(other.number, draft.run_id, 0, 0))
    assert signed_in(jia).get(url).status_code == 404


def test_the_engineer_edits_previews_and_sends(draft: Report, jia: User, alice: User) -> None:
    page, where = signed_in(jia), (draft.case.number, 1)
    edit = reverse("analysis:report-edit", args=where)
    assert page.get(edit).status_code == 200
    texts = {"conclusion_zh": "甲", "conclusion_en": "Mine", "advice_zh": "乙", "advice_en": "Do it"}
    answer = page.post(edit, texts | {"keep": ["1"], "seen": "", "preview": "1"})
    assert answer.status_code == 302
    draft.refresh_from_db()
    assert 0 in draft.left_out and 1 not in draft.left_out
    preview = page.get(answer["Location"] + "?lang=en").content.decode()
    assert "Mine" in preview
    assert draft.edited_at is not None
    send = reverse("analysis:report-send", args=where)
    assert page.post(send, {"seen": draft.edited_at.isoformat()}).status_code == 302
    draft.refresh_from_db()
    assert draft.is_sent
    assert page.get(edit).status_code == 302
    assert "Mine" in signed_in(alice).get(report_urls(draft)[0] + "?lang=en").content.decode()


def test_a_refused_save_loses_nothing(draft: Report, jia: User, yi: User) -> None:
    edit = reverse("analysis:report-edit", args=(draft.case.number, 1))
    texts = {"conclusion_zh": "甲", "conclusion_en": "First", "advice_zh": "", "advice_en": "", "seen": ""}
    signed_in(jia).post(edit, texts)
    second = signed_in(yi).post(edit, texts | {"conclusion_en": "Second, not lost"})
    page = second.content.decode()
    assert second.status_code == 409
    assert "Second, not lost" in page and "First" in page
    draft.refresh_from_db()
    assert draft.conclusion["en"] == "First"
    assert draft.edited_at is not None
    again = texts | {"conclusion_en": "Second, not lost", "seen": draft.edited_at.isoformat()}
    assert signed_in(yi).post(edit, again).status_code == 302


def test_the_panel_follows_a_run_and_tells_when_it_ends(case: Case, alice: User) -> None:
    page, url = signed_in(alice), reverse("analysis:run-panel", args=(case.number,))
    run = runs.queue_run(bundles.sealed(case, alice, bundles.captures()))
    first = page.get(url, headers={"Accept-Language": "en"})
    assert "every 2s" in first.content.decode()
    unchanged = page.get(url, headers={"If-None-Match": first["ETag"], "Accept-Language": "en"})
    assert unchanged.status_code == 304
    claimed = runs.claim(run.pk)
    assert claimed is not None
    progress = {"stage": "reading", "artifact": "secret/name.evtx", "artifacts_done": 1, "artifacts_total": 4}
    titles = [{"zh-hans": "发现", "en": "Something found"}]
    runs.RUNS.note_progress(claimed, progress | {"records": 12_345, "found": titles})
    running = page.get(url + "?working=1", headers={"Accept-Language": "en"})
    assert "12,345" in running.content.decode()
    assert "secret/name" not in running.content.decode()
    assert "Something found" not in running.content.decode()
    assert "HX-Trigger" not in running
    runs.complete(claimed, result_document())
    ended = page.get(url + "?working=1", headers={"If-None-Match": first["ETag"]})
    assert ended["HX-Trigger"] == "run-finished"
    assert "every 2s" not in ended.content.decode()


@pytest.mark.django_db(transaction=True)
def test_a_failed_run_says_why_and_can_be_started_again(case: Case, alice: User, jia: User) -> None:
    bundle = bundles.sealed(case, alice, bundles.captures())
    run = runs.queue_run(bundle)
    claimed = runs.claim(run.pk)
    assert claimed is not None
    runs.RUNS.fail(claimed, Failure.BROKEN, "Traceback <script>")
    url = reverse("analysis:run-panel", args=(case.number,))
    customers = signed_in(alice).get(url).content.decode()
    assert "Traceback" not in customers
    vendors = signed_in(jia).get(url).content.decode()
    assert "Traceback &lt;script&gt;" in vendors
    again = reverse("analysis:run-again", args=(case.number, run.pk))
    assert signed_in(alice).post(again).status_code == 404
    assert signed_in(jia).post(again).status_code == 302
    assert AnalysisRun.objects.filter(bundle=bundle).count() == 2


def test_evidence_shows_the_record_and_what_happened_around_it(run: AnalysisRun, jia: User) -> None:
    assert run.document is not None
    position = next(
        i
        for i, entry in enumerate(run.document["findings"])
        if "record_id" in entry["evidence"][0]["locator"]
    )
    url = reverse("analysis:evidence", args=(run.bundle.case.number, run.pk, position, 0))
    fragment = signed_in(jia).get(url, headers={"HX-Request": "true"}).content.decode()
    assert "CodeMeter Runtime Server" in fragment
    assert "is-cited" in fragment
    assert "<html" not in fragment
    whole = signed_in(jia).get(url).content.decode()
    assert "<html" in whole
    beyond = reverse("analysis:evidence", args=(run.bundle.case.number, run.pk, 999, 0))
    assert signed_in(jia).get(beyond).status_code == 404


@pytest.mark.django_db(transaction=True)
def test_hostile_names_are_shown_as_text(case: Case, alice: User, jia: User) -> None:
    odd = "<script>alert(1)</script>\u202e.txt"
    content = bundles.captures(**{odd: bundles.capture(bundles.TAMPERED, 5)})
    execute(runs.queue_run(bundles.sealed(case, alice, content)).pk)
    for url in (
        reverse("case", args=(case.number,)),
        reverse("analysis:report", args=(case.number, 1)),
        reverse("analysis:report-edit", args=(case.number, 1)),
    ):
        page = signed_in(jia).get(url).content.decode()
        assert "<script>alert" not in page, url
        assert "\u202e" not in page, url


def test_baselines_are_the_vendors(draft: Report, jia: User, alice: User) -> None:
    url = reverse("analysis:baselines")
    assert bundles.GOOD in signed_in(jia).get(url).content.decode()
    assert signed_in(alice).get(url).status_code == 404


def test_findings_of_an_earlier_analysis_are_called_so(run: AnalysisRun, jia: User) -> None:
    User.objects.filter(pk=jia.pk).update(language="en")
    page = reverse("case", args=(run.bundle.case.number,))
    assert "From an earlier analysis" not in signed_in(jia).get(page).content.decode()
    runs.queue_again(run.bundle)
    assert "From an earlier analysis" in signed_in(jia).get(page).content.decode()


def test_evidence_is_read_one_piece_after_the_other(draft: Report, jia: User) -> None:
    run, number = draft.run, draft.case.number
    assert run.document is not None
    position = next(
        place
        for place, entry in enumerate(run.document["findings"])
        if "record_id" in entry["evidence"][0]["locator"]
    )
    last = len(run.document["findings"][position]["evidence"]) - 1
    page = signed_in(jia)

    def shown(index: int, **headers: str) -> str:
        address = reverse("analysis:evidence", args=(number, run.pk, position, index))
        return page.get(address, headers={"Accept-Language": "en"} | headers).content.decode()

    assert 'rel="prev"' not in shown(0) and 'rel="next"' in shown(0)
    assert 'rel="prev"' in shown(last) and 'rel="next"' not in shown(last)
    assert "hx-get" in shown(0, **{"HX-Request": "true"}), "the side panel stays where it is"
    assert '<p class="good">✓' in shown(0), "a second parser agrees"
    assert f"#finding-{position}" in shown(0)


def test_the_report_shows_what_is_known_of_files_and_records_and_nothing_of_the_other_cases(
    draft: Report, jia: User, alice: User
) -> None:
    reports.send(draft, jia)
    page = signed_in(alice).get(report_urls(draft)[0] + "?lang=en").content.decode()

    assert "write time and version claim no change" in page
    assert "all read the same by a second parser" in page
    assert "Likely causes" in page and "When this is a false alarm" in page
    assert 'rel="noopener noreferrer nofollow external"' in page
    draft.refresh_from_db()
    assert draft.content is not None and not {"files", "incidents"} & draft.content.keys()


def test_no_table_tells_of_a_signature_whose_finding_is_left_out(draft: Report) -> None:
    run = draft.run
    names = ("a.exe", "b.exe")
    program, artifact = opened(stored_before("result-1")).pe[0], run.result.artifacts[0]
    signed = finding("executable-signature", evidence=(Evidence("a.exe", "", Locator(), ""),))
    result = structs.replace(
        run.result,
        findings=[signed],
        artifacts=[structs.replace(artifact, path=name, detail=text("签名", "told")) for name in names],
        pe=[structs.replace(program, artifact=name) for name in names],
    )
    run.document = stored_form(result)

    complete = content_of(draft)
    draft.left_out = [0]
    left_out = content_of(draft)

    assert [executable.artifact for executable in complete.executables] == ["a.exe", "b.exe"]
    assert [executable.artifact for executable in left_out.executables] == ["b.exe"]
    assert [artifact.detail["en"] for artifact in left_out.artifacts] == ["", "told"]
