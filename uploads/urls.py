"""Addresses of this room."""

from django.urls import path

from uploads import tus, views

urlpatterns = [
    path("tus/", tus.collection, name="tus"),
    path("tus/<uuid:upload_id>", tus.upload, name="tus-upload"),
    path("privacy", views.privacy, name="privacy"),
    path("cases/<str:number>/consent", views.consent, name="upload-consent"),
    path("cases/<str:number>/panel", views.panel, name="upload-panel"),
    path("cases/<str:number>/unfinished", views.unfinished, name="upload-unfinished"),
    path("<uuid:upload_id>/card", views.card_of_upload, name="upload-card"),
    path("bundles/<uuid:bundle_id>/card", views.card, name="bundle-card"),
    path("bundles/<uuid:bundle_id>/file", views.file, name="bundle-file"),
]
