"""Addresses of runs."""

from django.urls import path

from analysis.runs import views

urlpatterns = [
    path("<str:number>/run/", views.run_panel, name="run-panel"),
    path("<str:number>/runs/<int:run>/again/", views.run_again, name="run-again"),
    path("<str:number>/runs/<int:run>/password/", views.run_password, name="run-password"),
]
