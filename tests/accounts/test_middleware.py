"""A refusal is answered once, in the reader's own language."""

from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client, override_settings
from django.urls import path
from django.utils.translation import get_language

from accounts.errors import NotAllowed
from accounts.models import User
from tests.people import signed_in


def refuse(request: HttpRequest) -> HttpResponse:
    raise NotAllowed()


def language(request: HttpRequest) -> HttpResponse:
    return HttpResponse(get_language() or "")


urlpatterns = [path("refuse", refuse), path("api/refuse", refuse), path("language", language)]
here = override_settings(ROOT_URLCONF=__name__, LANGUAGE_CODE="en")
SENTENCE = "You may not do this. Ask the engineer of the case or an administrator."


@here
def test_programs_get_the_code_and_the_sentence() -> None:
    for address, accept in (("/api/refuse", "*/*"), ("/refuse", "application/json")):
        answer = Client().get(address, headers={"Accept": accept, "Accept-Language": "en"})
        assert answer.status_code == 403
        assert answer.json() == {"error": {"code": "not-allowed", "message": SENTENCE}}


@here
def test_a_part_of_a_page_gets_the_sentence_alone() -> None:
    answer = Client().get("/refuse", headers={"HX-Request": "true", "Accept-Language": "en"})
    assert (answer.status_code, answer.content.decode()) == (403, SENTENCE)


@pytest.mark.django_db
def test_a_browser_gets_a_page_with_the_sentence(alice: User) -> None:
    User.objects.filter(pk=alice.pk).update(language="en")
    from django.test import RequestFactory

    from accounts.middleware import RefusalMiddleware

    request: Any = RequestFactory().get("/refuse", headers={"Accept": "text/html"})
    request.user = alice
    request.session = {}
    answer = RefusalMiddleware(language).process_exception(request, NotAllowed())
    assert answer is not None
    assert answer.status_code == 403
    assert RefusalMiddleware(language).process_exception(request, ValueError()) is None


@pytest.mark.django_db
@here
def test_a_signed_in_person_reads_her_own_language(alice: User) -> None:
    User.objects.filter(pk=alice.pk).update(language="en")
    client = signed_in(alice)
    client.cookies["django_language"] = "zh-hans"
    assert client.get("/language", headers={"Accept-Language": "zh-hans"}).content == b"en"


@pytest.mark.django_db
def test_the_language_switch_is_kept_with_the_person(alice: User) -> None:
    assert alice.language == "zh-hans"
    signed_in(alice).post("/i18n/setlang/", {"language": "en"})
    alice.refresh_from_db()
    assert alice.language == "en"
    signed_in(alice).post("/i18n/setlang/", {"language": "xx"})
    alice.refresh_from_db()
    assert alice.language == "en"


def test_a_visitor_uses_the_switch_as_well() -> None:
    client = Client()
    client.post("/i18n/setlang/", {"language": "en"})
    assert client.cookies["django_language"].value == "en"


@here
def test_no_proxy_keeps_what_a_signed_in_person_reads(alice: User) -> None:
    answer = signed_in(alice).get("/language")
    assert answer.headers["Cache-Control"] == "private"
    assert "Cookie" in answer.headers["Vary"]
    assert "Cache-Control" not in Client().get("/language").headers


@pytest.mark.django_db
def test_a_live_part_is_told_that_nobody_is_signed_in_any_more() -> None:
    answer = Client().get("/cases/CAS-00001-AAAAAA/live/", headers={"HX-Request": "true"})
    assert (answer.status_code, answer["HX-Trigger"]) == (401, "signed-out")


@pytest.mark.django_db
@pytest.mark.parametrize(
    "came, goes_to",
    [
        ("http://testserver/cases/CAS-00001-AAAAAA/", "/cases/CAS-00001-AAAAAA/"),
        ("https://elsewhere.example/cases/", "/"),
        ("", "/"),
    ],
)
def test_a_form_sent_after_the_session_ended_leads_back_to_its_page(came: str, goes_to: str) -> None:
    answer = Client().post("/cases/CAS-00001-AAAAAA/reply/", {"body": "x"}, headers={"Referer": came})
    assert answer.status_code == 302
    assert parse_qs(urlsplit(answer["Location"]).query) == {"next": [goes_to]}
