"""Who finds something at which address of the portal, a line for each route.

A new route fails in tests/test_strangers.py until it has a line here.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

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
    "cases/<str:number>/outcome/said/": Route(VENDOR, "POST", refused=CUSTOMERS, data={"entry": "1"}),
    "cases/<str:number>/outcome/record/": Route(VENDOR, refused=CUSTOMERS),
    "cases/<str:number>/again/": Route(CUSTOMERS, refused=VENDOR),
    "cases/<str:number>/edit/": Route(VENDOR, refused=CUSTOMERS),
    "cases/<str:number>/relations/": Route(VENDOR, refused=CUSTOMERS),
    "cases/<str:number>/relations/<int:relation_id>/remove/": Route(VENDOR, "POST", refused=CUSTOMERS),
    "cases/<str:number>/suspend/": (Route(MEMBERS), Route(MEMBERS, "POST")),
    "cases/<str:number>/suspension/": (
        Route(VENDOR, refused=CUSTOMERS),
        Route(VENDOR, "POST", refused=CUSTOMERS, data={"resumes_when": "with the logs"}),
    ),
    "cases/<str:number>/suspension/<int:proposal_id>/answer/": Route(
        MEMBERS, "POST", data={"answer": "go_on"}
    ),
    "cases/<str:number>/suspension/<int:proposal_id>/withdraw/": Route(VENDOR, "POST", refused=CUSTOMERS),
    "cases/<str:number>/rating/": Route(CUSTOMERS, "POST", refused=VENDOR),
    "cases/<str:number>/remind/": Route(MEMBERS, "POST", data={"when": "tomorrow"}),
    # A reminder is its person's alone.
    "cases/<str:number>/remind/<int:reminder_id>/withdraw/": Route(frozenset({"jia"}), "POST"),
    "cases/<str:number>/remind/<int:reminder_id>/undo/": Route(frozenset({"jia"}), "POST"),
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
    "mail/<uuid:key>/html/": (
        Route(VENDOR, args={"key": Entry("html_mail")}),
        Route(MEMBERS, args={"key": Entry("own_html_mail")}),
    ),
    "mail/<uuid:key>/text/": Route(VENDOR, args={"key": Entry("html_mail")}),
    "mail/<uuid:key>/files/<int:place>/": Route(VENDOR, args={"key": Entry("parked_mail"), "place": 0}),
    "mail/<uuid:key>/source/": Route(VENDOR, args={"key": Entry("mail")}),
    "mail/<uuid:key>/case/": Route(VENDOR, "POST", args={"key": Entry("mail")}),
    "mail/<uuid:key>/new-case/": Route(VENDOR, "POST", args={"key": Entry("mail")}),
    "mail/<uuid:key>/put-off/": Route(VENDOR, "POST", args={"key": Entry("parked_mail")}),
    "mail/<uuid:key>/aside/": Route(VENDOR, "POST", args={"key": Entry("mail")}),
    "mail/<uuid:key>/settle/": Route(VENDOR, "POST", args={"key": Entry("mail")}),
    "mail/<uuid:key>/send-again/": Route(VENDOR, "POST", args={"key": Entry("mail")}),
    "mail/<uuid:key>/again/": Route(VENDOR, "POST", args={"key": Entry("mail")}),
    # As in the demo, where these tests run; elsewhere it is nobody's: tests/mail/mailbox/.
    "mail/mailbox/": Route(SIGNED_IN),
    "mail/mailbox/<uuid:key>/html/": Route(frozenset({"alice"}), args={"key": Entry("mail_to_alice")}),
    "mail/mailbox/<uuid:key>/text/": Route(frozenset({"alice"}), args={"key": Entry("mail_to_alice")}),
    "mail/mailbox/<uuid:key>/files/<int:place>/": Route(
        frozenset({"alice"}), args={"key": Entry("mail_to_alice"), "place": 0}
    ),
    "mail/cases/<str:number>/import/": Route(VENDOR, refused=CUSTOMERS),
    "mail/imports/<uuid:import_id>/": Route(VENDOR),
    "mail/senders/aside/": Route(
        VENDOR | {"ding"}, "POST", data={"sender": "x.example", "until": "2026-01-01T00:00:00Z"}
    ),
    "mail/senders/<int:pk>/undo/": Route(VENDOR, "POST", args={"pk": Entry("bulk")}),
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
    "api/cases/<str:number>/events/": Route(MEMBERS),
    "api/cases/<str:number>/correction": Route(VENDOR, "POST", refused=CUSTOMERS, data={"product": "X"}),
    "api/cases/<str:number>/outcome": Route(MEMBERS, "POST", data={"solved": True}),
    "api/cases/<str:number>/again": Route(MEMBERS, "POST"),
    "api/cases/<str:number>/rating": Route(MEMBERS, "POST"),
    "api/cases/<str:number>/suspension": Route(MEMBERS, "POST"),
    "api/cases/<str:number>/requests/": (
        Route(MEMBERS),
        Route(VENDOR, "POST", refused=CUSTOMERS, data={"items": [{"kind": "log", "detail": "Setup"}]}),
    ),
    "api/cases/<str:number>/requests/<int:request_id>/withdraw": Route(VENDOR, "POST", refused=CUSTOMERS),
    "api/cases/<str:number>/items/<int:item_id>/": (
        Route(MEMBERS, "PATCH", data={"state": "unavailable", "reason": "Gone"}),
        Route(VENDOR, "PATCH", refused=CUSTOMERS, data={"state": "waived"}),
    ),
    "api/cases/<str:number>/suspension/proposal": (
        Route(VENDOR, "POST", refused=CUSTOMERS, data={"resumes_when": "with the logs"}),
        Route(VENDOR, "DELETE", refused=CUSTOMERS),
    ),
    "api/cases/<str:number>/suspension/proposal/answer": Route(MEMBERS, "POST"),
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


def listed() -> Iterator[tuple[str, Route]]:
    """Every route with each of its lines."""
    for route in routes():
        lines = ROUTES.get(route)
        for line in lines if isinstance(lines, tuple) else (lines,) if lines else ():
            yield route, line
