"""Addresses of evidence requests."""

from django.urls import path

from cases.evidence_requests import views

urlpatterns = [
    path("cases/<str:number>/request/", views.ask, name="evidence-ask"),
    path("cases/<str:number>/request/<int:request_id>/withdraw/", views.withdraw, name="evidence-withdraw"),
    path("cases/<str:number>/items/<int:item_id>/", views.settle, name="evidence-item"),
    path("cases/<str:number>/items/<int:item_id>/cannot/", views.cannot_send, name="evidence-cannot"),
]
