"""Addresses of evidence and of the files it lies in."""

from django.urls import path

from analysis.findings import views

urlpatterns = [
    path("<str:number>/runs/<int:run>/files/<int:artifact>", views.artifact_file, name="artifact-file"),
    path("<str:number>/runs/<int:run>/evidence/<int:position>/<int:index>/", views.evidence, name="evidence"),
]
