"""Data of the version before the rooms opens: nothing is lost, and what was under way goes on.

``before_rooms.sql.gz`` is what PostgreSQL dumped of that version's own tests: one case with bundles,
runs, a sent report and a draft, links, agreements, a legal hold, a mail, and work left half done.
"""

import gzip
import json
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

from launcher.steps import ROOT
from tests.processes import PYTHON

DUMP = Path(__file__).with_name("before_rooms.sql.gz")
NUMBER = "CAS-00001-MRYMTF"

LOOK = """
import json
from django.apps import apps
from django.test import Client
from accounts.models import User
from analysis.baselines.models import Baseline
from analysis.reports.content import sha256_of
from analysis.reports.models import Report
from analysis.runs.models import AnalysisRun
from cases.models import Case
from mail.store.models import MailMessage
from uploads.bundles.models import Bundle, SealJob
from analysis.checks.services import CHECKS

rows = {model._meta.label_lower: model._default_manager.count() for model in apps.get_models()}
case = Case.objects.get()
run = AnalysisRun.objects.filter(bundle__name="logs-1.zip").get()
report = Report.objects.get(version=1)
pages = {
    "case": f"/cases/{case.number}/",
    "report": f"/analysis/{case.number}/report/1/?lang=en",
    "draft": f"/analysis/{case.number}/report/2/edit/",
    "evidence": f"/analysis/{case.number}/runs/{run.pk}/evidence/0/0/",
    "custody": f"/uploads/cases/{case.number}/custody",
    "baselines": "/analysis/baselines/",
    "api": f"/api/runs/{run.pk}/",
    "search": "/cases/search/?q=x",
    "home": "/",
}
def seen(email):
    client = Client()
    client.force_login(User.objects.get(email=email))
    return {name: client.get(address) for name, address in pages.items()}

alice, jia = seen("alice@customer.example"), seen("jia@vendor.example")
print("SEEN " + json.dumps({
    "rows": rows,
    "alice": {name: answer.status_code for name, answer in alice.items()},
    "jia": {name: answer.status_code for name, answer in jia.items()},
    "report": alice["report"].content.decode(),
    "pdfs": sorted(report.pdfs),
    "frozen": sha256_of(report.content) == report.content_sha256,
    "mail": list(MailMessage.objects.values_list("content_key", "attachments")),
    "bundles": {bundle.name: bundle.state for bundle in Bundle.objects.all()},
    "seals": {job.bundle.name: job.state for job in SealJob.objects.all()},
    "checks": {check.bundle.name: check.state for check in CHECKS.lost()},
    "runs": {run.bundle.name: run.state for run in AnalysisRun.objects.all()},
}))
"""


@pytest.fixture(scope="module")
def upgraded() -> Iterator[dict[str, Any]]:
    """What a portal of today shows of the old data, after ``migrate``."""
    base, _, _ = os.environ["DATABASE_URL"].rpartition("/")
    name = f"upgraded_{os.getpid()}"
    with psycopg.connect(f"{base}/postgres", autocommit=True) as server:
        server.execute(f'CREATE DATABASE "{name}"')
        try:
            with psycopg.connect(f"{base}/{name}") as database:
                database.execute(gzip.decompress(DUMP.read_bytes()))
            env = os.environ | {
                "DATABASE_URL": f"{base}/{name}",
                "ALLOWED_HOSTS": "testserver",
                "DEBUG": "1",
            }
            manage(env, "migrate", "--verbosity", "0")
            shown = manage(env, "shell", "-c", LOOK)
            yield json.loads(shown.partition("SEEN ")[2])
        finally:
            server.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def manage(env: dict[str, str], *words: str) -> str:
    command: list[str | Path] = [PYTHON, "manage.py", *words]
    done = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_no_row_is_lost(upgraded: dict[str, Any]) -> None:
    before = {
        "accounts.user": 8,
        "cases.case": 1,
        "cases.message": 12,
        "cases.evidencerequest": 1,
        "uploads.bundle": 6,
        "uploads.bundlecheck": 2,
        "uploads.consent": 3,
        "uploads.uploadlink": 2,
        "uploads.legalhold": 1,
        "uploads.access": 1,
        "mail.mailmessage": 1,
        "analysis.analysisrun": 4,
        "analysis.finding": 6,
        "analysis.report": 2,
        "analysis.baseline": 2,
    }
    assert {name: upgraded["rows"][name] for name in before} == before


def test_its_pages_open_for_whom_they_opened_before(upgraded: dict[str, Any]) -> None:
    vendors = {"draft", "evidence", "baselines"}
    assert upgraded["jia"] == dict.fromkeys(upgraded["jia"], 200)
    assert upgraded["alice"] == {name: 404 if name in vendors else 200 for name in upgraded["alice"]}


def test_a_sent_report_says_what_it_said_and_its_seal_holds(upgraded: dict[str, Any]) -> None:
    assert upgraded["frozen"]
    assert upgraded["pdfs"] == ["en", "zh-hans"]
    assert "972439BB56330B086C62DD7F34F86C9AD955C6EE194837E0155F78715D40E8C2" in upgraded["report"].replace(
        "<wbr>", ""
    )


def test_mails_taken_before_are_not_taken_again(upgraded: dict[str, Any]) -> None:
    assert upgraded["mail"] == [["ab" * 32, [{"name": "x.zip", "refused": "empty"}]]]


def test_what_was_under_way_is_still_to_be_done(upgraded: dict[str, Any]) -> None:
    assert upgraded["bundles"]["sealing.zip"] == "sealing"
    # The next sweep sends all of these.
    assert upgraded["seals"] == {"sealing.zip": "queued", "by-link.zip": "queued"}
    assert upgraded["checks"] == {"queued.zip": "queued", "running.zip": "running"}
    assert upgraded["runs"] == {
        "logs-1.zip": "done",
        "logs-2.zip": "done",
        "queued.zip": "queued",
        "running.zip": "running",
    }
