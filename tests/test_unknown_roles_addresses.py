"""A role that the table of roles does not know, or somebody who has left, at every address of the portal.

Each is tried twice: as she comes, and with the first door (``accounts.backend``) held open, so that the
doors behind it are tried as well.
"""

import json
from collections.abc import Callable

import pytest

from accounts.models import User
from analysis.reports.models import Report
from analysis.runs.models import AnalysisRun
from cases.models import Case, CaseEvent, Message
from tests.routes import EVERYBODY, METHODS, listed
from tests.unknown_roles import door_held_open, everyone, unknown
from tests.world import World, body_of, made_once, world
from uploads.bundles.models import Bundle
from uploads.transfer.models import Upload

__all__ = ["door_held_open", "made_once", "world"]

pytestmark = pytest.mark.django_db


@everyone
def test_on_every_route_she_is_a_visitor(world: World, make: Callable[[Case], User]) -> None:
    world.people["eve"] = make(world.case)
    wrong = []
    for route, line in listed():
        address = world.address(route, line.args)
        answer = world.ask("eve", line.method, address, line.data)
        names_it = world.case.number in body_of(answer).replace(address, "")
        if line.finds == EVERYBODY:
            right = answer.status_code < 400
        elif "nobody" in line.finds:
            # It is for one person, signed in or not: whoever is signed in as another finds nothing. A link
            # that answers says of which case, to whoever holds it.
            names_it = False
            right = answer.status_code < 400 or answer.status_code == 404
        else:
            to = answer.headers.get("Location", "")
            right = answer.status_code in (401, 403, 404) or to.startswith("/accounts/login/")
        if not right or names_it:
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
