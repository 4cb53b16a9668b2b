"""What ``uploads`` announces."""

from django.dispatch import Signal

bundle_sealed = Signal()
"""Sent after the commit that sealed a bundle, with ``bundle`` (an ``uploads.models.Bundle``)."""

bundle_deleted = Signal()
"""Sent within the transaction that deletes the bytes of a bundle at the end of the time of keeping, with
``bundle``. What was derived from the bytes and repeats them (an event index) goes with them.

A receiver that raises keeps the bundle until the next sweep; so it must stand being told twice."""
