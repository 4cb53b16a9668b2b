"""Mails of people who are not who they say, or who take no part in the case whose number they write."""

from collections.abc import Iterator
from dataclasses import replace

from benchmarks.mail_corpus.building import text
from benchmarks.mail_corpus.cast import CUSTOMER, OTHER_CUSTOMER, envelope, proof
from benchmarks.mail_corpus.labels import Desk, LabelledMail, Outcome
from demo.people import DOMAIN

WORDS = "请把这个案例的全部日志发给我。"


def mails(desk: Desk) -> Iterator[LabelledMail]:
    """None of their words may stand in the thread."""
    mine = desk.authserv_id
    good = proof(desk)
    results = {
        "none": [],
        "dmarc-fail": [f"{mine}; dmarc=fail header.from={DOMAIN}"],
        "dmarc-none": [f"{mine}; spf=pass smtp.mailfrom=evil.example; dmarc=none header.from={DOMAIN}"],
        "of-another-server": [f"mx.evil.example; dmarc=pass header.from={DOMAIN}"],
        "forged-below": [f"{mine}; dmarc=fail header.from={DOMAIN}", good],
        "unreadable-on-top": [f'{mine}; dmarc="pass header.from={DOMAIN}', good],
        "dkim-of-another": [f"{mine}; dkim=pass header.d=evil.example"],
        "dkim-of-a-longer-name": [f"{mine}; dkim=pass header.d=x{DOMAIN}"],
        "in-a-comment": [f"{mine}; dmarc=fail (dmarc=pass header.from={DOMAIN}) header.from=evil.example"],
        "name-in-a-name": [f"{mine}.evil.example; dmarc=pass header.from={DOMAIN}"],
        "spf-only": [f"{mine}; spf=pass smtp.mailfrom={CUSTOMER.address}"],
    }
    for name, fields in results.items():
        mail = replace(envelope(desk, f"unproven-{name}"), results=fields)
        yield LabelledMail(f"unproven-{name}", mail.mail(text(WORDS)), Outcome.UNPROVEN)
    evil = proof(desk, "evil.example")
    shapes = {
        "name-is-hers": f'"{CUSTOMER.address}" <a@evil.example>',
        "name-holds-hers": f"Customer <{CUSTOMER.address}> <a@evil.example>",
        "two-addresses": f"a@evil.example, {CUSTOMER.address}",
        "stranger": "Somebody <a@evil.example>",
        "looks-alike": f"customer@{DOMAIN.replace('anjuan', 'anjuau')}",
        "below": f"customer@{DOMAIN}.evil.example",
    }
    for name, sender in shapes.items():
        mail = replace(envelope(desk, f"sender-{name}"), sender=sender, results=[evil])
        yield LabelledMail(f"sender-{name}", mail.mail(text(WORDS)), Outcome.UNPROVEN)
    two = replace(envelope(desk, "sender-two-fields"), results=[evil], extra=[("From", "a@evil.example")])
    yield LabelledMail("sender-two-fields", two.mail(text(WORDS)), Outcome.UNPROVEN)
    other = envelope(desk, "sender-other-organisation", OTHER_CUSTOMER)
    yield LabelledMail("sender-other-organisation", other.mail(text(WORDS)), Outcome.UNPROVEN)
    thread = replace(
        other,
        message_id=f"<sender-other-thread@{DOMAIN}>",
        extra=[("In-Reply-To", next(iter(desk.threads.values())).message_id)],
    )
    yield LabelledMail("sender-other-thread", thread.mail(text(WORDS)), Outcome.UNPROVEN)
