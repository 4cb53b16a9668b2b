"""A real gunicorn over the test database, and a client of Alice's."""

import os
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from launcher import parts, ports
from tests.processes import PYTHON, Running

if TYPE_CHECKING:
    from accounts.models import User
    from cases.models import Case
    from tests.uploads.tus_client import Tus


@pytest.fixture
def tus(alice: "User", case: "Case") -> "Tus":
    """Alice, who has agreed to the privacy statement."""
    from tests.uploads.tus_client import Tus

    return Tus(alice, case)


class Web(Running):
    """gunicorn with one worker process, as the portal starts it."""

    url = ""

    @property
    def host(self) -> tuple[str, int]:
        return ports.LOOPBACK, int(self.url.rpartition(":")[2])

    def worker(self) -> int:
        """The process that serves; gunicorn replaces it when it dies."""
        assert self.process is not None
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
        return int(children[0]) if children else 0


@pytest.fixture(scope="session")
def _shared_web(django_db_setup: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Web]:
    with serving(tmp_path_factory.mktemp("web") / "web.log", {}) as running:
        yield running


@pytest.fixture
def web(transactional_db: None, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Web]:
    """The web server as a process of its own, on the test database and data folder: one for all tests, which
    may kill it.

    ``@pytest.mark.parametrize("web", [{…}], indirect=True)`` starts another one with more of an environment.
    """
    if not hasattr(request, "param"):
        running: Web = request.getfixturevalue("_shared_web")
        running.start()
        yield running
        return
    with serving(tmp_path / "web.log", request.param) as running:
        yield running


@pytest.fixture
def other_web(web: Web, tmp_path: Path) -> Iterator[Web]:
    """A second one, on another port."""
    with serving(tmp_path / "other-web.log", {}) as running:
        yield running


@contextmanager
def serving(log: Path, more: Mapping[str, str]) -> Iterator[Web]:
    from django.conf import settings
    from django.db import connection

    base, _, _ = os.environ["DATABASE_URL"].rpartition("/")
    port = ports.free_port()
    url = f"http://{ports.LOOPBACK}:{port}"

    def answers(_: Running) -> bool:
        try:
            with urllib.request.urlopen(f"{url}/health/live", timeout=5):
                return True
        except urllib.error.HTTPError:
            return True
        except OSError:
            return False

    env = os.environ | {
        "DATABASE_URL": f"{base}/{connection.settings_dict['NAME']}",
        "ANJUAN_HOME": str(settings.ANJUAN_HOME),
        "PORT": str(port),
        "WEB_WORKERS": "1",
        **more,
    }
    running = Web(parts.web(PYTHON), parts.portal_environment(env), log, answers)
    running.url = url
    running.start()
    try:
        yield running
    finally:
        running.stop()
