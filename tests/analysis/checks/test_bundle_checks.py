"""The check of an upload: what its sender is told within seconds, and how the case moves on by it."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from accounts.models import User
from analysis.checks import services as bundle_checks
from analysis.receivers import queue_its_check
from analysis.runs import passwords
from analysis.runs import services as runs
from analysis.tasks import analyze_bundle
from cases.evidence_requests import services as evidence_requests
from cases.evidence_requests.models import EvidenceItem, EvidenceRequest, ItemState
from cases.models import Case
from cases.status import Status
from demo.evtx import spoil
from demo.evtx.writer import write_log
from engine.artifacts import State
from engine.schema.document import ArtifactEntry
from engine.text import text
from jobs.models import JobState
from tests.activity import listening
from tests.analysis import bundles
from tests.analysis.checks.checking import DUMPS, HAPPENED, SYSTEM, ask, card_text, checked, zipped
from tests.analysis.documents import result_document
from tests.engine import archive_writers as writers
from tests.people import signed_in
from uploads.bundles.models import Bundle, BundleCheck


@pytest.fixture(autouse=True)
def home(settings: Any, tmp_path: Path) -> None:
    settings.ANJUAN_HOME = tmp_path / "home"
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.mark.django_db
def test_without_a_request_the_facts_are_told(case: Case, alice: User, tmp_path: Path) -> None:
    check = checked(case, alice, zipped(System__evtx=bundles.log(tmp_path), note__txt=b"hello"))
    card = card_text(alice, check)
    assert "It has arrived. Read: 1 event log with 8 event records in all." in card
    assert "System" in card and "2020-11-24 08:59 (UTC+08:00)" in card and "8 records" in card
    assert "Still missing" not in card and "covers the time" not in card
    assert case.status == Status.ANALYSING


@pytest.mark.django_db
def test_two_uploads_together_bring_what_was_asked_for(
    case: Case, alice: User, jia: User, tmp_path: Path
) -> None:
    ask(case, jia)
    first = checked(case, alice, bundles.log(tmp_path), "System.evtx")
    card = card_text(alice, first)
    assert "1 of 2 items" in card and "Still missing:" in card and "Minidumps" in card
    assert "covers the time when it happened" in card
    # The analysis is queued all the same; the case still waits for the rest, and no clock runs.
    assert (case.status, case.next_due_at) == (Status.WAITING, None)
    assert runs.bundle_runs(first.bundle).get().state == JobState.QUEUED

    second = checked(case, alice, zipped(**{"112420-1.dmp": b"MDMP"}), "dumps.zip")
    assert "Everything asked for has arrived." in card_text(alice, second)
    assert "Still missing" not in card_text(alice, first)
    assert case.status == Status.ANALYSING and case.next_due_at is not None
    assert evidence_requests.open_request(case) is None


@pytest.mark.django_db
@pytest.mark.parametrize("asked_since", [False, True], ids=["result-sent", "asked-for-more"])
def test_what_could_not_be_sent_counts_when_a_later_upload_brings_it(
    case: Case, alice: User, jia: User, tmp_path: Path, asked_since: bool
) -> None:
    ask(case, jia)
    dumps = EvidenceItem.objects.get(kind="dump")
    evidence_requests.settle(dumps, ItemState.UNAVAILABLE, by=alice, reason="Not at hand")
    if asked_since:
        checked(case, alice, bundles.log(tmp_path), "System.evtx")
        ask(case, jia, ("log", "Application"))
    else:
        case.send_result(by=jia)
    checked(case, alice, zipped(**{"112420-1.dmp": b"MDMP"}), "dumps.zip")
    dumps.refresh_from_db()
    assert (dumps.state, dumps.found) == (ItemState.ARRIVED, "112420-1.dmp")
    assert case.status == (Status.WAITING if asked_since else Status.ANALYSING)


@pytest.mark.django_db
def test_that_it_can_be_had_after_all_is_said_once_of_a_request_that_was_changed(
    case: Case, alice: User, jia: User
) -> None:
    ask(case, jia)
    dumps = EvidenceItem.objects.get(kind="dump")
    evidence_requests.settle(dumps, ItemState.UNAVAILABLE, by=alice, reason="Not at hand")
    ask(case, jia, SYSTEM, DUMPS, ("msinfo", ""))
    case.send_result(by=jia)
    checked(case, alice, zipped(**{"112420-1.dmp": b"MDMP"}), "dumps.zip")
    copies = EvidenceItem.objects.filter(kind="dump").values_list("state", "found")
    assert list(copies) == [(ItemState.ARRIVED, "112420-1.dmp")] * 2
    assert case.events.filter(reason="What could not be sent can be had after all.").count() == 1


@pytest.mark.django_db
def test_a_log_that_begins_too_late_is_there_and_will_not_do(
    case: Case, alice: User, jia: User, tmp_path: Path
) -> None:
    ask(case, jia, SYSTEM)
    case.incident_at = HAPPENED - timedelta(days=30)
    case.save(update_fields=["incident_at"])
    check = checked(case, alice, bundles.log(tmp_path), "System.evtx")
    card = card_text(alice, check)
    assert "“System.evtx” begins on 2020-11-24 08:59 (UTC+08:00), after it happened" in card
    assert "Archive-" in card, "and what to do"
    assert case.status == Status.WAITING


@pytest.mark.django_db
def test_the_same_file_again_is_recognised(case: Case, alice: User, jia: User, tmp_path: Path) -> None:
    content = bundles.log(tmp_path)
    first = checked(case, alice, content, "first.evtx")
    Bundle.objects.filter(pk=first.bundle_id).update(received_at=timezone.now() - timedelta(days=1))
    again = checked(case, alice, content, "again.evtx")
    assert "Byte for byte the file that arrived as “first.evtx”" in card_text(alice, again)
    case.end_analysis(by=None)
    ask(case, jia, SYSTEM)
    packed = checked(case, alice, zipped(**{"Log/System.evtx": content}), "packed.zip")
    card = card_text(alice, packed)
    assert "byte for byte a file that you had sent before" in card and "Collect it once more" in card
    assert case.status == Status.WAITING


@pytest.mark.django_db
def test_a_cut_log_and_an_empty_one_are_told_with_what_to_do(
    case: Case, alice: User, jia: User, tmp_path: Path
) -> None:
    ask(case, jia, SYSTEM, ("log", "Application"))
    file = tmp_path / "cut.evtx"
    file.write_bytes(bundles.log(tmp_path, 500))
    spoil.truncate(file, 1, extra=9)
    write_log(tmp_path / "empty.evtx", iter(()))
    empty = (tmp_path / "empty.evtx").read_bytes()
    content = zipped(**{"System.evtx": file.read_bytes(), "Application.evtx": empty, "Setup.evtx": b"no log"})
    card = card_text(alice, checked(case, alice, content))
    assert "cut off at the end" in card and "export it again and upload it as well" in card
    assert "“Application.evtx” holds no event." in card
    assert "“Setup.evtx” could not be read as it should be." in card
    assert "1 of 2 items" in card


@pytest.mark.django_db
@pytest.mark.parametrize("damage", ["cut", "encrypted"])
def test_an_archive_that_cannot_be_read_is_told(
    case: Case, alice: User, jia: User, tmp_path: Path, damage: str
) -> None:
    ask(case, jia, SYSTEM)
    content = bytearray(zipped(**{"System.evtx": bundles.log(tmp_path)}))
    if damage == "cut":
        del content[len(content) // 2 :]
    else:
        for magic, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
            content[content.index(magic) + flags] |= 1
    check = checked(case, alice, bytes(content))
    card = card_text(alice, check)
    assert "it could be read only as far as this" in card or "was not read" in card, card
    assert "please look at this" in card and "Still missing" in card
    assert case.status == Status.WAITING


@pytest.mark.django_db
def test_a_bundle_that_came_before_the_request_does_not_answer_it(
    case: Case, alice: User, jia: User, tmp_path: Path
) -> None:
    bundle = bundles.sealed(case, alice, bundles.log(tmp_path), "System.evtx")
    ask(case, jia, SYSTEM)
    queue_its_check(None, bundle)
    bundle_checks.run(bundle.pk)
    case.refresh_from_db()
    assert case.status == Status.WAITING


@pytest.mark.django_db
def test_hostile_names_are_shown_and_do_nothing(case: Case, alice: User, jia: User, tmp_path: Path) -> None:
    ask(case, jia, ("file", "<b>x</b>\u202e.txt"))
    name = "<script>alert(1)</script>.evtx"
    card = card_text(alice, checked(case, alice, zipped(**{name: bundles.log(tmp_path)})))
    assert "<script>" not in card and "<b>x" not in card and "\u202e" not in card


@pytest.mark.django_db
def test_a_stranger_sees_no_check(case: Case, alice: User, charlie: User, ding: User, tmp_path: Path) -> None:
    check = checked(case, alice, bundles.log(tmp_path), "System.evtx")
    for user in (charlie, ding):
        assert signed_in(user).get(f"/uploads/bundles/{check.bundle_id}/card").status_code == 404


def test_the_sender_of_an_upload_can_be_told_what_is_missing_and_then_that_nothing_is(
    case: Case, alice: User, jia: User
) -> None:
    evidence_requests.ask(case, by=jia, items=[SYSTEM, DUMPS])
    with listening() as heard:
        first = checked(case, alice, zipped(notes__txt=b"nothing of it"), "notes.zip")
        second = checked(case, alice, zipped(a__dmp=b"MDMP" + b"\0" * 200), "dump.zip")
    told = [activity for activity in heard if activity.kind in {"upload_checked", "items_missing"}]
    assert [(activity.kind, activity.by, activity.message) for activity in told] == [
        ("items_missing", alice, first.bundle.message),
        ("items_missing", alice, second.bundle.message),
    ]
    facts = told[0].facts
    assert (facts["bundle"], facts["name"]) == (str(first.bundle_id), "notes.zip")
    assert (facts["settled"], facts["total"], facts["checked"]) == (0, 2, True)
    assert facts["missing"] == [["log", "System"], ["dump", ""]]
    assert (told[1].facts["settled"], told[1].facts["missing"]) == (1, [["log", "System"]])
    evidence_requests.withdraw(EvidenceRequest.objects.get(), by=jia)
    with listening() as heard:
        checked(case, alice, zipped(more__txt=b"more"), "more.zip")
    (told_at_last,) = [activity for activity in heard if activity.kind == "upload_checked"]
    assert (told_at_last.facts["total"], told_at_last.facts["missing"]) == (0, [])


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("screen.jpg", b"\xff\xd8\xff\xe0" + bytes(40), "This is a picture"),
        ("logs.zip", b"no archive at all", "It is called an archive and is none"),
        ("empty.zip", b"PK\5\6" + bytes(18), "holds no files"),
        ("empty.evtx", b"", "The file is empty (0 bytes)"),
        ("report.docx", b"PK\3\4" + bytes(26) + b"[Content_Types].xml", "This is a document"),
        ("System.lnk", b"L\0\0\0\1\x14\2\0" + bytes(60), "This is a shortcut"),
    ],
)
def test_an_upload_of_which_nothing_can_be_analysed_is_never_told_as_good(
    case: Case, alice: User, jia: User, name: str, content: bytes, said: str
) -> None:
    ask(case, jia, SYSTEM)
    card = card_text(alice, checked(case, alice, content, name))
    assert said in card and "Still missing" in card and "can be read" not in card
    assert "pill-good" not in card and "Complete" not in card
    case.refresh_from_db()
    assert case.status == Status.WAITING


@pytest.mark.django_db
def test_without_a_request_it_is_told_in_the_words_of_the_analysis(case: Case, alice: User) -> None:
    card = card_text(alice, checked(case, alice, b"\xff\xd8\xff\xe0" + bytes(40), "screen.jpg"))
    assert "Nothing to analyse" in card and "“screen.jpg” is not analysed:" in card
    assert "Nothing in this upload could be analysed, so nothing can be concluded from it." in card


@pytest.mark.django_db
def test_a_picture_that_was_asked_for_needs_no_excuse(case: Case, alice: User, jia: User) -> None:
    ask(case, jia, ("picture", ""))
    card = card_text(alice, checked(case, alice, b"\xff\xd8\xff\xe0" + bytes(40), "screen.jpg"))
    assert "Everything asked for has arrived" in card and "is not analysed" not in card


def _analysed(check: BundleCheck, state: State) -> None:
    """The bundle's run ends; it read its log so far."""
    run = runs.claim(check.bundle.runs.get().pk)
    assert run is not None
    log = ArtifactEntry(
        path="System.evtx", sha256="", size=9, kind="evtx", state=state, detail=text("损坏", "damaged")
    )
    runs.complete(run, result_document(artifacts=[log]))
    bundle_checks.correct(run.pk)


