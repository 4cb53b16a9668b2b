"""Addresses of reports."""

from django.urls import path

from analysis.reports import views

urlpatterns = [
    path("<str:number>/report/<int:version>/", views.report, name="report"),
    path("<str:number>/report/<int:version>/pdf/", views.report_pdf, name="report-pdf"),
    path("<str:number>/report/<int:version>/edit/", views.report_edit, name="report-edit"),
    path("<str:number>/report/<int:version>/send/", views.report_send, name="report-send"),
    path("<str:number>/report/<int:version>/revise/", views.report_revise, name="report-revise"),
    path(
        "<str:number>/report/<int:version>/discard-older/",
        views.report_discard_older,
        name="report-discard-older",
    ),
]
