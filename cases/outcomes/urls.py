"""Addresses of the answers to a result."""

from django.urls import path

from cases.outcomes import views

urlpatterns = [
    path("cases/<str:number>/outcome/", views.answer, name="outcome"),
    path("cases/<str:number>/outcome/record/", views.record, name="outcome-record"),
    path("cases/<str:number>/outcome/said/", views.said, name="outcome-said"),
    path("cases/<str:number>/again/", views.again, name="came-back"),
    path("cases/<str:number>/rating/", views.rate, name="rating"),
]
