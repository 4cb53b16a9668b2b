"""What the page of a mail gives out: its files as downloads, its plain text, its header."""

from email import message_from_bytes
from email.message import EmailMessage
from typing import Any

import pytest
from django.core.mail import send_mail
from django.urls import reverse

from accounts.models import User
from cases.models import Case
from cases.services import post_message
from mail.outbound.outbox import enqueue
from mail.review import services
from mail.store.models import MailMessage
from tests.mail.mails import attach, deliver, letter, outgoing, read_all, send_all
from tests.people import reading_english, signed_in
from tests.world import body_of
from uploads.attachments import services as files
from uploads.bundles.models import Bundle
from uploads.custody.models import Access

PICTURE = b"\x89PNG\r\n\x1a\n" + bytes(100)
INVITATION = "BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nEND:VCALENDAR\r\n"


@pytest.fixture
def strangers(case: Case) -> MailMessage:
    message = attach(letter(case, results=None, Reply_To="Mallory <mallory@elsewhere.example>"))
    message.add_attachment(
        b"<script>alert(1)</script>", maintype="text", subtype="html", filename="page.html"
    )
    message.add_attachment(
        PICTURE, maintype="image", subtype="png", filename="screen.png", disposition="inline"
    )
    return deliver(message)


def file_of(mail: MailMessage, place: int) -> str:
    return reverse("mail-file", args=[mail.pk, place])


