"""Addresses of this room's pages. A report is named by its case and version."""

from django.urls import path

from analysis import baseline_views, views

app_name = "analysis"

urlpatterns = [
    path("baselines/", baseline_views.baselines, name="baselines"),
    path("baselines/add/", baseline_views.add, name="baseline-add"),
    path("baselines/<int:baseline_id>/remove/", baseline_views.remove, name="baseline-remove"),
    path("baselines/export/", baseline_views.export, name="baseline-export"),
    path("<str:number>/run/", views.run_panel, name="run-panel"),
    path("<str:number>/runs/<int:run>/again/", views.run_again, name="run-again"),
    path("<str:number>/runs/<int:run>/password/", views.run_password, name="run-password"),
    path("<str:number>/runs/<int:run>/baseline/", baseline_views.add_from_run, name="baseline-from-run"),
    path("<str:number>/runs/<int:run>/files/<int:artifact>", views.artifact_file, name="artifact-file"),
    path("<str:number>/runs/<int:run>/evidence/<int:position>/<int:index>/", views.evidence, name="evidence"),
    path("<str:number>/report/<int:version>/", views.report, name="report"),
    path("<str:number>/report/<int:version>/pdf/", views.report_pdf, name="report-pdf"),
    path("<str:number>/report/<int:version>/edit/", views.report_edit, name="report-edit"),
    path("<str:number>/report/<int:version>/send/", views.report_send, name="report-send"),
]
