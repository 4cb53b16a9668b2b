"""Addresses of pauses."""

from django.urls import path

from cases.pauses import views

urlpatterns = [path("cases/<str:number>/suspend/", views.suspend, name="suspend")]
