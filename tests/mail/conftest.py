"""What all tests of mails share."""

import pytest

from mail.reading.message import read_mail


@pytest.fixture(autouse=True)
def _read_here(monkeypatch: pytest.MonkeyPatch) -> None:
    """Mails are read in this process: a sandbox for each would cost a second. Its own tests take one."""
    monkeypatch.setattr("mail.inbound.services.read_in_sandbox", read_mail)
