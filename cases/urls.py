"""Addresses of the case pages."""

from django.urls import path

from cases import evidence_views, views

urlpatterns = [
    path("", views.home, name="home"),
    path("cases/", views.case_list, name="case-list"),
    path("cases/new/", views.case_new, name="case-new"),
    path("cases/search/", views.search, name="search"),
    path("cases/<str:number>/", views.case_page, name="case"),
    path("cases/<str:number>/live/", views.case_live, name="case-live"),
    path("cases/<str:number>/findings/", views.case_findings, name="case-findings"),
    path("cases/<str:number>/reply/", views.case_reply, name="case-reply"),
    path("cases/<str:number>/status/", views.case_status, name="case-status"),
    path("cases/<str:number>/incident/", views.case_incident, name="case-incident"),
    path("cases/<str:number>/request/", evidence_views.ask, name="evidence-ask"),
    path(
        "cases/<str:number>/request/<int:request_id>/withdraw/",
        evidence_views.withdraw,
        name="evidence-withdraw",
    ),
    path("cases/<str:number>/items/<int:item_id>/", evidence_views.settle, name="evidence-item"),
    path("cases/<str:number>/assign/", views.case_assign, name="case-assign"),
]
