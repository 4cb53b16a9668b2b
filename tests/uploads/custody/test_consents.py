"""Versions of the privacy statement, who agreed to which, and what a withdrawal does."""

from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from django.db import Error, connection, transaction
from django.test import Client
from django.utils import timezone

from accounts.models import Organisation, User
from cases.models import Case, Message, MessageKind
from tests.analysis import bundles
from tests.people import signed_in
from tests.uploads.time_travel import closed, later
from tests.uploads.tus_client import Tus
from uploads import sweep as sweeping
from uploads.bundles.models import Bundle, BundleState
from uploads.custody import consents, legal_holds, privacy, retention
from uploads.custody.agreements import agree
from uploads.custody.errors import ConsentMissing
from uploads.custody.models import Consent, Statement
from uploads.links import services as links
from uploads.transfer.models import Upload
from uploads.transfer.services import begin_upload
from uploads.transfer.writing import append

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def english(alice: User, case: Case) -> None:
    User.objects.update(language="en")
    case.contact.language = alice.language = "en"


def published(text: str = "New", version: str = "3", **facts: Any) -> Statement:
    return Statement.objects.create(
        version=version, text_zh=text, text_en=text, published_at=timezone.now(), **facts
    )


def uploaded(case: Case, by: User, content: bytes = b"1234") -> Bundle:
    bundle = bundles.sealed(case, by, content)
    bundle.consent = agree(by, case)
    bundle.save()
    return bundle


# -- The statement --------------------------------------------------------------------


@pytest.mark.parametrize("language", privacy.LANGUAGES)
@pytest.mark.parametrize("version", ["1", "2"])
def test_everybody_reads_the_version_that_was_agreed_to(version: str, language: str) -> None:
    answer = Client().get(f"/uploads/privacy/{version}", headers={"Accept-Language": language})
    page = answer.content.decode()
    assert answer.status_code == 200 and "<h3>" in page and "<li>" in page
    assert ("90 天" in page) == (language == "zh-hans")


