"""A role that the table of roles does not know, or none at all, or somebody who has left: nobody gets in.

What each finds at the addresses is in test_unknown_roles_addresses.py.
"""

import re
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ObjectDoesNotExist
from django.test import Client

from accounts import roles, tokens
from accounts.errors import NotAllowed, Refusal
from accounts.models import User
from analysis.baselines import services as baselines
from cases.models import Case, Message, MessageKind
from cases.services import post_message, report_case
from mail.store.reasons import Reason
from tests.mail.mails import HERE, deliver, letter
from tests.people import PASSWORD, signed_in
from tests.unknown_roles import client_of, door_held_open, everyone, unknown
from tests.world import body_of
from uploads.transfer import services as uploads
from uploads.transfer.models import Upload

__all__ = ["door_held_open"]

pytestmark = pytest.mark.django_db

ROOT = Path(__file__).resolve().parents[1]


@everyone
def test_no_service_does_anything_for_her(case: Case, alice: User, make: Callable[[Case], User]) -> None:
    eve = make(case)
    attempts: list[Callable[[], object]] = [
        lambda: report_case(by=eve, organisation=case.organisation, contact=alice, title="Mine"),
        lambda: post_message(case, by=eve, body="Hello"),
        lambda: post_message(case, by=eve, body="Hello", kind=MessageKind.NOTE),
        lambda: case.change("take_up", by=eve),
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
