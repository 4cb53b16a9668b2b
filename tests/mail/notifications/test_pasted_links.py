"""The links of our mails, in what people write, quote, bring along or have read again: they open for nobody
else."""

from typing import Any
from urllib.parse import quote

import pytest
from django.apps import apps
from django.core import signing
from django.db.models import CharField, JSONField, TextField
from django.urls import reverse

from accounts.models import User
from cases.answer_links.kinds import OfScope
from cases.answer_links.links import path_of
from cases.calls.services import note_call
from cases.corrections.services import correct
from cases.evidence_requests import services as evidence_requests
from cases.evidence_requests.models import EvidenceItem, ItemState
from cases.models import Case, Message, MessageKind
from cases.scopes import services as scopes
from cases.services import post_message
from mail.imports.services import import_thread, look_at
from mail.inbound import placing
from mail.notifications.models import CaseFollower
from mail.review.services import read_again
from tests.mail.bodies import bodies_of
from tests.mail.mails import HERE, as_sent, deliver, letter, outgoing
from tests.people import report, signed_in
from uploads.links.addresses import secret_of
from uploads.links.models import UploadLink

pytestmark = pytest.mark.django_db
PORTAL = "https://support.vendor.example"
HIDDEN = f"{PORTAL}/answer/…/ {PORTAL}/mail/unsubscribe/…/ {PORTAL}/uploads/link/…"


@pytest.fixture(autouse=True)
def _mail_server(settings: Any) -> None:
    settings.MAIL_AUTHSERV_ID = HERE


@pytest.fixture
def paths(case: Case, alice: User, jia: User) -> list[str]:
    """Where Alice answers, where Jia's daily mail is ended, where Alice uploads."""
    scope = scopes.draft(case, by=jia, problem="The service stops", excluded="Updates")
    scopes.send(scope, by=jia)
    evidence_requests.ask(Case.objects.get(), by=jia, items=[("other", "Photo")])
    upload = secret_of(UploadLink.objects.get(person=alice))
    ends = reverse(
        "unsubscribe", args=[signing.dumps(["digest", jia.pk], salt="mail.notifications.unsubscribe")]
    )
    return [path_of(OfScope(alice, scope)), ends, f"/uploads/link/{upload}"]


@pytest.fixture
def pasted(paths: list[str]) -> str:
    return " ".join(f"{PORTAL}{path}" for path in paths)


def kept() -> str:
    """All text in all rows."""
    texts = []
    for model in apps.get_models():
        names = [
            field.name
            for field in model._meta.concrete_fields
            if isinstance(field, CharField | TextField | JSONField)
        ]
        texts.append(str(list(model._default_manager.values_list(*names))) if names else "")
    return "\n".join(texts)


def opens(text: str, paths: list[str]) -> list[str]:
    return [path for path in paths if path.strip("/").rpartition("/")[2] in text]


def test_the_links_of_this_test_are_what_a_text_could_hold(pasted: str, paths: list[str]) -> None:
    assert opens(pasted, paths) == paths
    assert [signed_in(None).get(path).status_code for path in paths] == [200, 200, 200]
    assert opens(kept(), paths) == []


def test_what_people_write_keeps_none(
    case: Case, pasted: str, paths: list[str], alice: User, bob: User, jia: User
) -> None:
    CaseFollower.objects.create(case=case, person=bob)
    first = Case.objects.get()
    entry = post_message(first, by=alice, body=pasted)
    assert entry.body == HIDDEN
    signed_in(alice).post(f"/api/cases/{case.number}/messages/", {"body": pasted})
    note = post_message(first, by=jia, body=f"She read out {pasted}", kind=MessageKind.PHONE)
    note_call(note, with_whom="Alice", word=paths[0])
    correct(first, by=jia, title=paths[2])
    evidence_requests.settle(EvidenceItem.objects.get(), ItemState.UNAVAILABLE, by=alice, reason=paths[2])
    scopes.answer(case.scopes.get(), agrees=False, by=alice, words=pasted)
    report(alice, title=f"See {paths[2]}", description=pasted)
    assert opens(kept(), paths) == []
    told = "\n".join(body for mail in outgoing() if mail.person == bob for body in bodies_of(as_sent(mail)))
    assert "/uploads/link/…" in told and opens(told, paths) == []


def test_a_mail_that_quotes_them_read_again_keeps_none(
    case: Case, pasted: str, paths: list[str], jia: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    message = letter(case, Subject=f"See {paths[2]}")
    message.set_content(
        f"Not yet.\n\n> {pasted}\n> https://x.example/?url={quote(PORTAL + paths[0], safe='')}&d=1\n"
    )
    with monkeypatch.context() as fault:
        fault.setattr(placing, "entry_text", lambda *_: "?")
        mail = deliver(message)
    for _ in range(2):
        read_again(mail, by=jia)
        assert mail.entry is not None
        assert mail.entry.body == (
            f"Not yet.\n\n> {HIDDEN}\n"
            "> https://x.example/?url=https%3A%2F%2Fsupport.vendor.example%2Fanswer%2F…%2F&d=1"
        )
    # The one that the fault had made, and the one in its place: what reads the same is not replaced.
    assert Message.objects.filter(kind=MessageKind.MAIL_IN).count() == 2
    assert opens(kept(), paths) == []


def test_an_old_thread_that_holds_them_comes_without(
    case: Case, pasted: str, paths: list[str], alice: User, jia: User
) -> None:
    text = (
        f"I cannot open it.\n\nFrom: Jia <jia@vendor.example>\nSent: Friday, November 27, 2020 3:13 PM\n"
        f"Subject: See {paths[2]}\n\nPlease answer: {pasted}\n"
    ).encode()
    thread = look_at(case, name="old.txt", content=text, by=jia)
    preview = signed_in(jia).get(reverse("thread-preview", args=[thread.pk])).content.decode()
    assert "I cannot open it" in preview and opens(preview, paths) == []
    assert import_thread(thread, by=jia).new == 2
    assert (
        Message.objects.filter(imported__address="jia@vendor.example").get().body
        == f"Please answer: {HIDDEN}"
    )
    assert opens(kept(), paths) == []
    again = import_thread(thread, by=jia)
    assert (again.new, again.there) == (0, 2)
