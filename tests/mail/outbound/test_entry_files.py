"""The pictures and files of an entry go along with the mail that tells of it."""

from datetime import timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any

import pytest
from django.core import mail as django_mail
from django.utils import timezone

from accounts.models import User
from cases.models import Case, Message
from cases.services import post_message
from mail.errors import MailRefused
from mail.inbound import services
from mail.notifications.models import CaseCc
from mail.notifications.telling import tell
from mail.outbound import entry_files, transport
from mail.outbound.models import MailSettings
from mail.outbound.outbox import enqueue
from mail.reading.message import read_mail
from mail.store.models import MailState
from mail.store.reasons import NotSent
from mail.store.sources import source_of
from tests.mail.bodies import bodies_of, text_of
from tests.mail.mails import HERE, deliver, last_to, letter, outgoing, send_all
from tests.mail.tnef_files import winmail
from uploads.attachments.models import MessageAttachment
from uploads.attachments.services import attach
from uploads.bundles.models import ScanState
from uploads.signals import attachment_deleted

pytestmark = pytest.mark.django_db

PNG = b"\x89PNG\r\n\x1a\n" + b"a screenshot"
PDF = b"%PDF-1.7 the steps\r\n"


@pytest.fixture(autouse=True)
def _told(case: Case, monkeypatch: pytest.MonkeyPatch, settings: Any) -> None:
    """Notifications are on once the case is there."""
    settings.MAIL_AUTHSERV_ID = HERE
    monkeypatch.setattr("mail.notifications.receivers.tell", tell)
    settings.PORTAL_URL = "https://portal.example"
    settings.MAIL_TRANSPORT = "django.core.mail.backends.locmem.EmailBackend"


@pytest.fixture
def answer(case: Case, jia: User) -> Message:
    entry = post_message(case, by=jia, body="请按下面的截图操作。")
    attach(entry, name="截图 1.png", content=PNG, content_type="image/png", by=jia)
    attach(entry, name="步骤.pdf", content=PDF, content_type="application/pdf", by=jia)
    return entry


def mailed_to(address: str) -> EmailMessage:
    """The newest mail to this address, as it was sent."""
    mail = last_to(address)
    assert (mail.state, mail.detail) == (MailState.SENT, "")
    return message_from_bytes(source_of(mail), policy=default)


def test_a_screenshot_stands_in_the_mail_and_a_file_is_attached(answer: Message, alice: User) -> None:
    send_all()
    message = mailed_to(alice.email)
    plain, page = bodies_of(message)
    assert "截图 1.png" in plain and "步骤.pdf" in plain
    content = read_mail(message.as_bytes())
    (picture,), (file,) = content.pictures, content.attachments
    assert (picture.name, picture.content) == ("截图 1.png", PNG)
    assert f"cid:{picture.content_id}" in page
    assert (file.name, file.content, file.media_type) == ("步骤.pdf", PDF, "application/pdf")
    assert "https://portal.example/attachments" not in plain + page


@pytest.mark.parametrize(
    ("name", "declared"),
    [
        ("hotfix.bin.asc", "application/pgp-signature"),
        ("a.p7s", "application/pkcs7-signature"),
        ("smime.p7m", "application/pkcs7-mime"),
        ("winmail.dat", "application/octet-stream"),
        ("a.eml", "message/rfc822"),
        ("drawing.svg", "image/svg+xml"),
    ],
)
def test_a_file_goes_along_closed_whatever_it_is_called(
    case: Case, jia: User, alice: User, name: str, declared: str
) -> None:
    entry = post_message(case, by=jia, body="请安装附件。")
    attach(entry, name=name, content=winmail(), content_type=declared, by=jia)
    send_all()
    (file,) = mailed_to(alice.email).iter_attachments()
    assert (file.get_filename(), file.get_content_type()) == (name, "application/octet-stream")
    assert file.get_content() == winmail()


