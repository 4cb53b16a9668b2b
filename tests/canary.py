"""Another organisation's case in which everything that its customer wrote or sent holds a word of its own."""

import io
import json
import zipfile
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from accounts.models import Organisation, User
from analysis.baselines.models import Baseline
from analysis.runs import services as runs
from analysis.runs.worker import execute
from cases.models import Case, MessageKind, Queue
from cases.pauses import proposals
from cases.scopes import services as scopes
from cases.services import post_message
from demo import pe_writer
from demo.evtx.writer import Event, write_log
from tests.analysis import bundles
from tests.people import customer, report, signed_in

CANARY = "Kanarienvogel"
FOLDER = rf"D:\{CANARY}\Projects"


def make_canary(folder: Path, zoe: User) -> Case:
    """The case; Zoe, its engineer, who serves another queue than everybody else, makes three baselines of its
    analysis. Its files pass through ``folder``."""
    queue = Queue.objects.create(name="Rail")
    queue.engineers.set([zoe])
    carla = customer("Carla", Organisation.objects.create(name="Tailspin Rail"))
    words = f"The {CANARY} machine stops"
    case = report(carla, title=words, description=words, product=CANARY, edition=CANARY, engineer=zoe)
    Case.objects.filter(pk=case.pk).update(queue=queue)
    post_message(case, by=carla, body=words)
    post_message(case, by=zoe, body=words, kind=MessageKind.NOTE)
    scopes.send(scopes.draft(case, by=zoe, problem=words), by=zoe)
    proposals.propose(case, by=zoe, resumes_when=words)
    run = runs.queue_run(bundles.sealed(case, carla, _bundle(folder), f"{CANARY}.zip"))
    execute(run.pk)
    run.refresh_from_db()
    assert run.document is not None and CANARY in json.dumps(run.document)
    browser = signed_in(zoe)
    address = f"/analysis/{case.number}/runs/{run.pk}/baseline/"
    confirmed = {"product": "CodeMeter", "version": bundles.VERSION}
    for sha256, path, names_it in (
        (bundles.TAMPERED, bundles.PATH, True),
        (bundles.GOOD, "CodeMeter.exe", False),
        (pe_writer.sha256(canary_program()), "CodeMeter.exe", True),
    ):
        shown_first = _form_of(browser.get(address, {"sha256": sha256}))
        assert (CANARY in shown_first) is names_it, "the engineer sees what would be shared"
        assert browser.post(address, {"sha256": sha256, "path": path} | confirmed).status_code == 302
        assert Baseline.objects.filter(sha256=sha256, path=path).exists()
    return case


@cache
def canary_program() -> bytes:
    """A program of the organisation's own: its version resource says whose."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(
            pe_writer,
            "STRINGS",
            {name: f"{CANARY} {text}" for name, text in pe_writer.STRINGS.items()} | {"CompanyName": CANARY},
        )
        return pe_writer.clean.__wrapped__()


def _form_of(answer: Any) -> str:
    text: str = answer.content.decode()
    return text[text.index('name="path"') : text.index("SHA-256")]


def _bundle(folder: Path) -> bytes:
    """Captures whose headings, files and folders, and a log whose values hold the canary."""
    log = folder / "System.evtx"
    facts = {"param1": f"{CANARY} Service", "param2": "1"}
    at = datetime(2020, 11, 24, 0, 59, 24, tzinfo=UTC)
    crash = Event(time=at, provider="Service Control Manager", event_id=7034, level=2, data=facts)
    write_log(log, [crash])
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        tampered = bundles.capture(bundles.TAMPERED, bundles.SIZE + bundles.MORE).replace(
            bundles.PATH, rf"C:\Program Files\{CANARY}\CodeMeter.exe"
        )
        archive.writestr(f"{CANARY}-after-restart.txt", f"=== {CANARY} ===\r\n{tampered}".encode("utf-16"))
        elsewhere = bundles.capture(bundles.GOOD, bundles.SIZE).replace(
            bundles.PATH, rf"{FOLDER}\CodeMeter.exe"
        )
        archive.writestr(f"{CANARY}-other.txt", f"=== {CANARY} ===\r\n{elsewhere}".encode("utf-16"))
        archive.writestr(f"{CANARY}/System.evtx", log.read_bytes())
        archive.writestr(f"{CANARY}/CodeMeter.exe", canary_program())
    return packed.getvalue()
