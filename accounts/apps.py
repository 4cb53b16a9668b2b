"""Django's registration of this room."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from accounts.secret_links import SecretLink


class AccountsConfig(AppConfig):
    """Accounts."""

    name = "accounts"
    verbose_name = _("People and organisations")
    secret_links = (SecretLink("/accounts/password/reset/key/"), SecretLink("/accounts/confirm-email/"))
