"""Addresses of notifications: what each person wants to be told, and the link that ends mails of a kind."""

from django.urls import path

from mail.notifications import views

urlpatterns = [
    path("notifications/", views.preferences, name="notifications"),
    path("unsubscribe/<str:token>/", views.unsubscribe, name="unsubscribe"),
    path("cases/<str:number>/follow/", views.follow, name="case-follow"),
    path("cases/<str:number>/cc/", views.add_cc, name="cc-add"),
    path("cases/<str:number>/cc/<int:cc_id>/remove/", views.remove_cc, name="cc-remove"),
]
