"""Every address of the portal, tried by everybody: strangers are told that there is nothing.

``ROUTES`` says for each route who finds something there. A new route fails here until it has a line.
"""

import base64
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils import timezone

from accounts.models import User
from analysis.reports import services as reports
from analysis.reports.models import Report
from analysis.reports.stored_pdfs import make_pdfs
from analysis.runs import services as runs
from analysis.runs.worker import execute
from cases.appointments import services as appointments
from cases.appointments.models import Medium
from cases.canned_replies import services as canned_replies
from cases.evidence_requests import services as evidence_requests
from cases.models import Case, MessageKind
from cases.outcomes import links as outcome_links
from cases.relations.models import Relation, RelationKind
from cases.scopes import services as scopes
from cases.services import post_message
from jobs import worker
from mail.imports import services as imports
from mail.notifications import followers
from mail.notifications import links as unsubscribing
from mail.review.services import take_into
from tests.analysis import bundles
from tests.mail.mails import HERE, deliver, letter
from tests.people import report, signed_in
from uploads.attachments.services import attach
from uploads.bundles.models import Bundle
from uploads.collector.models import CollectorRequest
from uploads.custody.agreements import agree
from uploads.custody.models import Statement
from uploads.links import services as links
from uploads.transfer import services as uploads
from uploads.transfer.models import Upload

CUSTOMERS = frozenset({"alice", "bob"})
VENDOR = frozenset({"jia", "yi", "max_", "root"})
MEMBERS = CUSTOMERS | VENDOR
STRANGERS = frozenset({"charlie", "ding"})
SIGNED_IN = MEMBERS | STRANGERS
EVERYBODY = SIGNED_IN | {"nobody"}
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")


class Entry(str):
    """A name in the object table, to be used for a place of another name."""


@dataclass(frozen=True)
class Route:
    """Who finds something at a route, by ``method``; all others get 404, and the ones in
    ``refused`` 403: they see the thing, but may not do this. ``args`` gives places of the route
    another value than the object table (``World.args``) does; ``Entry`` names one of its lines."""

    finds: frozenset[str]
    method: str = "GET"
    refused: frozenset[str] = frozenset()
    args: dict[str, Any] = field(default_factory=dict)
    data: dict[str, Any] = field(default_factory=dict)


NOTE, UNSAID = "Between us", "Not yet to be said"
"""What the internal note and the draft of ``World`` say."""

OLD_THREAD = b"Solved, thank you.\n\nOn 11/27/2020 10:18 AM, Jia wrote:\n> Is it solved?"
SENT, DRAFT = {"version": 1}, {"version": 2}
RUN = {"pk": Entry("run")}

