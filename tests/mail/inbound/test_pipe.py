"""The pipe, and the folder of earlier versions."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from accounts.models import User
from cases.models import Case
from mail.inbound import unsorted
from mail.store.models import MailMessage, MailState
from tests.mail.mails import HERE, attach, bodies, letter, read_all
from uploads.bundles.models import Bundle
from uploads.custody.agreements import agree

ROOT = Path(__file__).resolve().parents[3]
STORED, NOT_TAKEN, LATER = 0, 65, 75


def test_mails_that_earlier_versions_kept_as_files_are_taken_over(
    case: Case, settings: Any, tmp_path: Path
) -> None:
    settings.ANJUAN_HOME = tmp_path
    folder = settings.ANJUAN_HOME / "mail-in" / "unsorted"
    folder.mkdir(parents=True)
    (folder / "20260101T000000Z-0123456789abcdef.eml").write_bytes(bytes(letter(case)))
    assert unsorted.adopt() == 1
    read_all()
    assert bodies(case) == ["Here are the logs."]
    assert not list(folder.iterdir())


@pytest.mark.django_db(transaction=True)
def test_the_command_reads_standard_input(case: Case, alice: User, settings: Any) -> None:
    agree(alice, case)
    base, _, _ = os.environ["DATABASE_URL"].rpartition("/")
    env = os.environ | {
        "DATABASE_URL": f"{base}/{connection.settings_dict['NAME']}",
        "MAIL_AUTHSERV_ID": HERE,
    }

    said: list[bytes] = []

    def command(raw: bytes, **more: str) -> int:
        call = [sys.executable, "manage.py", "receive_mail"]
        done = subprocess.run(call, cwd=ROOT, env=env | more, input=raw, capture_output=True)
        assert b"Traceback" not in done.stderr, done.stderr
        said.append(done.stdout)
        return done.returncode

    assert command(bytes(attach(letter(case)))) == STORED
    assert MailMessage.objects.get().state == MailState.RECEIVED
    read_all()
    assert Bundle.objects.get().name == "system.log"
    assert command(b"") == NOT_TAKEN
    assert command(bytes(letter(case)), DATABASE_URL=f"{base}/nowhere") == LATER
    too_large = bytes(attach(letter(case), b"x" * 3 * 2**20))
    limit = {"MAIL_MAX_SIZE": str(2 * 2**20), "PORTAL_URL": "https://portal.example"}
    assert command(too_large, **limit) == NOT_TAKEN
    told = b"Mails of up to 2.0 MB are taken: please upload large files on https://portal.example instead\n"
    assert said[-1] == told
    assert MailMessage.objects.count() == 1
