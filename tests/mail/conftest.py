"""Mails of these tests are their own, read in process and told to nobody."""

import pytest


@pytest.fixture(autouse=True)
def _no_sandbox(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    if request.path.parent.name == "reading":
        return  # It runs where no portal is set up.
    from tests.mail.in_process import read_in_process

    read_in_process(monkeypatch)


@pytest.fixture(autouse=True)
def notifications(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody is told of anything by itself: these tests look at the mails that they put or bring themselves.
    ``tests/mail/notifications/`` has them on."""
    monkeypatch.setattr("mail.notifications.receivers.tell", lambda activity: None)
