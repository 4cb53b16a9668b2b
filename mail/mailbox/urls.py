"""Addresses of a person's own mailbox."""

from django.urls import path

from mail.mailbox import views

urlpatterns = [
    path("", views.mailbox, name="mailbox"),
    path("<uuid:key>/html/", views.html, name="mailbox-html"),
    path("<uuid:key>/text/", views.text, name="mailbox-text"),
    path("<uuid:key>/files/<int:place>/", views.file, name="mailbox-file"),
]
"""There is nothing at any of them once mails leave the machine."""
