"""What ``uploads`` announces."""

from django.dispatch import Signal

bundle_sealed = Signal()
"""Sent after the commit that sealed a bundle, with ``bundle`` (an ``uploads.models.Bundle``)."""

bundle_deleted = Signal()
"""Sent after the bytes of a bundle were deleted at the end of the time of keeping, with ``bundle``.

What was derived from the bytes and repeats them (an event index) goes with them."""
