"""Addresses of this room."""

from django.urls import path

from uploads import consent_views, link_views, tus, views
from uploads.collector import views as collector_views

urlpatterns = [
    path("tus/", tus.collection, name="tus"),
    path("tus/<uuid:upload_id>", tus.upload, name="tus-upload"),
    path("link/<str:secret>", link_views.page, name="upload-link"),
    path("link/<str:secret>/code", link_views.code, name="upload-link-code"),
    path("link/<str:secret>/consent", link_views.consent, name="upload-link-consent"),
    path("link/<str:secret>/unfinished", link_views.unfinished, name="upload-link-unfinished"),
    path("link/<str:secret>/<uuid:upload_id>/card", link_views.card, name="upload-link-card"),
    path("cases/<str:number>/links/", link_views.make, name="upload-link-make"),
    path("links/<uuid:link_id>/revoke", link_views.revoke, name="upload-link-revoke"),
    path("link-consent", collector_views.agree, name="upload-link-agree"),
    path("cases/<str:number>/collector/", collector_views.setup, name="collector-setup"),
    path("cases/<str:number>/collector.zip", collector_views.download, name="collector-download"),
    path("privacy", views.privacy, name="privacy"),
    path("privacy/<str:version>", views.privacy_version, name="privacy-version"),
    path("consents/", consent_views.own, name="consents"),
    path("consents/<int:consent_id>/withdraw", consent_views.withdraw, name="consent-withdraw"),
    path("cases/<str:number>/custody", views.custody, name="custody"),
    path("cases/<str:number>/hold", views.hold, name="legal-hold"),
    path("cases/<str:number>/consent", views.consent, name="upload-consent"),
    path("cases/<str:number>/panel", views.panel, name="upload-panel"),
    path("cases/<str:number>/unfinished", views.unfinished, name="upload-unfinished"),
    path("<uuid:upload_id>/card", views.card_of_upload, name="upload-card"),
    path("bundles/<uuid:bundle_id>/card", views.card, name="bundle-card"),
    path("bundles/<uuid:bundle_id>/file", views.file, name="bundle-file"),
]
