"""Baselines added with one click, from files and lists, and given away."""

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from accounts.errors import NotAllowed
from accounts.models import User
from analysis.baselines import services as baselines
from analysis.baselines.models import Baseline
from analysis.runs import services as runs
from analysis.runs.models import AnalysisRun
from analysis.runs.worker import execute
from cases.models import Case
from demo import pe_writer
from tests.analysis import bundles
from tests.people import signed_in

pytestmark = pytest.mark.django_db
ADD = "/analysis/baselines/add/"


def upload(client: Client, name: str, data: bytes, **more: str) -> str:
    """What the page says afterwards."""
    answer = client.post(ADD, {"file": SimpleUploadedFile(name, data), **more}, follow=True)
    assert answer.status_code == 200
    return answer.content.decode()


def test_an_executable_becomes_a_baseline_with_its_version(jia: User) -> None:
    client = signed_in(jia)
    upload(client, "CodeMeter.exe", pe_writer.clean())
    (known,) = Baseline.objects.all()

    assert (known.sha256, known.size) == (pe_writer.sha256(pe_writer.clean()), pe_writer.CLEAN_SIZE)
    assert (known.version, known.product, known.added_by) == (pe_writer.VERSION, "CodeMeter", jia)
    upload(client, "CodeMeter.exe", pe_writer.clean())
    assert Baseline.objects.count() == 1


def test_a_list_of_hashes_is_imported_under_its_product(jia: User) -> None:
    upload(
        signed_in(jia), "known.sha256", f"{'a' * 64}  a.exe\n{'b' * 64}  b.exe\n".encode(), product="Widgets"
    )

    assert {(baseline.product, baseline.path, baseline.label) for baseline in Baseline.objects.all()} == {
        ("Widgets", "a.exe", "known"),
        ("Widgets", "b.exe", "known"),
    }


def test_a_list_that_cannot_be_read_is_refused_with_its_reason(jia: User) -> None:
    page = upload(signed_in(jia), "known.csv", b"md5,filename\n0,a.exe\n")

    assert "SHA-256" in page and "known.csv" in page and "/tmp/" not in page
    assert not Baseline.objects.exists()


def test_the_export_can_be_imported_again(jia: User) -> None:
    bundles.baseline()
    client = signed_in(jia)
    exported = client.get("/analysis/baselines/export/")
    before = list(Baseline.objects.values_list("path", "sha256", "size", "modified", "version", "label"))
    Baseline.objects.all().delete()
    upload(client, "baselines.json", exported.content)

    assert json.loads(exported.content)["schema"] == "anjuan.baseline/1"
    assert (
        list(Baseline.objects.values_list("path", "sha256", "size", "modified", "version", "label")) == before
    )


def test_a_state_of_a_finished_analysis_becomes_a_baseline(run: AnalysisRun, case: Case, jia: User) -> None:
    address = f"/analysis/{case.number}/runs/{run.pk}/baseline/"
    client = signed_in(jia)
    asked = client.get(address, {"sha256": bundles.TAMPERED.lower()}).content.decode()
    size = f"{bundles.SIZE + bundles.MORE:,}"
    for shared in (bundles.PATH, bundles.VERSION, bundles.TAMPERED, size, "2016-04-06 12:20:00"):
        assert shared in asked, "what all organisations will see is shown first"
    assert not Baseline.objects.filter(sha256=bundles.TAMPERED).exists()
    words = {"path": bundles.PATH, "product": "CodeMeter", "version": bundles.VERSION}
    answer = client.post(address, {"sha256": bundles.TAMPERED.lower()} | words)
    known = Baseline.objects.get(sha256=bundles.TAMPERED)

    assert answer.status_code == 302
    assert (known.path, known.size, known.version) == (
        bundles.PATH,
        bundles.SIZE + bundles.MORE,
        bundles.VERSION,
    )
    assert known.source_case == case
    assert case.number not in known.label
    before = Baseline.objects.count()
    client.post(address, {"sha256": "0" * 64} | words)
    client.post(address, {"sha256": bundles.TAMPERED} | words)
    assert Baseline.objects.count() == before


def test_the_case_page_offers_it_for_states_that_nobody_can_judge(
    run: AnalysisRun, case: Case, jia: User
) -> None:
    client = signed_in(jia)
    offer = "/baseline/?sha256="
    judged = client.get(f"/cases/{case.number}/").content.decode()
    Baseline.objects.all().delete()
    again = runs.queue_again(run.bundle)
    execute(again.pk)
    page = client.get(f"/cases/{case.number}/").content.decode()

    assert offer not in judged  # one state is tampered with, the other a slip of the pen
    assert f"{offer}{bundles.TAMPERED}" in page
    assert f"/analysis/{case.number}/runs/{again.pk}/baseline/" in page
    without_hash = client.get(f"/analysis/{case.number}/runs/{again.pk}/baseline/", follow=True)
    assert without_hash.redirect_chain == [(f"/cases/{case.number}/#findings-head", 302)]
    assert "此次分析中没有该哈希的文件。" in without_hash.content.decode()


def test_a_baseline_is_found_by_any_of_its_words(jia: User) -> None:
    bundles.baseline()
    client = signed_in(jia)
    for words in ("codemeter 6.20", bundles.GOOD[:12].lower(), "lab", r"Runtime\bin"):
        assert bundles.GOOD in client.get("/analysis/baselines/", {"q": words}).content.decode(), words
    page = client.get("/analysis/baselines/", {"q": "codemeter <b>7.0"}).content.decode()
    assert bundles.GOOD not in page and "&lt;b&gt;7.0" in page


def test_a_baseline_that_was_added_by_mistake_is_removed(jia: User, alice: User) -> None:
    known = bundles.baseline()
    address = f"/analysis/baselines/{known.pk}/remove/"
    assert signed_in(alice).post(address).status_code == 404
    with pytest.raises(NotAllowed):
        baselines.remove(known, by=alice)
    assert signed_in(jia).get(address).status_code == 405

    assert signed_in(jia).post(address).status_code == 302
    assert not Baseline.objects.exists()


def test_customers_can_do_none_of_it(run: AnalysisRun, case: Case, alice: User) -> None:
    client = signed_in(alice)

    assert client.post(ADD).status_code == 404
    assert client.get("/analysis/baselines/export/").status_code == 404
    for method in (client.get, client.post):
        assert method(f"/analysis/{case.number}/runs/{run.pk}/baseline/").status_code == 404
    with pytest.raises(NotAllowed):
        baselines.add_from_run(run, bundles.TAMPERED, path="x", product="x", version="", by=alice)
    with pytest.raises(NotAllowed):
        baselines.proposed_from(run, bundles.TAMPERED, by=alice)
