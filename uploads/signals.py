"""What ``uploads`` announces."""

from django.dispatch import Signal

bundle_sealed = Signal()
"""Sent after the commit that sealed a bundle, with ``bundle`` (an ``uploads.bundles.models.Bundle``)."""

bundle_deleted = Signal()
"""Sent in a transaction of its own before the bytes of a bundle are deleted, with ``bundle``. Whatever was
derived from the bytes and repeats them (an event index, an analysis) goes first.

A receiver that raises keeps the bytes until the next sweep; so it must stand being told twice."""

attachment_deleted = Signal()
"""As ``bundle_deleted``, with ``attachment`` (an ``uploads.attachments.models.MessageAttachment``)."""