@pytest.mark.django_db(transaction=True)
def test_a_log_that_the_analysis_could_not_read_is_asked_for_again(
    case: Case, alice: User, jia: User, tmp_path: Path
) -> None:
    ask(case, jia, SYSTEM)
    check = checked(case, alice, zipped(**{"System.evtx": bundles.log(tmp_path)}))
    assert case.status == Status.ANALYSING and "Everything asked for" in card_text(alice, check)
    _analysed(check, State.UNREADABLE)
    case.refresh_from_db()
    assert case.status == Status.WAITING
    card = card_text(alice, check)
    assert "“System.evtx” cannot be read as what it should be." in card and "Still missing" in card


@pytest.mark.django_db(transaction=True)
def test_a_log_that_was_read_in_part_has_arrived(case: Case, alice: User, jia: User, tmp_path: Path) -> None:
    ask(case, jia, SYSTEM)
    check = checked(case, alice, zipped(**{"System.evtx": bundles.log(tmp_path)}))
    _analysed(check, State.PARTLY)
    assert "Everything asked for" in card_text(alice, check)


@pytest.mark.django_db(transaction=True)
def test_what_another_upload_brought_as_well_is_not_asked_for_again(
    case: Case, alice: User, jia: User, tmp_path: Path
) -> None:
    request = ask(case, jia)
    first, second = (
        checked(case, alice, zipped(**{"System.evtx": bundles.log(tmp_path)}), f"{name}.zip") for name in "ab"
    )
    _analysed(first, State.UNREADABLE)
    item = request.items.get(kind="log")
    assert item.state == ItemState.ARRIVED
    assert "cannot be read as what it should be" not in card_text(alice, second)
    with listening() as heard:
        _analysed(second, State.UNREADABLE)
    item.refresh_from_db()
    assert item.state == ItemState.OPEN
    assert [activity.kind for activity in heard if "missing" in activity.kind] == ["items_missing"]


@pytest.mark.django_db(transaction=True)
def test_a_password_lets_a_log_arrive_that_was_locked_before(
    case: Case, alice: User, jia: User, tmp_path: Path
) -> None:
    ask(case, jia, SYSTEM)
    packed = writers.seven_zip([("System.evtx", bundles.log(tmp_path))], password="secret")
    check = checked(case, alice, packed, "logs.7z")
    analyze_bundle(check.bundle.runs.get().pk)
    locked = check.bundle.runs.get()
    case.refresh_from_db()
    assert locked.locked == 1 and case.status == Status.WAITING
    analyze_bundle(passwords.analyse_with(locked, "secret").pk)
    case.refresh_from_db()
    assert EvidenceItem.objects.get().state == ItemState.ARRIVED and case.status != Status.WAITING
