"""Who writes the mails: the demo's people."""

from dataclasses import dataclass

from benchmarks.mail_corpus.building import Envelope, encoded_words
from benchmarks.mail_corpus.labels import Desk
from benchmarks.mail_corpus.quotations import Old
from demo.case import NUMBER
from demo.people import DOMAIN, PEOPLE

__all__ = [
    "COLLEAGUE",
    "CUSTOMER",
    "ENGINEER",
    "NUMBER",
    "OTHER_CUSTOMER",
    "Writer",
    "envelope",
    "quoted_mail",
]

TITLE = "重启后无法启用证书服务"


@dataclass(frozen=True)
class Writer:
    """A person of the demo; ``key`` is her name before the @."""

    key: str
    name: str

    @property
    def address(self) -> str:
        """Her mail address."""
        return f"{self.key}@{DOMAIN}"


_names = {key: name for key, name, _role, _organisation in PEOPLE}
CUSTOMER, COLLEAGUE = Writer("customer", _names["customer"]), Writer("colleague", _names["colleague"])
ENGINEER, OTHER_CUSTOMER = Writer("engineer", _names["engineer"]), Writer("water", _names["water"])


def proof(desk: Desk, domain: str = DOMAIN) -> str:
    """What the desk's own mail server writes on top of a mail that it has proven."""
    return f"{desk.authserv_id}; dkim=pass header.d={domain};\r\n dmarc=pass (p=none) header.from={domain}"


def envelope(desk: Desk, name: str, writer: Writer = CUSTOMER) -> Envelope:
    """A proven mail to the desk, about the case. ``name`` makes its Message-ID."""
    token = desk.threads[NUMBER].token
    return Envelope(
        sender=f"{encoded_words(writer.name)} <{writer.address}>",
        to=f'"Support" <{desk.mailbox}>',
        subject=encoded_words(f"回复: RE: [案例号: {NUMBER}] % {TITLE} % 初次响应 {token}"),
        message_id=f"<{name}@{DOMAIN}>",
        results=[proof(desk)],
    )


def quoted_mail(text: str) -> Old:
    """The engineer's mail that is answered."""
    return Old(
        name=ENGINEER.name,
        address=ENGINEER.address,
        to_name=CUSTOMER.name,
        to_address=CUSTOMER.address,
        subject=f"RE: [案例号: {NUMBER}]",
        text=text,
    )
