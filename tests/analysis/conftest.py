"""An analysed case and its draft."""

import shutil
from collections.abc import Callable
from copy import deepcopy
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

# This file is read before Django is set up: no model is imported at its top.
if TYPE_CHECKING:
    from accounts.models import User
    from analysis.reports.models import Report
    from analysis.runs.models import AnalysisRun
    from cases.models import Case
    from engine.result import Result


@pytest.fixture(scope="session")
def whole_bundle() -> bytes:
    """The bundle of ``run``."""
    from tests.analysis import bundles

    return bundles.whole()


@pytest.fixture(scope="session")
def read_once(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., "Result"]:
    """The engine, which reads the bundle of ``run`` once for the same baselines and incident: whoever asks
    again gets a copy."""
    from engine.analyze import analyze

    kept: dict[object, Result] = {}

    def read(source: Path, work: Path, **facts: Any) -> "Result":
        facts["baselines"] = list(facts["baselines"])
        asked = (facts["incident"], frozenset((one.path, one.sha256) for one in facts["baselines"]))
        if asked not in kept:
            result = analyze(source, work, **facts)
            assert result.index is not None
            index = tmp_path_factory.mktemp("analysed") / "index"
            shutil.copytree(result.index, index)
            kept[asked] = replace(deepcopy(result), index=index)
            return result
        own, known = work / "index", kept[asked]
        assert known.index is not None
        shutil.copytree(known.index, own)
        return replace(deepcopy(known), index=own)

    return read


@pytest.fixture
def run(
    monkeypatch: pytest.MonkeyPatch,
    whole_bundle: bytes,
    read_once: Callable[..., "Result"],
    case: "Case",
    alice: "User",
) -> "AnalysisRun":
    """A finished run over the tampered captures and a log of three crashes."""
    from analysis.runs import services as runs
    from analysis.runs import worker as analysing
    from tests.analysis import bundles

    bundles.baseline()
    run = runs.queue_run(bundles.sealed(case, alice, whole_bundle, "日志_1130.zip"))
    with monkeypatch.context() as patch:
        patch.setattr(analysing, "analyze", read_once)
        analysing.execute(run.pk)
    run.refresh_from_db()
    assert run.document is not None, run.error
    return run


@pytest.fixture
def draft(run: "AnalysisRun") -> "Report":
    """Its draft report."""
    from analysis.reports.models import Report

    return Report.objects.get(run=run)
