"""The columns of a job: who works on it, until when, for which time, and how it ended."""

from __future__ import annotations

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _


class JobState(models.TextChoices):
    """The life of a job."""

    QUEUED = "queued", _("Waiting to start")
    RUNNING = "running", _("Running")
    DONE = "done", _("Finished")
    FAILED = "failed", _("Failed")


OPEN = (JobState.QUEUED, JobState.RUNNING)


class Job(models.Model):
    """Work for a worker, and the truth about it, whatever the broker believes (``jobs.services.Jobs``).

    ``token`` is the fencing token: each claim raises it, and a worker whose token is old can write
    nothing more. ``lease_until`` is renewed by the heartbeat; the sweep sends a job again whose lease has
    passed, and one that waits and was not sent (``enqueued_at``), from ``not_before`` on. ``failure`` is
    a code, ``error`` the technical side of it. All times are the database's.
    """

    state = models.CharField(_("state"), max_length=10, choices=JobState, default=JobState.QUEUED)
    attempt = models.PositiveIntegerField(_("attempt"), default=0)
    token = models.PositiveIntegerField(default=0)
    queued_at = models.DateTimeField(_("queued"), db_default=Now())
    enqueued_at = models.DateTimeField(_("sent to the workers"), null=True, blank=True)
    not_before = models.DateTimeField(null=True, blank=True)
    started_at = models.DateTimeField(_("started"), null=True, blank=True)
    heartbeat_at = models.DateTimeField(_("last sign of life"), null=True, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)
    progress = models.JSONField(_("progress"), default=dict, blank=True)
    failure = models.CharField(_("failure"), max_length=20, blank=True)
    error = models.TextField(_("error"), blank=True)

    class Meta:
        abstract = True

    @property
    def key(self) -> str:
        """What the task's message carries."""
        return str(self.pk)

    @property
    def is_open(self) -> bool:
        """Whether it waits or works."""
        return self.state in OPEN
