"""``manage.py demo_bundle FILE.zip``: the demo's log bundle alone, for uploading by hand."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from demo.bundle import baseline, write_bundle
from engine.parsers.baselines import write_baselines


class Command(BaseCommand):
    help = "Writes the demo's log bundle; needs no database."
    requires_system_checks: list[str] = []
    requires_migrations_checks = False

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE.zip")
        parser.add_argument("--baseline", type=Path, metavar="FILE.json", help="write the lab's baseline too")

    def handle(self, *args: Any, file: Path, **options: Any) -> None:
        try:
            write_bundle(file)
            self.stdout.write(f"{file}: {file.stat().st_size:,} bytes")
            if options["baseline"]:
                write_baselines(baseline(), options["baseline"])
                self.stdout.write(f"{options['baseline']}: the lab's baseline")
        except OSError as error:
            raise CommandError(f"{error.filename or file}: {error.strerror or error}.") from error
