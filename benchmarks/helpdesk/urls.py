"""The addresses that its mails point to."""

from django.urls import include, path

urlpatterns = [path("", include("helpdesk.urls"))]
