"""Why a webhook is not sent."""


class AddressRefused(OSError):
    """No address of the host is one where webhooks may go."""

    def __init__(self, host: str) -> None:
        super().__init__(f"{host} leads to an address that WEBHOOK_ALLOW_PRIVATE does not allow")
