"""What every test can ask for: real servers, a real worker, a whole portal, a browser.

The servers start before Django's settings are read; where only tests of the engine are asked for, which
need neither, they do not. What people may look at goes to test-artifacts/.
"""

import os
import re
import shutil
from collections.abc import Generator, Iterator
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests import migrated
from tests.processes import PATIENCE
from tests.services import Services

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

    from tests.processes import Portal, Running

services = Services()

TESTS = Path(__file__).resolve().parent
ARTIFACTS = TESTS.parent / "test-artifacts"
WITHOUT_PORTAL = [TESTS / name for name in ("engine", "test_architecture.py", "test_documentation.py")]


pytest_plugins = ("tests.clocks",)


def pytest_configure(config: pytest.Config) -> None:
    asked_for = [config.invocation_params.dir / argument.partition("::")[0] for argument in config.args]
    if all(any(path.is_relative_to(tests) for tests in WITHOUT_PORTAL) for path in asked_for):
        return
    services.start_servers()

    import django
    from django.conf import settings

    # Files by their own names: a test needs no collected ones. The live portal has them as in production.
    settings.STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    # Each test client builds the middleware anew, which else reads all static files each time.
    settings.WHITENOISE_AUTOREFRESH = True
    # What is slow on purpose is slow in no test; a process of its own hashes as in production.
    settings.PASSWORD_HASHERS.insert(0, "django.contrib.auth.hashers.MD5PasswordHasher")
    # History refuses TRUNCATE, by which Django empties the tables where tests.emptying may not.
    settings.DATABASES["default"]["OPTIONS"] = {"options": "-c anjuan.may_truncate=on"}
    if services.postgres is not None:
        settings.DATABASES["default"]["TEST"] = {"TEMPLATE": migrated.DATABASE}
    django.setup()
    # Its fixtures need models, and models need the settings: not importable at the top of this file.
    config.pluginmanager.import_plugin("tests.people")
    from tests.emptying import empty_tables_quickly

    empty_tables_quickly()


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """One more than there are processors: the process with the portal and the browser mostly waits."""
    return len(os.sched_getaffinity(0)) + 1


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Hands out files, those that need the live portal to one process: a portal with its demo, and a browser,
    start once."""
    if config.getvalue("dist") != "loadfile":
        return None
    from xdist.scheduler import LoadFileScheduling

    def handed_out_with(nodeid: str) -> str:
        file = nodeid.partition("::")[0]
        return "portal" if _needs_portal(config.rootpath / file) else file

    scheduler = LoadFileScheduling(config, log)
    scheduler._split_scope = handed_out_with
    return scheduler


@cache
def _needs_portal(file: Path) -> bool:
    text = file.read_text()
    return any(name in text for name in ("live_portal", "demo_portal", "visits: Visits"))


PROCESSES = {"browser", "_portal"}, {"worker", "web"}, {"transactional_db"}
"""Fixtures of tests that take long, the longest first."""


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Marks what needs a browser or a whole portal, so that `make check` can leave it out.

    Of several processes that share the files none shall begin with a long one when the others have ended.
    """
    ranks: dict[Path, int] = {}
    for item in items:
        asked_for = set(getattr(item, "fixturenames", ()))
        if PROCESSES[0] & asked_for:
            item.add_marker(pytest.mark.browser)
        rank = 0 if item.get_closest_marker("slow") else len(PROCESSES)
        rank = next((place for place, names in enumerate(PROCESSES) if names & asked_for), rank)
        ranks[item.path] = min(ranks.get(item.path, rank), rank)
    if hasattr(config, "workerinput"):
        items.sort(key=lambda item: ranks[item.path])


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_setupnodes() -> None:
    """This process only hands out the tests; each that runs them has servers of its own."""
    services.take_back()


def pytest_unconfigure() -> None:
    services.end()


