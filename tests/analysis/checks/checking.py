"""Uploads of the checks' tests, and what is asked for."""

import io
import zipfile
from datetime import UTC, datetime

from accounts.models import User
from analysis.checks import services as bundle_checks
from analysis.receivers import queue_its_check, queue_its_run
from cases.evidence_requests import services as evidence_requests
from cases.evidence_requests.models import EvidenceRequest
from cases.models import Case
from tests.analysis import bundles
from tests.people import reading_english
from uploads.bundles.models import BundleCheck

SYSTEM, DUMPS = ("log", "System"), ("dump", "")
HAPPENED = datetime(2020, 11, 24, 1, 0, tzinfo=UTC)
"""While ``bundles.crashes`` lasts."""


def zipped(**files: bytes) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, content in files.items():
            archive.writestr(name.replace("__", "."), content)
    return packed.getvalue()


def checked(case: Case, by: User, content: bytes, name: str = "logs.zip") -> BundleCheck:
    """A sealed bundle, its run queued, its check made."""
    bundle = bundles.sealed(case, by, content, name)
    queue_its_run(None, bundle)
    queue_its_check(None, bundle)
    bundle_checks.run(bundle.pk)
    case.refresh_from_db()
    return BundleCheck.objects.get(bundle=bundle)


def card_text(user: User, check: BundleCheck) -> str:
    """The bundle's card."""
    address = f"/uploads/bundles/{check.bundle_id}/card"
    return " ".join(reading_english(user).get(address).content.decode().split())


def ask(case: Case, jia: User, *items: tuple[str, str]) -> EvidenceRequest:
    case.incident_at = HAPPENED
    case.save(update_fields=["incident_at"])
    return evidence_requests.ask(case, by=jia, items=items or (SYSTEM, DUMPS))
