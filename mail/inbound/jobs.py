"""The job that reads a stored mail: tried until it works, because nothing of it may be lost."""

from __future__ import annotations

from datetime import timedelta

from jobs.services import Jobs
from mail.inbound.models import Reading

READINGS = Jobs(
    Reading, "mail.tasks.read_mail", max_attempts=None, retry_after=timedelta(minutes=1), slow_is_final=False
)
