"""What is refused comes back with what was typed."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from accounts.models import User
from cases.appointments import services as appointments
from cases.appointments.models import Medium
from cases.errors import IllegalStatusChange
from cases.models import Case
from cases.outcomes import services as outcomes
from cases.scopes import services as scopes
from cases.status import CHANGES, Status
from tests.people import reading_english
from uploads.attachments.models import MessageAttachment

pytestmark = pytest.mark.django_db


def picture() -> SimpleUploadedFile:
    return SimpleUploadedFile("disk.png", b"\x89PNG\r\n\x1a\n" + b"0" * 50, content_type="image/png")


def test_the_reason_of_a_change_that_is_refused(case: Case, jia: User) -> None:
    browser, address = reading_english(jia), f"/cases/{case.number}/status/"
    long = "Because of the disk. " * 30
    refused = browser.post(address, {"change": "take_up", "reason": long})
    assert refused.status_code == 422 and long.strip() in refused.content.decode()
    case.change("close", by=jia, reason="Done.")
    refused = browser.post(address, {"change": "take_up", "reason": "Because of the disk"})
    page = refused.content.decode()
    assert refused.status_code == 409 and "Because of the disk" in page
    assert 'value="resume"' in page and 'value="take_up"' not in page


def test_the_words_of_a_rating_without_stars(case: Case, alice: User, jia: User) -> None:
    case.change("close", by=jia, reason="Done.")
    browser, address = reading_english(alice), f"/cases/{case.number}/rating/"
    refused = browser.post(address, {"words": "Quick and kind"})
    assert refused.status_code == 422 and "Quick and kind" in refused.content.decode()
    assert browser.post(address, {"words": "Quick and kind", "stars": "5"}).status_code == 302


def test_an_objection_to_a_scope_that_was_replaced(case: Case, alice: User, jia: User) -> None:
    old = scopes.draft(case, by=jia, problem="Old")
    scopes.send(old, by=jia)
    new = scopes.draft(case, by=jia, problem="New problem")
    scopes.send(new, by=jia)
    browser, words = reading_english(alice), "It is port 8, and since Tuesday"
    address = f"/cases/{case.number}/scope/{old.pk}/answer/"
    page = browser.post(address, {"answer": "object", "words": words}).content.decode()
    assert words in page and "New problem" in page
    assert f"/cases/{case.number}/scope/{new.pk}/answer/" in page


def test_a_colleagues_draft_of_a_scope_is_not_overwritten_unseen(case: Case, jia: User, yi: User) -> None:
    browser, address = reading_english(jia), f"/cases/{case.number}/scope/"
    seen = re.search(r'name="seen" value="([^"]+)"', browser.get(address).content.decode())
    assert seen is not None
    scopes.draft(case, by=yi, problem="Yi's careful text")
    typed = {"problem": "Jia's older text", "draft": "1", "seen": seen[1]}
    refused = browser.post(address, typed)
    page = refused.content.decode()
    assert refused.status_code == 409 and "older text" in page and "careful text" in page
    seen = re.search(r'name="seen" value="([^"]+)"', page)
    assert seen is not None
    assert browser.post(address, typed | {"seen": seen[1]}).status_code == 302
    assert case.scopes.get().problem == "Jia's older text"


def test_why_an_appointment_is_called_off_and_when_another_suits(case: Case, alice: User, jia: User) -> None:
    start = timezone.now() + timedelta(days=3)
    appointment = appointments.propose(case, by=jia, starts=[start], minutes=30, medium=Medium.PHONE)
    browser, address = reading_english(alice), f"/cases/{case.number}/appointments/{appointment.pk}/"
    long = "The plant is shut. " * 40
    refused = browser.post(f"{address}cancel/", {"reason": long})
    appointment.refresh_from_db()
    assert refused.status_code == 422 and long.strip() in refused.content.decode()
    assert appointment.state == "proposed"
    late = browser.post(f"{address}answer/", {"answer": "agree", "words": "Wednesday at ten"})
    assert late.status_code >= 400 and "Wednesday at ten" in late.content.decode()


def test_how_a_colleague_found_the_service_is_not_said_to_be_hers(
    case: Case, alice: User, bob: User, jia: User
) -> None:
    case.change("close", by=jia, reason="Done.")
    outcomes.rate(case, by=alice, stars=1, words="Slow")
    for reader, words in ((alice, "You gave 1 of 5"), (bob, "A colleague of yours")):
        page = reading_english(reader).get(case.get_absolute_url()).content.decode()
        assert words in page and ("You gave" in page) == (reader == alice)


def test_a_picture_alone_is_a_reply(case: Case, alice: User) -> None:
    browser, address = reading_english(alice), f"/cases/{case.number}/reply/"
    assert browser.post(address, {"body": "", "attachments": [picture()]}).status_code == 302
    assert MessageAttachment.objects.get().message.body == "disk.png"
    assert browser.post(address, {"body": " "}).status_code == 422


def test_a_reply_that_is_refused_leaves_no_bytes_and_says_so(
    case: Case, jia: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    def somebody_was_quicker(*_: Any, **__: Any) -> None:
        raise IllegalStatusChange(CHANGES["wait_for_customer"], Status.SUSPENDED)

    monkeypatch.setattr(Case, "wait_for_customer", somebody_was_quicker)
    facts = {"kind": "reply", "body": "See here", "then": "wait_for_customer", "attachments": [picture()]}
    refused = reading_english(jia).post(f"/cases/{case.number}/reply/", facts)
    page = refused.content.decode()
    assert refused.status_code == 409 and "See here" in page and "add your files again" in page
    storage, folder = MessageAttachment._meta.get_field("file").storage, f"attachments/{case.number}"
    assert not storage.exists(folder) or storage.listdir(folder) == ([], [])
