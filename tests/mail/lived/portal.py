"""A whole portal with mail, by a clock that the test moves, and what its database says."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import psycopg

from launcher.ports import LOOPBACK
from tests.mail.inbound.imap_servers import PASSWORD, USER
from tests.mail.lived.clock import SHANGHAI
from tests.mail.lived.post_office import PORTAL, PostOffice
from tests.mail.mails import HERE
from tests.processes import Portal, wait_until

if TYPE_CHECKING:
    from pathlib import Path

    from launcher.postgres import Postgres
    from tests.mail.lived.clock import Clock

TIME = 300.0
"""Seconds that the portal may take for what it is given, on a busy machine."""
JOBS = (
    *("mail_delivery", "mail_reading", "analysis_analysisrun", "analysis_pdfjob"),
    *("uploads_bundlecheck", "uploads_sealjob", "uploads_scanjob"),
)


class LivedPortal:
    """``portal`` with its ``office`` and ``clock``."""

    def __init__(self, folder: Path, postgres: Postgres, office: PostOffice, clock: Clock) -> None:
        self.office, self.clock = office, clock
        self.portal = Portal(
            folder,
            postgres,
            "lived_portal",
            {
                "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
                "EMAIL_HOST": LOOPBACK,
                "EMAIL_PORT": str(office.smtp_port),
                "DEFAULT_FROM_EMAIL": "示例技术支持 <casemail@vendor.example>",
                "MAIL_AUTHSERV_ID": HERE,
                "IMAP_HOST": LOOPBACK,
                "IMAP_PORT": str(office.imap_port),
                "IMAP_SECURITY": "none",
                "IMAP_USER": USER,
                "IMAP_PASSWORD": PASSWORD,
                "IMAP_FOLDER": PORTAL,
                "IMAP_POLL_SECONDS": "1",
            },
            ("-m", "tests.mail.lived.clock", str(clock.file)),
        )

    def start(self, password: str) -> None:
        """Starts it with the people of the case."""
        self.portal.set_up_and_start()
        self.portal.manage("shell", "-c", f"from tests.mail.lived.people import make; make({password!r})")
        address = self.portal.postgres.address(self.portal.database)
        self._database = psycopg.connect(address, autocommit=True)

    def end(self) -> None:
        self.portal.end()
        if hasattr(self, "_database"):
            self._database.close()

    def rows(self, query: str, *values: Any) -> list[tuple[Any, ...]]:
        return self._database.execute(query, values).fetchall()

    def one(self, query: str, *values: Any) -> Any:
        """The one value of the one row."""
        ((value,),) = self.rows(query, *values)
        return value

    def settle(self) -> None:
        """Until every mail that was sent to it is read, every job is done and every mail of its has gone."""
        wait_until(self._is_settled, timeout=TIME, message=f"still at work: {self._at_work()}")

    def _is_settled(self) -> bool:
        stored = self.one("SELECT count(*) FROM mail_mailmessage WHERE direction = 'in'")
        return bool(stored == self.office.for_the_portal) and not self._at_work()

    def _at_work(self) -> list[str]:
        open_jobs = "SELECT count(*) FROM {} WHERE state IN ('queued', 'running')"
        return [table for table in JOBS if self.one(open_jobs.format(table))]

    # -- The case -------------------------------------------------------------------

    def status(self, number: str) -> str:
        return str(self.one("SELECT status FROM cases_case WHERE number = %s", number))

    def thread(self, number: str, *, internal: bool = False) -> list[tuple[str, str, str | None, str]]:
        """Step, kind, author and text of each entry that the customer reads (``internal``: does not read)."""
        rows = self.rows(
            "SELECT m.created_at, m.kind, u.name, m.body FROM cases_message m"
            " JOIN cases_case c ON c.id = m.case_id LEFT JOIN accounts_user u ON u.id = m.author_id"
            " WHERE c.number = %s AND m.internal = %s ORDER BY m.created_at, m.id",
            number,
            internal,
        )
        return [(self.clock.step_of(at), kind, author, body) for at, kind, author, body in rows]

    def resumed_by(self, number: str) -> tuple[str, str]:
        """Who made the suspended case go on, and by what."""
        (who,) = self.rows(
            "SELECT u.name, e.reason FROM cases_caseevent e JOIN cases_case c ON c.id = e.case_id"
            " JOIN accounts_user u ON u.id = e.actor_id WHERE c.number = %s AND e.from_status = 'suspended'",
            number,
        )
        return str(who[0]), str(who[1])

    def outcomes(self, number: str) -> list[tuple[bool, str, str, str, str | None]]:
        """Whether it is solved; how it was said, by whom and when; who wrote it down."""
        rows = self.rows(
            "SELECT o.solved, o.way, p.name, o.at, r.name FROM cases_outcome o"
            " JOIN cases_case c ON c.id = o.case_id JOIN accounts_user p ON p.id = o.person_id"
            " LEFT JOIN accounts_user r ON r.id = o.recorded_by_id WHERE c.number = %s ORDER BY o.id",
            number,
        )
        return [
            (solved, way, who, f"{at.astimezone(SHANGHAI):%Y-%m-%d %H:%M}", by)
            for solved, way, who, at, by in rows
        ]
