"""Addresses of the API, by room. A room's viewsets are registered with ``router``, or listed below."""

from django.urls import include, path
from rest_framework.routers import SimpleRouter

from accounts import schema  # noqa: F401  The API's description learns its doors by this import.
from analysis.api import ReportViewSet, RunViewSet
from cases.api import CaseViewSet, MessageViewSet
from uploads.bundles.api import BundleViewSet

router = SimpleRouter(use_regex_path=False)
router.register("runs", RunViewSet, "api-run")
router.register("reports", ReportViewSet, "api-report")

urlpatterns = [
    path("cases/", CaseViewSet.as_view({"get": "list", "post": "create"}), name="api-cases"),
    path(
        "cases/<str:number>/",
        CaseViewSet.as_view({"get": "retrieve", "patch": "partial_update"}),
        name="api-case",
    ),
    path("cases/<str:number>/status", CaseViewSet.as_view({"post": "change_status"}), name="api-case-status"),
    path(
        "cases/<str:number>/messages/",
        MessageViewSet.as_view({"get": "list", "post": "create"}),
        name="api-case-messages",
    ),
    path("cases/<str:number>/bundles/", BundleViewSet.as_view({"get": "list"}), name="api-case-bundles"),
    path("bundles/<uuid:bundle_id>/", BundleViewSet.as_view({"get": "retrieve"}), name="api-bundle"),
    path("", include(router.urls)),
]
