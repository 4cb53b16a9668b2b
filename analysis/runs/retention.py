"""What goes with a bundle that is deleted: whatever its runs copied, named or concluded from its bytes."""

import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec
from django.conf import settings
from msgspec import structs

from analysis.findings.models import Finding
from analysis.reports.models import Report, ReportState
from analysis.runs.errors import NoResult, ResultUnreadable, RunIsOpen
from analysis.runs.models import AnalysisRun, Artifact
from analysis.runs.services import bundle_runs
from analysis.runs.worker import forget_index
from engine.schema.document import ResultDocument
from engine.schema.evidence import Evidence, Locator
from engine.schema.facts import Facts
from engine.schema.files import FilesOverview
from engine.schema.logs import Events
from engine.schema.versions import stored_form
from engine.text import Text, text
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
        result = _result(run)
        titles = {examination.rule: examination.title for examination in result.examined} if result else {}
        kept = stored_form(emptied(result, titles)) if result else None
        AnalysisRun.objects.filter(pk=run.pk).update(document=kept, progress={}, error="")
        for finding in Finding.objects.filter(run=run).iterator(chunk_size=100):
            finding.title = titles.get(finding.rule, GONE)
            finding.summary, finding.advice, finding.gaps, finding.data = GONE, text("", ""), None, {}
            finding.evidence = _places(finding.evidence)
            finding.save()
    Artifact.objects.filter(run__bundle=bundle).delete()
    drafts = Report.objects.filter(run__bundle=bundle, state=ReportState.DRAFT)
    drafts.update(conclusion=GONE, advice=text("", ""), change={}, unconfirmed={}, confirmations=[])


def emptied(result: ResultDocument, titles: Mapping[str, Text]) -> ResultDocument:
    """The result document without what it says of the machine and its people."""
    return structs.replace(
        result,
        source=structs.replace(result.source, name=""),
        artifacts=[],
        locked=[],
        events=Events(total=result.events.total, logs=[], incident=None),
        file_states=[],
        baselines=[],
        files=FilesOverview(),
        pe=[],
        findings=[
            structs.replace(
                finding,
                title=titles.get(finding.rule, GONE),
                summary=GONE,
                advice=text("", ""),
                gaps=None,
                computer="",
                data=Facts(),
                incidents=[],
                evidence=[_place(piece) for piece in finding.evidence],
            )
            for finding in result.findings
        ],
        incidents=[],
        examined=[
            structs.replace(examination, detail=text("", ""))
            if examination.outcome == "failed"
            else examination
            for examination in result.examined
        ],
    )


def _place(piece: Evidence) -> Evidence:
    """Of a piece of evidence the file's hash and the numbers of the place."""
    numbers = {name: value for name, value in piece.locator.facts() if isinstance(value, int)}
    return Evidence("", piece.artifact_sha256, msgspec.convert(numbers, Locator), "")


def _places(stored: list[Any]) -> list[Any]:
    """The same of evidence as a row holds it; what is no evidence goes."""
    try:
        evidence = msgspec.convert(stored, list[Evidence])
    except msgspec.ValidationError:
        return []
    kept: list[Any] = msgspec.to_builtins([_place(piece) for piece in evidence])
    return kept


def _result(run: AnalysisRun) -> ResultDocument | None:
    """One that cannot be opened cannot be emptied either: it goes as a whole."""
    try:
        return run.result
    except (NoResult, ResultUnreadable):
        return None
