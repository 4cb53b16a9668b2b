"""An analysed case and its draft."""

from typing import TYPE_CHECKING

import pytest

# This file is read before Django is set up: no model is imported at its top.
if TYPE_CHECKING:
    from accounts.models import User
    from analysis.reports.models import Report
    from analysis.runs.models import AnalysisRun
    from cases.models import Case


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, case: "Case", alice: "User") -> "AnalysisRun":
    """A finished run over the tampered captures and a log of three crashes."""
    from analysis.runs import services as runs
    from analysis.runs.worker import execute
    from jobs import worker
    from tests.analysis import bundles

    # The heartbeat has a connection of its own, which does not see this test's transaction.
    monkeypatch.setattr(worker, "BEAT", 3600)
    bundles.baseline()
    run = runs.queue_run(bundles.sealed(case, alice, bundles.whole(), "日志_1130.zip"))
    execute(run.pk)
    run.refresh_from_db()
    assert run.document is not None, run.error
    return run


@pytest.fixture
def draft(run: "AnalysisRun") -> "Report":
    """Its draft report."""
    from analysis.reports.models import Report

    return Report.objects.get(run=run)
