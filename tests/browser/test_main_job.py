"""The main job, once through, as its three people do it: upload, analysis, report, reading."""

import re
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING
from zipfile import ZipFile

import pytest
from playwright.sync_api import expect

from tests.browser.people import Visits, pictures
from tests.processes import wait_until

if TYPE_CHECKING:
    from playwright.sync_api import APIResponse, Page

CASE = "/cases/CAS-03282-J6Y6M6/"


def made_pdf(page: "Page", address: str) -> "APIResponse | None":
    """The answer once a worker has made the PDF."""
    answer = page.request.get(address)
    return answer if answer.status == 200 else None


@pytest.fixture(scope="module")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo's log bundle, as the customer has it on her desktop."""
    from demo.bundle import write_bundle

    file = tmp_path_factory.mktemp("desktop") / "日志_1130.zip"
    write_bundle(file)
    return file


def test_a_bundle_becomes_a_report_that_the_customer_reads(
    visits: Visits, bundle: Path, artifact_folder: Path
) -> None:
    assert len(ZipFile(bundle).namelist()) >= 5

    with visits.signed_in("customer") as page:
        page.goto(CASE)
        expect(page.locator(".your-turn")).to_be_visible()
        pictures(page, artifact_folder, "1-customer-asked")
        page.check("input[name=agree]")
        page.click("form.agree button")
        page.set_input_files("[data-files]", bundle)
        sealed = page.locator(".bundle .hash").first
        expect(sealed).to_have_text(re.compile(r"^[0-9a-fA-F]{64}$"))
        expect(page.locator("#run-panel .pill-good")).to_be_visible()
        assert "18,937" in page.locator("#run-panel").inner_text()
        # What the analysis found is the engineer's until she sends it.
        assert "CodeMeter Runtime Server" not in page.content()
        assert page.request.get("/analysis/CAS-03282-J6Y6M6/report/1/").status == 404
        pictures(page, artifact_folder, "2-customer-analysed")

    with visits.signed_in("engineer") as page:
        pictures(page, artifact_folder, "3-engineer-dashboard")
        page.goto(CASE)
        findings = page.locator("section[aria-labelledby=findings-head]")
        expect(findings).to_contain_text("CodeMeter Runtime Server 意外停止 8 次")
        expect(findings).to_contain_text("18,868")
        expect(findings).to_contain_text("82,381")
        expect(findings).to_contain_text("有 2 个状态与基线不符")
        expect(findings).to_contain_text("抄写错误")
        pictures(page, artifact_folder, "4-engineer-case")
        crashes = findings.locator(".finding", has_text="意外停止 8 次").first
        crashes.locator(".evidence-fold summary").first.click()
        crashes.locator(".evidence-list a").first.click()
        panel = page.locator("#evidence-panel")
        expect(panel).to_contain_text("7034")
        expect(panel).to_contain_text("EventLog/System.evtx")
        page.locator("#evidence-panel .btn-close").click()

        page.locator(".report-card a.btn-primary").first.click()
        conclusion = page.locator("textarea[name=conclusion_zh]")
        conclusion.fill("与客户电话确认：" + conclusion.input_value())
        page.locator("input[name=keep]").last.uncheck()
        pictures(page, artifact_folder, "6-engineer-editor")
        page.click("button[name=preview]")
        expect(page.locator("article.report")).to_contain_text("与客户电话确认")
        expect(page.locator(".report-finding h3")).to_have_count(5)
        pictures(page, artifact_folder, "6-engineer-preview")
        page.locator("[data-bs-target='#send-dialog']").click()
        # She wrote in Chinese alone, where the number of findings stayed as it was.
        expect(page.locator("#send-dialog .apart")).to_contain_text("另一种语言改动之后，英文文本尚未确认")
        expect(page.locator("#send-dialog .apart")).to_contain_text("中文文本写的是 6 项结论")
        page.check("#send-dialog input[name=same]")
        page.locator("#send-dialog .btn-primary").click()
        expect(page.locator(".page-head")).to_contain_text("结果已发送")
        expect(page.locator(".report-card .pill-good").first).to_have_text("v1")

    with visits.signed_in("customer") as page:
        page.goto(CASE)
        page.locator(".sent-report .step-tick").first.click()
        expect(page.locator(".sent-report .step.is-done")).to_contain_text("您已勾选")
        expect(page.locator(".sent-report")).to_contain_text("已做 1 / 8 步")
        pictures(page, artifact_folder, "7-customer-result")
        page.locator(".sent-report a.btn-primary").first.click()
        report = page.locator("article.report")
        expect(report).to_contain_text("与客户电话确认")
        expect(report).to_contain_text("意外停止 8 次")
        expect(report).to_contain_text("18,868")
        expect(report).to_contain_text("82,381")
        pictures(page, artifact_folder, "8-customer-report-zh")
        page.locator(".report-tongues a[hreflang=en]").click()
        expect(page.locator("article.report")).to_contain_text("stopped unexpectedly 8 times")
        pictures(page, artifact_folder, "9-customer-report-en")
        for language in ("zh-hans", "en"):
            address = f"/analysis/CAS-03282-J6Y6M6/report/1/pdf/?lang={language}"
            pdf = wait_until(partial(made_pdf, page, address))
            assert pdf is not None
            assert pdf.body().startswith(b"%PDF-")
            (artifact_folder / f"report-{language}.pdf").write_bytes(pdf.body())

    with visits.signed_in("engineer") as page:
        page.goto(CASE)
        page.locator(".report-card").first.get_by_role("button", name="修订").click()
        page.locator("textarea[name=change_zh]").fill("去掉了与问题无关的一项。")
        page.locator("textarea[name=change_en]").fill("A finding that does not matter here is gone.")
        page.locator("input[name=keep]:checked").last.uncheck()
        pictures(page, artifact_folder, "12-engineer-revises")
        page.click("button[name=preview]")
        page.locator("[data-bs-target='#send-dialog']").click()
        page.check("#send-dialog input[name=same]")
        page.locator("#send-dialog .btn-primary").click()
        expect(page.locator(".report-card .pill-good").first).to_have_text("v2")

    with visits.signed_in("customer") as page:
        page.goto(CASE)
        expect(page.locator(".sent-report")).to_contain_text("去掉了与问题无关的一项。")
        expect(page.locator(".sent-report .step.is-done")).to_contain_text("您已勾选")
        pictures(page, artifact_folder, "13-customer-revised")
        page.goto("/analysis/CAS-03282-J6Y6M6/report/1/")
        expect(page.locator(".alert-warning")).to_contain_text("第 2 版")
        pictures(page, artifact_folder, "14-customer-superseded")

    with visits.signed_in("manager") as page:
        pictures(page, artifact_folder, "10-manager")
        page.goto(CASE)
        expect(page.locator(".page-head")).to_contain_text("结果已发送")

    with visits.signed_in("engineer") as page:
        page.goto(CASE)
        page.get_by_role("button", name="English").click()
        expect(page.locator("html")).to_have_attribute("lang", "en")
        expect(page.locator("section[aria-labelledby=findings-head]")).to_contain_text(
            "stopped unexpectedly 8 times"
        )
        pictures(page, artifact_folder, "11-engineer-case-en")
        page.get_by_role("button", name="中文").click()
        expect(page.locator("html")).to_have_attribute("lang", "zh-hans")


def test_another_organisation_finds_nothing(visits: Visits) -> None:
    with visits.signed_in("water") as page:
        for address in (CASE, "/analysis/CAS-03282-J6Y6M6/run/", "/analysis/CAS-03282-J6Y6M6/report/1/"):
            assert page.request.get(address).status == 404, address
        page.goto("/")
        assert "CAS-03282" not in page.content()
