"""The raw sources of mails go with the uploads of their case; what was said stays."""

from datetime import timedelta
from smtplib import SMTPServerDisconnected
from typing import Any

import pytest
import time_machine
from django.core.files.storage import default_storage
from django.core.mail.backends import locmem
from django.utils import timezone

from accounts.models import User
from cases.models import Case
from mail import retention
from mail.errors import SourceGone
from mail.inbound.storing import store_raw
from mail.outbound.outbox import enqueue
from mail.review import services
from mail.store import sources
from mail.store.models import MailMessage, MailState
from mail.store.sources import source_of
from tests.mail.mails import HERE, attach, bodies, deliver, letter, read_all, send_all
from uploads.bundles.models import Bundle, BundleState
from uploads.custody import legal_holds
from uploads.custody import retention as custody
from uploads.custody.agreements import agree
from uploads.custody.models import Consent


@pytest.fixture(autouse=True)
def _mail_server(settings: Any) -> None:
    settings.MAIL_AUTHSERV_ID = HERE


def gone(mail: MailMessage) -> bool:
    mail.refresh_from_db()
    return not mail.source


def test_the_source_of_a_mail_goes_when_the_days_of_its_case_are_over(case: Case, max_: User) -> None:
    mail = deliver(letter(case))
    file = mail.source
    case.change_status("close", by=None, reason="", at=timezone.now())
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


def test_what_a_colleague_put_off_is_kept_and_what_she_set_aside_for_a_while_from_then_on(
    case: Case, jia: User
) -> None:
    put_off = deliver(letter(case, results=None))
    late = deliver(letter(case, results=None, Message_ID="<2@x>"))
    began = timezone.now()
    services.put_off(put_off, began + timedelta(days=300), by=jia)
    with time_machine.travel(began + timedelta(days=100)):
        services.set_aside(late, by=jia)
        retention.sweep()
        assert not gone(late), "she may take it back"
    with time_machine.travel(began + timedelta(days=189)):
        retention.sweep()
        assert not gone(late)
    with time_machine.travel(began + timedelta(days=191)):
        retention.sweep()
        assert gone(late) and late.preview == ""
        assert not gone(put_off) and put_off.preview == "Here are the logs."


def test_bytes_that_are_deleted_do_not_come_back_with_the_same_mail(case: Case) -> None:
    raw = bytes(letter(case))
    mail = deliver(raw)
    file = mail.source
    sources.delete(mail)
    assert store_raw(raw, way="imap").pk == mail.pk
    assert gone(mail) and not default_storage.exists(file)


def test_a_mail_that_waits_to_be_sent_keeps_its_bytes(
    case: Case, alice: User, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.MAIL_TRANSPORT = "django.core.mail.backends.locmem.EmailBackend"
    case.change_status("close", by=None, reason="", at=timezone.now())
    with time_machine.travel(timezone.now() + timedelta(days=91)):
        mail = enqueue(
            alice.email, person=alice, case=case, kind="reply", text="Hello Alice,\n\none more word."
        )
        with monkeypatch.context() as down:
            down.setattr(locmem.EmailBackend, "send_messages", breaks_down)
            send_all()
        assert retention.sweep() == 0
        send_all()
        mail.refresh_from_db()
        assert mail.state == MailState.SENT
        assert retention.sweep() == 1
    assert gone(mail) and "text" not in mail.facts


def breaks_down(*_: object) -> None:
    raise SMTPServerDisconnected("421 later")


def test_a_mail_whose_files_have_not_all_come_keeps_its_bytes(
    case: Case, alice: User, settings: Any, tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.UPLOAD_STAGING = tmp_path / "staging"
    with monkeypatch.context() as full:
        full.setattr("mail.inbound.attachments.take", lambda *_: (_ for _ in ()).throw(OSError("no space")))
        mail = deliver(attach(letter(case)))
    case.change_status("close", by=None, reason="", at=timezone.now())
    with time_machine.travel(timezone.now() + timedelta(days=91)):
        retention.sweep()
        assert not gone(mail)
        read_all()
        retention.sweep()
    assert gone(mail) and (mail.state, len(mail.attachments)) == (MailState.TAKEN, 1)


def test_a_digest_is_kept_no_longer_than_what_nobody_needs(jia: User) -> None:
    mail = enqueue(jia.email, person=jia, kind="digest", subject="2 pieces of news", text="much of two cases")
    send_all()
    with time_machine.travel(timezone.now() + timedelta(days=89)):
        retention.sweep()
        assert not gone(mail)
    with time_machine.travel(timezone.now() + timedelta(days=91)):
        retention.sweep()
    assert gone(mail) and "two cases" not in str(mail.facts) and mail.subject == ""


@pytest.mark.parametrize("name", ["system.log", "screen.png"])
def test_a_file_whose_agreement_is_withdrawn_is_in_no_raw_mail_either(
    case: Case, alice: User, settings: Any, tmp_path: Any, name: str
) -> None:
    settings.UPLOAD_STAGING = tmp_path / "staging"
    agree(alice, case)
    content = b"\x89PNG\r\n\x1a\n" + bytes(100) if name.endswith(".png") else b"a log"
    mail = deliver(attach(letter(case), content, name))
    file = mail.source
    Bundle.objects.update(state=BundleState.SEALED)
    Consent.objects.update(withdrawn_at=timezone.now())
    deletion = custody.begin_deletion_of_withdrawn(case)
    assert deletion is not None and default_storage.exists(file)
    custody.carry_out(deletion)
    assert gone(mail) and not default_storage.exists(file)
    assert bodies(case) == ["Here are the logs."]
