"""``manage.py receive_mail``: one message from standard input into the case that it names."""

import sys

from django.core.management.base import BaseCommand

from mail.receiving import receive


class Command(BaseCommand):
    help = "Takes one mail (RFC 5322) from standard input. Exit codes: 0 taken, 65 no mail, 75 try again."
    requires_system_checks: list[str] = []
    requires_migrations_checks = False

    def handle(self, *args: object, **options: object) -> None:
        """Leaves with the exit code of ``receive``."""
        sys.exit(receive(sys.stdin.buffer))
