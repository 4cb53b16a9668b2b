"""Bundles in a real S3 server process: sealed and analysed by a real worker, read back, deleted."""

import hashlib
import os
import sys
import urllib.request
import zipfile
from collections.abc import Iterator
from io import BytesIO
from typing import Any

import boto3
import pytest
from pytest_django import Settings

from accounts.models import User
from analysis.runs.models import AnalysisRun
from cases.models import Case
from config.object_storage import s3_storage
from jobs.models import JobState
from launcher import ports, process
from tests.people import signed_in
from tests.processes import Running, wait_until
from tests.uploads.raw import complete
from tests.uploads.time_travel import closed
from uploads.bundles.models import BundleState

pytestmark = pytest.mark.django_db(transaction=True)

BUCKET = "bundles"


def zipped(size: int) -> bytes:
    """A bundle that one part of a multipart upload does not hold."""
    made = BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr("dump.bin", os.urandom(size))
    return made.getvalue()


CONTENT = zipped(20 * 2**20)


@pytest.fixture(scope="module")
def endpoint(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of an S3 server, a process of its own."""
    port = ports.free_port()
    log = tmp_path_factory.mktemp("s3") / "s3.log"
    command = (sys.executable, "-m", "moto.server", "-H", ports.LOOPBACK, "-p", str(port))
    child = process.start(command, env=os.environ, log=log, cwd=log.parent)
    try:
        wait_until(lambda: "Running on" in log.read_text(), message="the S3 server does not start")
        yield f"http://{ports.LOOPBACK}:{port}"
    finally:
        process.stop(child)


@pytest.fixture
def bucket(endpoint: str, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Any:
    """An empty bucket, in which this process and every one that it starts keeps bundles."""
    for name, value in (
        ("S3_BUCKET", BUCKET),
        ("S3_ENDPOINT", endpoint),
        ("S3_REGION", "us-east-1"),
        ("S3_ACCESS_KEY", "key"),
        ("S3_SECRET_KEY", "secret"),
    ):
        monkeypatch.setenv(name, value)
    settings.STORAGES = settings.STORAGES | {"default": s3_storage()}
    service = boto3.resource(
        "s3",
        endpoint_url=endpoint,
        region_name="us-east-1",
        aws_access_key_id="key",
        aws_secret_access_key="secret",
    )
    made = service.Bucket(BUCKET)
    made.create()
    made.objects.delete()
    return made


def test_a_worker_seals_into_the_bucket_and_analyses_from_it(
    bucket: Any, worker: Running, alice: User, case: Case, settings: Settings
) -> None:
    bundle = complete(alice, case, CONTENT)
    run = wait_until(lambda: AnalysisRun.objects.filter(state=JobState.DONE).first())
    assert run is not None and run.document is not None
    bundle.refresh_from_db()
    assert bundle.state == BundleState.SEALED
    assert bundle.sha256 == run.document["source"]["sha256"] == hashlib.sha256(CONTENT).hexdigest()
    (stored,) = bucket.objects.filter(Prefix="bundles/")
    assert stored.key == bundle.file.name
    # In parts: the object's tag says of how many it was put together.
    assert stored.e_tag.strip('"').partition("-")[2] == "3"
    assert bundle.upload is not None and not bundle.upload.staged.exists()

    answer: Any = signed_in(alice).get(f"/uploads/bundles/{bundle.pk}/file")
    assert b"".join(answer.streaming_content) == CONTENT

    settings.SENDFILE = "s3"
    sent_on: Any = signed_in(alice).get(f"/uploads/bundles/{bundle.pk}/file")
    assert sent_on.status_code == 302
    assert "X-Amz-Signature" in sent_on["Location"] and "X-Amz-Expires=300" in sent_on["Location"]
    with urllib.request.urlopen(sent_on["Location"]) as given:
        assert given.read() == CONTENT
        assert given.headers["Content-Type"] == "application/octet-stream"
        assert given.headers["Content-Disposition"].startswith("attachment")

    closed(case, 91)
    assert list(bucket.objects.filter(Prefix="bundles/")) == []
