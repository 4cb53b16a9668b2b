"""Every address of the portal, tried by everybody: strangers are told that there is nothing.

``ROUTES`` of tests/routes.py says for each route who finds something there.
"""

import json

import pytest

from tests.routes import (
    ADMINISTRATION,
    CUSTOMERS,
    METHODS,
    PUBLIC,
    ROUTES,
    SIGNED_IN,
    STRANGERS,
    VENDOR,
    listed,
    routes,
)
from tests.world import NOTE, UNSAID, World, body_of, made_once, world

__all__ = ["made_once", "world"]


def test_every_route_has_its_line() -> None:
    rest = [route for route in routes() if not route.startswith((*PUBLIC, ADMINISTRATION))]
    missing = [route for route in rest if route not in ROUTES]
    assert not missing, "Say who finds something there, in ROUTES of tests/routes.py:\n" + "\n".join(
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
