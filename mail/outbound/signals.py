"""What the outbox asks and tells; nobody who sends knows who listens (notifications)."""

from django.dispatch import Signal

about_to_send = Signal()
"""Sent before each attempt to send ``mail``. A receiver that answers a ``NotSent`` keeps it back for good."""

mail_lost = Signal()
"""Sent within the transaction that marks ``mail`` as failed or come back; ``answer``: the mail server's words
(foreign text), or ours."""
