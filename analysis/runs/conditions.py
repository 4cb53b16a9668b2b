"""What a run took into account besides the upload: when the trouble happened, known files, rules. Where one
of them has changed since, the engineer is offered to analyse again."""

from __future__ import annotations

import hashlib
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db.models import Q
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from analysis.baselines.models import Baseline
from analysis.runs.models import AnalysisRun
from cases import times
from cases.models import Case
from engine.files.comparison import base_name
from engine.rules.rule_files import OWN

MAX_COMPARED = 5_000
"""Known files whose names are held against an upload's; of a longer list added at once all count."""


def conditions_of(case: Case) -> dict[str, Any]:
    """As they are now: ISO time of the incident or ``None``, and digests of our rules and the vendor's."""
    incident = case.incident_at
    return {
        "incident": incident.isoformat() if incident else None,
        "rules": _own_rules(),
        "more_rules": _more_rules(),
    }


def changed_since(run: AnalysisRun) -> list[str]:
    """In sentences: what a finished run did not know. Runs of earlier versions did not write down their
    rules, and when the trouble happened only in their result."""
    sentences = [*_incident(run), *_rules(run.conditions)]
    if run.started_at is not None:
        sentences += [*_added_baselines(run), *_lost_baselines(run)]
    return sentences


def _incident(run: AnalysisRun) -> list[str]:
    if "incident" in run.conditions:
        known = run.conditions["incident"]
    else:
        known = (
            AnalysisRun.objects.filter(pk=run.pk)
            .values_list("document__events__incident__time", flat=True)
            .first()
        )
    before, now = parse_datetime(known) if known else None, run.bundle.case.incident_at
    if before == now:
        return []
    if now is None:
        return [_("The time of the trouble was taken back.")]
    return [
        _("The trouble happened at %(time)s: the analysis did not know that.")
        % {"time": times.with_zone(now)}
    ]


def _rules(conditions: dict[str, Any]) -> list[str]:
    own, more = conditions.get("rules"), conditions.get("more_rules")
    # A web server without the vendor's folder of rules cannot tell what is in it.
    differs = (own and own != _own_rules()) or (more is not None and _more_rules() and more != _more_rules())
    return [_("The rules of the analysis have changed.")] if differs else []


def _added_baselines(run: AnalysisRun) -> list[str]:
    added = Baseline.objects.filter(created_at__gt=run.started_at)
    paths = list(added.values_list("path", flat=True)[: MAX_COMPARED + 1])
    if not paths:
        return []
    count = len(paths)
    if count <= MAX_COMPARED:
        names = {base_name(path) for path in run.artifacts.values_list("path", flat=True)}
        names |= {base_name(state.path) for state in run.result.file_states}
        count = sum(base_name(path) in names for path in paths)
    sentence = ngettext(
        "%(n)s known file was added that this upload can be compared with.",
        "%(n)s known files were added that this upload can be compared with.",
        count,
    )
    return [sentence % {"n": f"{count:,}"}] if count else []


def _lost_baselines(run: AnalysisRun) -> list[str]:
    compared = set(
        run.findings.filter(data__has_key="baseline").values_list(
            "data__baseline__path", "data__baseline__sha256"
        )
    )
    known = Q(pk__in=())
    for path, sha256 in compared:
        known |= Q(path=path, sha256__iexact=sha256 or "")
    kept = Baseline.objects.filter(known).count() if compared else 0
    return [_("A known file that a finding rests on was removed.")] if kept < len(compared) else []


@cache
def _own_rules() -> str:
    return _digest(OWN)


def _more_rules() -> str:
    """Of the folders in the settings, read again where a file has another time or size; empty without any."""
    folders = tuple(Path(folder) for folder in (settings.RULES, settings.YARA_RULES) if folder)
    stamps = tuple(
        (str(file), status.st_size, status.st_mtime_ns)
        for folder in folders
        for file in _files(folder)
        if (status := file.stat())
    )
    return _digest_of(folders, stamps) if folders else ""


@lru_cache(maxsize=8)
def _digest_of(folders: tuple[Path, ...], _stamps: tuple[tuple[str, int, int], ...]) -> str:
    return " ".join(_digest(folder) for folder in folders)


def _digest(folder: Path) -> str:
    digest = hashlib.sha256()
    for file in _files(folder):
        content = hashlib.sha256(file.read_bytes()).hexdigest()
        digest.update(f"{file.relative_to(folder)} {content}\n".encode())
    return digest.hexdigest()[:32]


def _files(folder: Path) -> list[Path]:
    return sorted(file for file in folder.rglob("*") if file.is_file())
