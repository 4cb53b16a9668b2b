"""What goes with a bundle whose time of keeping is over: whatever of its runs repeats its bytes."""

from collections.abc import Iterable, Mapping
from typing import Any

from analysis.errors import RunIsOpen
from analysis.execution import index_path
from analysis.models import AnalysisRun, Finding
from analysis.runs import bundle_runs
from uploads.models import Bundle


def forget(bundle: Bundle) -> None:
    """Deletes the event index, and the excerpts in the findings of every run of this bundle.

    What was concluded stays, with the places and hashes it rests on; reports that were sent stay
    whole, excerpts included, as the privacy statement says. Raises ``RunIsOpen`` while a run works on it.
    """
    if bundle_runs(bundle).filter(state__in=("queued", "running")).exists():
        raise RunIsOpen
    index_path(bundle).unlink(missing_ok=True)
    for run in bundle_runs(bundle).exclude(document=None).iterator(chunk_size=1):
        document = run.document or {}
        findings = [
            one | {"evidence": without_excerpts(one["evidence"])} for one in document.get("findings", ())
        ]
        AnalysisRun.objects.filter(pk=run.pk).update(document=document | {"findings": findings})
    for finding in Finding.objects.filter(run__bundle=bundle).only("evidence").iterator(chunk_size=100):
        finding.evidence = without_excerpts(finding.evidence)
        finding.save(update_fields=("evidence",))


def without_excerpts(evidence: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The same evidence by its places and hashes alone."""
    return [{**one, "excerpt": "", "message": None} for one in evidence]
