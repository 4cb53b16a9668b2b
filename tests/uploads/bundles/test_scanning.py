"""The malware scan: quarantined evidence stays evidence, and nothing unscanned is called clean."""

import io
import os
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.utils import timezone

from accounts.models import User
from analysis.runs.models import AnalysisRun
from cases.models import Case
from config import env
from tests.people import signed_in
from tests.uploads.clamd import LIMIT, VIRUS, clamd, free_place
from tests.uploads.raw import complete
from uploads import sweep as sweeping
from uploads.bundles import scanning, sealing
from uploads.bundles.models import Bundle, ScanJob, ScanState

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def english(alice: User, jia: User) -> None:
    User.objects.update(language="en")


def sealed(alice: User, case: Case, content: bytes) -> Bundle:
    bundle = complete(alice, case, content)
    sealing.seal(bundle.pk)
    bundle.refresh_from_db()
    return bundle


def scanned(bundle: Bundle) -> Bundle:
    scanning.scan_bundle(bundle.pk)
    bundle.refresh_from_db()
    return bundle


def card(who: User, bundle: Bundle) -> str:
    return signed_in(who).get(f"/uploads/bundles/{bundle.pk}/card").content.decode()


def download(who: User, bundle: Bundle) -> int:
    answer = signed_in(who).get(f"/uploads/bundles/{bundle.pk}/file")
    answer.close()
    return answer.status_code


@pytest.mark.parametrize("by_socket", [True, False])
def test_the_scanner_is_reached_by_socket_and_by_port(by_socket: bool, tmp_path: Path) -> None:
    with clamd(tmp_path if by_socket else None) as place:
        assert scanning.scan(io.BytesIO(b"harmless" * 300_000), place).state == ScanState.CLEAN
        verdict = scanning.scan(io.BytesIO(b"x" * 2_000_000 + VIRUS), place)
        assert (verdict.state, verdict.said) == (ScanState.INFECTED, "Eicar-Test")


def test_without_a_scanner_the_card_says_not_scanned(alice: User, case: Case) -> None:
    bundle = sealed(alice, case, b"harmless")
    assert bundle.scan_state == ScanState.NONE
    assert "not scanned" in card(alice, bundle)
    assert download(alice, bundle) == 200


def test_a_clean_bundle_says_so_and_is_downloaded_after_the_scan(
    alice: User, jia: User, case: Case, settings: Any
) -> None:
    with clamd() as settings.CLAMD:
        bundle = sealed(alice, case, b"harmless")
        assert bundle.scan_state == ScanState.WAITING
        assert (download(alice, bundle), download(jia, bundle)) == (404, 200)
        scanned(bundle)
    assert bundle.scan_state == ScanState.CLEAN and bundle.scanned_at is not None
    assert "nothing found" in card(alice, bundle)
    assert download(alice, bundle) == 200


def test_an_infected_bundle_is_evidence_for_engineers_and_no_download_for_others(
    alice: User, bob: User, jia: User, case: Case, settings: Any
) -> None:
    with clamd() as settings.CLAMD:
        bundle = scanned(sealed(alice, case, b"logs and " + VIRUS))
    assert bundle.scan_state == ScanState.INFECTED
    assert [download(who, bundle) for who in (alice, bob, jia)] == [404, 404, 200]
    assert "found Eicar-Test" in card(alice, bundle) and "/file" not in card(alice, bundle)
    assert "Download the infected file" in card(jia, bundle)
    assert AnalysisRun.objects.filter(bundle=bundle).exists()  # Analysed all the same.
    data = signed_in(alice).get(f"/api/bundles/{bundle.pk}/").json()
    assert (data["scan_state"], data["scan_said"]) == ("infected", "Eicar-Test")


def test_what_is_larger_than_the_scanner_takes_is_called_not_scanned(
    alice: User, case: Case, settings: Any
) -> None:
    with clamd() as settings.CLAMD:
        bundle = scanned(sealed(alice, case, os.urandom(LIMIT + 3_000_000)))
    assert bundle.scan_state == ScanState.REFUSED
    assert "not scanned" in card(alice, bundle) and "nothing found" not in card(alice, bundle)
    assert download(alice, bundle) == 200


def test_a_scanner_that_is_down_is_asked_again_and_delays_no_analysis(
    alice: User, case: Case, settings: Any
) -> None:
    settings.CLAMD = free_place()
    bundle = scanned(sealed(alice, case, b"harmless"))
    assert bundle.scan_state == ScanState.WAITING
    assert AnalysisRun.objects.filter(bundle=bundle).exists()
    sweeping.sweep()
    assert ScanJob.objects.get(bundle=bundle).enqueued_at is None, "not at once"
    ScanJob.objects.update(not_before=timezone.now() - timedelta(seconds=1))
    sweeping.sweep()
    assert ScanJob.objects.get(bundle=bundle).enqueued_at is not None
    with clamd() as settings.CLAMD:
        assert scanned(bundle).scan_state == ScanState.CLEAN


@pytest.mark.parametrize("place", ["clamd", "clamd:", ":3310", "clamd:http", "relative/clamd.ctl"])
def test_a_place_that_is_none_stops_the_start(place: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CLAMD", place)
    with pytest.raises(ImproperlyConfigured, match="CLAMD"):
        env.service("CLAMD")
