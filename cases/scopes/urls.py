"""Addresses of scopes."""

from django.urls import path

from cases.scopes import views

urlpatterns = [
    path("cases/<str:number>/scope/", views.edit, name="scope-edit"),
    path("cases/<str:number>/scope/<int:scope_id>/answer/", views.answer, name="scope-answer"),
]
