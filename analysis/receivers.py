"""What this room does when another announces something."""

import logging
from typing import Any

from django.dispatch import receiver

from analysis.checks import services as bundle_checks
from analysis.runs.retention import forget
from analysis.runs.services import go_on, queue_first_run
from cases.models import Case
from cases.signals import request_fulfilled
from uploads.bundles.models import Bundle
from uploads.signals import bundle_deleted, bundle_sealed

logger = logging.getLogger(__name__)


@receiver(bundle_sealed, dispatch_uid="analysis-queues-a-run")
def queue_its_run(sender: Any, bundle: Bundle, **_: Any) -> None:
    """A sealed bundle is analysed; whatever goes wrong here, it stays sealed and the sweep looks again."""
    try:
        queue_first_run(bundle)
    except Exception:
        logger.exception("bundle %s is sealed, its run could not be queued yet", bundle.pk)


@receiver(bundle_sealed, dispatch_uid="analysis-queues-a-check")
def queue_its_check(sender: Any, bundle: Bundle, **_: Any) -> None:
    """A sealed bundle is held against what was asked for; the sweep looks again where this fails."""
    try:
        bundle_checks.queue(bundle)
    except Exception:
        logger.exception("bundle %s is sealed, its check could not be queued yet", bundle.pk)


@receiver(request_fulfilled, dispatch_uid="analysis-goes-on")
def go_on_with_the_analysis(sender: Any, case: Case, **_: Any) -> None:
    """The case waited for evidence while its bundles were analysed; now it says so."""
    go_on(case)


@receiver(bundle_deleted, dispatch_uid="analysis-forgets-the-bytes")
def forget_the_bytes(sender: Any, bundle: Bundle, **_: Any) -> None:
    """What the runs copied out of the bundle goes with it; if that fails, the bundle waits, too."""
    forget(bundle)
    bundle_checks.forget(bundle)
