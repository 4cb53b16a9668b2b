"""What ``cases`` announces."""

from django.dispatch import Signal

request_fulfilled = Signal()
"""Sent within the transaction that settled the last item of an evidence request, with ``case``, which
has gone back to work by then."""
