"""A mail as it was laid out: to whom it is shown, and what of it."""

from base64 import b64encode
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
from tests.mail.mails import PROVEN, deliver, letter, send_all
from tests.people import reading_english, signed_in
from uploads.attachments import services as files


def test_sent_mails_stand_as_their_readers_see_them(
    case: Case, alice: User, jia: User, root: User, settings: Any
) -> None:
    settings.EMAIL_BACKEND = "mail.outbound.backend.EmailBackend"
    ours = enqueue(alice.email, kind="reply", text="您好，日志已收到。", person=alice, case=case)
    send_all()
    listed = reading_english(jia).get(f"{reverse('mail-review')}?show=sent").content.decode()
    assert reverse("mail-html", args=[ours.pk]) in listed and "Alice" in listed
    page = signed_in(jia).get(reverse("mail-html", args=[ours.pk]))
    assert "您好，日志已收到。" in page.content.decode()
    assert page["Content-Security-Policy"].startswith("sandbox allow-popups")
    assert page["X-Frame-Options"] == "SAMEORIGIN"
    send_mail("Your code", "12345678", None, [alice.email])
    for person, is_told in ((jia, False), (root, True)):
        listed = reading_english(person).get(f"{reverse('mail-review')}?show=sent").content.decode()
        assert ("Your code" in listed) is is_told


def test_pictures_of_a_sent_mail_stand_in_its_page(case: Case, alice: User, jia: User) -> None:
    picture = b"\x89PNG\r\n\x1a\n" + bytes(100)
    reply = post_message(case, by=jia, body='See <img src="cid:x">')
    files.attach(reply, name="a.png", content=picture, content_type="image/png", by=jia)
    ours = enqueue(alice.email, kind="reply", text=reply.body, person=alice, case=case, entry=reply)
    send_all()
    page = signed_in(jia).get(reverse("mail-html", args=[ours.pk])).content.decode()
    assert f'src="data:image/png;base64,{b64encode(picture).decode()}"' in page
    assert page.count("cid:") == page.count("&quot;cid:x&quot;") == 1


def test_a_strangers_page_is_cleaned(case: Case, jia: User) -> None:
    message = letter(case, results=None)
    message.add_alternative(
        '<p onclick="x()">Here are the logs. Hi<script>bad()</script><img src="https://evil.example/t.gif"></p>',
        subtype="html",
    )
    mail = deliver(message)
    page = signed_in(jia).get(reverse("mail-html", args=[mail.pk])).content.decode()
    assert "Hi" in page
    assert "script" not in page and "onclick" not in page and "evil.example" not in page
    assert "张外部图片未加载" in page


def test_a_page_shows_its_own_pictures_within_a_frame_that_fetches_nothing(case: Case, jia: User) -> None:
    message = letter(case)
    message.add_alternative('<p>See <img src="cid:a@x"> <img src="cid:b@x"></p>', subtype="html")
    picture = b"\x89PNG\r\n\x1a\n" + bytes(100)
    page = message.get_body(("html",))
    assert isinstance(page, EmailMessage)
    page.add_related(picture, "image", "png", cid="<a@x>")
    page.add_related(b"<svg onload='x()'/>", "image", "svg+xml", cid="<b@x>")
    mail = deliver(message)
    answer = signed_in(jia).get(reverse("mail-html", args=[mail.pk]))
    assert f'src="data:image/png;base64,{b64encode(picture).decode()}"' in answer.content.decode()
    assert "svg" not in answer.content.decode() and "cid:" not in answer.content.decode()


def test_a_customer_sees_a_mail_of_her_side_as_it_was_laid_out(
    case: Case, alice: User, bob: User, charlie: User, jia: User
) -> None:
    message = letter(case)
    message.set_content("See http://testserver/answer/WyJyZXN1:klm/ for it.")
    message.add_alternative(
        '<p>See <b>it</b> <a href="https://safe.example/?url=http%3A%2F%2Ftestserver%2Fanswer%2FWyJyZXN1%3Aklm%2F">here</a>'
        '<img src="https://evil.example/t.gif"></p>',
        subtype="html",
    )
    mail = deliver(message)
    address = reverse("mail-html", args=[mail.pk])
    assert f'src="{address}"' in reading_english(bob).get(case.get_absolute_url()).content.decode()
    answer = signed_in(bob).get(address)
    page = answer.content.decode()
    assert answer["Content-Security-Policy"].startswith("sandbox allow-popups") and "<b>it</b>" in page
    assert "WyJyZXN1" not in page and "evil.example" not in page
    assert signed_in(charlie).get(address).status_code == 404
    assert signed_in(alice).get(reverse("mail-source", args=[mail.pk])).status_code == 404


def test_nobody_has_pages_read_without_end(case: Case, alice: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mail.review.views.MAX_PAGES_A_MINUTE", 2)
    message = letter(case)
    message.add_alternative("<p>Here are the <b>logs</b>.</p>", subtype="html")
    address = reverse("mail-html", args=[deliver(message).pk])
    client = signed_in(alice)
    assert [client.get(address).status_code for _ in range(3)] == [200, 200, 429]


def test_a_customer_is_not_shown_the_pages_of_others_or_of_what_she_does_not_read(
    case: Case, alice: User, jia: User
) -> None:
    unproven = letter(case, results=None, Message_ID="<unproven@x>")
    vendors = PROVEN.replace("customer.example", "vendor.example")
    engineers = letter(case, results=vendors, From=f"Jia <{jia.email}>", Message_ID="<engineer@x>")
    mails = []
    for number, message in enumerate((unproven, engineers)):
        message.set_content(f"Words {number}")
        message.add_alternative(f"<p>Words {number}, and more</p>", subtype="html")
        mails.append(deliver(message))
    services.take_into(mails[0], case, by=jia)
    page = reading_english(alice).get(case.get_absolute_url()).content.decode()
    assert "Words 0" in page and "Words 1" in page
    for mail in mails:
        address = reverse("mail-html", args=[mail.pk])
        assert address not in page and signed_in(alice).get(address).status_code == 404
        assert signed_in(jia).get(address).status_code == 200
