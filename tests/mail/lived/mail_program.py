"""One person at her mail program, which reads by IMAP and sends by SMTP."""

import re
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime, parsedate_to_datetime
from itertools import count
from smtplib import SMTP as Client

from launcher.ports import LOOPBACK
from tests.mail.bodies import text_of
from tests.mail.lived.clock import SHANGHAI
from tests.mail.lived.post_office import PostOffice

QQ = (
    "------------------ 原始邮件 ------------------\n发件人: {sender}\n"
    "发送时间: {sent:%Y年%m月%d日} {sent:%H:%M}\n收件人: {to}\n主题: {subject}"
)
OUTLOOK = (
    "-----邮件原件-----\n发件人: {sender}\n发送时间: {sent:%Y年%m月%d日} {sent:%H:%M}\n"
    "收件人: {to}\n主题: {subject}"
)
"""How programs begin the old mail below an answer."""


class MailProgram:
    """``quote`` is how it quotes. ``proven``: its mail server knows her; a stranger's says nothing of him."""

    def __init__(
        self, office: PostOffice, address: str, name: str, quote: str = "", *, proven: bool = True
    ) -> None:
        self.office, self.address, self.name, self.quote, self.proven = office, address, name, quote, proven
        self._numbers = count(1)

    @property
    def inbox(self) -> list[EmailMessage]:
        """All that has come, the oldest first."""
        return self.office.mails_in(self.office.folders[self.address])

    def newest(self) -> EmailMessage:
        return self.inbox[-1]

    def write(self, to: str, subject: str, text: str, **fields: str) -> None:
        """Sends one mail; ``fields`` are further header fields, ``_`` for ``-``."""
        message = EmailMessage()
        message["From"] = f"{self.name} <{self.address}>"
        message["To"] = to
        message["Subject"] = subject
        message["Date"] = format_datetime(datetime.now(SHANGHAI))
        message["Message-ID"] = f"<{next(self._numbers)}.{self.address}>"
        for name, value in fields.items():
            message[name.replace("_", "-")] = value
        message.set_content(text)
        with Client(LOOPBACK, self.office.smtp_port, timeout=120) as client:
            if self.proven:
                client.login(self.address, "her own")
            client.send_message(message, self.address)

    def answer(self, old: EmailMessage, text: str) -> None:
        """To whom the old mail says, with all of it quoted below."""
        sent = parsedate_to_datetime(old["Date"]).astimezone(SHANGHAI)
        quoted = self.quote.format(sender=old["From"], to=old["To"], subject=old["Subject"], sent=sent)
        self.write(
            str(old["Reply-To"] or old["From"]),
            f"回复: {old['Subject']}",
            f"{text}\n\n{quoted}\n\n{text_of(old)}",
            In_Reply_To=old["Message-ID"],
            References=f"{old['References'] or ''} {old['Message-ID']}".strip(),
        )


def new_text_of(mail: EmailMessage) -> str:
    """The same without what was said before."""
    return re.split(r"\n(?:在 [^\n]+ 写道：|On [^\n]+ wrote:)\n>|原始邮件", text_of(mail), maxsplit=1)[0]


def link_in(mail: EmailMessage, part: str) -> str:
    """The address in it that holds ``part``."""
    addresses = re.findall(r"https?://\S+", new_text_of(mail))
    return next(address for address in addresses if part in address)
