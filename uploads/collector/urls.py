"""Addresses of the log collector."""

from django.urls import path

from uploads.collector import views

urlpatterns = [
    path("link-consent", views.agree, name="upload-link-agree"),
    path("cases/<str:number>/collector/", views.setup, name="collector-setup"),
    path("cases/<str:number>/collector.zip", views.download, name="collector-download"),
]
