"""``manage.py serve_mail``: takes mail from the operator's own mail server, by LMTP or SMTP."""

import asyncio

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from mail.inbound import server


class Command(BaseCommand):
    help = "Takes mail by LMTP (MAIL_PROTOCOL=smtp: SMTP) where MAIL_LISTEN says, until it is ended."
    requires_system_checks: list[str] = []

    def handle(self, *args: object, **options: object) -> None:
        """Returns after SIGTERM or Ctrl-C."""
        if not settings.MAIL_LISTEN:
            raise CommandError("Set MAIL_LISTEN first, 127.0.0.1:8024 for example (docs/mail.md).")
        try:
            asyncio.run(server.serve(settings.MAIL_LISTEN, settings.MAIL_PROTOCOL, ready=self._ready))
        except OSError as error:
            raise CommandError(f"Cannot listen on {settings.MAIL_LISTEN}: {error}") from error

    def _ready(self, listen: str) -> None:
        self.stdout.write(f"Mail is taken on {listen} ({settings.MAIL_PROTOCOL}).")
