"""What ``uploads`` announces."""

from django.dispatch import Signal

bundle_sealed = Signal()
"""Sent after the commit that sealed a bundle, with ``bundle`` (an ``uploads.models.Bundle``)."""
