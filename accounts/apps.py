"""Django's registration of this room."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """Accounts."""

    name = "accounts"

    def ready(self) -> None:
        """The API's description learns its doors by this import."""
        from accounts import schema  # noqa: F401
