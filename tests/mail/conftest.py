"""Mails of these tests are their own, and read without a process for each; ``tests/mail/reading`` tries the
sandbox."""

import pytest


@pytest.fixture(autouse=True)
def _no_sandbox(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    if request.path.parent.name == "reading":
        return  # It runs where no portal is set up.
    from mail.inbound import services as inbound
    from mail.reading.html.shown import shown_page
    from mail.reading.message import read_mail
    from mail.review import services as review

    monkeypatch.setattr(inbound, "read_in_sandbox", lambda raw, spare: read_mail(raw))
    monkeypatch.setattr(review, "read_in_sandbox", read_mail)
    monkeypatch.setattr(review, "shown_in_sandbox", lambda raw: shown_page(read_mail(raw)))


@pytest.fixture(autouse=True)
def notifications(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody is told of anything by itself: these tests look at the mails that they put or bring themselves.
    ``tests/mail/notifications/`` has them on."""
    monkeypatch.setattr("mail.notifications.receivers.tell", lambda activity: None)
