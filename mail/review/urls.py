"""Addresses of the mails."""

from django.urls import path

from mail.review import views

urlpatterns = [
    path("", views.review, name="mail-review"),
    path("senders/aside/", views.aside_all, name="mail-aside-all"),
    path("senders/<int:pk>/undo/", views.undo_all, name="mail-undo-all"),
    path("<uuid:key>/", views.mail_page, name="mail"),
    path("<uuid:key>/html/", views.mail_html, name="mail-html"),
    path("<uuid:key>/text/", views.mail_text, name="mail-text"),
    path("<uuid:key>/files/<int:place>/", views.mail_file, name="mail-file"),
    path("<uuid:key>/source/", views.mail_source, name="mail-source"),
    path("<uuid:key>/case/", views.into_case, name="mail-into-case"),
    path("<uuid:key>/new-case/", views.into_new_case, name="mail-into-new-case"),
    path("<uuid:key>/put-off/", views.put_off, name="mail-put-off"),
    path("<uuid:key>/aside/", views.decide, {"decision": "aside"}, name="mail-aside"),
    path("<uuid:key>/again/", views.decide, {"decision": "read-again"}, name="mail-read-again"),
    path("<uuid:key>/settle/", views.decide, {"decision": "settle"}, name="mail-settle"),
    path("<uuid:key>/send-again/", views.decide, {"decision": "send-again"}, name="mail-send-again"),
    path("decisions/<int:pk>/undo/", views.undo, name="mail-undo"),
]
