"""Addresses of this room, by sub-room."""

from django.urls import include, path

urlpatterns = [
    path("", include("mail.review.urls")),
    path("mailbox/", include("mail.mailbox.urls")),
    path("", include("mail.imports.urls")),
    path("", include("mail.notifications.urls")),
]
