"""Addresses of canned replies."""

from django.urls import path

from cases.canned_replies import views

urlpatterns = [
    path("canned-replies/", views.index, name="canned-replies"),
    path("canned-replies/new/", views.edit, name="canned-reply-new"),
    path("canned-replies/<int:reply_id>/", views.edit, name="canned-reply"),
    path("canned-replies/<int:reply_id>/delete/", views.delete, name="canned-reply-delete"),
]
