"""``manage.py mail reread`` and ``manage.py mail test``: what an operator does with mails."""

from argparse import ArgumentParser
from typing import cast
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import override

from accounts.errors import Refusal
from mail.errors import NotTaken
from mail.outbound.probe import missing_worker, send_test
from mail.review import services
from mail.store.models import Direction, MailMessage, MailState


class Command(BaseCommand):
    help = "reread: reads mails again that are in no case. test: sends one mail and says what became of it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Two commands in one."""
        commands = parser.add_subparsers(dest="command", required=True)
        reread = commands.add_parser(
            "reread", help="Read mails again: all that are parked, or by id, those in cases too."
        )
        reread.add_argument("ids", nargs="*", type=UUID)
        reread.add_argument("--set-aside", action="store_true", help="Those set aside as well.")
        test = commands.add_parser("test", help="Send a test mail by the settings in force.")
        test.add_argument("address")

    def handle(self, *args: object, **options: object) -> None:
        """Does what was asked."""
        if options["command"] == "reread":
            self._reread(cast("list[UUID]", options["ids"]), bool(options["set_aside"]))
        else:
            self._test(str(options["address"]))

    def _reread(self, ids: list[UUID], with_set_aside: bool) -> None:
        states = [MailState.PARKED, *([MailState.SET_ASIDE] if with_set_aside else [])]
        mails = MailMessage.objects.filter(direction=Direction.IN)
        mails = mails.filter(pk__in=ids) if ids else mails.filter(state__in=states).exclude(source="")
        count, refused = 0, []
        for mail in mails:
            try:
                services.read_again(mail, by=None)
            except Refusal as refusal:
                refused.append(f"{mail.pk}: {refusal}")
            else:
                count += 1
        self.stdout.write(f"{count} mails are read again.")
        if refused:
            raise CommandError("\n".join(["These are not:", *refused]))

    def _test(self, address: str) -> None:
        with override("en"):
            if missing := missing_worker():
                self.stderr.write(missing)
            try:
                self.stdout.write(send_test(address))
            except NotTaken as error:
                raise CommandError(f"The mail server did not take it: {error}") from error
