"""Clients that others wrote against the real server: tuspy, tus-js-client under Node; a proxy between."""

import json
import os
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
from tusclient.client import TusClient

from accounts import tokens
from accounts.models import User
from cases.models import Case
from launcher import assets
from launcher.parts import ROOT
from tests.uploads.conftest import Web
from tests.uploads.proxy import certificate, in_front_of
from tests.uploads.raw import session_headers
from uploads.bundles.models import Bundle
from uploads.bundles.sealing import seal
from uploads.custody.agreements import agree
from uploads.transfer.models import Concat, Upload

pytestmark = pytest.mark.django_db(transaction=True)

MIB = 2**20
BEHIND = {"ANJUAN_BEHIND_PROXY": "1", "ANJUAN_HTTPS": "1", "URL_PREFIX": "/support"}


@pytest.fixture
def big_file(tmp_path: Path) -> Path:
    file = tmp_path / "logs.zip"
    file.write_bytes(os.urandom(3 * MIB + 12345))
    return file


def tus_js(
    endpoint: str, user: User, case: Case, file: Path, trusted: Path | None = None, **more: Any
) -> Any:
    """What tests/uploads/tus.mjs tells."""
    options = {
        "endpoint": endpoint,
        "headers": session_headers(user) | {"Referer": endpoint, "Accept-Language": "en"},
        "file": str(file),
        "metadata": {"filename": file.name, "case": case.number},
        **more,
    }
    env = os.environ | ({"NODE_EXTRA_CA_CERTS": str(trusted)} if trusted else {})
    done = subprocess.run(
        [*assets.node()[0], ROOT / "tests" / "uploads" / "tus.mjs", json.dumps(options)],
        capture_output=True,
        text=True,
        timeout=120,
        env=env,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return json.loads(done.stdout)


def is_there(file: Path) -> bool:
    bundle = Bundle.objects.get()
    assert (bundle.name, bundle.size) == (file.name, file.stat().st_size)
    seal(bundle.pk)
    bundle.refresh_from_db()
    with bundle.file.open("rb") as sealed:
        assert sealed.read() == file.read_bytes()
    return True


def test_tus_js_client_uploads_parts_side_by_side(web: Web, alice: User, case: Case, big_file: Path) -> None:
    agree(alice, case)
    report = tus_js(
        f"{web.url}/uploads/tus/",
        alice,
        case,
        big_file,
        parallelUploads=3,
        metadataForPartialUploads={"case": case.number},
        chunkSize=MIB,
    )
    assert report.get("done"), report
    assert report["asked"].count("POST partial") == 3
    assert is_there(big_file)
    assert Upload.objects.filter(concat=Concat.FINAL).count() == 1


def test_tus_js_client_sends_bytes_with_the_creation(
    web: Web, alice: User, case: Case, big_file: Path
) -> None:
    agree(alice, case)
    endpoint = f"{web.url}/uploads/tus/"
    report = tus_js(endpoint, alice, case, big_file, uploadDataDuringCreation=True, chunkSize=4 * MIB)
    assert report.get("done"), report
    assert report["asked"] == ["POST"]
    assert is_there(big_file)


def test_tus_js_client_goes_on_where_it_stopped(web: Web, alice: User, case: Case, big_file: Path) -> None:
    agree(alice, case)
    endpoint = f"{web.url}/uploads/tus/"
    stopped = tus_js(endpoint, alice, case, big_file, chunkSize=MIB, stopAfter=2 * MIB)
    assert stopped["stopped"]
    report = tus_js(endpoint, alice, case, big_file, uploadUrl=stopped["url"])
    assert report.get("done"), report
    assert report["asked"] == ["HEAD", "PATCH"]
    assert is_there(big_file)


def test_tus_js_client_terminates(web: Web, alice: User, case: Case, big_file: Path) -> None:
    agree(alice, case)
    endpoint = f"{web.url}/uploads/tus/"
    report = tus_js(endpoint, alice, case, big_file, chunkSize=MIB, stopAfter=MIB, terminate=True)
    assert report["asked"][-1] == "DELETE"
    assert Upload.objects.get().gone_at is not None


@pytest.mark.parametrize("web", [BEHIND], indirect=True)
@pytest.mark.parametrize(("keeps_prefix", "buffers"), [(False, True), (True, False)])
def test_a_proxy_with_tls_and_a_prefix_is_no_obstacle(
    web: Web,
    alice: User,
    case: Case,
    big_file: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    keeps_prefix: bool,
    buffers: bool,
) -> None:
    agree(alice, case)
    pem = certificate(tmp_path)
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(pem))
    with in_front_of(web, pem, prefix="/support", keeps_prefix=keeps_prefix, buffers=buffers) as address:
        endpoint = f"{address}/uploads/tus/"
        headers = session_headers(alice) | {"Referer": endpoint}
        uploader = TusClient(endpoint, headers=headers).uploader(
            str(big_file), chunk_size=MIB, metadata={"filename": big_file.name, "case": case.number}
        )
        uploader.upload()
        assert uploader.url is not None and uploader.url.startswith(endpoint)
        assert is_there(big_file)
        Bundle.objects.all().delete()
        report = tus_js(endpoint, alice, case, big_file, pem, chunkSize=2 * MIB)
        assert report.get("done"), report
        assert report["url"].startswith(endpoint)
        assert is_there(big_file)


def test_the_example_of_the_documentation_works_as_it_stands(
    web: Web, alice: User, case: Case, big_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    agree(alice, case)
    page = (ROOT / "docs" / "uploading.md").read_text()
    example = next(
        block for block in re.findall(r"```python\n(.*?)```", page, re.DOTALL) if "TusClient" in block
    )
    for written, real in {
        "https://portal.example.com": web.url,
        "anj_…": tokens.make(alice, "for the example")[1],
        "CAS-03282-J6Y6M6": case.number,
    }.items():
        assert written in example
        example = example.replace(written, real)
    monkeypatch.chdir(big_file.parent)
    exec(compile(example, "docs/uploading.md", "exec"), {})
    assert is_there(big_file)
