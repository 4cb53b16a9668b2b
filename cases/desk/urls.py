"""Addresses of the desks."""

from django.urls import path

from cases.desk import views

urlpatterns = [
    path("", views.home, name="home"),
    path("cases/", views.case_list, name="case-list"),
    path("cases/search/", views.search, name="search"),
]
