"""What was stored before is read as it was then; what cannot be read is called so, and nothing is lost."""

import json

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from analysis.reports import services as reports
from analysis.reports.content import content_of, sha256_of
from analysis.reports.models import Report
from analysis.reports.page import page_of
from analysis.runs.models import AnalysisRun
from analysis.runs.retention import forget
from cases.models import Case
from engine.schema.document import ResultDocument
from engine.schema.versions import components
from tests.analysis.documents import stored_before
from tests.people import reading_english, signed_in

pytestmark = pytest.mark.django_db

FROZEN_SHA256 = "16BDB4D89CB82F7D271F47A2CAA1FB3E9AC165E09A28B1D6A363BA0ABE96BE2F"
"""Of the report as the version before froze it."""


def stored(run: AnalysisRun, document: object) -> None:
    AnalysisRun.objects.filter(pk=run.pk).update(document=document)


def shown(client: Client, url: str) -> tuple[int, str]:
    answer = client.get(url, headers={"Accept-Language": "en"})
    return answer.status_code, answer.content.decode()


def test_a_result_of_the_version_before_is_shown_to_the_engineer(
    run: AnalysisRun, case: Case, jia: User
) -> None:
    stored(run, stored_before("result-1"))

    status, page = shown(reading_english(jia), reverse("case", args=(case.number,)))
    assert status == 200
    for text in (
        "CodeMeter.exe was tampered with: 2 states differ from the baseline",
        "write time and version claim no change",
        "Appended data",
        "18,868",
    ):
        assert text in page, text
    evidence = reverse("analysis:evidence", args=(case.number, run.pk, 0, 0))
    status, page = shown(reading_english(jia), evidence)
    assert status == 200
    assert "event 7034" in page and "A second parser reads it the same." in page


def test_a_report_that_was_sent_before_reads_the_same_and_keeps_its_hash(draft: Report) -> None:
    frozen = stored_before("report-1")
    draft.content = frozen
    page = page_of(content_of(draft), "en")

    assert sha256_of(frozen) == FROZEN_SHA256
    assert (page["number"], page["version"], page["is_draft"]) == ("CAS-00001-ABCDEF", 2, False)
    assert page["engine"] == "anjuan.result/1 · anjuan 0.1.0 · evtx 0.11.0"
    assert [finding["rule"] for finding in page["findings"]] == [
        "service-terminated-unexpectedly",
        "tampered-executable",
        "file-state-changed",
        "hash-transcription-slip",
        "service-installed",
    ]
    stopped, program, changed, *_ = page["findings"]
    assert [group["count"] for group in stopped["rhythm"]["groups"]] == ["2 times", "3 times"]
    assert program["comparison"]["differing"][0]["delta"] == "+82,381"
    assert [row["mark"] for row in program["matrix"]["rows"]] == ["A", "B", "A′", "C"]
    assert changed["matrix"] is None, "the table stands with the first finding of its file"
    assert page["signatures"]["unsigned"] == "2 programs are not signed."
    assert page["logs"][0]["records"] == "18,868" and page["logs"][0]["whole"] is True


def test_what_is_frozen_is_the_very_content_that_is_read(draft: Report, jia: User) -> None:
    reports.send(draft, jia)
    sent = Report.objects.get(pk=draft.pk)

    assert sent.content is not None and sent.content["schema"] == "anjuan.report/2"
    assert sha256_of(sent.content) == sent.content_sha256
    assert not {"files", "incidents"} & set(sent.content)
    assert not any({"position", "incidents"} & set(finding) for finding in sent.content["findings"])


@pytest.mark.parametrize(
    ("document", "name"),
    [
        ({"schema": "anjuan.result/99"}, "anjuan.result/99"),
        ({"schema": "anjuan.result/2", "findings": [{}]}, "anjuan.result/2"),
    ],
    ids=["of a later version", "not what its version says"],
)
def test_a_result_that_cannot_be_read_is_called_so_on_every_page(
    document: object, name: str, draft: Report, run: AnalysisRun, case: Case, jia: User
) -> None:
    stored(run, document)
    client = reading_english(jia)
    message = f"cannot read ({name})"

    status, page = shown(client, reverse("case", args=(case.number,)))
    assert status == 200 and message in page
    assert reverse("analysis:run-again", args=(case.number, run.pk)) in page, "and how to get one that can"
    for url in (
        reverse("analysis:evidence", args=(case.number, run.pk, 0, 0)),
        reverse("analysis:report", args=(case.number, draft.version)),
        reverse("analysis:report-edit", args=(case.number, draft.version)),
    ):
        status, page = shown(client, url)
        assert (status, message in page) == (409, True), url
    answer = client.get(f"/api/runs/{run.pk}/document/", headers={"Accept-Language": "en"})
    assert answer.status_code == 409 and message in answer.content.decode()
    jia.language = "zh-hans"
    jia.save()
    chinese = signed_in(jia).get(reverse("case", args=(case.number,)))
    assert f"无法读取（{name}）" in chinese.content.decode()


def test_a_result_that_cannot_be_read_is_deleted_with_its_upload_all_the_same(run: AnalysisRun) -> None:
    stored(run, {"schema": "anjuan.result/99", "source": {"name": "secret.zip"}})
    forget(run.bundle)

    run.refresh_from_db()
    assert run.document is None
    assert all(finding.evidence[0]["excerpt"] == "" for finding in run.findings.all())


def test_a_result_of_the_version_before_is_emptied_with_its_upload(run: AnalysisRun) -> None:
    stored(run, stored_before("result-1"))
    forget(run.bundle)

    run.refresh_from_db()
    result = run.result
    assert (result.source.name, result.events.total, result.artifacts) == ("", 18_868, [])
    assert [finding.rule for finding in result.findings][:2] == [
        "service-terminated-unexpectedly",
        "file-tampered",
    ]
    assert "CodeMeter" not in json.dumps(run.document, ensure_ascii=False)


def test_the_apis_description_shows_the_whole_result_document(root: User) -> None:
    answer = signed_in(root).get("/api/schema/", headers={"Accept": "application/vnd.oai.openapi+json"})
    description = json.loads(answer.content)
    schemas = description["components"]["schemas"]

    response = description["paths"]["/api/runs/{id}/document/"]["get"]["responses"]["200"]
    assert response["content"]["application/json"]["schema"] == {
        "$ref": "#/components/schemas/ResultDocument"
    }
    assert set(schemas["ResultDocument"]["properties"]) == set(ResultDocument.__struct_fields__)
    assert schemas["Text"] == {"type": "string"}, "the API gives one language"
    _, parts = components("#/components/schemas/{name}")
    assert all(schemas[name] == json.loads(json.dumps(part)) for name, part in parts.items())
    assert {"Finding", "Run", "Report"} <= set(schemas) - set(parts)
