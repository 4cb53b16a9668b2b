"""Who may be signed in, asked at the sign-in and again at every request."""

from allauth.account.auth_backends import AuthenticationBackend
from django.contrib.auth.base_user import AbstractBaseUser

from accounts.models import User


class KnownRoles(AuthenticationBackend):
    """allauth's, for active people whose role is known: to others an open session ends, too."""

    def user_can_authenticate(self, user: AbstractBaseUser | None) -> bool:
        """Whether this person may be signed in."""
        return isinstance(user, User) and user.may_enter