ROUTES: dict[str, Route | tuple[Route, ...]] = {
    # cases
    "": Route(SIGNED_IN),
    "cases/": Route(SIGNED_IN),
    "cases/new/": Route(SIGNED_IN),
    "cases/search/": Route(SIGNED_IN),
    "cases/<str:number>/": Route(MEMBERS),
    "cases/<str:number>/live/": Route(MEMBERS),
    "cases/<str:number>/findings/": Route(MEMBERS),
    "cases/<str:number>/reply/": Route(MEMBERS, "POST", data={"kind": "reply", "body": "Hello"}),
    "cases/<str:number>/status/": Route(MEMBERS, "POST"),
    "cases/<str:number>/assign/": Route(MEMBERS, "POST"),
    "cases/<str:number>/incident/": Route(MEMBERS),
    "canned-replies/": Route(VENDOR | {"ding"}),
    "canned-replies/new/": (Route(VENDOR | {"ding"}), Route(VENDOR | {"ding"}, "POST", data={"name": "x"})),
    "canned-replies/<int:reply_id>/": Route(VENDOR | {"ding"}),
    "canned-replies/<int:reply_id>/delete/": Route(VENDOR | {"ding"}, "POST"),
    "cases/<str:number>/appointments/": (
        Route(VENDOR, refused=CUSTOMERS),
        Route(VENDOR, "POST", refused=CUSTOMERS, data={"medium": "phone"}),
    ),
    "cases/<str:number>/appointments/<int:appointment_id>/answer/": Route(
        MEMBERS, "POST", data={"answer": "agree"}
    ),
    "cases/<str:number>/appointments/<int:appointment_id>/cancel/": Route(MEMBERS, "POST"),
    "cases/<str:number>/appointments/<int:appointment_id>/calendar.ics": Route(MEMBERS),
    "cases/<str:number>/scope/": (
        Route(VENDOR, refused=CUSTOMERS),
        Route(VENDOR, "POST", refused=CUSTOMERS, data={"problem": "It stops"}),
    ),
    "cases/<str:number>/scope/<int:scope_id>/answer/": (
        Route(MEMBERS, "POST", data={"answer": "agree"}),
        Route(frozenset(), "POST", args={"scope_id": Entry("draft_scope")}, data={"answer": "agree"}),
    ),
    "answer/<str:token>/": Route(frozenset({"alice", "nobody"})),
    "cases/<str:number>/outcome/": Route(CUSTOMERS, "POST", refused=VENDOR),
    "cases/<str:number>/outcome/record/": Route(VENDOR, refused=CUSTOMERS),
    "cases/<str:number>/again/": Route(CUSTOMERS, refused=VENDOR),
    "cases/<str:number>/edit/": Route(VENDOR, refused=CUSTOMERS),
    "cases/<str:number>/relations/": Route(VENDOR, refused=CUSTOMERS),
    "cases/<str:number>/relations/<int:relation_id>/remove/": Route(VENDOR, "POST", refused=CUSTOMERS),
    "cases/<str:number>/suspend/": (Route(MEMBERS), Route(MEMBERS, "POST")),
    "cases/<str:number>/rating/": Route(CUSTOMERS, "POST", refused=VENDOR),
    "cases/<str:number>/request/": Route(VENDOR, refused=CUSTOMERS),
    "cases/<str:number>/request/<int:request_id>/withdraw/": Route(VENDOR, "POST", refused=CUSTOMERS),
    "cases/<str:number>/items/<int:item_id>/": (
        Route(MEMBERS, "POST", data={"state": "unavailable"}),
        Route(VENDOR, "POST", refused=CUSTOMERS, data={"state": "waived"}),
    ),
    "cases/<str:number>/items/<int:item_id>/cannot/": Route(MEMBERS),
    # mail
    "mail/": Route(VENDOR | {"ding"}),
    "mail/<uuid:key>/": (
        Route(VENDOR, args={"key": Entry("mail")}),
        Route(VENDOR, args={"key": Entry("parked_mail")}),
    ),
    "mail/<uuid:key>/html/": Route(VENDOR, args={"key": Entry("html_mail")}),
    "mail/<uuid:key>/source/": Route(VENDOR, args={"key": Entry("mail")}),
    "mail/<uuid:key>/case/": Route(VENDOR, "POST", args={"key": Entry("mail")}),
    "mail/<uuid:key>/new-case/": Route(VENDOR, "POST", args={"key": Entry("mail")}),
    "mail/<uuid:key>/aside/": Route(VENDOR, "POST", args={"key": Entry("mail")}),
    "mail/<uuid:key>/again/": Route(VENDOR, "POST", args={"key": Entry("mail")}),
    "mail/cases/<str:number>/import/": Route(VENDOR, refused=CUSTOMERS),
    "mail/imports/<uuid:import_id>/": Route(VENDOR),
    "mail/decisions/<int:pk>/undo/": Route(VENDOR, "POST", args={"pk": Entry("decision")}),
    # uploads
    "uploads/privacy": Route(EVERYBODY),
    "uploads/privacy/<str:version>": (
        Route(EVERYBODY, args={"version": "1"}),
        Route(frozenset({"root"}), args={"version": Entry("draft_statement")}),
    ),
    "uploads/consents/": Route(SIGNED_IN),
    "uploads/consents/<int:consent_id>/withdraw": Route(frozenset({"alice"}), "POST"),
    "uploads/tus/": Route(MEMBERS, "POST"),
    "uploads/tus/<uuid:upload_id>": Route(frozenset({"alice"}), "HEAD"),
    "uploads/cases/<str:number>/consent": Route(MEMBERS, "POST"),
    "uploads/cases/<str:number>/custody": Route(MEMBERS),
    "uploads/cases/<str:number>/hold": Route(
        frozenset({"max_", "root"}), "POST", refused=MEMBERS - {"max_", "root"}, data={"reason": "A dispute"}
    ),
    "uploads/cases/<str:number>/panel": Route(MEMBERS),
    "uploads/cases/<str:number>/unfinished": Route(MEMBERS),
    "uploads/<uuid:upload_id>/card": Route(MEMBERS, args={"upload_id": Entry("complete")}),
    "uploads/bundles/<uuid:bundle_id>/card": Route(MEMBERS),
    # Colleagues see that a bundle is there; its bytes are its sender's and the vendor's.
    "uploads/bundles/<uuid:bundle_id>/file": Route(MEMBERS - {"bob"}),
    "uploads/attachments/<uuid:attachment_id>": (
        Route(MEMBERS),
        Route(VENDOR, args={"attachment_id": Entry("internal_attachment")}),
    ),
    # Whoever holds an upload link is everybody; what she may do is in tests/uploads/links/test_links.py.
    "uploads/link/<str:secret>": Route(EVERYBODY),
    "uploads/link/<str:secret>/code": Route(EVERYBODY, "POST", args={"secret": Entry("coded")}),
    "uploads/link/<str:secret>/consent": Route(EVERYBODY, "POST"),
    "uploads/link/<str:secret>/unfinished": Route(EVERYBODY),
    "uploads/link/<str:secret>/<uuid:upload_id>/card": Route(EVERYBODY, args={"upload_id": Entry("by_link")}),
    "uploads/cases/<str:number>/links/": Route(VENDOR, refused=CUSTOMERS),
    "uploads/links/<uuid:link_id>/revoke": Route(VENDOR, "POST", refused=CUSTOMERS),
    "uploads/link-consent": Route(frozenset(), "POST"),  # Without a link's secret there is nothing.
    "uploads/cases/<str:number>/collector/": Route(VENDOR, refused=CUSTOMERS),
    "uploads/cases/<str:number>/collector.zip": Route(MEMBERS, "POST"),
    # analysis
    "analysis/baselines/": Route(VENDOR | {"ding"}),
    "analysis/baselines/add/": Route(VENDOR | {"ding"}, "POST"),
    "analysis/baselines/<int:baseline_id>/remove/": Route(VENDOR | {"ding"}, "POST"),
    "analysis/baselines/export/": Route(VENDOR | {"ding"}),
    "analysis/<str:number>/run/": Route(MEMBERS),
    "analysis/<str:number>/runs/<int:run>/again/": Route(VENDOR, "POST"),
    "analysis/<str:number>/runs/<int:run>/password/": Route(MEMBERS, "POST"),
    "analysis/<str:number>/runs/<int:run>/baseline/": (Route(VENDOR), Route(VENDOR, "POST")),
    "analysis/<str:number>/runs/<int:run>/files/<int:artifact>": Route(VENDOR),
    "analysis/<str:number>/runs/<int:run>/evidence/<int:position>/<int:index>/": Route(VENDOR),
    "analysis/<str:number>/report/<int:version>/": (Route(MEMBERS, args=SENT), Route(VENDOR, args=DRAFT)),
    "analysis/<str:number>/report/<int:version>/pdf/": (Route(MEMBERS, args=SENT), Route(VENDOR, args=DRAFT)),
    "analysis/<str:number>/report/<int:version>/edit/": Route(VENDOR, args=DRAFT),
    "analysis/<str:number>/report/<int:version>/send/": Route(VENDOR, "POST", args=DRAFT),
    "analysis/<str:number>/report/<int:version>/steps/<int:step>/": Route(
        MEMBERS, "POST", args=SENT | {"step": 0}, data={"done": "1"}
    ),
    "analysis/<str:number>/report/<int:version>/discard-older/": Route(VENDOR, "POST", args=SENT),
    "analysis/<str:number>/report/<int:version>/revise/": Route(VENDOR, "POST", args=SENT),
    # mail
    "mail/notifications/": Route(SIGNED_IN),
    # Whoever holds the link of a mail is its reader; what it does is in tests/mail/notifications/.
    "mail/unsubscribe/<str:token>/": Route(EVERYBODY, args={"token": Entry("unsubscribe")}),
    "mail/cases/<str:number>/follow/": Route(MEMBERS, "POST", data={"follow": "1"}),
    "mail/cases/<str:number>/cc/": Route(
        VENDOR | {"alice"}, "POST", refused=frozenset({"bob"}), data={"address": "plant@customer.example"}
    ),
    "mail/cases/<str:number>/cc/<int:cc_id>/remove/": Route(
        VENDOR | {"alice"}, "POST", refused=frozenset({"bob"})
    ),
    # api
    "api/cases/": Route(SIGNED_IN),
    "api/cases/<str:number>/": (
        Route(MEMBERS),
        Route(MEMBERS, "PATCH", data={"incident_at": "2020-11-24T09:01:00Z"}),
    ),
    "api/cases/<str:number>/status": Route(
        VENDOR, "POST", refused=CUSTOMERS, data={"change": "wait_for_customer"}
    ),
    "api/cases/<str:number>/messages/": (Route(MEMBERS), Route(MEMBERS, "POST", data={"body": "Hello"})),
    "api/cases/<str:number>/correction": Route(VENDOR, "POST", refused=CUSTOMERS, data={"product": "X"}),
    "api/cases/<str:number>/outcome": Route(MEMBERS, "POST", data={"solved": True}),
    "api/cases/<str:number>/again": Route(MEMBERS, "POST"),
    "api/cases/<str:number>/rating": Route(MEMBERS, "POST"),
    "api/cases/<str:number>/suspension": Route(MEMBERS, "POST"),
    "api/cases/<str:number>/relations/": (
        Route(MEMBERS),
        Route(VENDOR, "POST", refused=CUSTOMERS, data={"kind": "related", "other": "CAS-1"}),
    ),
    "api/cases/<str:number>/relations/<int:relation_id>/": Route(VENDOR, "DELETE", refused=CUSTOMERS),
    "api/cases/<str:number>/bundles/": Route(MEMBERS),
    "api/bundles/<uuid:bundle_id>/": Route(MEMBERS),
    "api/runs/": Route(SIGNED_IN),
    "api/runs/<str:pk>/": Route(MEMBERS, args=RUN),
    "api/runs/<str:pk>/document/": Route(VENDOR, args=RUN),
    "api/runs/<str:pk>/findings/": Route(VENDOR, args=RUN),
    "api/reports/": Route(SIGNED_IN),
    "api/reports/<str:pk>/": (
        Route(MEMBERS, args={"pk": Entry("sent")}),
        Route(VENDOR, args={"pk": Entry("draft")}),
    ),
    "api/schema/": Route(EVERYBODY),
    # the rest
    "i18n/setlang/": Route(EVERYBODY, "POST"),
    "i18n/catalog.js": Route(EVERYBODY),
    "health/live": Route(EVERYBODY),
    "health/ready": Route(EVERYBODY),
}

