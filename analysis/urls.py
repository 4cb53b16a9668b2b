"""Addresses of this room, by sub-room. A report is named by its case and version."""

from django.urls import include, path

app_name = "analysis"

urlpatterns = [
    path("", include("analysis.baselines.urls")),
    path("", include("analysis.runs.urls")),
    path("", include("analysis.findings.urls")),
    path("", include("analysis.reports.urls")),
    path("", include("analysis.advice.urls")),
]
