"""What the log of requests keeps of an address."""

import pytest
from django.test import RequestFactory

from config.server.request_log import QuietRequestMiddleware


@pytest.mark.parametrize(
    ("address", "logged"),
    [
        ("/uploads/link/s3cret", "/uploads/link/…"),
        ("/uploads/link/s3cret/code?x=1", "/uploads/link/…/code?x=1"),
        ("/accounts/password/reset/key/1-s3cret/", "/accounts/password/reset/key/…/"),
        ("/cases/CAS-00001-ABCDEF/?page=2", "/cases/CAS-00001-ABCDEF/?page=2"),
    ],
)
def test_an_address_that_is_a_right_is_not_kept(address: str, logged: str) -> None:
    assert QuietRequestMiddleware.format_request(RequestFactory().get(address)) == f"GET {logged}"