PUBLIC = ("accounts/",)
"""Signing in and out: made for people whom we do not know yet; see tests/accounts."""
ADMINISTRATION = "admin/"


def routes(patterns: list[Any] | None = None, before: str = "") -> Iterator[str]:
    """All routes of the portal, as they are written, joined through the includes."""
    for url_pattern in get_resolver().url_patterns if patterns is None else patterns:
        route = before + str(url_pattern.pattern)
        if isinstance(url_pattern, URLResolver):
            yield from routes(url_pattern.url_patterns, route)
        else:
            assert isinstance(url_pattern, URLPattern)
            yield route


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


@pytest.fixture
def world(
    case: Case,
    alice: User,
    bob: User,
    charlie: User,
    jia: User,
    yi: User,
    ding: User,
    max_: User,
    root: User,
    settings: Any,
    tmp_path: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> World:
    # The heartbeat has a connection of its own, which does not see this test's transaction.
    monkeypatch.setattr(worker, "BEAT", 3600)
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.UPLOAD_STAGING = tmp_path / "staging"
    settings.ANJUAN_HOME = tmp_path
    case.take_up(by=jia)
    talk = timezone.now() + timedelta(days=1)
    appointment = appointments.propose(case, by=jia, starts=[talk], minutes=30, medium=Medium.PHONE)
    appointments.agree(appointment, talk, by=jia, on_phone=alice)
    scope = scopes.draft(case, by=jia, problem="The service stops")
    scopes.send(scope, by=jia)
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
    settings.MAIL_AUTHSERV_ID = HERE
    parked = deliver(letter(case, results=None, Message_ID="<parked@x>"))
    page = letter(case, results=None, Message_ID="<taken@x>")
    page.add_alternative("<p>Here are the logs.</p>", subtype="html")
    taken = deliver(page)
    decision = take_into(taken, case, by=jia)
    cc = followers.add_cc(case, "site@customer.example", by=alice)
    args = {
        "mail": taken.pk,
        "import_id": imports.look_at(case, name="old.txt", content=OLD_THREAD, by=jia).pk,
        "parked_mail": parked.pk,
        "html_mail": taken.pk,
        "decision": decision.pk,
        "cc_id": cc.pk,
        "unsubscribe": unsubscribing.token_of(["reply", bob.pk]),
        "token": outcome_links.make(Case.objects.get(pk=case.pk), alice),
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
        "reply_id": canned_replies.save(None, name="Hello", text_zh="你好", text_en="Hello", by=jia).pk,
        "scope_id": scope.pk,
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


def listed() -> Iterator[tuple[str, Route]]:
    """Every route with each of its lines."""
    for route in routes():
        lines = ROUTES.get(route)
        for line in lines if isinstance(lines, tuple) else (lines,) if lines else ():
            yield route, line


def test_every_route_has_its_line() -> None:
    rest = [route for route in routes() if not route.startswith((*PUBLIC, ADMINISTRATION))]
    missing = [route for route in rest if route not in ROUTES]
    assert not missing, "Say who finds something there, in ROUTES of tests/test_strangers.py:\n" + "\n".join(
        f'    "{route}": Route(MEMBERS),' for route in missing
    )
    gone = set(ROUTES) - set(rest)
    assert not gone, f"These routes are no more; take their lines out of ROUTES: {sorted(gone)}"


@pytest.mark.django_db
def test_everybody_finds_what_is_theirs_and_nothing_else(world: World) -> None:
    wrong = []
    for route, line in listed():
        address = world.address(route, line.args)
        for who in sorted(SIGNED_IN):
            status = world.ask(who, line.method, address, line.data).status_code
            if who in line.refused:
                right = status == 403
            elif who in line.finds:
                right = status < 500 and status not in (401, 403, 404, 405)
            else:
                right = status == 404
            if not right:
                wrong.append(f"{line.method} {address} for {who}: {status}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.django_db
@pytest.mark.parametrize("who", sorted(STRANGERS))
def test_a_stranger_is_told_by_every_method_that_there_is_nothing(world: World, who: str) -> None:
    wrong = []
    for route, line in listed():
        if who in line.finds:
            continue
        address = world.address(route, line.args)
        for method in METHODS:
            status = world.ask(who, method, address, line.data).status_code
            if status not in (404, 405):
                wrong.append(f"{method} {address}: {status}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.django_db
def test_a_visitor_is_sent_to_the_sign_in(world: World) -> None:
    wrong = []
    for route, line in listed():
        address = world.address(route, line.args)
        response = world.ask("nobody", line.method, address, line.data)
        status = response.status_code
        if "nobody" in line.finds:
            right = status < 400
        else:
            sent_to = response.headers.get("Location", "")
            right = status in (401, 403, 404) or (status == 302 and sent_to.startswith("/accounts/login/"))
        if not right:
            wrong.append(f"{line.method} {address}: {status}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.django_db
def test_the_administration_is_the_administrators(world: World) -> None:
    wrong = []
    names = {"app_label": "cases", "content_type_id": 1, "object_id": world.case.pk, "url": "x"}
    for route in routes():
        if not route.startswith(ADMINISTRATION) or "(?P" in route:
            continue
        address = "/" + route
        for name, value in names.items():
            for kind in ("path", "int", "str"):
                address = address.replace(f"<{kind}:{name}>", str(value))
        for who in sorted((SIGNED_IN | {"nobody"}) - {"root"}):
            response = world.ask(who, "GET", address, {})
            # The sign-in and sign-out pages of the administration are everybody's; they hold nothing.
            own = route in ("admin/login/", "admin/logout/", "admin/jsi18n/")
            if not own and response.status_code not in (302, 403, 404):
                wrong.append(f"{address} for {who}: {response.status_code}")
    assert not wrong, "\n".join(wrong)


def body_of(response: Any) -> str:
    """The whole text of an answer."""
    body = b"".join(response.streaming_content) if response.streaming else response.content
    return str(body.decode("utf-8", "replace"))


@pytest.mark.django_db
@pytest.mark.parametrize("who", sorted(CUSTOMERS))
def test_no_page_and_no_answer_shows_a_customer_a_note_or_a_draft(world: World, who: str) -> None:
    for route, line in listed():
        if who not in line.finds or line.method != "GET":
            continue
        address = world.address(route, line.args)
        text = body_of(world.ask(who, "GET", address, {}))
        for secret in (NOTE, UNSAID, f"{world.case.number}/report/2/"):
            assert secret not in text, f"{address} shows {who} “{secret}”"
    answer = world.ask(who, "GET", "/api/reports/", {})
    assert [row["version"] for row in json.loads(answer.content)["results"]] == [1]
    for word in ("Between", "said"):
        assert world.case.title not in body_of(world.ask(who, "GET", f"/cases/search/?q={word}", {}))


@pytest.mark.django_db
@pytest.mark.parametrize("who", sorted(STRANGERS))
def test_a_strangers_own_pages_do_not_know_the_case(world: World, who: str) -> None:
    for route, line in listed():
        if who in line.finds and line.method == "GET":
            text = body_of(world.ask(who, "GET", world.address(route, line.args), {}))
            assert world.case.number not in text, route
            assert world.case.title not in text, route
    for query in (world.case.number, "certificate"):
        response = world.ask(who, "GET", f"/cases/search/?q={query}", {})
        assert response.status_code == 200
        assert world.case.title not in body_of(response)


@pytest.mark.django_db
@pytest.mark.parametrize("who", sorted(VENDOR))
def test_the_vendors_people_read_notes_and_drafts(world: World, who: str) -> None:
    assert NOTE in body_of(world.ask(who, "GET", f"/cases/{world.case.number}/", {}))
    assert UNSAID in body_of(world.ask(who, "GET", f"/analysis/{world.case.number}/report/2/", {}))
