"""A worker that dies while it makes the PDFs of a report is replaced by the next one."""

import os
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from django.utils import timezone

from accounts.models import User
from analysis.reports import services as reports
from analysis.reports.models import PdfJob, Report
from analysis.reports.stored_pdfs import PDFS, pdf_of
from jobs.models import JobState
from launcher import process
from tests.processes import Running, wait_until

pytestmark = pytest.mark.django_db(transaction=True)

MAKE_THEM = """
import sys, time, django
django.setup()
from analysis.reports import pdf, stored_pdfs
pdf.render = lambda page: time.sleep(600)
stored_pdfs.make_pdfs(int(sys.argv[1]))
"""


def test_a_worker_killed_while_it_makes_the_pdfs_leaves_them_to_the_next(
    draft: Report, jia: User, worker: Running, tmp_path: Path
) -> None:
    worker.kill()
    sent = reports.send(draft, jia)
    base, _, _ = os.environ["DATABASE_URL"].rpartition("/")
    env = os.environ | {"DATABASE_URL": f"{base}/{connection.settings_dict['NAME']}"}
    command = (sys.executable, "-c", MAKE_THEM, str(sent.pk))
    child = process.start(command, env=env, log=tmp_path / "log", cwd=settings.BASE_DIR)
    wait_until(lambda: PdfJob.objects.filter(state=JobState.RUNNING).exists(), timeout=60)
    process.kill_group(child.pid)
    child.wait()
    assert sent.pdfs == {}
    assert PDFS.sweep() == 0, "its lease may yet be renewed"
    PdfJob.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    assert PDFS.sweep() == 1
    worker.start()
    wait_until(lambda: PdfJob.objects.filter(state=JobState.DONE).exists(), timeout=60)
    assert pdf_of(sent, "en").startswith(b"%PDF")
    assert PdfJob.objects.get().attempt == 2
