"""Addresses of the upload panel and of bundles."""

from django.urls import path

from uploads.bundles import views

urlpatterns = [
    path("cases/<str:number>/panel", views.panel, name="upload-panel"),
    path("cases/<str:number>/unfinished", views.unfinished, name="upload-unfinished"),
    path("<uuid:upload_id>/card", views.card_of_upload, name="upload-card"),
    path("bundles/<uuid:bundle_id>/card", views.card, name="bundle-card"),
    path("bundles/<uuid:bundle_id>/file", views.file, name="bundle-file"),
]
