"""Locked uploads: the password is asked for, used once, kept from everybody, and gone."""

import logging

import pytest
from django.core.management import call_command
from django.urls import reverse
from pytest_django import Settings

from accounts.models import User
from analysis.checks import services as bundle_checks
from analysis.runs import passwords
from analysis.runs import services as runs
from analysis.runs.errors import NothingIsLocked, PasswordIsEmpty, RunIsOpen
from analysis.runs.models import AnalysisRun, RunPassword
from analysis.runs.worker import execute
from analysis.tasks import analyze_bundle
from cases.models import Case
from tests.analysis import bundles
from tests.engine import archive_writers as writers
from tests.people import signed_in
from uploads.bundles.models import Bundle, BundleCheck

PASSWORD = "秘密 Pass1"
FILES = [("日志/a.txt", bundles.capture(bundles.TAMPERED, 5).encode()), ("b.txt", b"plain")]


@pytest.fixture
def bundle(case: Case, alice: User) -> Bundle:
    """A sealed 7z with a password."""
    return bundles.sealed(case, alice, writers.seven_zip(FILES, password=PASSWORD), "日志.7z")


@pytest.fixture
def locked(bundle: Bundle) -> AnalysisRun:
    """Its first run, which found only locked files."""
    return done(runs.queue_run(bundle))


def done(run: AnalysisRun) -> AnalysisRun:
    execute(run.pk)
    run.refresh_from_db()
    assert run.document is not None, run.error
    return run


def enter(person: User, run: AnalysisRun, password: str) -> int:
    url = reverse("analysis:run-password", args=(run.bundle.case.number, run.pk))
    return signed_in(person).post(url, {"password": password}).status_code


def page(person: User, case: Case) -> str:
    User.objects.update(language="en")
    return signed_in(person).get(reverse("case", args=(case.number,))).content.decode()


def test_a_locked_upload_asks_for_its_password_on_its_card(
    locked: AnalysisRun, case: Case, alice: User, jia: User
) -> None:
    assert locked.locked == 2 and not locked.had_password
    for person in (alice, jia):
        shown = page(person, case)
        assert 'type="password"' in shown and "wait for a password" in shown
        assert "does not open them" not in shown


def test_the_customer_enters_it_and_the_files_are_analysed(
    locked: AnalysisRun, case: Case, alice: User
) -> None:
    assert enter(alice, locked, PASSWORD) == 302
    waiting = runs.bundle_runs(locked.bundle).get(state="queued")
    assert "analysed with the password" in page(alice, case)
    opened = done(waiting)

    assert opened.had_password and opened.locked == 0
    assert opened.artifacts.get(path="日志/a.txt").state == "read"
    assert 'type="password"' not in page(alice, case)


def test_the_check_of_the_upload_looks_again_with_the_password(locked: AnalysisRun) -> None:
    bundle_checks.queue(locked.bundle)
    bundle_checks.run(locked.bundle.pk)
    before = BundleCheck.objects.get(bundle=locked.bundle).document["entries"]
    run = passwords.analyse_with(locked, PASSWORD)
    analyze_bundle(run.pk)
    after = BundleCheck.objects.get(bundle=locked.bundle).document["entries"]

    assert all(entry["trouble"] for entry in before) and not any(entry["trouble"] for entry in after)
    assert after[0]["states"] and not RunPassword.objects.exists()


def test_the_engineer_may_enter_it_as_well(locked: AnalysisRun, jia: User) -> None:
    assert enter(jia, locked, PASSWORD) == 302
    assert RunPassword.objects.count() == 1


def test_a_wrong_password_is_told_and_may_be_entered_again(
    locked: AnalysisRun, case: Case, alice: User
) -> None:
    again = done(passwords.analyse_with(locked, "wrong"))

    assert again.locked == 2 and "does not open them" in page(alice, case)
    assert done(passwords.analyse_with(again, PASSWORD)).locked == 0


def test_the_password_lies_sealed_and_goes_with_the_end_of_its_run(
    locked: AnalysisRun, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    run = passwords.analyse_with(locked, PASSWORD)
    held = RunPassword.objects.get(run=run)

    assert PASSWORD.encode() not in bytes(held.sealed) and passwords.password_of(run) == PASSWORD
    run = done(run)
    assert not RunPassword.objects.exists()
    assert PASSWORD not in caplog.text and PASSWORD not in str(run.document) + str(run.progress) + run.error


def test_a_run_that_fails_drops_the_password_too(locked: AnalysisRun) -> None:
    locked.bundle.file.delete()
    run = passwords.analyse_with(locked, PASSWORD)
    execute(run.pk)
    run.refresh_from_db()

    assert run.state == "failed" and not RunPassword.objects.exists()


def test_a_password_of_another_secret_key_is_not_used(locked: AnalysisRun, settings: Settings) -> None:
    run = passwords.analyse_with(locked, PASSWORD)
    old = settings.SECRET_KEY
    settings.SECRET_KEY = "another" * 8
    assert passwords.password_of(run) is None
    settings.SECRET_KEY_FALLBACKS = [old]
    assert passwords.password_of(run) == PASSWORD


def test_passwords_are_refused_where_nothing_waits_for_one(locked: AnalysisRun, run: AnalysisRun) -> None:
    with pytest.raises(NothingIsLocked):
        passwords.analyse_with(run, PASSWORD)
    for nothing in ("", "x" * 257):
        with pytest.raises(PasswordIsEmpty):
            passwords.analyse_with(locked, nothing)
    passwords.analyse_with(locked, PASSWORD)
    with pytest.raises((RunIsOpen, NothingIsLocked)):
        passwords.analyse_with(locked, PASSWORD)
    assert RunPassword.objects.count() == 1


def test_strangers_enter_nothing(locked: AnalysisRun, charlie: User) -> None:
    assert enter(charlie, locked, PASSWORD) == 404
    assert not RunPassword.objects.exists()


def test_the_command_takes_the_password_from_a_file(
    tmp_path_factory: pytest.TempPathFactory, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path_factory.mktemp("cli")
    source = writers.save(folder, "a.7z", writers.seven_zip(FILES, password=PASSWORD))
    (folder / "password").write_text(PASSWORD + "\n", "utf-8")
    call_command("analyze", str(source), "--password-file", str(folder / "password"), "--json")

    output = capsys.readouterr().out
    assert '"locked": []' in output and PASSWORD not in output
