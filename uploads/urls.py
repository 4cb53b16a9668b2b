"""Addresses of this room, by sub-room."""

from django.urls import include, path

urlpatterns = [
    path("", include("uploads.tus.urls")),
    path("", include("uploads.links.urls")),
    path("", include("uploads.collector.urls")),
    path("", include("uploads.custody.urls")),
    path("", include("uploads.bundles.urls")),
    path("", include("uploads.attachments.urls")),
]
