"""What is history stays, whoever asks: raw SQL as a fault or an intruder would send it, a shell, the
administration. ``HISTORY`` says of each table what is refused, ``NO_HISTORY`` why another is none of it; a
new table fails until it stands in one of them."""

from datetime import timedelta
from typing import Any

import pytest
from django.apps import apps
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.db.models import ProtectedError
from django.utils import timezone

from accounts import tokens
from accounts.models import ApiToken, Organisation, User
from analysis.advice.services import tick
from analysis.reports import services as reports
from analysis.reports.models import Report
from analysis.reports.stored_pdfs import make_pdfs
from cases.answers.services import Heard
from cases.models import Case, Message, Queue
from cases.outcomes import services as outcomes
from cases.pauses import services as pauses
from cases.relations.models import Relation
from cases.reminders.models import Escalation, Level, Reminder
from cases.services import post_message
from mail.imports.models import ImportedMessage, ThreadImport
from mail.store.models import Direction, MailMessage, MailState
from tests.analysis.conftest import draft, read_once, run, whole_bundle
from tests.people import reading_english, report
from uploads import sweep as sweeping
from uploads.bundles.models import Bundle
from uploads.custody import consents, legal_holds
from uploads.custody.agreements import agree
from uploads.custody.models import (
    Access,
    Act,
    Consent,
    Deletion,
    DeletionNotice,
    DeletionRule,
    LegalHold,
    Way,
)
from uploads.custody.privacy import statement_in_force

__all__ = ["draft", "read_once", "run", "whole_bundle"]

pytestmark = pytest.mark.django_db

HISTORY = {
    "cases_caseevent": ("reason = 'x'", "at = now()", "case_id = case_id"),
    "cases_message": (
        "body = 'x'",
        "author_id = NULL",
        "kind = 'note'",
        "internal = NOT internal",
        "created_at = now()",
        "case_id = case_id",
    ),
    "cases_outcome": ("solved = NOT solved", "words = 'x'", "at = now()", "person_id = recorded_by_id"),
    "cases_escalation": ("level = 'manager'", "at = now()", "missing = 9", "since = now()"),
    "cases_rating": ("stars = 1", "words = 'x'"),
    "cases_reminder": ("number = 9", "at = now()", "suspends_at = now()"),
    "cases_suspension": ("resumes_when = 'x'", "way = 'mail'", "person_id = by_id", "agreed_at = now()"),
    "cases_relation": (
        *("kind = 'double'", "at = now()", "removed_at = NULL", "removed_at = now()"),
        *("due_before = now()", "other_before = 'new'", "other_due_before = now()"),
    ),
    "uploads_access": ("detail = 'x'", "address = ''"),
    "uploads_statement": ("text_en = 'x'", "published_at = NULL"),
    "uploads_consent": ("version = '9'", "agreed_at = now()", "user_id = NULL", "withdrawn_at = NULL"),
    "uploads_legalhold": ("reason = 'x'", "placed_at = now()", "lifted_at = NULL", "lifted_by_id = NULL"),
    "uploads_deletionnotice": (
        "closed_at = now()",
        "deletes_at = now()",
        "told_at = now()",
        "mailed_at = NULL",
        "recalled_at = NULL",
    ),
    "uploads_deletion": ("rule = 'x'", "begun_at = now()", "finished_at = NULL", "message_id = NULL"),
    "accounts_apitoken": ("digest = 'x'", "made_at = now()", "revoked_at = NULL", "first_used_at = now()"),
    "mail_importedmessage": ("name = 'x'", "sent_at = now()", "message_id = message_id"),
    "mail_mailmessage": (
        "direction = 'out'",
        "created_at = now() - interval '1 day'",
        "sha256 = 'x'",
        "size = 7",
        "content_key = id::text",
        "source = 'x'",
    ),
    "analysis_pdfjob": ("files = '{}'", "state = 'queued'"),
    "analysis_steptick": ("done = NOT done", "by_id = NULL", "at = now()", "step = 5", "entry_id = NULL"),
    "analysis_report": (
        "content_sha256 = ''",
        "state = 'draft'",
        "sent_at = now()",
        "replaces_id = id",
        "change = '{}'",
    ),
}
"""By table: changes that are refused. DELETE and TRUNCATE are refused in all of them."""

