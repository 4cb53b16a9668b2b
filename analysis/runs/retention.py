"""What goes with a bundle that is deleted: whatever its runs copied, named or concluded from its bytes."""

import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.conf import settings

from analysis.findings.models import Finding
from analysis.reports.models import Report, ReportState
from analysis.runs.errors import RunIsOpen
from analysis.runs.models import AnalysisRun, Artifact
from analysis.runs.services import bundle_runs
from analysis.runs.worker import forget_index
from engine.text import text
from uploads.bundles.models import Bundle

GONE = text(
    "此内容已随上传的文件一并删除。发送给客户的报告保持不变。",
    "Deleted together with the upload. Reports that were sent stay as they are.",
)


def forget(bundle: Bundle) -> None:
    """Deletes the event index, leftovers of unpacking, and the contents of every run of this bundle.

    Of a run stays that it was: which rules were examined and with what outcome, and of each finding its
    rule, severity, fingerprint (which names no person) and the hashes and record numbers it rests on.
    Titles and sentences go, in drafts too; reports that were sent stay whole, as the privacy statement
    says. Raises ``RunIsOpen`` while a run works on it.
    """
    if bundle_runs(bundle).filter(state__in=("queued", "running")).exists():
        raise RunIsOpen
    forget_index(bundle)
    for run in bundle_runs(bundle).iterator(chunk_size=1):
        for left in (Path(settings.ANJUAN_HOME) / "work").glob(f"run-{run.pk}-*"):
            shutil.rmtree(left)
        titles = {one["rule"]: one["title"] for one in (run.document or {}).get("examined", ())}
        kept = emptied(run.document, titles) if run.document else None
        AnalysisRun.objects.filter(pk=run.pk).update(document=kept, progress={}, error="")
        for finding in Finding.objects.filter(run=run).iterator(chunk_size=100):
            finding.title = titles.get(finding.rule, GONE)
            finding.summary, finding.advice, finding.gaps, finding.data = GONE, text("", ""), None, {}
            finding.evidence = [_place(piece) for piece in finding.evidence]
            finding.save()
    Artifact.objects.filter(run__bundle=bundle).delete()
    drafts = Report.objects.filter(run__bundle=bundle, state=ReportState.DRAFT)
    drafts.update(conclusion=GONE, advice=text("", ""))


def emptied(document: Mapping[str, Any], titles: Mapping[str, Any]) -> dict[str, Any]:
    """The result document without what it says of the machine and its people."""
    return {
        "schema": document.get("schema", ""),
        "zone": document.get("zone", ""),
        "versions": document.get("versions", {}),
        "source": dict(document.get("source", {})) | {"name": ""},
        "artifacts": [],
        "locked": [],
        "events": {"total": document.get("events", {}).get("total", 0), "logs": [], "incident": None},
        "file_states": [],
        "baselines": [],
        "files": {},
        "pe": [],
        "findings": [
            {
                "rule": one["rule"],
                "severity": one["severity"],
                "title": titles.get(one["rule"], GONE),
                "summary": GONE,
                "advice": text("", ""),
                "gaps": None,
                "fingerprint": one.get("fingerprint", ""),
                "data": {},
                "incidents": [],
                "evidence": [_place(piece) for piece in one["evidence"]],
            }
            for one in document.get("findings", ())
        ],
        "incidents": [],
        "examined": [
            one | {"detail": text("", "")} if one["outcome"] == "failed" else one
            for one in document.get("examined", ())
        ],
    }


def _place(piece: Mapping[str, Any]) -> dict[str, Any]:
    """Of a piece of evidence the file's hash and the numbers of the place."""
    locator = {name: value for name, value in piece["locator"].items() if isinstance(value, int)}
    return {
        "artifact": "",
        "artifact_sha256": piece["artifact_sha256"],
        "locator": locator,
        "excerpt": "",
        "message": None,
    }
