"""Addresses of relations of cases."""

from django.urls import path

from cases.relations import views

urlpatterns = [
    path("cases/<str:number>/relations/", views.relate, name="relate"),
    path("cases/<str:number>/relations/<int:relation_id>/remove/", views.take_back, name="unrelate"),
]