NO_HISTORY = {
    "accounts_organisation": "settings",
    "accounts_user": "settings",
    "accounts_user_groups": "settings",
    "accounts_user_user_permissions": "settings",
    "account_emailaddress": "settings",
    "account_emailconfirmation": "secret",
    "analysis_analysisrun": "job",
    "analysis_artifact": "derived",
    "analysis_baseline": "settings",
    "analysis_finding": "derived",
    "analysis_runpassword": "secret",
    "auth_group": "settings",
    "auth_group_permissions": "settings",
    "auth_permission": "settings",
    "cases_appointment": "state",
    "cases_call": "state",
    "cases_cannedreply": "settings",
    "cases_case": "state",
    "cases_mention": "state",
    "cases_evidenceitem": "state",
    "cases_ownreminder": "settings",
    "cases_evidencerequest": "state",
    "cases_proposedtime": "state",
    "cases_queue": "settings",
    "cases_reminderplan": "settings",
    "cases_scope": "state",
    "cases_specialday": "settings",
    "cases_workingcalendar": "settings",
    "cases_suspensionproposal": "state",
    "cases_queue_engineers": "settings",
    "django_admin_log": "Django's",
    "django_content_type": "Django's",
    "django_session": "Django's",
    "mail_casecc": "state",
    "mail_casefollower": "settings",
    "mail_casemailtoken": "settings",
    "cases_entrymove": "state",
    "mail_digestitem": "job",
    "mail_notificationpreference": "settings",
    "mail_notificationtimes": "settings",
    "mail_delivery": "job",
    "mail_maildecision": "state",
    "mail_bulkdecision": "state",
    "mail_imapfolder": "state",
    "mail_mailsettings": "settings",
    "mail_threadimport": "state",
    "mail_reading": "job",
    "mail_webhook": "settings",
    "mail_webhookdelivery": "job",
    "uploads_bundle": "state",
    "uploads_messageattachment": "state",
    "uploads_bundlecheck": "job",
    "uploads_collectorrequest": "state",
    "uploads_encryptionkey": "secret",
    "uploads_scanjob": "job",
    "uploads_sealjob": "job",
    "uploads_upload": "state",
    "uploads_uploadlink": "state",
}
"""By table: what it is instead. ``state``: changes as the work goes on, and whoever changed it is told by the
history; ``job``: how far the portal's own work is; ``derived``: retention deletes it with the bytes."""


@pytest.fixture
def lived(draft: Report, case: Case, alice: User, jia: User, max_: User) -> None:
    """A row of each kind, ended where it can end: sent, withdrawn, lifted, finished, revoked."""
    sent = reports.send(draft, by=jia)
    make_pdfs(sent.pk)
    tick(sent, 0, alice, done=True)
    Access.objects.create(
        case=case,
        bundle=sent.run.bundle,
        person=jia,
        act=Act.DOWNLOAD,
        way=Way.PAGE,
        address="192.0.2.7",
        detail="x.zip",
        at=timezone.now(),
    )
    consents.withdraw(agree(alice, case), by=alice)
    legal_holds.place(case, by=max_, reason="A dispute")
    legal_holds.lift(case, by=max_, reason="Settled")
    message = post_message(case, by=None, body="Deleted.")
    at = timezone.now()
    DeletionNotice.objects.create(
        case=case, closed_at=at, deletes_at=at, told_at=at, mailed_at=at, recalled_at=at
    )
    MailMessage.objects.create(
        direction=Direction.IN,
        state=MailState.TAKEN,
        created_at=at,
        case=case,
        person=alice,
        source="mails/x",
        sha256="d" * 64,
        content_key="e" * 64,
    )
    thread = ThreadImport.objects.create(case=case, name="old.eml", sha256="f" * 64, size=1, added_at=at)
    ImportedMessage.objects.create(
        message=message, thread=thread, position=0, known_by="header", fingerprint="f" * 64
    )
    Deletion.objects.create(
        case=case, rule=DeletionRule.RETENTION, begun_at=at, finished_at=at, message=message
    )
    token, _ = tokens.make(alice, "script")
    ApiToken.objects.filter(pk=token.pk).update(first_used_at=at - timedelta(days=1))
    tokens.revoke(alice, token.pk)
    said = at - timedelta(hours=1)
    Reminder.objects.create(case=case, since=said, number=1, total=3, at=at)
    Escalation.objects.create(case=case, since=said, level=Level.ENGINEER, at=at, missing=2)
    pauses.suspend(case, Heard(alice, said_at=said), by=jia, resumes_when="with the logs")
    outcomes.record(case, Heard(alice, said_at=said), by=jia, solved=True)
    outcomes.rate(case, by=alice, stars=5)
    Relation.objects.create(
        case=case, other=report(alice), kind="related", by=jia, at=at, removed_by=jia, removed_at=said
    )
    assert statement_in_force()


