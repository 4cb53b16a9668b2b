"""Addresses of baselines."""

from django.urls import path

from analysis.baselines import views

urlpatterns = [
    path("baselines/", views.baselines, name="baselines"),
    path("baselines/add/", views.add, name="baseline-add"),
    path("baselines/<int:baseline_id>/remove/", views.remove, name="baseline-remove"),
    path("baselines/export/", views.export, name="baseline-export"),
    path("<str:number>/runs/<int:run>/baseline/", views.add_from_run, name="baseline-from-run"),
]
