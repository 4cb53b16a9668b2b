"""The Celery application: settings come from Django's, under ``CELERY_``."""

import ctypes
import os
import signal
from typing import Any

from celery import Celery
from celery.signals import beat_init, worker_init, worker_process_init

PR_SET_PDEATHSIG = 1

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("anjuan")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@worker_init.connect
@beat_init.connect
def refuse_unsafe_start(**_: Any) -> None:
    """Ends worker and beat before their first task; Celery would only log an ordinary exception."""
    from django.core.exceptions import ImproperlyConfigured

    from config import checks

    try:
        checks.refuse_unsafe_start()
    except ImproperlyConfigured as error:
        raise SystemExit(f"{error}") from error


@worker_process_init.connect
def end_with_the_worker(**_: Any) -> None:
    """A process of the pool ends when its worker is killed (prctl(2)): nobody else would end it."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, int(signal.SIGKILL))
