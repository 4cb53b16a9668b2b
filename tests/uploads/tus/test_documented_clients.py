"""The examples of docs/uploading.md do what they say, against a real web server."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest
import requests

from accounts import tokens
from accounts.models import User
from cases.models import Case
from tests.uploads.conftest import Web
from uploads.bundles.models import Bundle
from uploads.custody.agreements import agree
from uploads.transfer.models import Upload

PAGE = Path(__file__).parents[3] / "docs" / "uploading.md"
BODY = os.urandom(100_000)


def example(language: str, after: str) -> str:
    """The first block of that language after a heading or sentence."""
    block = re.search(rf"```{language}\n(.*?)```", PAGE.read_text("utf-8").partition(after)[2], re.DOTALL)
    assert block is not None
    return block[1]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with the example's file."""
    (tmp_path / "logs.zip").write_bytes(BODY)
    return tmp_path


def filled(code: str, web: Web, token: str, case: Case) -> str:
    """The example with this portal, token and case."""
    code = code.replace("https://portal.example.com", web.url).replace("CAS-03282-J6Y6M6", case.number)
    return code.replace("anj_…", token)


def arrived() -> None:
    upload = Upload.objects.get()
    assert Bundle.objects.get().upload == upload
    assert upload.staged.read_bytes() == BODY


def test_tuspy_uploads_with_a_token(
    web: Web, case: Case, alice: User, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    agree(alice, case)
    monkeypatch.chdir(folder)
    code = filled(example("python", "With `tuspy`"), web, tokens.make(alice, "")[1], case)
    exec(compile(code, str(PAGE), "exec"), {})
    arrived()


@pytest.mark.skipif(shutil.which("curl") is None, reason="no curl on this machine")
def test_curl_uploads_with_a_token(web: Web, case: Case, alice: User, folder: Path) -> None:
    agree(alice, case)
    code = filled(example("sh", "With curl"), web, tokens.make(alice, "")[1], case).replace(
        " token=", "\ntoken="
    )
    done = subprocess.run(["bash", "-e", "-c", code], cwd=folder, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    arrived()


def test_a_token_reads_the_api(web: Web, case: Case, alice: User) -> None:
    headers = {"Authorization": f"Bearer {tokens.make(alice, '')[1]}"}
    answer = requests.get(f"{web.url}/api/cases/", headers=headers, timeout=30)
    assert [row["number"] for row in answer.json()["results"]] == [case.number]
