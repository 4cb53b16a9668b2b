"""Addresses of the steps of an advice."""

from django.urls import path

from analysis.advice import views

urlpatterns = [
    path("<str:number>/report/<int:version>/steps/<int:step>/", views.step_tick, name="step-tick"),
]
