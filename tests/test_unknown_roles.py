"""A role that the table of roles does not know, or none at all, or somebody who has left: nobody gets in.

Each is tried twice: as she comes, and with the first door (``accounts.backend``) held open, so that the
doors behind it are tried as well.
"""

import json
import re
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ObjectDoesNotExist
from django.db import connection
from django.test import Client

from accounts import roles, tokens
from accounts.backend import KnownRoles
from accounts.errors import NotAllowed, Refusal
from accounts.models import User
from analysis.baselines import services as baselines
from analysis.reports.models import Report
from analysis.runs.models import AnalysisRun
from cases.models import Case, CaseEvent, Message, MessageKind
from cases.services import post_message, report_case
from mail.store.models import Reason
from tests.mail.mails import HERE, deliver, letter
from tests.people import PASSWORD, person, signed_in
from tests.routes import EVERYBODY, METHODS, listed
from tests.world import World, body_of, world
from uploads.bundles.models import Bundle
from uploads.transfer import services as uploads
from uploads.transfer.models import Upload

__all__ = ["world"]

pytestmark = pytest.mark.django_db

ROOT = Path(__file__).resolve().parents[1]


def _without_organisation(case: Case) -> User:
    return person("eve@elsewhere.example", name="Eve", role="auditor")


def _of_the_organisation(case: Case) -> User:
    # The table's own rule allows an organisation to customers alone: this is a row made behind its back.
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE accounts_user DROP CONSTRAINT user_customer_has_organisation")
    facts: dict[str, Any] = {"role": "auditor", "organisation": case.organisation}
    return person("eve@elsewhere.example", name="Eve", **facts)


def _superuser(case: Case) -> User:
    return person("eve@elsewhere.example", name="Eve", role="auditor", is_superuser=True)


def _role_less(case: Case) -> User:
    return person("eve@elsewhere.example", name="Eve", role="")


def _who_has_left(case: Case) -> User:
    facts: dict[str, Any] = {"role": "customer", "organisation": case.organisation, "is_active": False}
    return person("eve@elsewhere.example", name="Eve", **facts)


def _manager_who_has_left(case: Case) -> User:
    return person("eve@elsewhere.example", name="Eve", role="manager", is_active=False)


UNKNOWN: tuple[Callable[[Case], User], ...] = (
    _without_organisation,
    _of_the_organisation,
    _superuser,
    _role_less,
)
LEFT: tuple[Callable[[Case], User], ...] = (_who_has_left, _manager_who_has_left)
everyone = pytest.mark.parametrize("make", UNKNOWN + LEFT, ids=lambda make: make.__name__.strip("_"))
unknown = pytest.mark.parametrize("make", UNKNOWN, ids=lambda make: make.__name__.strip("_"))


