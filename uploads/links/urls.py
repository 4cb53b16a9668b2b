"""Addresses of upload links."""

from django.urls import path

from uploads.links import views

urlpatterns = [
    path("link/<str:secret>", views.page, name="upload-link"),
    path("link/<str:secret>/code", views.code, name="upload-link-code"),
    path("link/<str:secret>/consent", views.consent, name="upload-link-consent"),
    path("link/<str:secret>/unfinished", views.unfinished, name="upload-link-unfinished"),
    path("link/<str:secret>/<uuid:upload_id>/card", views.card, name="upload-link-card"),
    path("cases/<str:number>/links/", views.make, name="upload-link-make"),
    path("links/<uuid:link_id>/revoke", views.revoke, name="upload-link-revoke"),
]
