"""``manage.py load_demo``: the demo's people, cases and bundle; running it again changes nothing."""

import os
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from demo.loading import load


class Command(BaseCommand):
    help = "Loads the demo (ANJUAN_DEMO=1) with the password in ANJUAN_DEMO_PASSWORD for everyone."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("This is no demo portal. Set ANJUAN_DEMO=1 on a trial database to load it.")
        password = os.environ.get("ANJUAN_DEMO_PASSWORD", "")
        if len(password) < 12:
            raise CommandError("Set ANJUAN_DEMO_PASSWORD to at least 12 characters.")
        self.stdout.write(f"Log bundle for uploading by hand: {load(password)}")
