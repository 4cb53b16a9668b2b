"""The address of attachments."""

from django.urls import path

from uploads.attachments import views

urlpatterns = [path("attachments/<uuid:attachment_id>", views.attachment, name="attachment")]
