"""Addresses for load balancers and containers."""

from django.urls import path

from config import health

urlpatterns = [
    path("live", health.live, name="health-live"),
    path("ready", health.ready, name="health-ready"),
]
