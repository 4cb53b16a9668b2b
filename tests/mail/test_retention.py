"""The raw sources of mails go with the uploads of their case; what was said stays."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core.files.storage import default_storage
from django.utils import timezone

from accounts.models import User
from cases.models import Case
from mail import retention
from mail.errors import SourceGone
from mail.store.models import MailMessage, MailState
from mail.store.sources import source_of
from tests.mail.mails import HERE, bodies, deliver, letter
from uploads.custody import legal_holds


@pytest.fixture(autouse=True)
def _mail_server(settings: Any) -> None:
    settings.MAIL_AUTHSERV_ID = HERE


def gone(mail: MailMessage) -> bool:
    mail.refresh_from_db()
    return not mail.source


def test_the_source_of_a_mail_goes_when_the_days_of_its_case_are_over(case: Case, max_: User) -> None:
    mail = deliver(letter(case))
    file = mail.source
    case.close(by=None)
    legal_holds.place(case, by=max_, reason="A dispute")
    with time_machine.travel(timezone.now() + timedelta(days=89)):
        assert retention.sweep() == 0
    with time_machine.travel(timezone.now() + timedelta(days=91)):
        assert retention.sweep() == 0, "a legal hold keeps it"
        legal_holds.lift(case, by=max_, reason="Settled")
        assert retention.sweep() == 1
        assert retention.sweep() == 0
    assert gone(mail) and not default_storage.exists(file)
    assert bodies(case) == ["Here are the logs."]
    with pytest.raises(SourceGone):
        source_of(mail)


def test_what_nobody_needs_is_kept_for_a_while_and_what_waits_until_somebody_decides(case: Case) -> None:
    robot = deliver(letter(case, Auto_Submitted="auto-replied"))
    parked = deliver(letter(case, results=None, Message_ID="<2@x>"))
    assert (robot.state, parked.state) == (MailState.SET_ASIDE, MailState.PARKED)
    with time_machine.travel(timezone.now() + timedelta(days=91)):
        retention.sweep()
    assert gone(robot) and robot.preview == ""
    assert not gone(parked)
