"""``manage.py import_thread``: an old thread from a file into a case."""

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts.errors import Refusal
from cases import times
from cases.models import Case
from engine.text_safety import shortened, terminal_line
from mail.imports import services
from mail.imports.plans import Planned, plan
from mail.imports.readership import Readers, Side
from mail.imports.texts import REMAINDERS

OPTIONS = {
    Readers.EVERYBODY: ("--public", "everybody on the case reads mail N of the list"),
    Readers.INTERNAL: ("--internal", "only the vendor's people read mail N of the list"),
    Readers.NOBODY: ("--leave-out", "mail N of the list is not imported"),
}


class Command(BaseCommand):
    help = "Imports an old thread (.eml, .mbox, .msg or the text of a chain) into a case, each mail once."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """The file, the case, and who belongs to whom where the portal does not know."""
        parser.add_argument("file", type=Path, metavar="FILE")
        parser.add_argument("--case", required=True, metavar="NUMBER")
        parser.add_argument("--dry-run", action="store_true", help="only say what would become of each mail")
        for side in (Side.VENDOR, Side.CUSTOMER):
            parser.add_argument(
                f"--{side}", action="append", default=[], metavar="WRITER", help="a name or address of theirs"
            )
        for option, what in OPTIONS.values():
            parser.add_argument(option, type=int, action="append", default=[], metavar="N", help=what)

    def handle(self, *args: Any, **options: Any) -> None:
        """Says what becomes of each mail, and what fits nowhere."""
        case = Case.objects.filter(number=options["case"].upper()).first()
        if case is None:
            raise CommandError(f"There is no case {terminal_line(options['case'])}.")
        sides = {
            writer.lower() if "@" in writer else writer: side
            for side in (Side.VENDOR, Side.CUSTOMER)
            for writer in options[side]
        }
        try:
            content = options["file"].read_bytes()
            chain = services.read(content)
            listed = plan(case, chain, sides)
            choices = _choices(listed, options)
            for number, planned in enumerate(plan(case, chain, sides, choices), start=1):
                self.stdout.write(_line(number, planned))
            for remainder in chain.remainders:
                text = shortened(terminal_line(remainder.text), 80)
                self.stdout.write(f"left out: {REMAINDERS[remainder.why]} {text}")
            if options["dry_run"]:
                return
            thread = services.look_at(case, name=options["file"].name, content=content, by=None)
            done = services.import_thread(thread, by=None, sides=sides, choices=choices)
        except (Refusal, OSError) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(
            f"{done.new} imported, {done.internal} of them internal; {done.left_out} left out, "
            f"{done.withheld} quotations of internal mails left out; {done.there} were there already."
        )


def _choices(planned: Sequence[Planned], options: dict[str, Any]) -> dict[str, Readers]:
    """By mail who shall read it; the options name it by its number in the list."""
    choices = {}
    for readers, (option, _what) in OPTIONS.items():
        for number in options[option.removeprefix("--").replace("-", "_")]:
            if not 1 <= number <= len(planned):
                raise CommandError(f"{option} {number}: there are {len(planned)} mails.")
            choices[planned[number - 1].fingerprint] = readers
    return choices


def _line(number: int, planned: Planned) -> str:
    mail = planned.mail
    at = times.minute(mail.sent_at) if mail.sent_at else "time unknown    "
    writer = terminal_line(planned.writer) or "writer unknown"
    reads = "there already" if planned.is_there else planned.readers
    text = shortened(terminal_line(mail.body), 60)
    return f"{number:>3}  {at}  {planned.side:<8}  {reads:<13}  {writer}: {text}"
