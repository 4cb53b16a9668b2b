"""Each kind of evidence is whole: it can be asked for, is called something, and is known when it comes."""

import dataclasses
from typing import Any

import pytest
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from cases.evidence_requests import services as evidence_requests
from cases.evidence_requests.kinds import ItemKind, KindFacts, Lines, Match
from cases.evidence_requests.models import EvidenceItem
from cases.evidence_requests.texts import how_to, label
from cases.models import Case
from tests.people import signed_in

pytestmark = pytest.mark.django_db

ASKED = {
    "log": ({"more_logs": "Setup"}, "Setup", "Event log Setup"),
    "hash": ({"hashes": "C:\\a.exe"}, "C:\\a.exe", "Hash and properties of C:\\a.exe"),
    "file": ({"copies": "C:\\a.log"}, "C:\\a.log", "The file C:\\a.log itself"),
    "msinfo": ({"things": ["msinfo"]}, "", "System information (.nfo)"),
    "dump": ({"things": ["dump"]}, "", "Minidumps of the blue screens (.dmp)"),
    "picture": ({"things": ["picture"]}, "", "A screenshot or photo of the message"),
    "other": ({"other": "Which cable?"}, "Which cable?", "Which cable?"),
}
"""By kind: what the engineer fills in, the item's detail, and what the customer reads in English."""


@pytest.mark.parametrize("kind", ItemKind.values)
def test_every_kind_is_asked_for_by_the_form_and_called_by_its_name(case: Case, jia: User, kind: str) -> None:
    filled, detail, name = ASKED[kind]
    assert signed_in(jia).post(f"/cases/{case.number}/request/", filled).status_code == 302
    request = evidence_requests.open_request(case)
    assert request is not None
    assert [(item.kind, item.detail) for item in request.items.all()] == [(kind, detail)]
    with translation.override("en"):
        assert label(kind, detail) == name


@pytest.mark.parametrize("kind", ItemKind)
def test_what_comes_by_upload_says_how_to_get_it_and_how_it_is_known(kind: ItemKind) -> None:
    match = kind.facts.match
    if match is None:
        return
    assert how_to(kind, "x"), kind
    known_by = (match.channel, match.file_name, match.file_state, match.names)
    assert any(known_by), kind


def test_no_two_kinds_share_a_field_of_the_form() -> None:
    boxes = [kind.facts.form for kind in ItemKind if isinstance(kind.facts.form, Lines)]
    names = [name for box in boxes for name in (box.field, box.usual_field) if name]
    taken = [*names, "things", "since", "until", "note"]
    assert len(set(taken)) == len(taken)


def test_a_kind_fits_its_column() -> None:
    longest = EvidenceItem._meta.get_field("kind").max_length
    assert longest is not None
    assert all(len(kind) <= longest for kind in ItemKind)


def test_a_kind_of_which_something_was_forgotten_is_refused_at_import_and_the_fact_named() -> None:
    facts: Any = KindFacts
    with pytest.raises(TypeError, match="'match'"):
        facts(label=_("Label"), how_to=_("How"), command=None)
    required = {field.name for field in dataclasses.fields(KindFacts)}
    assert required == {"label", "how_to", "command", "form", "match", "collector", "usual"}
    assert not any(dataclasses.asdict(Match()).values())
