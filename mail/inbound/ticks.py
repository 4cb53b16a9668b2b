"""A mail that says which steps of a report are done ticks them: of the report whose mail it answers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.advice.services import tick_by_mail
from analysis.reports.models import Report
from mail.store.models import Direction, MailMessage

if TYPE_CHECKING:
    from mail.reading.mail import Mail

MAX_REFERENCES = 100
"""The newest of a thread that are looked up."""


def tick_steps(mail: MailMessage, content: Mail) -> None:
    """Of a mail that is an entry of its case; of a mail that answers another of ours nothing, unless the
    report's is further down its thread."""
    if mail.entry is None or mail.case is None:
        return
    chain = [*content.references, *content.in_reply_to][-MAX_REFERENCES:]
    rows = MailMessage.objects.filter(direction=Direction.OUT, message_id__in=chain)
    ours = {row.message_id: row for row in rows}
    newest_first = [ours[identifier] for identifier in reversed(chain) if identifier in ours]
    told = [row for row in newest_first if row.case_id == mail.case_id and row.facts.get("report")]
    if newest_first and not told:
        return
    report = (
        Report.objects.filter(pk=told[0].facts["report"]).select_related("case").first() if told else None
    )
    tick_by_mail(mail.entry, content.text, report, direct=bool(told) and told[0] is newest_first[0])
