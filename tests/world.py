"""A case with one of everything, and everybody who may ask for it, for the tests of all addresses."""

import base64
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.db import transaction
from django.http import HttpResponse
from django.test import Client, override_settings
from django.utils import timezone
from pytest_django.plugin import DjangoDbBlocker

from accounts.models import Organisation, User
from accounts.roles import Role
from analysis.reports import services as reports
from analysis.reports.models import Report
from analysis.reports.stored_pdfs import make_pdfs
from analysis.runs import services as runs
from analysis.runs.worker import execute
from cases.answer_links import links as answer_links
from cases.answer_links.kinds import OfScope
from cases.answers.services import Heard
from cases.appointments import services as appointments
from cases.appointments.models import Medium
from cases.canned_replies import services as canned_replies
from cases.evidence_requests import services as evidence_requests
from cases.models import Case, MessageKind, Queue
from cases.own_reminders import services as own_reminders
from cases.pauses import proposals
from cases.relations.kinds import RelationKind
from cases.relations.models import Relation
from cases.scopes import services as scopes
from cases.services import post_message
from jobs import worker
from mail.imports import services as imports
from mail.notifications import followers
from mail.notifications import links as unsubscribing
from mail.outbound.delivery import deliver as send
from mail.outbound.outbox import enqueue
from mail.review.models import BulkDecision, MailDecision
from mail.review.services import set_aside, take_into
from tests.analysis import bundles
from tests.mail.in_process import read_in_process
from tests.mail.mails import HERE, deliver, letter
from tests.mail.mails import attach as attach_to_mail
from tests.people import customer, report, signed_in, vendor
from tests.routes import Entry
from uploads.attachments.services import attach
from uploads.bundles.models import Bundle
from uploads.collector.models import CollectorRequest
from uploads.custody.agreements import agree
from uploads.custody.models import Statement
from uploads.links import services as links
from uploads.transfer import services as uploads
from uploads.transfer.models import Upload

NOTE, UNSAID = "Between us", "Not yet to be said"
"""What the internal note and the draft of ``World`` say."""

OLD_THREAD = b"Solved, thank you.\n\nOn 11/27/2020 10:18 AM, Jia wrote:\n> Is it solved?"


@dataclass(frozen=True)
class World:
    """Alice's case with one of everything: uploads, a bundle, its run, a sent report and a draft."""

    case: Case
    people: dict[str, User | None]
    args: dict[str, Any]
    clients: dict[str, Client] = field(default_factory=dict)

    def address(self, route: str, changed: dict[str, Any]) -> str:
        """The route's address, with the ids of the world in its places."""
        chosen = {
            name: self.args[value] if isinstance(value, Entry) else value for name, value in changed.items()
        }
        values = self.args | chosen
        parts = []
        for part in route.split("/"):
            name = part.removeprefix("<").removesuffix(">").partition(":")[2]
            if part.startswith("<"):
                assert name in values, f"Say in World.args what stands for “{name}” in {route}"
                part = str(values[name])
            parts.append(part)
        return "/" + "/".join(parts)

    def ask(self, who: str, method: str, address: str, data: dict[str, Any]) -> HttpResponse:
        """One request, with everything the stricter endpoints want to see; what it does is undone."""
        if who not in self.clients:
            self.clients[who] = signed_in(self.people[who])
            self.clients[who].raise_request_exception = False
        client = self.clients[who]
        metadata = {"case": self.case.number, "filename": "x.zip"}
        encoded = (f"{key} {base64.b64encode(value.encode()).decode()}" for key, value in metadata.items())
        headers = {
            "Tus-Resumable": "1.0.0",
            "Upload-Length": "10",
            "Upload-Offset": "0",
            "Upload-Metadata": ",".join(encoded),
        }
        options: dict[str, Any] = {"headers": headers}
        if address.startswith("/api/") and method not in ("GET", "HEAD"):
            options["content_type"] = "application/json"
        with transaction.atomic():
            response: HttpResponse = getattr(client, method.lower())(address, data, **options)
            transaction.set_rollback(True)
        return response