def test_files_of_a_stranger_are_downloads_and_nothing_else(strangers: MailMessage, jia: User) -> None:
    client = reading_english(jia)
    page = client.get(reverse("mail", args=[strangers.pk])).content.decode()
    expected = (
        ("system.log", b"a log"),
        ("page.html", b"<script>alert(1)</script>"),
        ("screen.png", PICTURE),
    )
    for place, (name, content) in enumerate(expected):
        assert f'href="{file_of(strangers, place)}" download>{name}<' in page
        answer: Any = client.get(file_of(strangers, place))
        assert b"".join(answer.streaming_content) == content
        assert answer["Content-Disposition"] == f'attachment; filename="{name}"'
        assert answer["Content-Type"] == "application/octet-stream"
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert answer["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert client.get(file_of(strangers, 3)).status_code == 404


def test_files_are_for_those_who_see_the_mail(
    strangers: MailMessage, case: Case, jia: User, alice: User, ding: User
) -> None:
    services.take_into(strangers, case, by=jia)
    for person, status in ((jia, 200), (alice, 404), (ding, 404)):
        assert signed_in(person).get(file_of(strangers, 0)).status_code == status
        assert signed_in(person).get(reverse("mail-text", args=[strangers.pk])).status_code == status


def test_who_opens_a_file_of_a_case_by_its_mail_is_told_to_the_customer(
    strangers: MailMessage, case: Case, jia: User
) -> None:
    signed_in(jia).get(file_of(strangers, 0))
    assert not Access.objects.exists(), "it is in no case yet"
    services.take_into(strangers, case, by=jia)
    read_all()
    for place in (0, 2):
        signed_in(jia).get(file_of(strangers, place))
    by_upload, by_entry = Access.objects.order_by("pk")
    assert by_upload.bundle == Bundle.objects.get(name="system.log")
    assert by_entry.attachment is not None and by_entry.attachment.name == "screen.png"


def test_files_of_ours_can_be_saved(case: Case, alice: User, jia: User) -> None:
    reply = post_message(case, by=jia, body="See.")
    files.attach(reply, name="a.png", content=PICTURE, content_type="image/png", by=jia)
    ours = enqueue(
        alice.email,
        kind="appointment",
        text=reply.body,
        person=alice,
        case=case,
        entry=reply,
        calendar=INVITATION,
    )
    send_all()
    client = reading_english(jia)
    page = client.get(reverse("mail", args=[ours.pk])).content.decode()
    assert ">invite.ics<" in page and ">a.png<" in page
    assert body_of(client.get(file_of(ours, 0))) == INVITATION
    assert client.get(file_of(ours, 1))["Content-Disposition"] == 'attachment; filename="a.png"'
    (access,) = Access.objects.all()
    assert access.attachment == reply.attachments.get()


def test_its_header_says_from_whom_where_an_answer_goes_and_who_has_copies(
    strangers: MailMessage, case: Case, alice: User, jia: User
) -> None:
    client = reading_english(jia)
    page = client.get(reverse("mail", args=[strangers.pk])).content.decode()
    assert "Mallory &lt;mallory@elsewhere.example&gt;" in page
    message = letter(case, results=None, Message_ID="<2@x>", Cc="王工 <wang@customer.example>")
    page = client.get(reverse("mail", args=[deliver(message).pk])).content.decode()
    assert "王工 &lt;wang@customer.example&gt;" in page
    ours = enqueue(alice.email, kind="reply", text="Hello.", person=alice, case=case)
    send_all()
    page = client.get(reverse("mail", args=[ours.pk])).content.decode()
    assert "<dt>From</dt>" in page and "<dt>Reply to</dt>" in page
    assert f"+{case.number.lower()}." in page


def test_the_plain_text_is_shown_on_request(case: Case, alice: User, jia: User) -> None:
    message = letter(case)
    message.set_content("In <plain> words.")
    message.add_alternative("<p>As a <b>page</b>.</p>", subtype="html")
    received = deliver(message)
    ours = enqueue(alice.email, kind="reply", text="Hello Alice.", person=alice, case=case)
    send_all()
    client = reading_english(jia)
    for mail, said in ((received, "In <plain> words."), (ours, "Hello Alice.")):
        address = reverse("mail-text", args=[mail.pk])
        assert f'src="{address}"' in client.get(reverse("mail", args=[mail.pk])).content.decode()
        answer = client.get(address)
        assert said in answer.content.decode() and "<p>" not in answer.content.decode()
        assert answer["Content-Type"] == "text/plain; charset=utf-8"
        assert (answer["X-Content-Type-Options"], answer["X-Frame-Options"]) == ("nosniff", "SAMEORIGIN")
        assert answer["Content-Security-Policy"].startswith("sandbox")


def test_a_mail_that_is_a_page_alone_says_so(case: Case, jia: User) -> None:
    message = EmailMessage()
    message["From"], message["Subject"] = "Chen <chen@partner.example>", "A page"
    message.set_content("<p>As a <b>page</b>.</p>", subtype="html")
    address = reverse("mail-text", args=[deliver(message).pk])
    assert reading_english(jia).get(address).content.decode() == "This mail has no plain text."


def test_neither_file_nor_text_holds_the_link_of_its_reader(case: Case, jia: User) -> None:
    link = (
        "https://support.vendor.example/mail/unsubscribe/WyJyZXBseSIsNV0:1xXjWe:r9_lVhIX9_i3NLKz00afWNDE6Y/"
    )
    message = letter(case, results=None)
    message.set_content(f"See {link}")
    message.add_alternative(f"<p>See {link}</p>", subtype="html")
    message.add_attachment(f"Saved: {link}", subtype="plain", filename="saved.txt")
    inner = letter(case, Subject="Inner")
    inner.set_content(f"See {link}")
    message.add_attachment(inner)
    mail = deliver(message)
    client = signed_in(jia)
    answers = [body_of(client.get(file_of(mail, place))) for place in (0, 1)]
    assert "Saved: " in answers[0] and "Inner" in answers[1]
    inner_text = message_from_bytes(answers[1].encode()).get_payload(decode=True)
    assert isinstance(inner_text, bytes)
    texts = [answers[0], inner_text.decode(), body_of(client.get(reverse("mail-text", args=[mail.pk])))]
    for text in texts:
        assert "https://support.vendor.example/mail/unsubscribe/" in text and "r9_lVhIX9" not in text


def test_a_sign_in_code_is_in_no_text_and_no_file(alice: User, root: User, settings: Any) -> None:
    settings.EMAIL_BACKEND = "mail.outbound.backend.EmailBackend"
    send_mail("Your code", "12345678", None, [alice.email])
    (mail,) = outgoing()
    client = signed_in(root)
    for name, args in (("mail-text", [mail.pk]), ("mail-file", [mail.pk, 0])):
        answer = client.get(reverse(name, args=args))
        assert answer.status_code == 422 and "12345678" not in body_of(answer)


def test_nobody_has_files_read_without_end(
    strangers: MailMessage, jia: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mail.review.views.MAX_PAGES_A_MINUTE", 2)
    client = signed_in(jia)
    assert [client.get(file_of(strangers, 0)).status_code for _ in range(3)] == [200, 200, 429]
