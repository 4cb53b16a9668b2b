"""Addresses of the API, by room. A room's viewsets are registered with ``router``, or listed below."""

from django.urls import include, path
from rest_framework.routers import SimpleRouter

from accounts import schema  # noqa: F401  The API's description learns its doors by this import.
from analysis.api import ReportViewSet, RunViewSet
from cases.api import CaseViewSet, EventViewSet, MessageViewSet
from cases.corrections.api import CorrectionView
from cases.evidence_requests.api import ItemView, RequestsView, WithdrawView
from cases.outcomes.api import AgainView, OutcomeView, RatingView
from cases.pauses.api import ProposalAnswerView, ProposalView, SuspendView
from cases.relations.api import RelationsView, RelationView
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
    path("cases/<str:number>/correction", CorrectionView.as_view(), name="api-case-correction"),
    path("cases/<str:number>/outcome", OutcomeView.as_view(), name="api-case-outcome"),
    path("cases/<str:number>/again", AgainView.as_view(), name="api-case-again"),
    path("cases/<str:number>/rating", RatingView.as_view(), name="api-case-rating"),
    path("cases/<str:number>/suspension", SuspendView.as_view(), name="api-case-suspension"),
    path("cases/<str:number>/requests/", RequestsView.as_view(), name="api-case-requests"),
    path(
        "cases/<str:number>/requests/<int:request_id>/withdraw",
        WithdrawView.as_view(),
        name="api-case-request-withdraw",
    ),
    path("cases/<str:number>/items/<int:item_id>/", ItemView.as_view(), name="api-case-item"),
    path("cases/<str:number>/suspension/proposal", ProposalView.as_view(), name="api-case-proposal"),
    path(
        "cases/<str:number>/suspension/proposal/answer",
        ProposalAnswerView.as_view(),
        name="api-case-proposal-answer",
    ),
    path("cases/<str:number>/relations/", RelationsView.as_view(), name="api-case-relations"),
    path("cases/<str:number>/relations/<int:relation_id>/", RelationView.as_view(), name="api-case-relation"),
    path(
        "cases/<str:number>/messages/",
        MessageViewSet.as_view({"get": "list", "post": "create"}),
        name="api-case-messages",
    ),
    path("cases/<str:number>/events/", EventViewSet.as_view({"get": "list"}), name="api-case-events"),
    path("cases/<str:number>/bundles/", BundleViewSet.as_view({"get": "list"}), name="api-case-bundles"),
    path("bundles/<uuid:bundle_id>/", BundleViewSet.as_view({"get": "retrieve"}), name="api-bundle"),
    path("", include(router.urls)),
]
