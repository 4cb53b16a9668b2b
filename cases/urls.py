"""Addresses of this room: the desks and the case page."""

from django.urls import include, path

from cases import views

urlpatterns = [
    path("", include("cases.desk.urls")),
    path("cases/new/", views.case_new, name="case-new"),
    path("cases/<str:number>/", views.case_page, name="case"),
    path("cases/<str:number>/live/", views.case_live, name="case-live"),
    path("cases/<str:number>/findings/", views.case_findings, name="case-findings"),
    path("cases/<str:number>/reply/", views.case_reply, name="case-reply"),
    path("cases/<str:number>/status/", views.case_status, name="case-status"),
    path("cases/<str:number>/incident/", views.case_incident, name="case-incident"),
    path("cases/<str:number>/assign/", views.case_assign, name="case-assign"),
    path("", include("cases.evidence_requests.urls")),
    path("", include("cases.scopes.urls")),
    path("", include("cases.corrections.urls")),
    path("", include("cases.outcomes.urls")),
    path("", include("cases.pauses.urls")),
    path("", include("cases.appointments.urls")),
    path("", include("cases.answer_links.urls")),
    path("", include("cases.relations.urls")),
    path("", include("cases.canned_replies.urls")),
    path("", include("cases.own_reminders.urls")),
]