def run_sql(statement: str) -> int:
    """How many rows the statement has touched; what it does is not undone."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
        return cursor.rowcount


def rows(table: str) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {table} ORDER BY 1")
        return cursor.fetchall()


def test_every_table_is_history_or_said_not_to_be() -> None:
    tables = {model._meta.db_table for model in apps.get_models(include_auto_created=True)}
    assert not HISTORY.keys() & NO_HISTORY.keys()
    assert tables == HISTORY.keys() | NO_HISTORY.keys()


def test_every_table_of_history_says_what_of_it_is_never_rewritten() -> None:
    assert all(HISTORY.values())


@pytest.mark.parametrize("table", HISTORY)
def test_no_statement_deletes_a_row_of_history(lived: None, table: str) -> None:
    before = rows(table)
    assert before
    # A draft is no history; of a table that has some, the rest must be refused as a whole.
    with pytest.raises(DatabaseError, match=r"kept|never changed or deleted"):
        run_sql(f"DELETE FROM {table}")
    assert rows(table) == before


@pytest.mark.parametrize("table", HISTORY)
def test_no_statement_rewrites_a_row_of_history(lived: None, table: str) -> None:
    before = rows(table)
    for change in HISTORY[table]:
        with pytest.raises(DatabaseError, match=r"kept|never changed|can no longer be changed"):
            run_sql(f"UPDATE {table} SET {change}")
        assert rows(table) == before, change


@pytest.mark.parametrize("table", HISTORY)
def test_no_table_of_history_is_emptied(lived: None, table: str) -> None:
    before = rows(table)
    # In one transaction: the rows of this test wait to be checked, which TRUNCATE would complain of first.
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET LOCAL anjuan.may_truncate = 'off'")
    with pytest.raises(IntegrityError, match="History is kept: TRUNCATE"):
        run_sql(f"TRUNCATE {table} CASCADE")
    assert rows(table) == before


def test_the_database_refuses_what_the_models_do_not_ask_about(lived: None, alice: User) -> None:
    for table in (Message, Consent, LegalHold, Deletion, DeletionNotice, ApiToken, MailMessage):
        with pytest.raises(IntegrityError, match="History is kept"), transaction.atomic():
            table._default_manager.all()._raw_delete("default")
    with pytest.raises(ProtectedError):
        alice.delete()


def test_retention_takes_the_bytes_and_none_of_the_history(lived: None, case: Case) -> None:
    """The agreement of ``lived`` is withdrawn: what was uploaded under it goes with the next sweep."""
    Bundle.objects.update(consent=Consent.objects.get())
    kept = {table: rows(table) for table in HISTORY}
    sweeping.sweep()
    assert Bundle.objects.get().state == "deleted"
    for table, before in kept.items():
        assert all(row in rows(table) for row in before), table
    assert Deletion.objects.filter(rule=DeletionRule.WITHDRAWAL, finished_at__isnull=False).exists()


def test_the_administration_refuses_with_a_sentence(lived: None, case: Case, root: User, alice: User) -> None:
    client = reading_english(root)
    for place, row in (
        ("accounts/user", alice),
        ("cases/case", case),
        ("analysis/report", Report.objects.get()),
    ):
        for answer in (
            client.get(f"/admin/{place}/{row.pk}/delete/"),
            client.post(f"/admin/{place}/{row.pk}/delete/", {"post": "yes"}),
        ):
            assert answer.status_code == 403, place
            assert "are kept for good" in answer.content.decode(), place
    chosen = {"action": "delete_selected", "_selected_action": [alice.pk], "post": "yes"}
    client.post("/admin/accounts/user/", chosen)
    assert User.objects.filter(pk=alice.pk).exists()
    assert Case.objects.filter(pk=case.pk).exists()
    # Organisations and queues can be deleted, but not from under their cases.
    places = (f"accounts/organisation/{case.organisation_id}", f"cases/queue/{Queue.objects.get().pk}")
    for place in places:
        assert client.post(f"/admin/{place}/delete/", {"post": "yes"}).status_code == 200, place
    assert Organisation.objects.exists() and Queue.objects.exists()
