"""Nobody is mailed: no worker sends what these tests would write over weeks of theirs."""

import pytest


@pytest.fixture(autouse=True)
def notifications(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mail.notifications.receivers.tell", lambda activity: None)
