"""The mail servers of everybody: SMTP takes what the portal and people send, IMAP has a folder for each.

Who has signed in is proven to be who she says, as the operator's own mail server notes it for the portal.
"""

import asyncio
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from email.utils import parseaddr
from pathlib import Path

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from imap_tools import BaseMailBox, MailBoxUnencrypted

from launcher.ports import LOOPBACK, free_port
from tests.mail.inbound.imap_servers import PASSWORD, USER, dovecot, has_dovecot, pymap
from tests.mail.mails import HERE

PORTAL = "portal"
"""The folder of the portal's own mailbox."""


class PostOffice:
    """``folders``: whose mail goes where, by address; a ``+`` and what follows it does not count."""

    def __init__(self, imap_port: int, folders: Mapping[str, str]) -> None:
        self.imap_port, self.smtp_port = imap_port, free_port()
        self.folders = folders
        self.nowhere: list[str] = []
        """Recipients that nobody here knows."""
        self.for_the_portal = 0
        with self.mailbox() as mailbox:
            for folder in folders.values():
                mailbox.folder.create(folder)

    @contextmanager
    def mailbox(self) -> Iterator[BaseMailBox]:
        """All folders, by IMAP."""
        with MailBoxUnencrypted(LOOPBACK, self.imap_port).login(USER, PASSWORD) as mailbox:
            yield mailbox

    def mails_in(self, folder: str) -> list[EmailMessage]:
        """The oldest first."""
        with self.mailbox() as mailbox:
            mailbox.folder.set(folder)
            raw = [message.obj.as_bytes() for message in mailbox.fetch(mark_seen=False)]
        return [message for each in raw if isinstance(message := _parsed(each), EmailMessage)]

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        """Puts the mail where its readers find it; the answer comes when it lies there."""
        assert isinstance(envelope.content, bytes)
        await asyncio.to_thread(self._deliver, envelope.content, session.auth_data, envelope.rcpt_tos)
        return "250 taken"

    def _deliver(self, raw: bytes, signed_in: str | None, recipients: list[str]) -> None:
        address = parseaddr(str(_parsed(raw)["From"]))[1]
        proof = "pass" if signed_in == address else "fail"
        head = f"Authentication-Results: {HERE}; dmarc={proof} header.from={address.partition('@')[2]}\r\n"
        for recipient in recipients:
            local, _, domain = recipient.partition("@")
            folder = self.folders.get(f"{local.partition('+')[0]}@{domain}")
            if folder is None:
                self.nowhere.append(recipient)
                continue
            with self.mailbox() as mailbox:
                mailbox.append(head.encode() + raw if folder == PORTAL else raw, folder)
            self.for_the_portal += folder == PORTAL


@contextmanager
def post_office(folder: Path, folders: Mapping[str, str]) -> Iterator[PostOffice]:
    """Running servers; Dovecot where the machine has it."""

    def who(server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: object) -> AuthResult:
        assert isinstance(data, LoginPassword)
        return AuthResult(success=True, auth_data=data.login.decode())

    with dovecot(folder / "dovecot") if has_dovecot() else pymap("--no-tls") as imap_port:
        office = PostOffice(imap_port, folders)
        controller = Controller(
            office, hostname=LOOPBACK, port=office.smtp_port, authenticator=who, auth_require_tls=False
        )
        controller.start()
        try:
            yield office
        finally:
            controller.stop()


def _parsed(raw: bytes) -> EmailMessage:
    message = message_from_bytes(raw, policy=default)
    assert isinstance(message, EmailMessage)
    return message
