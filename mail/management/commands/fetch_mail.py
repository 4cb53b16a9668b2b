"""``manage.py fetch_mail``: mail out of an IMAP mailbox, for ever or once."""

import logging
import time
from argparse import ArgumentParser
from contextlib import suppress

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import Error as DatabaseError
from django.db import close_old_connections

from mail.errors import MailServerDown
from mail.inbound import imap
from mail.inbound.unreached import note_failure

logger = logging.getLogger(__name__)

MIN_PAUSE, MAX_PAUSE = 5, 300
"""Seconds between two tries while the server or the database does not answer."""


class Command(BaseCommand):
    help = "Takes new mails out of the mailbox that IMAP_HOST and the other IMAP_ settings name."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """``--once`` for cron and for trying it out, ``--check`` for health checks."""
        parser.add_argument("--once", action="store_true", help="take what is there, then end")
        parser.add_argument(
            "--check", action="store_true", help="take nothing; say whether another process does"
        )

    def handle(self, *args: object, **options: object) -> None:
        """Returns only with an option."""
        if not settings.IMAP_HOST:
            raise CommandError("Set IMAP_HOST, IMAP_USER and IMAP_PASSWORD first (docs/mail.md).")
        if options["check"]:
            if imap.is_late(imap.account()):
                raise CommandError(
                    f"Nobody has looked into the mailbox for {imap.MAX_SILENCE // 60} minutes."
                )
            return
        if options["once"]:
            try:
                with imap.opened(imap.account()) as mailbox:
                    count = imap.fetch(mailbox, imap.account())
            except MailServerDown as error:
                note_failure(imap.account(), error)
                raise CommandError(str(error)) from error
            self.stdout.write(f"{count} mails stored.")
            return
        pause = MIN_PAUSE
        while True:
            try:
                with imap.opened(imap.account()) as mailbox:
                    while True:
                        close_old_connections()
                        if count := imap.fetch(mailbox, imap.account()):
                            logger.info("%s mails stored from %s.", count, settings.IMAP_HOST)
                        pause = MIN_PAUSE
                        imap.wait(mailbox, settings.IMAP_POLL_SECONDS)
            except (MailServerDown, DatabaseError) as error:
                logger.error("No mail is fetched now; next try in %s s. %s", pause, error)
                self._note(error)
            except Exception as error:  # What a storage raises; it must not end with one mail.
                logger.exception("No mail is fetched now; next try in %s s.", pause)
                self._note(error)
            time.sleep(pause)
            pause = min(2 * pause, MAX_PAUSE)

    def _note(self, error: Exception) -> None:
        """For the pages, unless it is the database that does not answer."""
        with suppress(DatabaseError):
            close_old_connections()
            note_failure(imap.account(), error)
