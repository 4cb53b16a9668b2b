"""Addresses of importing old threads."""

from django.urls import path

from mail.imports import views

urlpatterns = [
    path("cases/<str:number>/import/", views.add, name="thread-import"),
    path("imports/<uuid:import_id>/", views.preview, name="thread-preview"),
]