@pytest.fixture
def door_held_open(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(KnownRoles, "user_can_authenticate", lambda _backend, _user: True)


def client_of(user: User) -> Client:
    client = signed_in(user)
    client.raise_request_exception = False
    return client


@everyone
def test_on_every_route_she_is_a_visitor(world: World, make: Callable[[Case], User]) -> None:
    world.people["eve"] = make(world.case)
    wrong = []
    for route, line in listed():
        address = world.address(route, line.args)
        answer = world.ask("eve", line.method, address, line.data)
        if line.finds == EVERYBODY:
            right = answer.status_code < 400
        elif "nobody" in line.finds:
            # It is for one person, signed in or not: whoever is signed in as another finds nothing.
            right = answer.status_code < 400 or answer.status_code == 404
        else:
            to = answer.headers.get("Location", "")
            right = answer.status_code in (401, 403, 404) or to.startswith("/accounts/login/")
        if not right or world.case.number in body_of(answer).replace(address, ""):
            wrong.append(f"{line.method} {address}: {answer.status_code}")
    assert not wrong, "\n".join(wrong)


@unknown
def test_behind_the_first_door_no_route_shows_or_does_anything_either(
    world: World, make: Callable[[Case], User], door_held_open: None
) -> None:
    eve = make(world.case)
    world.people["eve"] = eve
    hers = {"uploads/consents/", "api/cases/", "api/runs/", "api/reports/"}
    """Lists of what is hers: empty."""
    wrong = []
    for route, line in listed():
        address = world.address(route, line.args)
        for method in METHODS:
            if line.finds == EVERYBODY:
                continue
            answer = world.ask("eve", method, address, line.data)
            empty = route in hers and method in ("GET", "HEAD") and answer.status_code == 200
            right = answer.status_code in (400, 403, 404, 405) or empty
            body = body_of(answer).replace(address, "")
            secrets = (world.case.number, world.case.title, "Alice", "Northwind")
            if not right or any(secret in body for secret in secrets if eve.organisation is None):
                wrong.append(f"{method} {address}: {answer.status_code}")
            if empty and method == "GET" and route.startswith("api/"):
                assert json.loads(answer.content)["results"] == [], address
    assert not wrong, "\n".join(wrong)


@everyone
def test_no_look_up_finds_a_row_for_her(world: World, make: Callable[[Case], User]) -> None:
    eve = make(world.case)
    for model in (Case, Message, CaseEvent, Bundle, Upload, AnalysisRun, Report):
        assert model._default_manager.exists(), model  # There is something that she could have seen.
        assert not model._default_manager.visible_to(eve).exists(), model
    assert not Case.objects.search("certificate", eve).exists()


@everyone
def test_no_service_does_anything_for_her(case: Case, alice: User, make: Callable[[Case], User]) -> None:
    eve = make(case)
    attempts: list[Callable[[], object]] = [
        lambda: report_case(by=eve, organisation=case.organisation, contact=alice, title="Mine"),
        lambda: post_message(case, by=eve, body="Hello"),
        lambda: post_message(case, by=eve, body="Hello", kind=MessageKind.NOTE),
        lambda: case.take_up(by=eve),
        lambda: case.assign(eve, by=None),
        lambda: uploads.begin_upload(user=eve, case=case, name="x.zip", size=10),
        lambda: baselines.add_from_file("x.csv", BytesIO(b""), product="", by=eve),
    ]
    for attempt in attempts:
        with pytest.raises((NotAllowed, Refusal, ObjectDoesNotExist)):
            attempt()
    assert not Message.objects.filter(author=eve).exists()
    assert not Upload.objects.exists()
    assert Case.objects.count() == 1


@everyone
def test_neither_password_nor_token_opens(case: Case, make: Callable[[Case], User]) -> None:
    eve = make(case)
    client = Client()
    client.post("/accounts/login/", {"login": eve.email, "password": PASSWORD})
    assert "_auth_user_id" not in client.session
    _, secret = tokens.make(eve, "script")
    bearer = {"Authorization": f"Bearer {secret}"}
    assert Client().get("/api/cases/", headers=bearer).status_code == 401
    tus = {"Tus-Resumable": "1.0.0", "Upload-Length": "10", **bearer}
    assert Client().post("/uploads/tus/", headers=tus).status_code == 401
    assert not Upload.objects.exists()


@everyone
def test_a_session_ends_with_the_role(case: Case, alice: User, make: Callable[[Case], User]) -> None:
    client = signed_in(alice)
    assert client.get(case.get_absolute_url()).status_code == 200
    eve = make(case)
    User.objects.filter(pk=alice.pk).update(
        role=eve.role, is_active=eve.is_active, organisation=eve.organisation
    )
    assert client.get(case.get_absolute_url()).status_code == 302


@everyone
def test_her_mail_enters_no_case(
    case: Case, make: Callable[[Case], User], settings: Any, tmp_path: Path
) -> None:
    make(case)
    settings.ANJUAN_HOME, settings.MAIL_AUTHSERV_ID = tmp_path, HERE
    proven = f"{HERE}; dmarc=pass header.from=elsewhere.example"
    sent = bytes(letter(case, results=proven, From="eve@elsewhere.example"))
    assert deliver(sent).reason == Reason.UNKNOWN
    assert not case.messages.filter(kind=MessageKind.MAIL_IN).exists()


@unknown
def test_the_administration_is_closed_even_to_a_superuser(
    case: Case, make: Callable[[Case], User], door_held_open: None
) -> None:
    client = client_of(make(case))
    for page in ("", "accounts/user/", "cases/case/", f"cases/case/{case.pk}/change/"):
        answer = client.get(f"/admin/{page}")
        assert answer.status_code in (302, 403, 404), page
        assert "Eve" not in body_of(answer)


def test_every_role_has_its_line_in_the_table() -> None:
    assert set(roles.RIGHTS) == set(roles.Role)
    sees = {roles.Right.OWN_ORGANISATION, roles.Right.OWN_CASES, roles.Right.ALL_CASES}
    for role, rights in roles.RIGHTS.items():
        assert len(rights & sees) == 1, f"{role} sees by one rule which cases are hers"


def test_what_each_role_may() -> None:
    """Written out by hand: the table itself must not be its own witness."""
    flags = ("is_customer", "is_vendor", "is_engineer", "is_manager", "is_staff")
    may = {
        "customer": {"is_customer"},
        "engineer": {"is_vendor", "is_engineer"},
        "manager": {"is_vendor", "is_manager"},
        "administrator": {"is_vendor", "is_manager", "is_staff"},
        "auditor": set(),
        "": set(),
    }
    for role, given in may.items():
        assert {flag for flag in flags if getattr(User(role=role), flag)} == given, role


LACK_OF_A_RIGHT = re.compile(
    r"not [\w.]*\bis_customer\b"
    r"|exclude\([^)]*role|is_customer else (?!\[\])|if [\w.()]*\bis_customer:\s+raise"
    r"|\.role (==|!=|in|not in) |{% if [^%]*is_customer %}(?:(?!{% endif %}|{% elif).)*{% else %}",
    re.DOTALL,
)
"""Something given, or a page shown, because a person is not of some role."""


def test_nothing_is_given_for_the_lack_of_a_right() -> None:
    for folder in ("accounts", "cases", "uploads", "analysis", "mail", "config", "templates"):
        for file in (*(ROOT / folder).rglob("*.py"), *(ROOT / folder).rglob("*.html")):
            match = LACK_OF_A_RIGHT.search(file.read_text())
            assert not match, f"{file.relative_to(ROOT)}: {match.group()[:100]!r}: ask for the right instead"
