"""Workers and brokers die in the middle of an analysis; the run ends complete, once, without help."""

import base64
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from demo.evtx.writer import write_log
from tests.analysis import bundles
from tests.processes import Portal, wait_until

pytestmark = pytest.mark.slow

COPIES = 5
EVENTS = 20_000

QUEUE_IT = """
import base64
from pathlib import Path
from django.core.files import File
from accounts.models import Organisation, User
from accounts.roles import Role
from analysis.runs import services as runs
from cases.services import report_case
from tests.analysis import bundles
from tests.people import PASSWORD
organisation, _ = Organisation.objects.get_or_create(name="Crash test")
alice = User.objects.filter(email="alice@crash.example").first() or User.objects.create_user(
    "alice@crash.example", PASSWORD, name="Alice", role=Role.CUSTOMER, organisation=organisation)
case = report_case(by=alice, organisation=organisation, contact=alice, title="Crash test")
path = base64.b64decode("{path}").decode()
bundle = bundles.sealed(case, alice, Path(path).read_bytes())
print("run", runs.queue_run(bundle).pk)
"""


@pytest.fixture(scope="session")
def big_bundle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A bundle that takes some seconds: the same long log many times."""
    folder = tmp_path_factory.mktemp("big")
    log, packed = folder / "System.evtx", folder / "big.zip"
    write_log(log, bundles.crashes(EVENTS))
    with zipfile.ZipFile(packed, "w") as archive:
        for number in range(COPIES):
            archive.write(log, f"{number}/System.evtx")
    return packed


@pytest.fixture
def queue(live_portal: Portal, big_bundle: Path) -> Callable[[], int]:
    """Queues a run of the big bundle on the live portal; its number."""

    def queue() -> int:
        code = QUEUE_IT.format(path=base64.b64encode(str(big_bundle).encode()).decode())
        return int(live_portal.manage("shell", "-c", code).rsplit("run", 1)[1])

    return queue


def ask(portal: Portal, run: int, columns: str) -> list[str]:
    return portal.sql(f"SELECT {columns} FROM analysis_analysisrun WHERE id = {run}").strip().split("|")


def begun(portal: Portal, run: int) -> None:
    """Waits until records of the run have been read."""
    wait_until(
        lambda: ask(portal, run, "state = 'running' AND (progress->>'records')::int > 0") == ["t"],
        message="the run did not begin",
    )
    assert ask(portal, run, "state") == ["running"], "the bundle is too small for this test"


def ended_once(portal: Portal, run: int) -> None:
    """Waits for the end; then everything must be there, and be there once."""
    wait_until(lambda: ask(portal, run, "state") == ["done"], message="the run did not end")
    tables = ("artifact", "report")
    counts = [portal.sql(f"SELECT count(*) FROM analysis_{t} WHERE run_id = {run}").strip() for t in tables]
    assert counts == [str(COPIES), "1"]
    events = portal.sql(
        "SELECT count(*) FROM cases_caseevent e JOIN uploads_bundle b ON b.case_id = e.case_id "
        f"JOIN analysis_analysisrun r ON r.bundle_id = b.id WHERE r.id = {run} AND e.kind = 'analysis'"
    )
    assert events.strip() == "1"
    total = ask(portal, run, "document->'events'->>'total'")
    assert total == [str(COPIES * EVENTS)]


def test_a_worker_killed_in_mid_analysis(live_portal: Portal, queue: Callable[[], int]) -> None:
    run = queue()
    begun(live_portal, run)
    live_portal.worker.kill()
    killed = time.monotonic()
    live_portal.worker.start()
    ended_once(live_portal, run)
    assert ask(live_portal, run, "attempt") == ["2"]
    print(f"complete {time.monotonic() - killed:.1f} s after kill -9")


def test_a_worker_told_to_end_in_mid_analysis(live_portal: Portal, queue: Callable[[], int]) -> None:
    run = queue()
    begun(live_portal, run)
    live_portal.worker.stop()
    state, attempt = ask(live_portal, run, "state, attempt")
    assert (state, attempt) in {("queued", "0"), ("done", "1")}
    stopped = time.monotonic()
    live_portal.worker.start()
    ended_once(live_portal, run)
    print(f"complete {time.monotonic() - stopped:.1f} s after the stop")


def test_a_broker_killed_in_mid_analysis(live_portal: Portal, queue: Callable[[], int]) -> None:
    run = queue()
    begun(live_portal, run)
    live_portal.kill_broker()
    meanwhile = queue()
    live_portal.start()
    back = time.monotonic()
    ended_once(live_portal, run)
    ended_once(live_portal, meanwhile)
    print(f"both complete {time.monotonic() - back:.1f} s after the broker came back")
