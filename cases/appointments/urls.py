"""Addresses of appointments."""

from django.urls import path

from cases.appointments import views

ONE = "cases/<str:number>/appointments/<int:appointment_id>/"

urlpatterns = [
    path("cases/<str:number>/appointments/", views.propose, name="appointment-propose"),
    path(f"{ONE}answer/", views.answer, name="appointment-answer"),
    path(f"{ONE}cancel/", views.cancel, name="appointment-cancel"),
    path(f"{ONE}calendar.ics", views.calendar, name="appointment-calendar"),
]
