"""Addresses of own reminders."""

from django.urls import path

from cases.own_reminders import views

urlpatterns = [
    path("cases/<str:number>/remind/", views.remind, name="own-reminder"),
    path(
        "cases/<str:number>/remind/<int:reminder_id>/withdraw/", views.withdraw, name="own-reminder-withdraw"
    ),
    path("cases/<str:number>/remind/<int:reminder_id>/undo/", views.undo, name="own-reminder-undo"),
]
