"""Addresses of agreements, custody and legal holds."""

from django.urls import path

from uploads.custody import views

urlpatterns = [
    path("privacy", views.privacy, name="privacy"),
    path("privacy/<str:version>", views.privacy_version, name="privacy-version"),
    path("consents/", views.own, name="consents"),
    path("consents/<int:consent_id>/withdraw", views.withdraw, name="consent-withdraw"),
    path("cases/<str:number>/custody", views.custody, name="custody"),
    path("cases/<str:number>/hold", views.hold, name="legal-hold"),
    path("cases/<str:number>/consent", views.consent, name="upload-consent"),
]
