"""``manage.py receive_mail``: one message from standard input, as mail servers pipe it."""

import logging
import sys
from argparse import ArgumentParser

from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import Error as DatabaseError

from mail.errors import NoMail, TooLarge
from mail.inbound.storing import store_raw, told_too_large

logger = logging.getLogger(__name__)

STORED, NOT_TAKEN, LATER = 0, 65, 75
"""Exit codes of sysexits.h: EX_OK, EX_DATAERR, EX_TEMPFAIL. What stands on standard output beside the second
goes to the sender."""


class Command(BaseCommand):
    help = "Takes one mail (RFC 5322) from standard input. Exit codes: 0 stored, 65 not taken, 75 try again."
    requires_system_checks: list[str] = []
    requires_migrations_checks = False

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The envelope, where the mail server tells it."""
        parser.add_argument("--sender", default="")
        parser.add_argument("--recipient", action="append", default=[])

    def handle(self, *args: object, **options: object) -> None:
        """Leaves with the exit code."""
        sender, recipients = str(options["sender"]), options["recipient"]
        assert isinstance(recipients, list)
        try:
            raw = sys.stdin.buffer.read(settings.MAIL_MAX_SIZE + 1)
            store_raw(raw, way="pipe", envelope_sender=sender, envelope_recipients=recipients)
        except NoMail:
            sys.exit(NOT_TAKEN)
        except TooLarge:
            self.stdout.write(told_too_large())
            sys.exit(NOT_TAKEN)
        except (DatabaseError, OSError) as error:
            logger.error("Mail not taken now, %s: %s", type(error).__name__, error)
            sys.exit(LATER)
        except Exception as error:  # Its traceback would be mailed to the sender.
            logger.error("Mail not taken, a fault of the portal, %s: %s", type(error).__name__, error)
            sys.exit(LATER)
        sys.exit(STORED)
