"""An analysed case and its draft."""

from typing import TYPE_CHECKING

import pytest

# This file is read before Django is set up: no model is imported at its top.
if TYPE_CHECKING:
    from accounts.models import User
    from analysis.models import AnalysisRun, Report
    from cases.models import Case


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, case: "Case", alice: "User") -> "AnalysisRun":
    """A finished run over the tampered captures and a log of three crashes."""
    from analysis import execution, runs
    from analysis.execution import execute
    from tests.analysis import bundles

    # The heartbeat has a connection of its own, which does not see this test's transaction.
    monkeypatch.setattr(execution, "BEAT", 3600)
    bundles.baseline()
    run = runs.queue_run(bundles.sealed(case, alice, bundles.whole(), "日志_1130.zip"))
    execute(run.pk)
    run.refresh_from_db()
    assert run.document is not None, run.error
    return run


@pytest.fixture
def draft(run: "AnalysisRun") -> "Report":
    """Its draft report."""
    from analysis.models import Report

    return Report.objects.get(run=run)
