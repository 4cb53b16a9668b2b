"""The broker is down: uploads are taken all the same, and sealed when it is back."""

import os
import time
from io import BytesIO

import pytest

from accounts.models import User
from cases.models import Case
from launcher import ports
from tests.uploads.conftest import Web
from tests.uploads.raw import answer, begin_patch, begun, session_headers
from uploads.bundles.models import Bundle, BundleState
from uploads.transfer.writing import append

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("web", [{"REDIS_URL": f"redis://127.0.0.1:{ports.free_port()}/0"}], indirect=True)
def test_an_upload_completes_without_the_broker(web: Web, alice: User, case: Case) -> None:
    body = os.urandom(100_000)
    upload = begun(alice, case, len(body))
    append(upload, BytesIO(body[:50_000]), 0)
    began = time.monotonic()
    connection = begin_patch(web, session_headers(alice), upload, 50_000, 50_000)
    connection.sendall(body[50_000:])
    assert answer(connection).startswith("HTTP/1.1 204")
    assert time.monotonic() - began < 30
    assert Bundle.objects.get().state == BundleState.SEALING