def body_of(response: Any) -> str:
    """The whole text of an answer."""
    body = b"".join(response.streaming_content) if response.streaming else response.content
    return str(body.decode("utf-8", "replace"))


@contextmanager
def undone(folder: Path, database: DjangoDbBlocker) -> Iterator[None]:
    """What is made in here is there for every test until its end undoes it; files lie in ``folder``."""
    with (
        pytest.MonkeyPatch.context() as patch,
        override_settings(
            MEDIA_ROOT=folder / "media",
            UPLOAD_STAGING=folder / "staging",
            ANJUAN_HOME=folder,
            MAIL_AUTHSERV_ID=HERE,
        ),
        database.unblock(),
        transaction.atomic(),
    ):
        # The heartbeat has a connection of its own, which does not see this transaction.
        patch.setattr(worker, "BEAT", 3600)
        read_in_process(patch)
        yield
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def made_once(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[World]:
    with undone(tmp_path_factory.mktemp("world"), django_db_blocker):
        yield make_world()


@pytest.fixture
def world(made_once: World, db: None) -> World:
    """The world, made once for all tests of a file: what a test does in it is undone, how often, too.

    In such a file there is no other: Alice and all the others are ``world.people``.
    """
    cache.clear()
    return replace(made_once, people=dict(made_once.people), clients={})


def make_world() -> World:
    """All of it, in the database and the folders that the settings name."""
    northwind = Organisation.objects.create(name="Northwind Power")
    alice, bob = customer("Alice", northwind), customer("Bob", northwind)
    charlie = customer("Charlie", Organisation.objects.create(name="Contoso Water"))
    jia, yi, ding = (vendor(name, Role.ENGINEER) for name in ("Jia", "Yi", "Ding"))
    max_, root = vendor("Max", Role.MANAGER), vendor("Root", Role.ADMINISTRATOR)
    queue = Queue.objects.create(name="Windows")
    queue.engineers.set([jia, yi])
    case = report(alice, description="After a reboot the service is gone.", engineer=jia, queue=queue)
    case.change("take_up", by=jia)
    talk = timezone.now() + timedelta(days=1)
    appointment = appointments.propose(case, by=jia, starts=[talk], minutes=30, medium=Medium.PHONE)
    appointments.agree(appointment, talk, by=jia, heard=Heard(alice))
    scope = scopes.draft(case, by=jia, problem="The service stops")
    scopes.send(scope, by=jia)
    asked_to_pause = proposals.propose(case, by=jia, resumes_when="with the logs")
    asked = evidence_requests.ask(case, by=jia, items=[("log", "System")])
    note = post_message(case, by=jia, body=NOTE, kind=MessageKind.NOTE)
    reply = post_message(case, by=alice, body="A screenshot")
    shot: dict[str, Any] = {"name": "shot.png", "content": b"\x89PNG\r\n\x1a\nx", "content_type": "image/png"}
    baseline = bundles.baseline()
    begun = [_analysed(case, alice, f"logs-{number}.zip") for number in (1, 2)]
    make_pdfs(reports.send(Report.objects.get(case=case, version=1), by=jia).pk)
    draft = Report.objects.get(case=case, version=2)
    draft_text = {"zh-hans": UNSAID, "en": UNSAID}
    reports.edit(draft, jia, draft_text, draft_text, [])
    for user in (alice, bob):
        agree(user, case)
    unfinished = uploads.begin_upload(user=alice, case=case, name="more.zip", size=10)
    complete = Upload.objects.create(
        case=case, user=alice, name="logs-1.zip", size=10, offset=10, expires_at=unfinished.expires_at
    )
    Bundle.objects.filter(pk=begun[0].pk).update(upload=complete)
    everybody = {
        "alice": alice,
        "bob": bob,
        "charlie": charlie,
        "jia": jia,
        "yi": yi,
        "ding": ding,
        "max_": max_,
        "root": root,
        "nobody": None,
    }
    run = runs.bundle_runs(begun[0]).get()
    allowed: dict[str, Any] = {
        "expires_at": timezone.now() + timedelta(days=1),
        "most_bytes": 100,
        "most_uploads": 9,
    }
    link, secret = links.make(by=jia, case=case, **allowed)
    _, coded = links.make(by=jia, case=case, mail="site@customer.example", **allowed)
    links.agree(link)
    CollectorRequest.objects.create(case=case, made_by=jia, options={})
    by_link = links.begin_upload(link, "by-link.zip", 10)
    Upload.objects.filter(pk=by_link.pk).update(offset=10)
    uploads.finish(by_link)
    parked = deliver(attach_to_mail(letter(case, results=None, Message_ID="<parked@x>")))
    page = letter(case, results=None, Message_ID="<taken@x>")
    page.add_alternative("<p>Here are the logs.</p>", subtype="html")
    taken = deliver(page)
    own = letter(case, Message_ID="<own@x>")
    own.set_content("As a page, too.")
    own.add_alternative("<p>As a page, too.</p>", subtype="html")
    own_page = deliver(own)
    decision = take_into(taken, case, by=jia)
    flood = deliver(letter(case, results=None, Message_ID="<flood@x>"))
    bulk = BulkDecision.objects.create(domain="customer.example", count=1, by=jia, at=timezone.now())
    MailDecision.objects.filter(pk=set_aside(flood, by=jia).pk).update(bulk=bulk)
    calendar = "BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n"
    to_alice = enqueue(alice.email, kind="reply", text="Hello.", person=alice, case=case, calendar=calendar)
    send(to_alice.pk)
    cc = followers.add_cc(case, "site@customer.example", by=alice)
    args = {
        "mail": taken.pk,
        "import_id": imports.look_at(case, name="old.txt", content=OLD_THREAD, by=jia).pk,
        "parked_mail": parked.pk,
        "mail_to_alice": to_alice.pk,
        "html_mail": taken.pk,
        "own_html_mail": own_page.pk,
        "decision": decision.pk,
        "bulk": bulk.pk,
        "cc_id": cc.pk,
        "unsubscribe": unsubscribing.token_of(["reply", bob.pk]),
        "token": answer_links.make(OfScope(alice, scope)),
        "relation_id": Relation.objects.create(
            case=case, other=report(alice), kind=RelationKind.RELATED, by=jia, at=timezone.now()
        ).pk,
        "secret": secret,
        "coded": coded,
        "link_id": link.pk,
        "by_link": by_link.pk,
        "number": case.number,
        "upload_id": unfinished.pk,
        "complete": complete.pk,
        "bundle_id": begun[0].pk,
        "run": run.pk,
        "artifact": run.artifacts.latest("pk").pk,
        "attachment_id": attach(reply, **shot, by=alice).pk,
        "internal_attachment": attach(note, **shot, by=jia).pk,
        "appointment_id": appointment.pk,
        "reminder_id": own_reminders.remind(case, by=jia, due_at=timezone.now() + timedelta(days=3)).pk,
        "reply_id": canned_replies.save(None, name="Hello", text_zh="你好", text_en="Hello", by=jia).pk,
        "scope_id": scope.pk,
        "proposal_id": asked_to_pause.pk,
        "draft_scope": scopes.draft(case, by=jia, problem=UNSAID).pk,
        "request_id": asked.pk,
        "item_id": asked.items.get().pk,
        "baseline_id": baseline.pk,
        "position": 0,
        "index": 0,
        "version": 1,
        "sent": Report.objects.get(case=case, version=1).pk,
        "draft": draft.pk,
        "consent_id": agree(alice, case).pk,
        "draft_statement": Statement.objects.create(version="3", text_zh="草", text_en="A draft").version,
    }
    return World(case, everybody, args)


def _analysed(case: Case, by: User, name: str) -> Bundle:
    bundle = bundles.sealed(case, by, bundles.captures(), name)
    execute(runs.queue_run(bundle).pk)
    return bundle
