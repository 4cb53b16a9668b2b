"""Files of a reply: whoever reads the entry sees them, nobody else; they go when the uploads go."""

from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from accounts.errors import NotAllowed
from accounts.models import User
from analysis.runs.models import AnalysisRun
from cases.models import Case, Message, MessageKind
from cases.services import post_message
from tests.people import reading_english, signed_in
from uploads import sweep as sweeping
from uploads.attachments import services
from uploads.attachments.errors import AttachmentTooLarge, EmptyAttachment, TooManyAttachments
from uploads.attachments.models import MessageAttachment
from uploads.attachments.pictures import picture_type
from uploads.attachments.services import attach
from uploads.bundles.models import Bundle, ScanState
from uploads.bundles.scanning import NoVerdict, Verdict
from uploads.custody import consents, legal_holds
from uploads.custody.accesses import seen_by
from uploads.custody.agreements import agree
from uploads.custody.models import Access, Deletion, DeletionNotice

pytestmark = pytest.mark.django_db

PNG = b"\x89PNG\r\n\x1a\n" + bytes(40)


@pytest.fixture(autouse=True)
def folder(settings: Any, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.UPLOAD_STAGING = tmp_path / "staging"
    return tmp_path / "media"


@pytest.fixture
def reply(case: Case, alice: User) -> Message:
    return post_message(case, by=alice, body="See the picture")


def shot(message: Message, by: User | None, **facts: Any) -> MessageAttachment:
    return attach(message, **({"name": "a.png", "content": PNG, "content_type": "image/png"} | facts), by=by)


def fetched(who: User, attachment: MessageAttachment) -> Any:
    answer: Any = signed_in(who).get(attachment.get_absolute_url())
    answer.body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return answer


@pytest.mark.parametrize(
    ("head", "media_type"),
    [
        (PNG, "image/png"),
        (b"\xff\xd8\xff\xe0", "image/jpeg"),
        (b"GIF89a", "image/gif"),
        (b"RIFF\x10\0\0\0WEBPVP8 ", "image/webp"),
        (b"RIFF\x10\0\0\0WAVEfmt ", ""),
        (b"<svg xmlns='http://www.w3.org/2000/svg'>", ""),
        (b"BM\x36", ""),
        (b"", ""),
    ],
)
def test_a_picture_is_told_by_its_first_bytes(head: bytes, media_type: str) -> None:
    assert picture_type(head) == media_type


def test_files_of_a_reply_are_kept_with_it_and_are_no_upload(case: Case, alice: User, jia: User) -> None:
    files = [
        SimpleUploadedFile("屏幕截图.png", PNG, "image/png"),
        SimpleUploadedFile("../../notes.txt", b"what I did", "text/plain"),
    ]
    answer = signed_in(alice).post(
        f"/cases/{case.number}/reply/", {"body": "Look at this", "attachments": files}, follow=True
    )
    picture, text = MessageAttachment.objects.order_by("size").reverse()
    assert picture.message.body == "Look at this" and picture.attached_by == alice
    assert (picture.name, picture.content_type, picture.size) == ("屏幕截图.png", "image/png", len(PNG))
    assert (text.name, text.content_type) == ("notes.txt", "text/plain")
    page = answer.content.decode()
    assert f'<img src="{picture.get_absolute_url()}" alt="屏幕截图.png"' in page
    assert f'<a href="{text.get_absolute_url()}" download>notes.txt</a>' in page
    assert not Bundle.objects.exists() and not AnalysisRun.objects.exists()
    shown = signed_in(jia).get(f"/api/cases/{case.number}/messages/").json()["results"][-1]["attachments"]
    assert [(file["name"], file["size"]) for file in shown] == [("屏幕截图.png", 48), ("notes.txt", 10)]
    assert shown[0]["url"] == picture.get_absolute_url()


@pytest.mark.parametrize("name", ["System.evtx", "LOGS.ZIP", "memory.dmp"])
def test_a_log_is_sent_to_the_upload_and_the_text_stays_in_its_box(
    case: Case, alice: User, folder: Path, name: str
) -> None:
    files = [SimpleUploadedFile("a.png", PNG, "image/png"), SimpleUploadedFile(name, b"ElfFile\0", "x/y")]
    answer = reading_english(alice).post(
        f"/cases/{case.number}/reply/", {"body": "My long text", "attachments": files}
    )
    page = answer.content.decode()
    assert answer.status_code == 400 and "My long text" in page
    assert f"“{name}” is a log or an archive. Use “Upload files” for it" in page
    assert not Message.objects.filter(body="My long text").exists()
    assert not MessageAttachment.objects.exists() and not list(folder.rglob("*.*"))


def test_a_picture_is_shown_and_another_file_is_never_opened_as_a_page(reply: Message, alice: User) -> None:
    page = b"<script>alert(1)</script>"
    picture = fetched(alice, shot(reply, alice))
    assert picture.body == PNG
    assert (picture["Content-Type"], picture["Content-Disposition"]) == (
        "image/png",
        'inline; filename="a.png"',
    )
    # Whatever is declared, what is no picture is a download of no type.
    for content_type in ("image/png", "text/html", "image/svg+xml", "a" * 500, "x\r\ny: z"):
        other = shot(reply, alice, name="page.html", content=page, content_type=content_type)
        answer = fetched(alice, other)
        assert answer.body == page and answer["Content-Type"] == "application/octet-stream"
        assert answer["Content-Disposition"].startswith("attachment")
        assert not other.is_picture
    for served in (picture, answer):
        assert served["X-Content-Type-Options"] == "nosniff"
        assert served["Content-Security-Policy"] == "sandbox; default-src 'none'"
        assert served["Cache-Control"] == "private, no-store"


def test_who_reads_the_entry_opens_its_files_and_nobody_else(
    case: Case, alice: User, bob: User, charlie: User, jia: User, ding: User, max_: User, reply: Message
) -> None:
    note = post_message(case, by=jia, body="Between us", kind=MessageKind.NOTE)
    of_reply, of_note = shot(reply, alice), shot(note, jia)
    for who, reply_status, note_status in (
        (alice, 200, 404),
        (bob, 200, 404),
        (jia, 200, 200),
        (max_, 200, 200),
        (charlie, 404, 404),
        (ding, 404, 404),
    ):
        assert fetched(who, of_reply).status_code == reply_status, who
        assert fetched(who, of_note).status_code == note_status, who
    assert of_note.get_absolute_url() not in signed_in(alice).get(f"/cases/{case.number}/").content.decode()


def test_only_the_author_and_the_portal_attach_to_an_entry(reply: Message, bob: User, jia: User) -> None:
    for who in (bob, jia):
        with pytest.raises(NotAllowed):
            shot(reply, who)
    by_mail = shot(reply, None, content=BytesIO(PNG), content_id="<ii_k3x@mail.example>")
    assert (by_mail.attached_by, by_mail.content_id) == (None, "ii_k3x@mail.example")


def test_size_and_number_are_bounded(
    reply: Message, alice: User, monkeypatch: pytest.MonkeyPatch, folder: Path
) -> None:
    monkeypatch.setattr(services, "MAX_BYTES", 50)
    with pytest.raises(AttachmentTooLarge):
        shot(reply, alice, content=bytes(51))
    with pytest.raises(EmptyAttachment):
        shot(reply, alice, content=b"")
    assert not folder.exists()
    monkeypatch.setattr(services, "MAX_ATTACHMENTS", 2)
    shot(reply, alice)
    shot(reply, alice)
    with pytest.raises(TooManyAttachments):
        shot(reply, alice)


def test_custody_records_who_opened_what_pictures_once_an_hour(
    case: Case, reply: Message, alice: User, jia: User
) -> None:
    picture, text = shot(reply, alice), shot(reply, alice, name="a.txt", content=b"text")
    for _ in range(3):
        fetched(jia, picture)
        fetched(jia, text)
    assert Access.objects.filter(attachment=picture).count() == 1
    assert Access.objects.filter(attachment=text).count() == 3
    (jias_day,) = seen_by(case)
    assert jias_day.person == jia and len(jias_day.acts) == 1


def test_they_are_deleted_with_the_uploads_and_the_certificate_names_them(
    case: Case, reply: Message, alice: User, jia: User, max_: User, folder: Path
) -> None:
    attachment = shot(reply, alice)
    case.change("close", by=jia, reason="Done.")
    now = timezone.now()
    told: dict[str, Any] = {"case": case, "closed_at": case.closed_at, "deletes_at": now, "told_at": now}
    DeletionNotice.objects.create(**told)
    legal_holds.place(case, by=max_, reason="A dispute")
    sweeping.sweep()
    assert fetched(jia, attachment).status_code == 200
    legal_holds.lift(case, by=max_, reason="Settled")
    DeletionNotice.objects.create(**told)
    sweeping.sweep()
    attachment.refresh_from_db()
    assert not attachment.file and not list(folder.rglob(str(attachment.pk)))
    deletion = Deletion.objects.get()
    assert deletion.message is not None and attachment.sha256 in deletion.message.body
    for who in (alice, jia):
        assert fetched(who, attachment).status_code == 404
        page = reading_english(who).get(f"/cases/{case.number}/").content.decode()
        assert "<span>a.png</span>" in page and f'src="{attachment.get_absolute_url()}"' not in page


def test_a_closed_case_with_a_picture_alone_has_its_day_announced(
    case: Case, reply: Message, alice: User, jia: User
) -> None:
    shot(reply, alice)
    case.change("close", by=jia, reason="Done.")
    Case.objects.update(closed_at=timezone.now() - timedelta(days=4000))
    sweeping.sweep()
    assert DeletionNotice.objects.filter(case=case).exists()


def test_what_was_attached_under_a_withdrawn_agreement_goes(
    case: Case, reply: Message, alice: User, jia: User
) -> None:
    before, consent = shot(reply, alice), agree(alice, case)
    under_it = shot(reply, alice)
    consents.withdraw(consent, by=alice)
    sweeping.sweep()
    assert [fetched(jia, attachment).status_code for attachment in (before, under_it)] == [200, 404]


def test_what_the_scanner_has_not_cleared_is_the_vendors_alone(
    reply: Message, alice: User, jia: User, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.CLAMD = "/nowhere"
    attachment = shot(reply, alice)

    def statuses() -> list[int]:
        return [fetched(who, attachment).status_code for who in (alice, jia)]

    def verdict(state: ScanState) -> None:
        monkeypatch.setattr(services, "scan", lambda content, place: Verdict(state))

    def no_verdict(content: Any, place: str) -> Verdict:
        raise NoVerdict

    assert statuses() == [404, 200]
    monkeypatch.setattr(services, "scan", no_verdict)
    sweeping.sweep()
    assert statuses() == [404, 200], "without a verdict it waits on"
    verdict(ScanState.CLEAN)
    sweeping.sweep()
    assert statuses() == [200, 200]
    MessageAttachment.objects.update(scan_state=ScanState.WAITING)
    verdict(ScanState.INFECTED)
    sweeping.sweep()
    assert statuses() == [404, 200]
