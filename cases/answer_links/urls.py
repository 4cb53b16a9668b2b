"""The address of the links in mails."""

from django.urls import path

from cases.answer_links import views

urlpatterns = [path("answer/<str:token>/", views.answer, name="answer-link")]
