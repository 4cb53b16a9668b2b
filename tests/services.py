"""PostgreSQL and Valkey for the tests: started once a session, stopped with it.

DATABASE_URL and REDIS_URL, where set, name servers to use instead.
"""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

from launcher import chromium, translations
from launcher.postgres import Postgres
from launcher.steps import ROOT
from launcher.valkey import Valkey
from tests import migrated


class Services:
    """The session's servers and its data folder; the environment names them from ``start_servers`` on."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="anjuan-tests-"))
        self.postgres: Postgres | None = None
        self.valkey: Valkey | None = None
        self.before: dict[str, str] | None = None

    def start_servers(self) -> None:
        """Starts what is not given, and sets the environment that config/settings.py reads."""
        atexit.register(self.end)
        self.before = dict(os.environ)
        translations.compile_all(ROOT / "locale")
        if not os.environ.get("DATABASE_URL"):
            self.postgres = migrated.server(self.folder / "pg", self.folder / "log" / "postgres.log")
            self.postgres.start()
            os.environ["DATABASE_URL"] = self.postgres.address()
        if not os.environ.get("REDIS_URL"):
            self.valkey = Valkey(self.folder / "valkey", self.folder / "log" / "valkey.log")
            self.valkey.start()
            os.environ["REDIS_URL"] = self.valkey.address()
        home = self.folder / "home"
        home.mkdir()
        os.environ["ANJUAN_HOME"] = str(home)
        os.environ["SECRET_KEY"] = "a-key-for-the-tests-alone-and-for-nothing-else"
        os.environ.setdefault("ANJUAN_DEMO", "1")
        os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
        # Playwright's loop lives in this thread; Django would take every query beside it for a mistake.
        os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
        os.environ.update(chromium.font_environment())

    def take_back(self) -> None:
        """Ends the servers and leaves the environment as it was found."""
        self.end()
        if self.before is not None:
            os.environ.clear()
            os.environ.update(self.before)

    def end(self) -> None:
        for server in (self.postgres, self.valkey):
            if server is not None:
                server.stop()
        self.postgres = self.valkey = None
        shutil.rmtree(self.folder, ignore_errors=True)
