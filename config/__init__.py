"""Settings, addresses and the three processes: web, worker, beat."""

from config.celery import app as celery_app

__all__ = ["celery_app"]
