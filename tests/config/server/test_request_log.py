"""What the logs of requests keep of an address."""

import re

import pytest
from django.test import Client, RequestFactory

from config.server.request_log import QuietRequestMiddleware
from tests.routes import routes

SECRET = "S3cret-in-the-address"
NAMED = re.compile(r"<str:(?:token|secret|key|code)>|\(\?P<key>[^)]*\)")
"""How a route names what is a secret; what is a UUID is the name of a row."""
OTHERS = re.compile(r"<[^>]*>|\(\?P<\w+>[^)]*\)")


def addresses() -> dict[str, str]:
    """Of each route that has a secret in it an address."""
    with_secret = [route for route in routes() if NAMED.search(route)]
    return {
        route: "/" + re.sub(r"[\^$]", "", OTHERS.sub("1", NAMED.sub(SECRET, route))) for route in with_secret
    }


def logged(address: str) -> str:
    return QuietRequestMiddleware.format_request(RequestFactory().get(address))


@pytest.mark.parametrize(
    ("address", "kept"),
    [
        ("/uploads/link/s3cret", "/uploads/link/…"),
        ("/uploads/link/s3cret/code?x=1", "/uploads/link/…/code?x=1"),
        ("/accounts/password/reset/key/1-s3cret/", "/accounts/password/reset/key/…/"),
        ("/mail/unsubscribe/WyJjYyIsNV0:1xXjaS:r9lV/", "/mail/unsubscribe/…/"),
        ("/accounts/login/?next=/answer/s3cret/", "/accounts/login/?next=/answer/…/"),
        ("/cases/CAS-00001-ABCDEF/?page=2", "/cases/CAS-00001-ABCDEF/?page=2"),
    ],
)
def test_an_address_that_is_a_right_is_not_kept(address: str, kept: str) -> None:
    assert logged(address) == f"GET {kept}"


def test_nor_is_that_of_any_route_with_a_secret() -> None:
    found = addresses()
    assert {
        "answer/<str:token>/",
        "mail/unsubscribe/<str:token>/",
        "uploads/link/<str:secret>/code",
    } <= found.keys()
    assert [route for route, address in found.items() if SECRET in logged(address)] == []


@pytest.mark.django_db
def test_django_does_not_log_it_either_and_it_is_told_to_no_other_page(
    caplog: pytest.LogCaptureFixture,
) -> None:
    for address in ("/answer/S3cret-in-the-address/", "/mail/unsubscribe/S3cret-in-the-address/"):
        answer = Client().get(address)
        assert answer.status_code in {404, 410}
        assert (answer["Referrer-Policy"], answer["X-Robots-Tag"]) == ("strict-origin", "noindex, nofollow")
    told = [record.getMessage() for record in caplog.records if record.name == "django.request"]
    assert told == ["Gone: /answer/…/", "Not Found: /mail/unsubscribe/…/"]
    assert Client().get("/accounts/login/")["Referrer-Policy"] == "same-origin"