def test_no_worker_unpacks_what_goes_along(
    case: Case, jia: User, alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[bytes] = []
    monkeypatch.setattr("mail.reading.mime.tnef.unpacked", opened.append)
    entry = post_message(case, by=jia, body="请安装附件。")
    attach(entry, name="winmail.dat", content=winmail(), content_type="application/ms-tnef", by=jia)
    send_all()
    assert mailed_to(alice.email) and opened == []


def test_what_is_too_large_for_a_mail_is_named_with_its_address(answer: Message, alice: User) -> None:
    MailSettings.objects.create(pk=1, attach_up_to_mib=0)
    send_all()
    message = mailed_to(alice.email)
    assert not list(message.iter_attachments()) and b"image/png" not in message.as_bytes()
    for attachment in MessageAttachment.objects.all():
        for text in bodies_of(message):
            assert attachment.name in text
            assert f"https://portal.example{attachment.get_absolute_url()}" in text


def test_what_the_server_finds_too_large_goes_as_an_address(
    answer: Message, alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    sending = transport.sending

    def refuses(raw: bytes, address: str) -> Any:
        if len(raw) > 1_000 and b"image/png" in raw:
            raise MailRefused("552 too large", too_large=True)
        return sending(raw, address)

    monkeypatch.setattr(transport, "sending", refuses)
    send_all()
    send_all()
    first, second = [mail for mail in outgoing() if mail.address == alice.email]
    assert (first.state, first.reason) == (MailState.WITHHELD, NotSent.TOO_LARGE)
    assert (second.state, len(django_mail.outbox)) == (MailState.SENT, 1)


def test_a_copy_carries_them_too(case: Case, jia: User, alice: User) -> None:
    CaseCc.objects.create(case=case, address="site@plant.example", added_by=jia, added_at=timezone.now())
    entry = post_message(case, by=jia, body="请看附件。")
    attach(entry, name="步骤.pdf", content=PDF, content_type="application/pdf", by=jia)
    send_all()
    (file,) = mailed_to("site@plant.example").iter_attachments()
    assert file.get_filename() == "步骤.pdf"


def test_whoever_may_not_open_a_file_gets_no_byte_of_it(answer: Message, alice: User) -> None:
    MessageAttachment.objects.filter(name="步骤.pdf").update(scan_state=ScanState.INFECTED)
    send_all()
    message = mailed_to(alice.email)
    assert not list(message.iter_attachments()) and "步骤.pdf" in text_of(message)
    assert "/attachments/" not in text_of(message), "the address would open nothing"


def test_the_file_of_an_internal_note_is_in_no_mail_of_a_customer(case: Case, jia: User, alice: User) -> None:
    note = post_message(case, by=jia, body="内部：见截图。", internal=True)
    attach(note, name="a.png", content=PNG, content_type="image/png", by=jia)
    for person, address in ((alice, alice.email), (None, "site@plant.example")):
        enqueue(address, kind="reply", text="请稍候。", person=person, case=case, entry=note)
    send_all()
    for address in (alice.email, "site@plant.example"):
        message = mailed_to(address)
        assert b"image/png" not in message.as_bytes() and "a.png" not in "".join(bodies_of(message))


def test_a_mail_waits_for_the_scanner_and_not_for_ever(
    answer: Message, alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    MessageAttachment.objects.update(scan_state=ScanState.WAITING)
    send_all()
    assert not django_mail.outbox
    monkeypatch.setattr(entry_files, "MAX_WAIT", timedelta(0))
    send_all()
    message = mailed_to(alice.email)
    assert b"image/png" not in message.as_bytes() and "截图 1.png" in text_of(message)


def with_picture(case: Case, number: int) -> bytes:
    """Alice's mail with a picture within its text."""
    message = letter(case, Message_ID=f"<{number}@customer.example>")
    message.set_content(f"See the picture, {number}")
    page = f"<p>See the picture, {number}: <img src='cid:p1'></p>"
    message.add_alternative(page, subtype="html")
    part = message.get_body(("html",))
    assert part is not None
    part.add_related(PNG, "image", "png", cid="<p1>", filename="err.png")
    return bytes(message)


def test_a_picture_of_a_customers_mail_reaches_the_engineers_and_a_logo_once(
    case: Case, jia: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        # The worker of the outbox is quicker than the one that stores the files.
        patch.setattr("mail.inbound.services.finish", lambda mail, content: None)
        received = deliver(with_picture(case, 1))
        send_all()
        assert not django_mail.outbox
    services.finish(received, read_mail(source_of(received)))
    send_all()
    (picture,) = read_mail(mailed_to(jia.email).as_bytes()).pictures
    assert (picture.name, picture.content) == ("err.png", PNG)
    deliver(with_picture(case, 2))
    send_all()
    again = mailed_to(jia.email)
    assert "See the picture, 2" in text_of(again) and b"image/png" not in again.as_bytes()


def test_a_file_that_is_deleted_goes_from_the_mails_that_took_it_along(answer: Message, alice: User) -> None:
    send_all()
    (mail,) = [mail for mail in outgoing() if mail.address == alice.email]
    attachment_deleted.send(sender=MessageAttachment, attachment=MessageAttachment.objects.all()[0])
    mail.refresh_from_db()
    assert mail.source == ""
