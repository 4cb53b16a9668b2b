"""Signing in and out and passwords: allauth's pages, without the one where people change their address.

A mail address names its person on every case; an administrator changes it.
"""

from allauth.account.urls import urlpatterns as pages
from django.urls import URLPattern, URLResolver, path

from accounts import token_views

WITHOUT = {"account_email"}

urlpatterns: list[URLPattern | URLResolver] = [
    path("tokens/", token_views.own_tokens, name="api-tokens"),
    path("tokens/<int:token_id>/revoke", token_views.revoke, name="api-token-revoke"),
]
urlpatterns += [page for page in pages if getattr(page, "name", None) not in WITHOUT]
