"""Addresses of the tus endpoint."""

from django.urls import path

from uploads.tus import endpoint

urlpatterns = [
    path("tus/", endpoint.collection, name="tus"),
    path("tus/<uuid:upload_id>", endpoint.upload, name="tus-upload"),
]
