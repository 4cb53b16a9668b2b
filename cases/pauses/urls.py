"""Addresses of pauses."""

from django.urls import path

from cases.pauses import views

ONE = "cases/<str:number>/suspension/<int:proposal_id>/"

urlpatterns = [
    path("cases/<str:number>/suspend/", views.suspend, name="suspend"),
    path("cases/<str:number>/suspension/", views.propose, name="suspension-propose"),
    path(f"{ONE}answer/", views.answer, name="suspension-answer"),
    path(f"{ONE}withdraw/", views.withdraw, name="suspension-withdraw"),
]