def test_what_was_published_is_never_changed() -> None:
    for statement in ("UPDATE uploads_statement SET text_en = ''", "DELETE FROM uploads_statement"):
        with pytest.raises(Error, match="never changed"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


def test_an_administrator_writes_previews_and_publishes_a_version(
    root: User, alice: User, case: Case
) -> None:
    agree(alice, case)
    admin = signed_in(root)
    first = admin.get("/admin/uploads/statement/add/").content.decode()
    assert 'value="3"' in first and "memory dumps" in first  # Begins with the text in force.
    form = {"version": "3", "text_zh": "**新的**", "text_en": "A **new** text", "most_days": ""}
    assert admin.post("/admin/uploads/statement/add/", form).status_code == 302
    assert privacy.version_in_force() == "2"
    assert "<strong>新的</strong>" in admin.get("/uploads/privacy/3").content.decode()
    assert signed_in(alice).get("/uploads/privacy/3").status_code == 404
    draft = Statement.objects.get(version="3")
    address = f"/admin/uploads/statement/{draft.pk}/change/"
    assert admin.post(address, form | {"publish": "on"}).status_code == 302
    assert privacy.version_in_force() == "3"
    assert Statement.objects.get(version="3").published_by == root
    assert admin.get(address).status_code == 200
    assert admin.post(address, form).status_code == 403
    with pytest.raises(ConsentMissing):
        begin_upload(user=alice, case=case, name="x", size=1)


@pytest.mark.parametrize(
    "hostile",
    ["<script>alert(1)</script>", "[x](javascript:alert(1))", "![x](http://elsewhere.example/x.png)"],
)
def test_a_statement_runs_and_loads_nothing(hostile: str) -> None:
    page = Client().get(f"/uploads/privacy/{published(hostile).version}").content.decode()
    text = page.partition("<article")[2].partition("</article>")[0]
    assert "<script" not in text and 'href="javascript' not in text and "<img" not in text


def test_a_new_version_asks_again_before_the_next_upload(tus: Tus, alice: User, case: Case) -> None:
    assert tus.create(10).status_code == 201
    published()
    assert tus.create(10).status_code == 403
    page = signed_in(alice).get(case.get_absolute_url()).content.decode()
    assert "Agree and upload" in page
    agree(alice, case)
    assert tus.create(10).status_code == 201
    assert list(Consent.objects.values_list("version", flat=True)) == ["3", "2"]


# -- The withdrawal -------------------------------------------------------------------


def test_a_person_reads_what_she_agreed_to_when_and_for_which_uploads(
    alice: User, bob: User, case: Case
) -> None:
    bundle = uploaded(case, alice)
    page = signed_in(alice).get("/uploads/consents/").content.decode()
    for fact in (case.number, "version 2", bundle.name):
        assert fact in page
    assert case.number not in signed_in(bob).get("/uploads/consents/").content.decode()


@pytest.mark.django_db(transaction=True)
def test_withdrawing_deletes_her_uploads_and_asks_again(
    tus: Tus, alice: User, bob: User, jia: User, case: Case
) -> None:
    hers, his = uploaded(case, alice), uploaded(case, bob)
    begun = begin_upload(user=alice, case=case, name="more.zip", size=10)
    append(begun, BytesIO(b"1234"), 0)
    consent = Consent.objects.get(user=alice)
    assert signed_in(alice).post(f"/uploads/consents/{consent.pk}/withdraw").status_code == 302
    begun.refresh_from_db()
    assert begun.gone_at is not None and not begun.staged.exists()
    assert tus.create(10).status_code == 403
    sweeping.sweep()
    hers.refresh_from_db()
    his.refresh_from_db()
    assert (hers.state, his.state) == (BundleState.DELETED, BundleState.SEALED)
    notice, certificate = Message.objects.filter(case=case, kind=MessageKind.SYSTEM)
    assert "Alice withdrew the agreement" in notice.body
    assert "the agreement was withdrawn" in certificate.body and hers.sha256 in certificate.body
    assert "Alice withdrew" in signed_in(jia).get(case.get_absolute_url()).content.decode()
    agree(alice, case)
    assert tus.create(10).status_code == 201
    assert Consent.objects.filter(user=alice).count() == 2


def test_withdrawing_twice_tells_it_once(alice: User, case: Case) -> None:
    consent = agree(alice, case)
    for _ in range(2):
        consents.withdraw(consent, by=alice)
    assert Message.objects.filter(kind=MessageKind.SYSTEM).count() == 1


@pytest.mark.django_db(transaction=True)
def test_under_a_legal_hold_the_withdrawal_waits_for_its_end(alice: User, case: Case, max_: User) -> None:
    bundle = uploaded(case, alice)
    legal_holds.place(case, by=max_, reason="A dispute")
    consents.withdraw(Consent.objects.get(), by=alice)
    sweeping.sweep()
    bundle.refresh_from_db()
    assert bundle.state == BundleState.SEALED
    legal_holds.lift(case, by=max_, reason="Settled")
    sweeping.sweep()
    bundle.refresh_from_db()
    assert bundle.state == BundleState.DELETED


def test_nobody_withdraws_for_another(alice: User, bob: User, jia: User, case: Case) -> None:
    consent = agree(alice, case)
    for person in (bob, jia):
        assert signed_in(person).post(f"/uploads/consents/{consent.pk}/withdraw").status_code == 404


def test_the_contact_withdraws_what_was_agreed_to_by_link(alice: User, jia: User, case: Case) -> None:
    link, _ = links.make(
        by=jia,
        case=case,
        expires_at=timezone.now() + timedelta(days=1),
        most_bytes=99,
        most_uploads=9,
    )
    consent = links.agree(link)
    links.begin_upload(link, "x", 10)
    assert signed_in(alice).post(f"/uploads/consents/{consent.pk}/withdraw").status_code == 302
    assert Upload.objects.get().gone_at is not None
    with pytest.raises(ConsentMissing):
        links.begin_upload(link, "y", 10)


# -- What was promised ----------------------------------------------------------------


def test_of_several_promises_the_shortest_counts(alice: User, bob: User, case: Case) -> None:
    for version, days in (("7", 30), ("8", 20), ("9", None)):
        published(version=version, most_days=days)
    for person, version in ((alice, "7"), (bob, "8"), (alice, "9")):
        Consent.objects.create(user=person, case=case, version=version, language="en")
    assert retention.keeping_of(case).days == 20
    Organisation.objects.update(keep_days=10)
    assert retention.keeping_of(case).days == 10


@pytest.mark.django_db(transaction=True)
def test_data_is_never_kept_longer_than_the_version_agreed_to_promises(alice: User, case: Case) -> None:
    Organisation.objects.update(keep_days=365)
    bundle = uploaded(case, alice)
    assert retention.keeping_of(case).days == 365
    Consent.objects.create(user=alice, case=case, version="1", language="en")
    assert retention.keeping_of(case).days == 90
    closed(case, 89)
    later(case, 1.1)
    bundle.refresh_from_db()
    assert bundle.state == BundleState.DELETED
