"""Addresses of corrections."""

from django.urls import path

from cases.corrections import views

urlpatterns = [path("cases/<str:number>/edit/", views.edit, name="case-edit")]