@pytest.fixture(autouse=True)
def _no_heartbeat(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where a test commits nothing: the heartbeat has a connection of its own, does not see the test's job,
    and takes it from the test when it lasts longer than a beat."""
    marker, fixtures = request.node.get_closest_marker("django_db"), request.fixturenames
    commits = "transactional_db" in fixtures or (marker is not None and marker.kwargs.get("transaction"))
    if ("db" in fixtures or marker is not None) and not commits:
        monkeypatch.setattr("jobs.worker.BEAT", 3600.0)


@pytest.fixture
def artifact_folder(request: pytest.FixtureRequest) -> Path:
    """A folder that is kept after the run, named after the test's file."""
    folder = ARTIFACTS / request.path.stem.removeprefix("test_")
    folder.mkdir(parents=True, exist_ok=True)
    return folder


@pytest.fixture
def worker(transactional_db: None, tmp_path: Path) -> Iterator["Running"]:
    """A real Celery worker on the test database, with an empty queue."""
    import redis
    from django.conf import settings
    from django.db import connection

    from tests.processes import worker_process

    base, _, _ = os.environ["DATABASE_URL"].rpartition("/")
    redis.Redis.from_url(settings.REDIS_URL).flushdb()
    env = os.environ | {
        "DATABASE_URL": f"{base}/{connection.settings_dict['NAME']}",
        "ANJUAN_HOME": str(settings.ANJUAN_HOME),
    }
    running = worker_process(env, tmp_path / "worker.log")
    running.start()
    yield running
    # Not in order: what it still does would hinder the emptying of the tables.
    running.kill()


@pytest.fixture(scope="session")
def _portal(tmp_path_factory: pytest.TempPathFactory) -> Iterator["Portal"]:
    from tests.processes import Portal

    folder = tmp_path_factory.mktemp("portal")
    postgres = services.postgres
    if postgres is None:
        postgres = migrated.server(folder / "pg", folder / "log" / "postgres.log")
        postgres.start()
    portal = Portal(folder, postgres, "live_portal")
    try:
        portal.set_up_and_start()
        yield portal
    finally:
        portal.end()
        if postgres is not services.postgres:
            postgres.stop()
        kept = ARTIFACTS / "portal-logs"
        shutil.rmtree(kept, ignore_errors=True)
        shutil.copytree(portal.logs, kept)


@pytest.fixture
def live_portal(_portal: "Portal") -> "Portal":
    """A whole portal (web, worker, beat, broker, database of its own), all of it running.

    One for the session: a test makes data of its own. It holds no demo yet; see ``demo_portal``.
    """
    _portal.start()
    return _portal


@pytest.fixture(scope="session")
def _demo_portal(_portal: "Portal") -> "Portal":
    _portal.start()
    _portal.manage("load_demo")
    return _portal


@pytest.fixture
def demo_portal(_demo_portal: "Portal") -> "Portal":
    """The live portal with the demo loaded; everyone's password is ``demo_portal.demo_password``."""
    _demo_portal.start()
    return _demo_portal


@pytest.fixture(scope="session")
def browser() -> Iterator["Browser"]:
    """Headless Chromium: the machine's own if there is one, else Playwright's."""
    from playwright.sync_api import expect, sync_playwright

    from launcher import chromium

    expect.set_options(timeout=1000 * PATIENCE)

    arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium.installed(),
            args=[*arguments, "--disable-dev-shm-usage", "--force-color-profile=srgb"],
        )
        yield browser
        browser.close()


@pytest.fixture
def browser_context(browser: "Browser") -> Iterator["BrowserContext"]:
    """A fresh visitor: no cookies, 1440 pixels wide, Chinese."""
    context = browser.new_context(
        viewport={"width": 1440, "height": 900},
        locale="zh-CN",
        timezone_id="Asia/Shanghai",
        reduced_motion="reduce",
    )
    context.set_default_timeout(1000 * PATIENCE)
    yield context
    context.close()


@pytest.fixture
def page(browser_context: "BrowserContext") -> "Page":
    """One tab of ``browser_context``."""
    return browser_context.new_page()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """A failed browser test leaves a picture of its page."""
    report = yield
    page = getattr(item, "funcargs", {}).get("page")
    if report.when == "call" and report.failed and page is not None:
        ARTIFACTS.mkdir(exist_ok=True)
        name = re.sub(r"[^\w.-]+", "_", item.nodeid)
        try:
            page.screenshot(path=ARTIFACTS / f"failed-{name}.png", full_page=True)
        except Exception:
            pass  # The page is gone with its browser; the failure itself is reported.
    return report
